//! Migrations: refinery behind an advisory lock, one history for the app's tables and one for this crate's.
//!
//! Forward only. A database that is newer than the program stops the start; so does one whose history names
//! other migrations than the program has.

use std::collections::BTreeMap;
use std::time::Duration;

use refinery::error::Kind;
use refinery::{Migration, Runner};
use tokio::time::Instant;
use tokio_postgres::Client;

use crate::{Error, Schema};

mod embedded {
    #![allow(missing_docs, reason = "generated")]
    refinery::embed_migrations!("migrations");
}

/// History of the app's own migrations; refinery's default name.
const APP_HISTORY: &str = "refinery_schema_history";
/// History of the migrations of this crate.
const PLATFORM_HISTORY: &str = "platform_schema_history";
/// Pause between two looks at the lock that another process holds.
const LOCK_PAUSE: Duration = Duration::from_millis(100);

/// Brings both sets of tables up to date. Takes the lock only when there is something to do.
pub(crate) async fn up(
    client: Client,
    schema: &Schema,
    app: &Runner,
    lock_wait: Duration,
) -> Result<(), Error> {
    let mut migrator = Migrator { client, schema };
    let mut platform = embedded::migrations::runner();
    platform.set_migration_table_name(PLATFORM_HISTORY);
    if migrator.is_current(PLATFORM_HISTORY, &platform).await?
        && migrator.is_current(APP_HISTORY, app).await?
    {
        return Ok(());
    }
    migrator.lock(lock_wait).await?;
    migrator.ensure_schema().await?;
    migrator.run(PLATFORM_HISTORY, &platform).await?;
    migrator.run(APP_HISTORY, app).await
    // The lock goes with the connection.
}

struct Migrator<'a> {
    client: Client,
    schema: &'a Schema,
}

impl Migrator<'_> {
    /// Waits for the process that migrates the same schema at this moment, if there is one.
    async fn lock(&self, patience: Duration) -> Result<(), Error> {
        let deadline = Instant::now() + patience;
        let key = format!("cloud:migrate:{}", self.schema);
        let mut told = false;
        loop {
            let row = self
                .client
                .query_one(
                    "SELECT pg_try_advisory_lock(hashtextextended($1, 0))",
                    &[&key],
                )
                .await?;
            if row.try_get(0)? {
                return Ok(());
            }
            if Instant::now() >= deadline {
                return Err(self.failed("another process holds the migration lock"));
            }
            if !told {
                tracing::info!(schema = %self.schema, "another process is migrating, waiting for it");
                told = true;
            }
            tokio::time::sleep(LOCK_PAUSE).await;
        }
    }

    /// An app with its own URL may find no schema yet; it makes it if it may.
    async fn ensure_schema(&self) -> Result<(), Error> {
        let name = self.schema.name();
        let sql = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
        if self.client.query_opt(sql, &[&name]).await?.is_some() {
            return Ok(());
        }
        let created = self
            .client
            .batch_execute(&format!("CREATE SCHEMA \"{name}\""))
            .await;
        created.map_err(|error| match Error::from(error) {
            Error::Query { .. } => Error::Config(format!(
                "the schema {name} does not exist and this role may not create it: create it for the role, or give \
                 DATABASE_OWNER_URL"
            )),
            other => other,
        })
    }

    /// Whether every migration of the program, and none besides, is in the history.
    async fn is_current(&self, history: &str, runner: &Runner) -> Result<bool, Error> {
        let applied = self.applied(history).await?;
        let own: BTreeMap<_, _> = runner
            .get_migrations()
            .iter()
            .map(|own| (own.version(), own))
            .collect();
        if let Some((version, name, _)) = applied.last()
            && own
                .last_key_value()
                .is_none_or(|(newest, _)| version > newest)
        {
            return Err(Error::Newer {
                schema: self.schema.to_string(),
                database: format!("V{version}__{name}"),
                binary: own
                    .last_key_value()
                    .map_or_else(|| "at all".to_owned(), |(_, newest)| newest.to_string()),
            });
        }
        let same = |own: Option<&&Migration>, checksum: &str| {
            own.is_some_and(|own| own.checksum().to_string() == checksum)
        };
        Ok(applied.len() == own.len()
            && applied
                .iter()
                .all(|(version, _, checksum)| same(own.get(version), checksum)))
    }

    async fn applied(&self, history: &str) -> Result<Vec<(i32, String, String)>, Error> {
        let table = format!("\"{}\".{history}", self.schema.name());
        let known = self
            .client
            .query_one("SELECT to_regclass($1) IS NOT NULL", &[&table])
            .await?;
        if !known.try_get(0)? {
            return Ok(Vec::new());
        }
        let sql = format!("SELECT version, name, checksum FROM {table} ORDER BY version");
        let rows = self.client.query(&sql, &[]).await?;
        let read =
            |row: tokio_postgres::Row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
        rows.into_iter().map(read).collect()
    }

    async fn run(&mut self, history: &str, runner: &Runner) -> Result<(), Error> {
        if self.is_current(history, runner).await? {
            return Ok(());
        }
        let report = runner
            .run_async(&mut self.client)
            .await
            .map_err(|error| self.explain(&error))?;
        for migration in report.applied_migrations() {
            tracing::info!(schema = %self.schema, %migration, "migrated");
        }
        Ok(())
    }

    fn explain(&self, error: &refinery::Error) -> Error {
        let reason = match error.kind() {
            Kind::Connection(what, source) => {
                let Some(error) = source.downcast_ref::<tokio_postgres::Error>() else {
                    return self.failed(what);
                };
                match error.as_db_error() {
                    // A lock that could not be had, or a server that went away: worth another try.
                    None => return Error::Unavailable(error.to_string()),
                    Some(db) if db.code().code() == "55P03" => return Error::Timeout,
                    Some(db) if db.code().code().starts_with("57") => {
                        return Error::Unavailable(db.code().code().to_owned());
                    }
                    // Messages about the schema help the author of the migration; others may quote rows.
                    Some(db) if db.code().code().starts_with("42") => {
                        format!("{what}: {} ({})", db.message(), db.code().code())
                    }
                    Some(db) => format!("{what}: {}", db.code().code()),
                }
            }
            other => other.to_string(),
        };
        self.failed(&reason)
    }

    fn failed(&self, reason: &str) -> Error {
        Error::Migration {
            schema: self.schema.to_string(),
            reason: reason.to_owned(),
        }
    }
}
