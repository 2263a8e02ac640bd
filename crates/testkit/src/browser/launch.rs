//! Finds and starts chromium.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::{guard, until};

const NAMES: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];
const APPLICATION: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// Nothing that reaches out of the machine, nothing that differs from run to run.
const ARGUMENTS: [&str; 22] = [
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider",
    "--disable-search-engine-choice-screen",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-proxy-server",
    "--metrics-recording-only",
    "--mute-audio",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--lang=en-US",
    "--accept-lang=en-US",
    "--window-size=1280,800",
    "--remote-debugging-port=0",
];

/// The browser's process.
pub(super) struct Process {
    /// Address of the DevTools socket.
    pub(super) endpoint: String,
    child: Child,
    scratch: PathBuf,
}

impl Process {
    pub(super) async fn start() -> Self {
        let program = find();
        let scratch = guard::scratch("b");
        let profile = scratch.join("profile");
        let mut command = Command::new(&program);
        command
            .args(ARGUMENTS)
            .arg(format!("--user-data-dir={}", profile.display()));
        if rustix::process::geteuid().is_root() {
            command.arg("--no-sandbox");
        }
        let log = std::fs::File::create(scratch.join("chromium.log")).expect("a log for chromium");
        let child = command
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not run: {error}", program.display()));
        record(&scratch, child.id());
        let mut process = Self {
            endpoint: String::new(),
            child,
            scratch,
        };
        // Written once the browser listens: the port, and the path of its socket.
        let port_file = profile.join("DevToolsActivePort");
        process.endpoint = until("chromium listens", async || {
            if let Ok(Some(status)) = process.child.try_wait() {
                let log = std::fs::read_to_string(process.scratch.join("chromium.log"))
                    .unwrap_or_default();
                panic!("{} ended at once ({status}):\n{log}", program.display());
            }
            let text = std::fs::read_to_string(&port_file).ok()?;
            let (port, path) = text.trim().split_once('\n')?;
            Some(format!("ws://127.0.0.1:{port}{path}"))
        })
        .await;
        process
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Gone already, perhaps; then there is nothing to kill or to wait for.
        drop(self.child.kill());
        drop(self.child.wait());
        drop(std::fs::remove_dir_all(&self.scratch));
    }
}

/// Tells the guard of the process.
fn record(scratch: &Path, pid: u32) {
    let directory = scratch.join("servers");
    std::fs::create_dir_all(&directory).expect("a directory for the record");
    std::fs::write(directory.join("chromium.pid"), format!("{pid}\n"))
        .expect("the record is written");
}

#[expect(
    clippy::disallowed_methods,
    reason = "PATH is where programs are, not configuration of the platform"
)]
fn find() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let directories: Vec<PathBuf> = std::env::split_paths(&path).collect();
    NAMES
        .iter()
        .flat_map(|name| directories.iter().map(move |directory| directory.join(name)))
        .chain([PathBuf::from(APPLICATION)])
        .find(|program| program.is_file())
        .unwrap_or_else(|| panic!("no browser for this test: install chromium (`apt-get install chromium`, `dnf install chromium`)"))
}
