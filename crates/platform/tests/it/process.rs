//! A specimen process: started with exactly the variables a test names, and watched.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use testkit::until;

pub(crate) const SECRET: &str = "8f3b1c90d27e46a5b8c1f0e9d7a63542";

/// The variables that are enough to start.
pub(crate) fn enough(redis: &str) -> Vec<(&'static str, String)> {
    vec![
        ("APP_SECRET", SECRET.to_owned()),
        ("REDIS_URL", redis.to_owned()),
        ("SPECIMEN_NAME", "specimen".to_owned()),
        // Tests that need longer say so; a test that fails must not linger.
        ("START_WAIT_SECONDS", "20".to_owned()),
    ]
}

fn command(variables: &[(&'static str, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_platform-specimen"));
    command
        .env_clear()
        .envs(variables.iter().map(|(name, value)| (*name, value)));
    command
}

/// Runs a specimen to its end.
pub(crate) fn run(arguments: &[&str], variables: &[(&'static str, String)]) -> Output {
    command(variables).args(arguments).output().unwrap()
}

/// A specimen that runs.
pub(crate) struct Specimen {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Specimen {
    pub(crate) fn start(variables: &[(&'static str, String)]) -> Self {
        let mut child = command(variables)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = Arc::new(Mutex::new(Vec::new()));
        collect(child.stderr.take().unwrap(), Arc::clone(&lines));
        Self { child, lines }
    }

    /// Waits for a log line with this message; yields its fields.
    pub(crate) async fn line(&self, message: &str) -> Value {
        until(message, async || self.logged(message)).await
    }

    /// The first log line so far with this message.
    pub(crate) fn logged(&self, message: &str) -> Option<Value> {
        self.all(message).into_iter().next()
    }

    /// All log lines so far with this message.
    pub(crate) fn all(&self, message: &str) -> Vec<Value> {
        let lines = self.lines.lock().unwrap();
        let parsed = lines
            .iter()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        parsed.filter(|line| line["message"] == message).collect()
    }

    /// Everything it wrote so far.
    pub(crate) fn output(&self) -> String {
        self.lines.lock().unwrap().join("\n")
    }

    /// Waits until the app is ready; yields the URL of its HTTP listener.
    pub(crate) async fn ready(&self) -> String {
        self.ready_as("specimen").await
    }

    pub(crate) async fn ready_as(&self, app: &str) -> String {
        let line = until("the app is ready", async || {
            self.all("app is ready")
                .into_iter()
                .find(|line| line["app"] == app)
        });
        format!("http://{}", line.await["http"].as_str().unwrap())
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for its end; yields the exit code.
    pub(crate) async fn ended(&mut self) -> i32 {
        until("the process ends", async || self.child.try_wait().unwrap())
            .await
            .code()
            .unwrap()
    }
}

impl Drop for Specimen {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        if std::thread::panicking() {
            println!("the specimen wrote:\n{}", self.output());
        }
    }
}

fn collect(stream: impl Read + Send + 'static, lines: Arc<Mutex<Vec<String>>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            let Ok(line) = line else { return };
            lines.lock().unwrap().push(line);
        }
    });
}
