//! Migrations run once, in order, and never backwards.

use platform_pg::GenericClient;
use testkit::{Setup, World};

use crate::stage::{count, instance, notes, runner, try_connect};

const SLOW: &[(&str, &str)] = &[
    ("V1__create_a", "CREATE TABLE a (); SELECT pg_sleep(0.2)"),
    ("V2__create_b", "CREATE TABLE b (); SELECT pg_sleep(0.2)"),
];

async fn refused(world: &World, migrations: &[(&str, &str)]) -> String {
    try_connect(&world.boot("alpha"), runner(migrations))
        .await
        .unwrap_err()
        .chain()
}

#[tokio::test]
async fn processes_that_migrate_at_once_take_turns() {
    let world = Setup::new().start().await;
    let boots: Vec<_> = (0..5).map(|_| world.boot("alpha")).collect();
    let starts = boots.iter().map(|boot| try_connect(boot, runner(SLOW)));
    for started in futures_util::future::join_all(starts).await {
        let database = started.unwrap();
        assert_eq!(
            count(
                &database,
                "SELECT count(*) FROM refinery_schema_history",
                &[]
            )
            .await,
            2
        );
        assert_eq!(
            count(
                &database,
                "SELECT count(*) FROM platform_schema_history",
                &[]
            )
            .await,
            3
        );
    }
}

#[tokio::test]
async fn a_database_that_is_newer_than_the_program_stops_the_start() {
    let world = Setup::new().start().await;
    let newer = [SLOW, &[("V3__add_c", "CREATE TABLE c ()")]].concat();
    try_connect(&world.boot("alpha"), runner(&newer))
        .await
        .unwrap();
    let reason = refused(&world, SLOW).await;
    for part in ["alpha", "V3__add_c", "V2__create_b", "newer version"] {
        assert!(reason.contains(part), "{part} is missing in: {reason}");
    }
    let database = try_connect(&world.boot("alpha"), runner(&newer))
        .await
        .unwrap();
    assert_eq!(
        count(
            &database,
            "SELECT count(*) FROM refinery_schema_history",
            &[]
        )
        .await,
        3
    );
}

#[tokio::test]
async fn a_migration_that_was_changed_afterwards_is_named() {
    let world = Setup::new().start().await;
    try_connect(&world.boot("alpha"), runner(SLOW))
        .await
        .unwrap();
    let changed = [("V1__create_a", "CREATE TABLE a (id integer)"), SLOW[1]];
    let reason = refused(&world, &changed).await;
    assert!(reason.contains("V1__create_a"), "{reason}");
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing_and_quotes_nobody() {
    let world = Setup::new().start().await;
    let before = instance(&world, "alpha").await;
    let client = before.database.client().await.unwrap();
    client
        .execute("INSERT INTO notes VALUES (1, 'ada@example.org')", &[])
        .await
        .unwrap();
    let first = notes().get_migrations()[0].sql().unwrap().to_owned();
    let failing =
        "CREATE TABLE half (); ALTER TABLE notes ALTER body TYPE integer USING body::integer";
    let reason = refused(
        &world,
        &[("V1__create_notes", &first), ("V2__fail", failing)],
    )
    .await;
    assert!(
        reason.contains("V2__fail") && reason.contains("22P02"),
        "{reason}"
    );
    assert!(!reason.contains("ada"), "{reason}");
    let misspelt = "ALTER TABLE nots ADD x integer";
    let reason = refused(
        &world,
        &[("V1__create_notes", &first), ("V2__fail", misspelt)],
    )
    .await;
    assert!(reason.contains("nots"), "{reason}");
    assert_eq!(
        before
            .count("SELECT count(*) FROM pg_class WHERE relname = 'half'")
            .await,
        0
    );
}

#[tokio::test]
async fn the_migrate_subcommand_needs_no_server_beside_it() {
    let world = Setup::new().start().await;
    platform_pg::migrate(world.environment(), "alpha", &notes())
        .await
        .unwrap();
    platform_pg::migrate(world.environment(), "alpha", &notes())
        .await
        .unwrap();
    let started = instance(&world, "alpha").await;
    assert_eq!(started.count("SELECT count(*) FROM notes").await, 0);
}

#[tokio::test]
async fn a_statement_prepared_before_a_migration_is_prepared_again() {
    let world = Setup::new().start().await;
    let older = instance(&world, "alpha").await;
    let client = older.database.client().await.unwrap();
    client.query("SELECT * FROM notes", &[]).await.unwrap();
    let owner = world.database.client().await;
    owner
        .batch_execute("ALTER TABLE alpha.notes ADD colour text")
        .await
        .unwrap();
    client.query("SELECT * FROM notes", &[]).await.unwrap();
}
