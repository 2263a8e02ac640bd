//! The lock, the secrets and the places of a data directory.

use std::os::unix::fs::{MetadataExt, PermissionsExt};

use embedded::{DataDir, Error, Postgres, Redis};

use crate::support::{POSTGRES, REDIS, directory, redis, sql};

#[test]
fn a_directory_in_use_is_refused_with_the_holder() {
    let directory = directory();
    let held = DataDir::open(directory.path()).unwrap();
    let error = DataDir::open(directory.path()).expect_err("refused");
    assert!(matches!(error, Error::InUse { .. }));
    let text = error.to_string();
    assert!(
        text.contains(&format!("process {}", std::process::id())),
        "{text}"
    );
    drop(held);
    DataDir::open(directory.path()).expect("free again");
}

#[test]
fn secrets_are_made_once_and_private() {
    let directory = directory();
    let data = DataDir::open(directory.path()).unwrap();
    let secret = data.secret("app.secret").unwrap();
    assert_eq!(secret.len(), 64);
    assert_eq!(data.secret("app.secret").unwrap(), secret);
    assert_ne!(data.secret("other.secret").unwrap(), secret);
    let mode = std::fs::metadata(directory.path().join("app.secret"))
        .unwrap()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn others_cannot_list_the_directory() {
    let directory = directory();
    std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
    let data = DataDir::open(directory.path()).unwrap();
    assert_eq!(std::fs::metadata(data.path()).unwrap().mode() & 0o066, 0);
}

#[tokio::test]
async fn a_path_too_long_or_odd_for_a_socket_still_works() {
    let directory = directory();
    let deep = directory
        .path()
        .join("ein Ordner, \"lang\"")
        .join("x".repeat(90));
    let data = DataDir::open(&deep).unwrap();
    assert!(
        data.run().as_os_str().len() < 60,
        "{}",
        data.run().display()
    );
    let postgres = Postgres::start(&data, POSTGRES).await.unwrap();
    let server = Redis::start(&data, REDIS).await.unwrap();
    assert!(sql(&postgres.url(), "SELECT 1").await.is_ok());
    assert_eq!(redis(server.socket(), "PING").await.unwrap(), "+PONG");
    postgres.stop().await.unwrap();
    server.stop().await.unwrap();
    std::fs::remove_dir_all(data.run()).unwrap();
}

/// A checkout under `/root`: the servers' account cannot get there.
#[tokio::test]
async fn below_a_closed_parent_the_servers_live_elsewhere() {
    if !rustix::process::geteuid().is_root() {
        return; // Only root hands its servers to another account.
    }
    let directory = directory();
    let closed = directory.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).unwrap();
    let path = closed.join("data");
    let data = DataDir::open(&path).unwrap();
    let elsewhere = std::fs::read_link(path.join("servers")).unwrap();
    let server = Redis::start(&data, REDIS).await.unwrap();
    assert_eq!(redis(server.socket(), "SET a 1").await.unwrap(), "+OK");
    server.stop().await.unwrap();
    drop(data);
    let data = DataDir::open(&path).unwrap();
    let server = Redis::start(&data, REDIS).await.unwrap();
    assert_eq!(
        redis(server.socket(), "GET a").await.unwrap(),
        "1",
        "found again"
    );
    server.stop().await.unwrap();
    std::fs::remove_dir_all(elsewhere).unwrap();
}
