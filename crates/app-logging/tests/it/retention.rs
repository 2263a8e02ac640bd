//! Retention: whole days go, and only old ones.

use app_logging::domain::day::Day;
use app_logging::service::retention::Retention;
use jiff::{SignedDuration, Timestamp};
use platform::Clock;
use platform_pg::{Database, GenericClient as _};
use testkit::TestApp;

/// The app's tables as the app sees them.
async fn database(app: &TestApp) -> Database {
    let boot = app.boot("logging");
    let config = platform_pg::config(&mut boot.environment.reader());
    Database::connect(&boot, config, app_logging::migrations())
        .await
        .unwrap()
}

async fn days(db: &Database) -> Vec<String> {
    let client = db.client().await.unwrap();
    let rows = client
        .query(include_str!("../../sql/list_partitions.sql"), &[&"logs"])
        .await
        .unwrap();
    rows.iter()
        .map(|row| row.get::<_, String>("name").replace("logs_", ""))
        .collect()
}

#[tokio::test]
async fn days_beyond_the_retention_are_dropped_whole() {
    let app = testkit::run(app_logging::app()).await;
    let db = database(&app).await;
    let now: Timestamp = app.world.clock.now();
    let today = Day::of(now);
    let past = Clock::manual(now - SignedDuration::from_hours(24 * 20));
    Retention::new(db.clone(), past).make_room().await.unwrap();
    assert_eq!(
        days(&db).await.len(),
        8,
        "four around today, four around then"
    );
    let retention = Retention::new(db.clone(), Clock::manual(now));
    assert_eq!(
        retention.drop_old(14).await.unwrap(),
        8,
        "four days of logs and four of spans"
    );
    assert_eq!(days(&db).await.first(), Some(&today.plus(-1).stamp()));
    assert_eq!(retention.drop_old(14).await.unwrap(), 0);
}
