//! A private Redis per test: it starts in milliseconds, and a test may kill it.

use std::path::PathBuf;

use embedded::{DataDir, Redis, RedisOptions};
use fred::clients::Client;
use fred::interfaces::ClientLike;
use rustix::process::{Pid, Signal, kill_process};
use tokio::sync::Mutex;

use crate::guard;

const OPTIONS: RedisOptions = RedisOptions { durable: false };

/// A Redis that belongs to one test. It keeps nothing on disk.
pub struct TestRedis {
    /// Its address, the same after a restart.
    pub url: String,
    directory: DataDir,
    scratch: PathBuf,
    server: Mutex<Option<Redis>>,
}

/// Starts a private, empty Redis.
pub async fn redis() -> TestRedis {
    let scratch = guard::scratch("r");
    let directory = DataDir::open(&scratch).expect("a data directory for Redis");
    let server = Redis::start(&directory, OPTIONS)
        .await
        .expect("Redis starts");
    TestRedis {
        url: server.url(),
        directory,
        scratch,
        server: Mutex::new(Some(server)),
    }
}

impl TestRedis {
    /// A connected client.
    pub async fn client(&self) -> Client {
        let config =
            fred::types::config::Config::from_url(&self.url).expect("the address of Redis");
        let client = Client::new(config, None, None, None);
        client.init().await.expect("a connection to Redis");
        client
    }

    /// Kills the server without warning. It stays down until [`TestRedis::start`].
    pub async fn kill(&self) {
        let server = self.server.lock().await.take().expect("Redis runs");
        server.kill().await.expect("Redis is killed");
    }

    /// Stops the server the gentle way. It stays down until [`TestRedis::start`].
    pub async fn stop(&self) {
        let server = self.server.lock().await.take().expect("Redis runs");
        server.stop().await.expect("Redis stops");
    }

    /// Starts the server again, empty, under the same address.
    pub async fn start(&self) {
        let mut server = self.server.lock().await;
        assert!(server.is_none(), "Redis runs already");
        *server = Some(
            Redis::start(&self.directory, OPTIONS)
                .await
                .expect("Redis starts"),
        );
    }

    /// Deletes everything.
    pub async fn flush(&self) {
        let client = self.client().await;
        client
            .flushall::<()>(false)
            .await
            .expect("Redis is flushed");
        client.quit().await.expect("the connection closes");
    }

    /// Freezes the server: connections stay open and nothing answers.
    pub async fn pause(&self) {
        self.signal(Signal::STOP).await;
    }

    /// Lets a frozen server go on.
    pub async fn resume(&self) {
        self.signal(Signal::CONT).await;
    }

    async fn signal(&self, signal: Signal) {
        let server = self.server.lock().await;
        let pid = server
            .as_ref()
            .and_then(|server| server.status().borrow().pid)
            .expect("Redis runs");
        signal_process(pid, signal);
    }
}

impl Drop for TestRedis {
    fn drop(&mut self) {
        // Frozen, it would not take the signal that dropping the server sends.
        if let Some(pid) = self
            .server
            .get_mut()
            .as_ref()
            .and_then(|server| server.status().borrow().pid)
        {
            signal_process(pid, Signal::CONT);
        }
        drop(self.server.get_mut().take());
        // What is left of the directory goes with the guard.
        drop(std::fs::remove_dir_all(&self.scratch));
    }
}

pub(crate) fn signal_process(pid: u32, signal: Signal) {
    let pid = i32::try_from(pid)
        .ok()
        .and_then(Pid::from_raw)
        .expect("a process id");
    if let Err(error) = kill_process(pid, signal) {
        eprintln!("testkit: no {signal:?} for process {pid:?}: {error}");
    }
}
