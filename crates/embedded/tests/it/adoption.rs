//! What a killed owner leaves behind, and what the next one does with it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use embedded::{DataDir, Postgres, PostgresOptions, Redis};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::support::{
    POSTGRES, REDIS, directory, pid_file, pid_of, redis, redis_pid, restarted, runs, signal, sql,
    until,
};

/// Names the data directory for [`hold`].
const DIRECTORY: &str = "EMBEDDED_TEST_DIRECTORY";

/// Not a test: the owner that the tests below kill. They run this binary again to get one.
#[tokio::test]
#[ignore = "started by the tests of this module"]
#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "talks to its parent test through both"
)]
async fn hold() {
    let path = std::env::var(DIRECTORY).unwrap();
    let data = DataDir::open(Path::new(&path)).unwrap();
    let postgres = Postgres::start(&data, POSTGRES).await.unwrap();
    let server = Redis::start(&data, REDIS).await.unwrap();
    println!("\nheld {} {}", pid_of(&postgres), redis_pid(&server));
    std::future::pending::<()>().await;
}

/// Starts an owner in another process, kills it without warning once its servers run, and returns
/// their processes.
fn killed_owner(directory: &TempDir) -> (u32, u32) {
    let (mut owner, pids) = owner(directory);
    owner.kill().unwrap();
    owner.wait().unwrap();
    pids
}

fn owner(directory: &TempDir) -> (Child, (u32, u32)) {
    let mut owner = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "adoption::hold", "--ignored", "--nocapture"])
        .env(DIRECTORY, directory.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(owner.stdout.take().unwrap()).lines();
    let held = lines
        .find_map(|line| line.unwrap().strip_prefix("held ").map(str::to_owned))
        .expect("servers start");
    let (postgres, redis) = held.split_once(' ').unwrap();
    (owner, (postgres.parse().unwrap(), redis.parse().unwrap()))
}

#[tokio::test]
async fn servers_of_a_killed_owner_run_on_and_are_taken_over() {
    let directory = directory();
    let (postgres_pid, redis_pid_left) = killed_owner(&directory);
    assert!(
        runs(postgres_pid) && runs(redis_pid_left),
        "children survive"
    );

    let data = DataDir::open(directory.path()).expect("the lock died with its owner");
    let postgres = Postgres::start(&data, POSTGRES).await.unwrap();
    let server = Redis::start(&data, REDIS).await.unwrap();
    assert_eq!(
        (pid_of(&postgres), redis_pid(&server)),
        (postgres_pid, redis_pid_left)
    );
    assert!(postgres.status().borrow().adopted);
    assert!(sql(&postgres.url(), "SELECT 1").await.is_ok());

    // Adopted servers are supervised like any other.
    signal(redis_pid_left, Signal::KILL);
    let now = restarted(&mut server.status(), redis_pid_left).await;
    assert!(!now.adopted);
    assert_eq!(redis(server.socket(), "PING").await.unwrap(), "+PONG");

    postgres.stop().await.unwrap();
    server.stop().await.unwrap();
    assert!(!runs(postgres_pid));
}

#[tokio::test]
async fn a_living_owner_is_not_robbed() {
    let directory = directory();
    let (mut owner, (postgres, redis)) = owner(&directory);
    let error = DataDir::open(directory.path()).expect_err("in use");
    assert!(
        error.to_string().contains(&owner.id().to_string()),
        "{error}"
    );
    assert!(runs(postgres) && runs(redis));
    owner.kill().unwrap();
    owner.wait().unwrap();
    for pid in [postgres, redis] {
        signal(pid, Signal::INT);
        until("server gone", async || !runs(pid)).await;
    }
}

#[tokio::test]
async fn a_left_over_with_another_configuration_is_restarted() {
    let directory = directory();
    let (postgres_pid, redis_pid_left) = killed_owner(&directory);
    let data = DataDir::open(directory.path()).unwrap();
    let options = PostgresOptions {
        connections: 33,
        ..POSTGRES
    };
    let postgres = Postgres::start(&data, options).await.unwrap();
    assert_ne!(pid_of(&postgres), postgres_pid);
    assert!(!runs(postgres_pid), "two servers on one data directory");
    assert_eq!(
        sql(&postgres.url(), "SHOW max_connections")
            .await
            .unwrap()
            .as_deref(),
        Some("33")
    );
    postgres.stop().await.unwrap();
    let server = Redis::start(&data, REDIS).await.unwrap();
    assert_eq!(redis_pid(&server), redis_pid_left);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_left_over_without_a_record_is_found_and_replaced() {
    let directory = directory();
    let (postgres_pid, redis_pid_left) = killed_owner(&directory);
    std::fs::remove_file(pid_file(&directory, "postgres.pid")).unwrap();
    std::fs::remove_file(pid_file(&directory, "redis.pid")).unwrap();
    let data = DataDir::open(directory.path()).unwrap();
    let postgres = Postgres::start(&data, POSTGRES).await.unwrap();
    let server = Redis::start(&data, REDIS).await.unwrap();
    assert!(!runs(postgres_pid) && !runs(redis_pid_left));
    assert!(sql(&postgres.url(), "SELECT 1").await.is_ok());
    postgres.stop().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_frozen_left_over_is_replaced() {
    let directory = directory();
    let (postgres_pid, redis_pid_left) = killed_owner(&directory);
    signal(redis_pid_left, Signal::STOP);
    let data = DataDir::open(directory.path()).unwrap();
    let server = Redis::start(&data, REDIS).await.unwrap();
    assert!(!runs(redis_pid_left));
    assert_eq!(redis(server.socket(), "PING").await.unwrap(), "+PONG");
    server.stop().await.unwrap();
    let postgres = Postgres::start(&data, POSTGRES).await.unwrap();
    assert_eq!(pid_of(&postgres), postgres_pid);
    postgres.stop().await.unwrap();
}

/// The recorded process id belongs to somebody else by now, as after a reboot.
#[tokio::test]
async fn a_foreign_process_with_a_recorded_id_is_left_alone() {
    let directory = directory();
    let (postgres_pid, redis_pid_left) = killed_owner(&directory);
    for pid in [postgres_pid, redis_pid_left] {
        signal(pid, Signal::KILL);
        until("server gone", async || !runs(pid)).await;
    }
    let mut stranger = Command::new("sleep").arg("600").spawn().unwrap();
    for name in ["postgres.pid", "redis.pid"] {
        let path = pid_file(&directory, name);
        let old = std::fs::read_to_string(&path).unwrap();
        let (_, rest) = old.split_once('\n').unwrap();
        std::fs::write(&path, format!("{}\n{rest}", stranger.id())).unwrap();
    }
    let postmaster = directory.path().join("servers/postgres/postmaster.pid");
    let old = std::fs::read_to_string(&postmaster).unwrap();
    std::fs::write(
        &postmaster,
        old.replacen(&postgres_pid.to_string(), &stranger.id().to_string(), 1),
    )
    .unwrap();

    let data = DataDir::open(directory.path()).unwrap();
    let postgres = Postgres::start(&data, POSTGRES).await.unwrap();
    let server = Redis::start(&data, REDIS).await.unwrap();
    postgres.stop().await.unwrap();
    server.stop().await.unwrap();
    assert!(runs(stranger.id()), "a stranger was stopped");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}
