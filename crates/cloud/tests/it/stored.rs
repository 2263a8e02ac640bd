//! What a platform has written into its database.

use std::collections::BTreeMap;

use tokio_postgres::NoTls;

use crate::support::Installation;

/// The variables that programs beside the platform find.
pub(crate) fn network(installation: &Installation) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(installation.data.join(".cloud/dev.env")).unwrap();
    let lines = text.lines().filter_map(|line| line.split_once('='));
    lines
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Every row of every table of every service.
pub(crate) async fn tables(network: &BTreeMap<String, String>) -> String {
    let url = &network["DATABASE_OWNER_URL"];
    let (sql, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let driver = tokio_util::task::TaskTracker::new().spawn(connection);
    let names = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";
    let mut all = String::new();
    for table in sql.query(names, &[]).await.unwrap() {
        let table: String = table.get(0);
        let rows = format!("SELECT t::text FROM {table} AS t");
        for row in sql.query(&rows, &[]).await.unwrap() {
            all.push_str(row.get(0));
            all.push('\n');
        }
    }
    drop(sql);
    driver.abort();
    all
}
