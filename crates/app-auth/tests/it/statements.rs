//! Every statement of the app against its migrated schema.

use crate::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_is_valid() {
    let house = House::open().await;
    let sql = house.sql().await;
    sql.batch_execute("SET search_path TO auth").await.unwrap();
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/sql");
    let mut count = 0;
    for file in std::fs::read_dir(directory).unwrap() {
        let path = file.unwrap().path();
        let statement = std::fs::read_to_string(&path).unwrap();
        let prepared = sql.prepare(&statement).await;
        assert!(prepared.is_ok(), "{}: {:?}", path.display(), prepared.err());
        count += 1;
    }
    assert!(count > 30, "{count} statements were found");
}
