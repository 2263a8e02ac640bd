//! Every statement of this crate fits the tables of this crate.

use std::path::Path;

use platform_pg::GenericClient;
use testkit::Setup;

use crate::stage::instance;

#[tokio::test]
async fn every_statement_can_be_prepared() {
    let world = Setup::new().start().await;
    let alpha = instance(&world, "alpha").await;
    let client = alpha.database.client().await.unwrap();
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql");
    let mut prepared = 0;
    for file in std::fs::read_dir(directory).unwrap() {
        let path = file.unwrap().path();
        let sql = std::fs::read_to_string(&path).unwrap();
        client
            .prepare(&sql)
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        prepared += 1;
    }
    assert!(prepared > 20, "only {prepared} statements were found");
}
