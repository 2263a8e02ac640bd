//! A `cloud` process with a data directory of its own.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use rustix::process::{Pid, Signal, kill_process};
use testkit::{CookieClient, Page, until};

pub(crate) const PASSWORD: &str = "correct horse battery staple 7";

/// An installation on disk, running or not.
pub(crate) struct Installation {
    pub(crate) data: PathBuf,
    pub(crate) port: u16,
}

/// A running `cloud up`.
pub(crate) struct Platform {
    child: Child,
    printed: Arc<Mutex<String>>,
}

impl Installation {
    pub(crate) fn new() -> Self {
        // Free at this moment; nobody else is likely to take it before the gateway does.
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        Self {
            data: testkit::scratch("c"),
            port,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A `cloud` command about this installation, in development mode.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cloud"));
        command
            .args(arguments)
            .arg("--data-dir")
            .arg(&self.data)
            // The dev network's file of this workspace is not a test's to write.
            .current_dir(&self.data)
            .env_clear()
            .env("PATH", path())
            .env("CLOUD_ENV", "dev")
            .env("APP_URL", self.url())
            .env("PORT", self.port.to_string())
            .env("LOG_LEVEL", "warn")
            .env("DRAIN_SECONDS", "5")
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Starts the platform and waits until it says that it is ready.
    pub(crate) async fn up(&self) -> Platform {
        self.up_with(|_| {}).await
    }

    pub(crate) async fn up_with(&self, change: impl FnOnce(&mut Command)) -> Platform {
        let mut command = self.command(&["up"]);
        change(&mut command);
        let mut platform = Platform::spawn(command, &self.data);
        let printed = Arc::clone(&platform.printed);
        until("cloud is ready", async || {
            if let Some(status) = platform.child.try_wait().unwrap() {
                panic!("cloud ended ({status}):\n{}", printed.lock().unwrap());
            }
            printed
                .lock()
                .unwrap()
                .contains("is ready after")
                .then_some(())
        })
        .await;
        platform
    }

    pub(crate) fn visitor(&self) -> CookieClient {
        CookieClient::new(&self.url())
    }

    /// The set-up link, which the platform shows while there is no administrator.
    pub(crate) async fn setup_link(&self) -> String {
        let file = self.data.join("setup-link");
        until("set-up link", async || {
            std::fs::read_to_string(&file)
                .ok()
                .map(|link| link.trim().to_owned())
        })
        .await
    }

    /// The first administrator, signed in.
    pub(crate) async fn first_admin(&self) -> CookieClient {
        let visitor = self.visitor();
        let link = self.setup_link().await;
        let path = link
            .strip_prefix(&self.url())
            .expect("a link to this installation")
            .to_owned();
        let fields = [
            ("username", "ada"),
            ("display_name", "Ada Lovelace"),
            ("email", "ada@example.org"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        let page = visitor.fill(&path, "main form", &fields).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(
            is_signed_in(&visitor).await,
            "the first administrator is signed in: {}",
            page.body
        );
        visitor
    }

    /// The process of a private server.
    pub(crate) fn server_pid(&self, name: &str) -> u32 {
        self.server_pid_if_any(name).expect("a server's record")
    }

    pub(crate) fn server_pid_if_any(&self, name: &str) -> Option<u32> {
        let record =
            std::fs::read_to_string(self.data.join("servers").join(format!("{name}.pid"))).ok()?;
        record.lines().next()?.parse().ok()
    }
}

/// Whether home shows itself instead of the sign-in page.
pub(crate) async fn is_signed_in(visitor: &CookieClient) -> bool {
    let page = visitor.get_once("/").await;
    page.status == 200
}

impl Platform {
    pub(crate) fn spawn(mut command: Command, data: &Path) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::fs::create_dir_all(data.join("servers")).unwrap();
        // For the guard of this test process, should it be killed.
        std::fs::write(data.join("servers/cloud.pid"), format!("{}\n", child.id())).unwrap();
        let printed = Arc::new(Mutex::new(String::new()));
        collect(child.stdout.take().unwrap(), &printed);
        collect(child.stderr.take().unwrap(), &printed);
        Self { child, printed }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it printed so far.
    pub(crate) fn printed(&self) -> String {
        self.printed.lock().unwrap().clone()
    }

    /// Kills it without warning.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn signal(&self, signal: Signal) {
        signal_process(self.pid(), signal);
    }

    /// Waits for its end and returns the exit code.
    pub(crate) async fn ended(mut self) -> Option<i32> {
        until("cloud has ended", async || self.child.try_wait().unwrap())
            .await
            .code()
    }

    /// Waits for its end and returns everything that it printed.
    pub(crate) async fn printed_to_the_end(mut self) -> String {
        until("cloud has ended", async || self.child.try_wait().unwrap()).await;
        // The readers end with the streams.
        until("the output is read", async || {
            (Arc::strong_count(&self.printed) == 1).then_some(())
        })
        .await;
        self.printed()
    }

    /// Stops it the gentle way and returns the exit code.
    pub(crate) async fn stop(self) -> Option<i32> {
        self.signal(Signal::TERM);
        self.ended().await
    }
}

pub(crate) fn signal_process(pid: u32, signal: Signal) {
    kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), signal).unwrap();
}

pub(crate) fn runs(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

pub(crate) fn text_of(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// A link printed on a line of its own.
pub(crate) fn link_in(text: &str) -> String {
    let link = text
        .lines()
        .map(str::trim)
        .find(|line| line.starts_with("http://"));
    link.unwrap_or_else(|| panic!("no link in {text}"))
        .to_owned()
}

/// Signs in by the two pages' forms.
pub(crate) async fn sign_in(visitor: &CookieClient, login: &str, password: &str) -> Page {
    let page = visitor
        .fill("/auth/sign-in", "main form", &[("login", login)])
        .await;
    visitor
        .submit(page.form("#with-password").with("password", password))
        .await
}

fn collect(stream: impl Read + Send + 'static, into: &Arc<Mutex<String>>) {
    let into = Arc::clone(into);
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let mut text = into.lock().unwrap();
            text.push_str(&line);
            text.push('\n');
        }
    });
}

#[expect(clippy::disallowed_methods, reason = "programs are found by PATH")]
fn path() -> std::ffi::OsString {
    std::env::var_os("PATH").unwrap_or_default()
}
