//! PostgreSQL lost in the middle: refusals instead of waiting, and recovery by itself.

use std::process::Command;
use std::time::Duration;

use platform::error::{Class, Classify};
use platform::health::Status;
use platform_pg::{Database, Error, GenericClient};
use testkit::{Setup, TestPostgres, World};

use crate::stage::{config, connect, count, notes};

/// Far beyond what a refusal takes, far below every other limit: a call that hangs fails the test.
const HANG: Duration = Duration::from_secs(10);

async fn world(server: &TestPostgres) -> World {
    Setup::new()
        .variable("DATABASE_OWNER_URL", &server.owner_url)
        .start()
        .await
}

async fn ask(database: &Database) -> Result<(), Error> {
    let client = database.client().await?;
    client
        .query("SELECT count(*) FROM notes", &[])
        .await
        .map(drop)
}

async fn refused(database: &Database) -> Error {
    testkit::until("a refusal", async || {
        tokio::time::timeout(HANG, ask(database))
            .await
            .expect("the database hangs the caller")
            .err()
    })
    .await
}

#[tokio::test]
async fn a_killed_server_refuses_and_its_return_needs_no_restart() {
    let server = testkit::postgres_server().await;
    let world = world(&server).await;
    let boot = world.boot("alpha");
    let database = connect(&boot).await;
    ask(&database).await.unwrap();
    for _ in 0..2 {
        server.kill().await;
        let error = refused(&database).await;
        assert_eq!(error.outcome().0, Class::Unavailable, "{error:?}");
        testkit::eventually("the check fails", async || {
            boot.health.report().await.status == Status::Unhealthy
        })
        .await;
        server.start().await;
        testkit::eventually("the pool recovers", async || ask(&database).await.is_ok()).await;
        testkit::eventually("the check passes", async || {
            boot.health.report().await.status == Status::Healthy
        })
        .await;
    }
}

#[tokio::test]
async fn a_statement_in_flight_ends_with_the_server() {
    let server = testkit::postgres_server().await;
    let world = world(&server).await;
    let database = connect(&world.boot("alpha")).await;
    let mut client = database.client().await.unwrap();
    let transaction = client.transaction().await.unwrap();
    transaction
        .execute("INSERT INTO notes VALUES (1, 'lost')", &[])
        .await
        .unwrap();
    let (sleeping, ()) = tokio::join!(
        tokio::time::timeout(HANG, transaction.query("SELECT pg_sleep(3600)", &[])),
        server.kill()
    );
    let error = sleeping
        .expect("the statement outlives the server")
        .unwrap_err();
    assert_eq!(error.outcome().0, Class::Unavailable, "{error:?}");
    assert!(transaction.commit().await.is_err());
    drop(client);
    server.start().await;
    testkit::eventually("the pool recovers", async || ask(&database).await.is_ok()).await;
    assert_eq!(count(&database, "SELECT count(*) FROM notes", &[]).await, 0);
}

#[tokio::test]
async fn a_frozen_server_is_not_waited_for() {
    let server = testkit::postgres_server().await;
    let world = world(&server).await;
    let boot = world.boot("alpha");
    let mut config = config(&boot);
    // A connection that was used a moment ago is trusted, and then it is this limit that ends the wait.
    config.limits.statement = Duration::from_secs(1);
    let database = Database::connect(&boot, config, notes()).await.unwrap();
    let client = database.client().await.unwrap();
    let backend: i32 = client
        .query_one("SELECT pg_backend_pid()", &[])
        .await
        .unwrap()
        .get(0);
    drop(client);
    server.pause().await;
    signal("STOP", backend);
    let error = refused(&database).await;
    assert_eq!(error.outcome().0, Class::Unavailable, "{error:?}");
    server.resume().await;
    signal("CONT", backend);
    testkit::eventually("the pool recovers", async || ask(&database).await.is_ok()).await;
}

fn signal(name: &str, pid: i32) {
    let status = Command::new("kill")
        .args([&format!("-{name}"), &pid.to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}
