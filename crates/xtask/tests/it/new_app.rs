//! `cargo xtask new-app`: one command, and the app compiles, registers itself and answers.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use registry::{Keyring, Watch, WatchTiming};
use testkit::{CookieClient, eventually};

/// A copy of the workspace's sources, so that the checkout is left alone.
struct Copy {
    root: PathBuf,
}

impl Copy {
    fn new() -> Self {
        let root = testkit::scratch("w");
        let checkout = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .unwrap();
        let parts = [
            "Cargo.toml",
            "Cargo.lock",
            "rust-toolchain.toml",
            ".clippy.toml",
            "crates",
            "proto",
        ];
        for part in parts {
            copy(&checkout.join(part), &root.join(part));
        }
        Self { root }
    }

    fn cargo(&self, arguments: &[&str]) {
        let status = Command::new(env!("CARGO"))
            .args(arguments)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", target())
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .status()
            .unwrap();
        assert!(status.success(), "cargo {}", arguments.join(" "));
    }
}

/// Build output of this test, kept between runs. Not the workspace's own: the copy's crates have the same names, and
/// each build would undo the other's.
fn target() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    let target = program
        .ancestors()
        .find(|path| path.join("CACHEDIR.TAG").exists());
    target.expect("the build output").join("new-app")
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        if from.file_name().is_some_and(|name| name == "node_modules") {
            return;
        }
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        std::fs::copy(from, to).unwrap();
    }
}

/// Ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[tokio::test]
async fn a_new_app_compiles_registers_and_answers() {
    let copy = Copy::new();
    copy.cargo(&[
        "run",
        "--quiet",
        "--package",
        "xtask",
        "--",
        "new-app",
        "test-specimen",
        "--no-check",
    ]);
    copy.cargo(&[
        "build",
        "--quiet",
        "--offline",
        "--package",
        "app-test-specimen",
    ]);
    let redis = testkit::redis().await;
    let app = Command::new(target().join("debug/app-test-specimen"))
        .env_clear()
        .envs([
            ("APP_SECRET", testkit::SECRET),
            ("REDIS_URL", &redis.url),
            ("CLOUD_ENV", "dev"),
        ])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let _app = Running(app);
    let client = registry::connect(&redis.url).await.unwrap();
    let keyring = Keyring::Secret(testkit::secret());
    let stop = tokio_util::sync::CancellationToken::new();
    let watch = Watch::start(client, keyring, WatchTiming::default(), stop);
    let mut entry = None;
    eventually("the app is registered", async || {
        entry = watch
            .snapshot()
            .live()
            .find(|entry| entry.id.as_str() == "test-specimen")
            .cloned();
        entry.is_some()
    })
    .await;
    let entry = entry.unwrap();
    assert!(
        entry.prefixes.contains(&"/app/test-specimen".to_owned()),
        "{:?}",
        entry.prefixes
    );
    assert_eq!(entry.name.en, "Test Specimen");
    let visitor = CookieClient::new(&entry.http);
    let page = visitor.get_once("/app/test-specimen").await;
    assert_eq!(
        page.header("location"),
        "/auth/sign-in?return_to=/app/test-specimen"
    );
}
