//! A person's program on their own machine: signed in by a browser, with keys, signed out.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use testkit::{CookieClient, Page};

use crate::support::{Installation, text_of};

/// The same person's terminal, with a home of its own.
pub(crate) struct Terminal<'i> {
    installation: &'i Installation,
    home: tempfile::TempDir,
}

/// A command that waits for what a person does in a browser.
struct Waiting {
    child: Child,
    notes: BufReader<std::process::ChildStderr>,
    /// The path of the address it printed.
    path: String,
}

impl Waiting {
    fn end(mut self) -> Output {
        let mut output = self.child.wait_with_output().unwrap();
        std::io::Read::read_to_end(&mut self.notes, &mut output.stderr).unwrap();
        output
    }
}

impl<'i> Terminal<'i> {
    pub(crate) fn of(installation: &'i Installation) -> Self {
        Self {
            installation,
            home: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.installation.command(arguments);
        command.env("HOME", self.home.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    fn start(&self, arguments: &[&str]) -> Waiting {
        let mut command = self.command(arguments);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut notes = BufReader::new(child.stderr.take().unwrap());
        let (mut said, mut line) = (String::new(), String::new());
        let path = loop {
            line.clear();
            assert!(
                notes.read_line(&mut line).unwrap() > 0,
                "no address: {said}"
            );
            said.push_str(&line);
            if let Some(path) = line.trim().strip_prefix(&self.installation.url()) {
                break path.to_owned();
            }
        };
        Waiting { child, notes, path }
    }

    /// Runs a command and decides in the browser what it asks for.
    pub(crate) async fn decided(
        &self,
        browser: &CookieClient,
        arguments: &[&str],
        decision: &str,
    ) -> Output {
        let waiting = self.start(arguments);
        let page = browser.get(&waiting.path).await;
        let page = browser.submit(page.form("#device")).await;
        let answer = decide(browser, &page, decision).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        waiting.end()
    }

    fn file(&self) -> PathBuf {
        let name = format!("http_127.0.0.1_{}.json", self.installation.port);
        self.home.path().join(".config/cloud/logins").join(name)
    }

    fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let output = self.run(arguments);
        assert!(output.status.success(), "{}", text_of(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

async fn decide(browser: &CookieClient, page: &Page, decision: &str) -> Page {
    browser
        .submit(page.form("#decide").with("decision", decision))
        .await
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// The command leads to the page of the key, and waits until it is ended there.
async fn end_in_browser(terminal: &Terminal<'_>, browser: &CookieClient, id: &str) {
    let waiting = terminal.start(&["key", "revoke", id]);
    let page = browser.get(&waiting.path).await;
    let form = page.form(&format!("form[action='/auth/security/keys/{id}/revoke']"));
    assert_eq!(browser.submit(form).await.status, 200);
    let revoked = waiting.end();
    assert!(revoked.status.success(), "{}", text_of(&revoked));
}

#[tokio::test]
async fn a_program_signs_in_by_the_browser_makes_keys_and_signs_out() {
    let installation = Installation::new();
    let platform = installation.up().await;
    let browser = installation.first_admin().await;
    let (terminal, url) = (Terminal::of(&installation), installation.url());
    assert_eq!(terminal.run(&["whoami"]).status.code(), Some(4));

    let denied = terminal
        .decided(&browser, &["login", "--url", &url], "deny")
        .await;
    assert_eq!(denied.status.code(), Some(4), "{}", text_of(&denied));
    assert!(!terminal.file().exists());
    let login = terminal
        .decided(&browser, &["login", "--url", &url], "approve")
        .await;
    assert!(login.status.success(), "{}", text_of(&login));
    let stdout = String::from_utf8(login.stdout).unwrap();
    assert!(stdout.contains("as ada (Ada Lovelace, admin)"), "{stdout}");
    assert_eq!(mode(&terminal.file()), 0o600);
    let kept = std::fs::read_to_string(terminal.file()).unwrap();
    assert!(kept.contains("cloud_pat_") && !stdout.contains("cloud_pat_"));
    assert_eq!(
        terminal.json(&["whoami", "--json"])["identity"]["username"],
        "ada"
    );

    let create = [
        "key",
        "create",
        "Backup",
        "--scope",
        "identity:read",
        "--days",
        "7",
    ];
    let made = terminal.decided(&browser, &create, "approve").await;
    assert!(made.status.success(), "{}", text_of(&made));
    let key = String::from_utf8(made.stdout).unwrap();
    assert!(
        key.starts_with("cloud_pat_") && key.lines().count() == 1,
        "alone: {key}"
    );
    let identity = installation
        .visitor()
        .request(reqwest::Method::GET, "/api/auth/identity")
        .bearer_auth(key.trim())
        .send()
        .await
        .unwrap();
    assert_eq!(identity.status(), 200);

    let keys = terminal.json(&["key", "list", "--json"]);
    let keys = keys["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 2, "{keys:?}");
    let id = keys.iter().find(|key| key["name"] == "Backup").unwrap()["id"]
        .as_str()
        .unwrap();
    end_in_browser(&terminal, &browser, id).await;
    let list = text_of(&terminal.run(&["key", "list"]));
    assert!(list.contains("Backup: identity:read; ended"), "{list}");

    let login_key: serde_json::Value = serde_json::from_str(&kept).unwrap();
    let out = terminal.run(&["logout"]);
    assert!(out.status.success(), "{}", text_of(&out));
    assert!(!terminal.file().exists());
    // Ended on the platform, too, not only forgotten here.
    std::fs::write(terminal.file(), kept).unwrap();
    std::fs::set_permissions(terminal.file(), std::fs::Permissions::from_mode(0o600)).unwrap();
    let refused = terminal.run(&["whoami"]);
    assert_eq!(refused.status.code(), Some(4), "{}", text_of(&refused));
    assert!(
        text_of(&refused).contains("cloud login --url"),
        "{}",
        text_of(&refused)
    );
    assert!(!text_of(&refused).contains(login_key["key"].as_str().unwrap()));
    assert_eq!(platform.stop().await, Some(0));
    let away = terminal.run(&["whoami"]);
    assert_eq!(away.status.code(), Some(1), "{}", text_of(&away));
    assert!(
        text_of(&away).contains("the platform runs"),
        "{}",
        text_of(&away)
    );
}
