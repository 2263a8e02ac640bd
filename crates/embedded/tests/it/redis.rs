//! A private Redis from nothing to death and back.

use embedded::{DataDir, Redis, RedisOptions};
use rustix::process::Signal;

use crate::support::{REDIS, directory, redis, redis_pid, restarted, runs, signal};

#[tokio::test]
async fn keeps_its_data_through_a_stop_and_listens_on_no_port() {
    let directory = directory();
    let data = DataDir::open(directory.path()).unwrap();
    let server = Redis::start(&data, REDIS).await.unwrap();
    assert!(
        server.url().starts_with("redis+unix:///"),
        "{}",
        server.url()
    );
    assert_eq!(redis(server.socket(), "SET a 1").await.unwrap(), "+OK");
    assert!(
        redis(server.socket(), "INFO server")
            .await
            .unwrap()
            .starts_with('#')
    );
    let pid = redis_pid(&server);
    let sockets = std::fs::read_to_string(format!("/proc/{pid}/net/tcp"))
        .map(|_| listening_ports(pid))
        .unwrap();
    assert_eq!(sockets, 0, "no network port");
    server.stop().await.unwrap();
    assert!(!runs(pid));
    let server = Redis::start(&data, REDIS).await.unwrap();
    assert_eq!(redis(server.socket(), "GET a").await.unwrap(), "1");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_killed_server_is_restarted_with_what_was_synced() {
    let directory = directory();
    let data = DataDir::open(directory.path()).unwrap();
    let server = Redis::start(&data, REDIS).await.unwrap();
    assert_eq!(redis(server.socket(), "SET a 1").await.unwrap(), "+OK");
    let pid = redis_pid(&server);
    signal(pid, Signal::KILL);
    let status = restarted(&mut server.status(), pid).await;
    assert_eq!(status.restarts, 1);
    // The append-only file is written on every command, so a killed process loses nothing.
    assert_eq!(redis(server.socket(), "GET a").await.unwrap(), "1");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn for_tests_it_keeps_nothing() {
    let directory = directory();
    let data = DataDir::open(directory.path()).unwrap();
    let options = RedisOptions { durable: false };
    let server = Redis::start(&data, options).await.unwrap();
    assert_eq!(redis(server.socket(), "SET a 1").await.unwrap(), "+OK");
    server.kill().await.unwrap();
    let server = Redis::start(&data, options).await.unwrap();
    assert_eq!(redis(server.socket(), "GET a").await.unwrap(), "$-1");
    server.stop().await.unwrap();
}

/// How many of the process's sockets listen on TCP.
fn listening_ports(pid: u32) -> usize {
    let own: Vec<String> = std::fs::read_dir(format!("/proc/{pid}/fd"))
        .unwrap()
        .flatten()
        .filter_map(|entry| {
            std::fs::read_link(entry.path())
                .ok()?
                .to_str()?
                .strip_prefix("socket:[")?
                .strip_suffix(']')
                .map(str::to_owned)
        })
        .collect();
    ["tcp", "tcp6"]
        .iter()
        .flat_map(|table| {
            std::fs::read_to_string(format!("/proc/{pid}/net/{table}"))
                .unwrap()
                .lines()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .filter(|line| {
            let fields: Vec<&str> = line.split_ascii_whitespace().collect();
            fields.get(3) == Some(&"0A")
                && fields
                    .get(9)
                    .is_some_and(|inode| own.iter().any(|own| own == inode))
        })
        .count()
}
