//! A data directory per test, and waiting for a state.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use embedded::{Postgres, PostgresOptions, Redis, RedisOptions, Status};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::sync::watch;
use tokio_postgres::NoTls;

pub(crate) const POSTGRES: PostgresOptions = PostgresOptions {
    durable: false,
    connections: 20,
};
pub(crate) const REDIS: RedisOptions = RedisOptions { durable: true };

/// A directory that the servers' account can pass through.
pub(crate) fn directory() -> TempDir {
    let directory = tempfile::Builder::new()
        .prefix("cloud-embedded-")
        .tempdir()
        .unwrap();
    std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o711)).unwrap();
    directory
}

/// Waits until the server runs under another process than `old`.
pub(crate) async fn restarted(status: &mut watch::Receiver<Status>, old: u32) -> Status {
    let wait = status.wait_for(|now| now.pid.is_some_and(|pid| pid != old));
    *tokio::time::timeout(Duration::from_mins(1), wait)
        .await
        .expect("restarted in time")
        .expect("supervised")
}

pub(crate) async fn until(what: &str, mut reached: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !reached().await {
        assert!(Instant::now() < deadline, "not reached: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub(crate) fn signal(pid: u32, signal: Signal) {
    kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), signal).unwrap();
}

pub(crate) fn runs(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

pub(crate) fn pid_of(postgres: &Postgres) -> u32 {
    postgres.status().borrow().pid.expect("runs")
}

pub(crate) fn redis_pid(redis: &Redis) -> u32 {
    redis.status().borrow().pid.expect("runs")
}

/// Runs one statement and returns the first column of the first row.
pub(crate) async fn sql(
    url: &str,
    statement: &str,
) -> Result<Option<String>, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    let work = async {
        let rows = client.simple_query(statement).await?;
        Ok(rows.iter().find_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        }))
    };
    tokio::select! { biased; done = work => done, broken = connection => Err(broken.unwrap_err()) }
}

/// Sends one inline command to Redis and returns the first line of the answer, or the value of a
/// bulk answer.
pub(crate) async fn redis(socket: &Path, command: &str) -> std::io::Result<String> {
    let stream = UnixStream::connect(socket).await?;
    let (read, mut write) = stream.into_split();
    write.write_all(format!("{command}\r\n").as_bytes()).await?;
    let mut lines = BufReader::new(read).lines();
    let first = lines.next_line().await?.unwrap_or_default();
    if first.starts_with('$') && first != "$-1" {
        return Ok(lines.next_line().await?.unwrap_or_default());
    }
    Ok(first)
}

pub(crate) fn pid_file(directory: &TempDir, name: &str) -> PathBuf {
    directory.path().join("servers").join(name)
}
