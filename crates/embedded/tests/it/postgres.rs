//! A private PostgreSQL from nothing to death and back.

use std::os::unix::fs::MetadataExt;

use embedded::{DataDir, Postgres};
use rustix::process::Signal;

use crate::support::{POSTGRES, directory, pid_of, restarted, runs, signal, sql, until};

#[tokio::test]
async fn creates_a_cluster_without_network_and_keeps_its_data() {
    let directory = directory();
    let data = DataDir::open(directory.path()).unwrap();
    let postgres = Postgres::start(&data, POSTGRES).await.unwrap();
    let url = postgres.url();
    assert_eq!(
        sql(&url, "SHOW listen_addresses").await.unwrap().as_deref(),
        Some("")
    );
    assert_eq!(
        sql(&url, "SELECT lower('ÜBER')").await.unwrap().as_deref(),
        Some("über")
    );
    assert_eq!(
        sql(&url, "SHOW data_checksums").await.unwrap().as_deref(),
        Some("on")
    );
    sql(
        &url,
        "CREATE TABLE kept (x int); INSERT INTO kept VALUES (7)",
    )
    .await
    .unwrap();
    let pid = pid_of(&postgres);
    postgres.stop().await.unwrap();
    assert!(!runs(pid), "stopped");

    let postgres = Postgres::start(&data, POSTGRES).await.unwrap();
    assert_eq!(postgres.url(), url, "the password is kept");
    assert_eq!(
        sql(&url, "SELECT x FROM kept").await.unwrap().as_deref(),
        Some("7")
    );
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn asks_for_the_password_and_keeps_it_private() {
    let directory = directory();
    let data = DataDir::open(directory.path()).unwrap();
    let postgres = Postgres::start(&data, POSTGRES).await.unwrap();
    let mode = std::fs::metadata(directory.path().join("postgres.password"))
        .unwrap()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let host = postgres
        .socket_directory()
        .display()
        .to_string()
        .replace('/', "%2F");
    let refused = sql(
        &format!("postgresql://cloud:wrong@{host}/cloud"),
        "SELECT 1",
    )
    .await
    .unwrap_err();
    assert_eq!(refused.code().unwrap().code(), "28P01");
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_killed_server_is_restarted_with_everything_committed() {
    let directory = directory();
    let data = DataDir::open(directory.path()).unwrap();
    let postgres = Postgres::start(&data, POSTGRES).await.unwrap();
    let url = postgres.url();
    sql(&url, "CREATE TABLE kept (x int)").await.unwrap();
    let mut status = postgres.status();
    for round in 1..=2 {
        sql(&url, &format!("INSERT INTO kept VALUES ({round})"))
            .await
            .unwrap();
        let pid = pid_of(&postgres);
        signal(pid, Signal::KILL);
        let now = restarted(&mut status, pid).await;
        assert_eq!(now.restarts, round);
        let count = sql(&url, "SELECT count(*) FROM kept").await.unwrap();
        assert_eq!(count, Some(round.to_string()));
    }
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn killed_for_good_it_stays_down() {
    let directory = directory();
    let data = DataDir::open(directory.path()).unwrap();
    let postgres = Postgres::start(&data, POSTGRES).await.unwrap();
    let (pid, url) = (pid_of(&postgres), postgres.url());
    postgres.kill().await.unwrap();
    assert!(!runs(pid));
    assert!(sql(&url, "SELECT 1").await.is_err());
    let postgres = Postgres::start(&data, POSTGRES).await.unwrap();
    assert!(sql(&url, "SELECT 1").await.is_ok());
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn dropped_without_a_stop_it_goes_down_too() {
    let directory = directory();
    let data = DataDir::open(directory.path()).unwrap();
    let postgres = Postgres::start(&data, POSTGRES).await.unwrap();
    let pid = pid_of(&postgres);
    drop(postgres);
    until("server gone", async || !runs(pid)).await;
}

#[tokio::test]
async fn a_stop_while_it_cannot_restart_ends_the_attempts() {
    let directory = directory();
    let data = DataDir::open(directory.path()).unwrap();
    let postgres = Postgres::start(&data, POSTGRES).await.unwrap();
    let pid = pid_of(&postgres);
    let control = directory.path().join("servers/postgres/global/pg_control");
    std::fs::rename(&control, control.with_extension("away")).unwrap();
    signal(pid, Signal::KILL);
    let mut status = postgres.status();
    status.wait_for(|now| now.pid.is_none()).await.unwrap();
    postgres.stop().await.unwrap();
    std::fs::rename(control.with_extension("away"), &control).unwrap();
    let postgres = Postgres::start(&data, POSTGRES).await.unwrap();
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn a_server_that_cannot_start_says_why() {
    let directory = directory();
    let data = DataDir::open(directory.path()).unwrap();
    Postgres::start(&data, POSTGRES)
        .await
        .unwrap()
        .stop()
        .await
        .unwrap();
    std::fs::remove_file(directory.path().join("servers/postgres/global/pg_control")).unwrap();
    let error = Postgres::start(&data, POSTGRES)
        .await
        .err()
        .expect("refused");
    assert!(error.to_string().contains("pg_control"), "{error}");
}

#[tokio::test]
async fn an_interrupted_creation_is_begun_anew() {
    let directory = directory();
    let data = DataDir::open(directory.path()).unwrap();
    let half = directory.path().join("servers/postgres.new-1");
    std::fs::create_dir_all(&half).unwrap();
    std::fs::write(half.join("PG_VERSION"), "15\n").unwrap();
    let postgres = Postgres::start(&data, POSTGRES).await.unwrap();
    assert!(sql(&postgres.url(), "SELECT 1").await.is_ok());
    assert!(!half.exists());
    postgres.stop().await.unwrap();
}

#[tokio::test]
async fn data_of_a_version_that_is_not_installed_is_refused() {
    let directory = directory();
    let data = DataDir::open(directory.path()).unwrap();
    let cluster = directory.path().join("servers/postgres");
    std::fs::create_dir_all(&cluster).unwrap();
    std::fs::write(cluster.join("PG_VERSION"), "9\n").unwrap();
    let error = Postgres::start(&data, POSTGRES)
        .await
        .err()
        .expect("refused");
    assert!(error.to_string().contains("of PostgreSQL 9"), "{error}");
}
