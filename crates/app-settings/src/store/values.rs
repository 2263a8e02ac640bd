//! What operators set.

use jiff::Timestamp;
use platform_pg::{GenericClient, InTransaction};
use serde_json::Value;
use uuid::Uuid;

use crate::domain::catalog::Content;
use crate::domain::seal::{Envelope, Place};
use crate::error::Error;

/// Who changed something, and when.
#[derive(Debug, Clone)]
pub(crate) struct Stamp {
    /// Version of everything with this change.
    pub revision: i64,
    /// When.
    pub at: Timestamp,
    /// The person.
    pub by: Uuid,
    /// Their name, as it was then.
    pub by_name: String,
}

/// Stores a value.
pub(crate) async fn put(
    transaction: &impl InTransaction,
    place: &Place<'_>,
    content: &Content,
    stamp: &Stamp,
) -> Result<(), Error> {
    let (value, envelope) = match content {
        Content::Plain(value) => (Some(value), None),
        Content::Sealed(envelope) => (None, Some(envelope.as_bytes())),
    };
    let sql = include_str!("../../sql/value_put.sql");
    transaction
        .execute(
            sql,
            &[
                &place.app,
                &place.key,
                &value,
                &envelope,
                &stamp.revision,
                &stamp.at,
                &stamp.by,
                &stamp.by_name,
            ],
        )
        .await?;
    Ok(())
}

/// Removes a value: seed or default hold again.
pub(crate) async fn delete(
    transaction: &impl InTransaction,
    place: &Place<'_>,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/value_delete.sql");
    transaction.execute(sql, &[&place.app, &place.key]).await?;
    Ok(())
}

/// The values of an app that are stored openly.
pub(crate) async fn list_plain(
    transaction: &impl InTransaction,
    app: &str,
) -> Result<Vec<(String, Value)>, Error> {
    let sql = include_str!("../../sql/value_list_plain.sql");
    let rows = transaction.query(sql, &[&app]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("key")?, row.try_get("value")?)))
        .collect()
}

/// Puts an envelope in the place of a value that was stored openly.
pub(crate) async fn seal(
    transaction: &impl InTransaction,
    place: &Place<'_>,
    envelope: &Envelope,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/value_seal.sql");
    transaction
        .execute(sql, &[&place.app, &place.key, &envelope.as_bytes()])
        .await?;
    Ok(())
}

/// Every stored secret: app, key and envelope.
pub(crate) async fn list_sealed(
    client: &impl GenericClient,
) -> Result<Vec<(String, String, Envelope)>, Error> {
    let sql = include_str!("../../sql/envelope_list.sql");
    let rows = client.query(sql, &[]).await?;
    rows.iter()
        .map(|row| {
            let envelope =
                Envelope::from_bytes(row.try_get("envelope")?).ok_or(Error::Stored("secret"))?;
            Ok((row.try_get("app")?, row.try_get("key")?, envelope))
        })
        .collect()
}
