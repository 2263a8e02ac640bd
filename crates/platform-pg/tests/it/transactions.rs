//! All or nothing, and never silently nothing.

use platform_pg::{Error, GenericClient};
use testkit::Setup;

use crate::stage::instance;

const INSERT: &str = "INSERT INTO notes VALUES ($1, $2)";
const COUNT: &str = "SELECT count(*) FROM notes";

#[tokio::test]
async fn what_is_not_committed_did_not_happen() {
    let world = Setup::new().start().await;
    let alpha = instance(&world, "alpha").await;
    let mut client = alpha.database.client().await.unwrap();

    let dropped = client.transaction().await.unwrap();
    dropped.execute(INSERT, &[&1, &"dropped"]).await.unwrap();
    drop(dropped);
    let undone = client.transaction().await.unwrap();
    undone.execute(INSERT, &[&2, &"undone"]).await.unwrap();
    undone.rollback().await.unwrap();
    let done = client.transaction().await.unwrap();
    done.execute(INSERT, &[&3, &"done"]).await.unwrap();
    done.commit().await.unwrap();
    drop(client);
    assert_eq!(alpha.count(COUNT).await, 1);
}

#[tokio::test]
async fn a_failed_transaction_cannot_pass_for_committed() {
    let world = Setup::new().start().await;
    let alpha = instance(&world, "alpha").await;
    let mut client = alpha.database.client().await.unwrap();
    let transaction = client.transaction().await.unwrap();
    transaction.execute(INSERT, &[&1, &"one"]).await.unwrap();
    assert!(transaction.execute(INSERT, &[&1, &"again"]).await.is_err());
    assert!(matches!(transaction.commit().await, Err(Error::Aborted)));
    client.execute(INSERT, &[&1, &"later"]).await.unwrap();
    drop(client);
    assert_eq!(alpha.count(COUNT).await, 1);
}

#[tokio::test]
async fn a_savepoint_fails_alone() {
    let world = Setup::new().start().await;
    let alpha = instance(&world, "alpha").await;
    let mut client = alpha.database.client().await.unwrap();
    let mut transaction = client.transaction().await.unwrap();
    transaction.execute(INSERT, &[&1, &"one"]).await.unwrap();
    let part = transaction.savepoint().await.unwrap();
    assert!(part.execute(INSERT, &[&1, &"again"]).await.is_err());
    drop(part);
    let part = transaction.savepoint().await.unwrap();
    part.execute(INSERT, &[&2, &"two"]).await.unwrap();
    part.commit().await.unwrap();
    transaction.commit().await.unwrap();
    drop(client);
    assert_eq!(alpha.count(COUNT).await, 2);
}
