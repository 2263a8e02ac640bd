//! Apps without a web server: a boot, a database, and small migrations.

use platform::Boot;
use platform::boot::StartError;
use platform_pg::{Database, DatabaseConfig, GenericClient};
use platform_redis::Redis;
use refinery::{Migration, Runner};
use testkit::World;
use tokio_postgres::types::ToSql;

/// The one migration most tests need.
const NOTES: &str = "CREATE TABLE notes (
    note_id integer CONSTRAINT notes_pkey PRIMARY KEY,
    body text NOT NULL CONSTRAINT notes_body_key UNIQUE
)";

pub(crate) fn runner(migrations: &[(&str, &str)]) -> Runner {
    let migrations: Vec<_> = migrations
        .iter()
        .map(|(name, sql)| Migration::unapplied(name, sql).unwrap())
        .collect();
    Runner::new(&migrations)
}

pub(crate) fn notes() -> Runner {
    runner(&[("V1__create_notes", NOTES)])
}

pub(crate) fn config(boot: &Boot) -> DatabaseConfig {
    let mut reader = boot.environment.reader();
    let config = platform_pg::config(&mut reader);
    reader.finish().unwrap();
    config
}

pub(crate) async fn connect(boot: &Boot) -> Database {
    try_connect(boot, notes()).await.unwrap()
}

pub(crate) async fn try_connect(boot: &Boot, runner: Runner) -> Result<Database, StartError> {
    Database::connect(boot, config(boot), runner).await
}

/// An app's database on the world's server, with its Redis.
pub(crate) struct Instance {
    pub(crate) boot: Boot,
    pub(crate) database: Database,
    pub(crate) redis: Redis,
}

/// One more instance of an app.
pub(crate) async fn instance(world: &World, app: &str) -> Instance {
    let boot = world.boot(app);
    let database = connect(&boot).await;
    let redis = platform_redis::connect(&boot);
    Instance {
        boot,
        database,
        redis,
    }
}

impl Instance {
    /// Ends at once, as if killed: no task of it gets another turn.
    pub(crate) async fn kill(&self) {
        self.boot.lifecycle.abort();
        self.boot.lifecycle.idle().await;
    }

    /// Ends the gentle way.
    pub(crate) async fn stop(&self) {
        self.boot.lifecycle.shutdown();
        self.boot.lifecycle.idle().await;
    }

    /// A number from the database.
    pub(crate) async fn count(&self, sql: &str) -> i64 {
        count(&self.database, sql, &[]).await
    }
}

pub(crate) async fn count(
    database: &Database,
    sql: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> i64 {
    let client = database.client().await.unwrap();
    client
        .query_one(sql, parameters)
        .await
        .unwrap()
        .try_get(0)
        .unwrap()
}
