//! A database that is absent at start: waited for, and given up with the reason.

use platform::boot::StartError;
use testkit::Setup;

use crate::stage::{connect, count, notes, try_connect};

#[tokio::test]
async fn a_database_that_comes_late_is_waited_for() {
    let server = testkit::postgres_server().await;
    server.stop().await;
    let world = Setup::new()
        .variable("DATABASE_OWNER_URL", &server.owner_url)
        .start()
        .await;
    let boot = world.boot("alpha");
    // Polled in this order: the first attempt is refused before the server is told to start.
    let (database, ()) = tokio::join!(biased; connect(&boot), server.start());
    assert_eq!(count(&database, "SELECT count(*) FROM notes", &[]).await, 0);
}

#[tokio::test]
async fn a_database_that_stays_away_is_named_with_the_reason() {
    let server = testkit::postgres_server().await;
    server.stop().await;
    let world = Setup::new()
        .variable("DATABASE_OWNER_URL", &server.owner_url)
        .variable("START_WAIT_SECONDS", "0.3")
        .start()
        .await;
    let error = try_connect(&world.boot("alpha"), notes())
        .await
        .unwrap_err();
    assert!(matches!(error, StartError::Unavailable { .. }), "{error:?}");
    assert_eq!(error.exit_code(), 1);
    assert!(
        error
            .to_string()
            .starts_with("PostgreSQL is not available: "),
        "{error}"
    );
    let error = platform_pg::migrate(world.environment(), "alpha", &notes())
        .await
        .unwrap_err();
    assert!(matches!(error, StartError::Unavailable { .. }), "{error:?}");
}

#[tokio::test]
async fn configuration_that_is_wrong_is_listed_by_name_and_not_by_value() {
    let environment = platform::Environment::from_map([
        ("DATABASE_URL", "mysql://root:hunter2@db/x"),
        ("DATABASE_POOL_SIZE", "many"),
    ]);
    let mut reader = environment.reader();
    platform_pg::config(&mut reader);
    let printed = reader.finish().unwrap_err().to_string();
    assert!(
        printed.contains("DATABASE_URL") && printed.contains("DATABASE_POOL_SIZE"),
        "{printed}"
    );
    assert!(!printed.contains("hunter2"), "{printed}");

    let environment = platform::Environment::from_map(Vec::<(String, String)>::new());
    let mut reader = environment.reader();
    platform_pg::config(&mut reader);
    assert!(
        reader
            .finish()
            .unwrap_err()
            .to_string()
            .contains("DATABASE_OWNER_URL")
    );
}
