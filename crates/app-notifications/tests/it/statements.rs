//! Every statement of the app against its migrated schema.

#[tokio::test]
async fn every_statement_is_valid() {
    let app = testkit::run(app_notifications::app()).await;
    let sql = app.world.database.client().await;
    sql.batch_execute("SET search_path TO notifications")
        .await
        .unwrap();
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/sql");
    let mut count = 0;
    for file in std::fs::read_dir(directory).unwrap() {
        let path = file.unwrap().path();
        let statement = std::fs::read_to_string(&path).unwrap();
        let prepared = sql.prepare(&statement).await;
        assert!(prepared.is_ok(), "{}: {:?}", path.display(), prepared.err());
        count += 1;
    }
    assert!(count >= 16, "{count} statements were found");
}
