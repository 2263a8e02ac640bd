//! Connections are bounded, given back in good order, closed when idle, and metered.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use platform::health::Status;
use platform::http::meter::{Meter, scope};
use platform_pg::{Database, Error, GenericClient};
use testkit::Setup;

use crate::stage::{config, instance, notes};

#[tokio::test]
async fn a_pool_that_is_empty_is_an_answer_and_not_a_wait() {
    let world = Setup::new()
        .variable("DATABASE_POOL_SIZE", "2")
        .start()
        .await;
    let alpha = instance(&world, "alpha").await;
    let held = (
        alpha.database.client().await.unwrap(),
        alpha.database.client().await.unwrap(),
    );
    assert!(matches!(
        alpha.database.client().await,
        Err(Error::Unavailable(_))
    ));
    held.0.query("SELECT 1", &[]).await.unwrap();
    assert_eq!(
        alpha.boot.health.report().await.status,
        Status::Healthy,
        "busy is not broken"
    );
    drop(held);
    alpha.database.client().await.unwrap();
}

#[tokio::test]
async fn idle_connections_are_closed_except_one() {
    let world = Setup::new().start().await;
    let boot = world.boot("alpha");
    let mut config = config(&boot);
    config.limits.idle_after = Duration::from_millis(1);
    let database = Database::connect(&boot, config, notes()).await.unwrap();
    let burst = join_all((0..5).map(|_| database.client())).await;
    assert_eq!(database.connections(), 5);
    drop(burst);
    testkit::eventually("the pool shrinks", async || database.connections() == 1).await;
    database
        .client()
        .await
        .unwrap()
        .execute("SELECT 1", &[])
        .await
        .unwrap();
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_given_up() {
    let world = Setup::new().start().await;
    let boot = world.boot("alpha");
    let mut config = config(&boot);
    config.limits.statement = Duration::from_millis(200);
    let database = Database::connect(&boot, config, notes()).await.unwrap();
    let client = database.client().await.unwrap();
    let late = client.query("SELECT pg_sleep(3600)", &[]).await;
    assert!(matches!(late, Err(Error::Timeout)), "{late:?}");
    client.query("SELECT 1", &[]).await.unwrap();
}

#[tokio::test]
async fn an_abandoned_statement_does_not_reach_the_next_user() {
    let world = Setup::new()
        .variable("DATABASE_POOL_SIZE", "2")
        .start()
        .await;
    let alpha = instance(&world, "alpha").await;
    let client = alpha.database.client().await.unwrap();
    let backend: i32 = client
        .query_one("SELECT pg_backend_pid()", &[])
        .await
        .unwrap()
        .get(0);
    {
        let abandoned = client.query("SELECT pg_sleep(3600)", &[]);
        tokio::pin!(abandoned);
        assert!(futures_util::poll!(&mut abandoned).is_pending());
    }
    drop(client);
    for _ in 0..2 {
        let next = alpha.database.client().await.unwrap();
        let other: i32 = next
            .query_one("SELECT pg_backend_pid()", &[])
            .await
            .unwrap()
            .get(0);
        assert_ne!(other, backend);
    }
}

#[tokio::test]
async fn queries_are_counted_for_the_request() {
    let world = Setup::new().start().await;
    let alpha = instance(&world, "alpha").await;
    let meter = Arc::new(Meter::default());
    scope(Arc::clone(&meter), async {
        let mut client = alpha.database.client().await.unwrap();
        client.query("SELECT 1", &[]).await.unwrap();
        let transaction = client.transaction().await.unwrap();
        transaction.execute("SELECT 1", &[]).await.unwrap();
        transaction.commit().await.unwrap();
    })
    .await;
    assert_eq!(meter.queries(), 4);
}

#[tokio::test]
async fn a_session_knows_its_limits_and_its_name() {
    let world = Setup::new().start().await;
    let alpha = instance(&world, "alpha").await;
    let client = alpha.database.client().await.unwrap();
    let setting = async |name: &str| -> String {
        client
            .query_one("SELECT current_setting($1)", &[&name])
            .await
            .unwrap()
            .get(0)
    };
    assert_eq!(setting("statement_timeout").await, "15s");
    assert_eq!(setting("idle_in_transaction_session_timeout").await, "30s");
    assert_eq!(setting("search_path").await, "alpha");
    assert_eq!(
        setting("application_name").await,
        format!("alpha/{}", alpha.boot.instance)
    );
}
