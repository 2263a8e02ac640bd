//! A private redis-server. The registry lies below every other crate, so it brings its own instead of testkit.

use std::process::Stdio;
use std::time::Duration;

use fred::clients::Client;
use fred::interfaces::ClientLike;
use fred::types::CustomCommand;
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// A redis-server on a Unix socket of its own; killed when dropped.
pub(crate) struct Server {
    directory: TempDir,
    child: Option<Child>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let mut server = Self {
            directory: tempfile::tempdir().unwrap(),
            child: None,
        };
        server.restart().await;
        server
    }

    /// Starts it again: empty, or as it was saved.
    pub(crate) async fn restart(&mut self) {
        self.kill().await;
        let child = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no"])
            .args(["--unixsocket", &self.socket()])
            .current_dir(self.directory.path())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        self.child = Some(child);
        crate::given::eventually("redis-server answers", async || {
            registry::connect(&self.url()).await.ok()
        })
        .await;
    }

    /// Ends it without warning.
    pub(crate) async fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().await.unwrap();
        }
    }

    /// Freezes or resumes it.
    pub(crate) async fn signal(&self, name: &str) {
        let id = self.child.as_ref().and_then(Child::id).unwrap().to_string();
        let status = Command::new("kill").args([name, &id]).status().await;
        assert!(status.unwrap().success());
    }

    pub(crate) fn url(&self) -> String {
        format!("redis+unix://{}", self.socket())
    }

    pub(crate) async fn client(&self) -> Client {
        registry::connect(&self.url()).await.unwrap()
    }

    /// Writes a copy to disk that the next start restores.
    pub(crate) async fn save(&self) {
        let command = CustomCommand::new_static("SAVE", None, false);
        let () = self
            .client()
            .await
            .custom::<(), &str>(command, vec![])
            .await
            .unwrap();
    }

    pub(crate) async fn flush(&self) {
        let () = self.client().await.flushall(false).await.unwrap();
    }

    fn socket(&self) -> String {
        self.directory
            .path()
            .join("redis.sock")
            .display()
            .to_string()
    }
}

/// Longest any state is waited for.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);
