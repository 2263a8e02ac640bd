//! The version of everything.

use platform_pg::{GenericClient, InTransaction};

use crate::error::Error;

/// The version at this moment.
pub(crate) async fn read(client: &impl GenericClient) -> Result<i64, Error> {
    let sql = include_str!("../../sql/revision_read.sql");
    Ok(client.query_one(sql, &[]).await?.try_get("version")?)
}

/// Makes other changes wait until this transaction ends.
pub(crate) async fn lock(transaction: &impl InTransaction) -> Result<i64, Error> {
    let sql = include_str!("../../sql/revision_lock.sql");
    Ok(transaction.query_one(sql, &[]).await?.try_get("version")?)
}

/// The next version, for the change this transaction makes.
pub(crate) async fn next(transaction: &impl InTransaction) -> Result<i64, Error> {
    let sql = include_str!("../../sql/revision_next.sql");
    Ok(transaction.query_one(sql, &[]).await?.try_get("version")?)
}
