//! How many statements a PostgreSQL server executed, by its own log.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;

use testkit::TestDatabase;

/// A server that logs what it executes.
pub(crate) struct Statements<'a> {
    log: PathBuf,
    database: &'a TestDatabase,
}

impl<'a> Statements<'a> {
    /// Has the server of this database log every statement.
    pub(crate) async fn count(database: &'a TestDatabase) -> Self {
        let owner = database.client().await;
        let row = owner.query_one("SHOW data_directory", &[]).await.unwrap();
        let data = PathBuf::from(row.get::<_, String>(0));
        // Each is a statement of its own: the first cannot be in a transaction.
        owner
            .batch_execute("ALTER SYSTEM SET log_min_duration_statement = 0")
            .await
            .unwrap();
        owner
            .batch_execute("SELECT pg_reload_conf()")
            .await
            .unwrap();
        Self {
            log: data.parent().unwrap().join("log/postgres.log"),
            database,
        }
    }

    /// What was executed since; preparing and binding do not count.
    pub(crate) fn so_far(&self) -> usize {
        let log = BufReader::new(File::open(&self.log).unwrap());
        let lines = log.lines().map_while(Result::ok);
        let executed =
            |line: &String| line.contains("  execute ") || line.contains("  statement: ");
        lines.filter(executed).count()
    }

    /// Has it log no more of them.
    pub(crate) async fn stop(self) {
        let owner = self.database.client().await;
        let reset = "ALTER SYSTEM RESET log_min_duration_statement";
        owner.batch_execute(reset).await.unwrap();
        let reload = owner.batch_execute("SELECT pg_reload_conf()");
        reload.await.unwrap();
    }
}
