//! Keys that sign identity assertions, sealed.

use jiff::Timestamp;
use platform_pg::GenericClient;

use super::Result;
use crate::domain::signing_key::Dated;

/// A key as stored.
#[derive(Debug, Clone)]
pub(crate) struct StoredKey {
    /// RFC 7638 thumbprint.
    pub(crate) key_id: String,
    /// Private JWK, sealed for this schema.
    pub(crate) sealed_jwk: Vec<u8>,
    /// When it was made.
    pub(crate) created_at: Timestamp,
}

impl Dated for StoredKey {
    fn created_at(&self) -> Timestamp {
        self.created_at
    }
}

/// Lets one transaction at a time decide about keys.
pub(crate) async fn signing_key_lock(client: &impl GenericClient) -> Result<()> {
    client
        .execute(include_str!("../../sql/signing_key_lock.sql"), &[])
        .await?;
    Ok(())
}

/// All keys, oldest first.
pub(crate) async fn signing_key_list(client: &impl GenericClient) -> Result<Vec<StoredKey>> {
    let rows = client
        .query(include_str!("../../sql/signing_key_list.sql"), &[])
        .await?;
    rows.iter()
        .map(|row| {
            Ok(StoredKey {
                key_id: row.try_get("key_id")?,
                sealed_jwk: row.try_get("sealed_jwk")?,
                created_at: row.try_get("created_at")?,
            })
        })
        .collect()
}

/// Stores a key.
pub(crate) async fn signing_key_insert(client: &impl GenericClient, key: &StoredKey) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/signing_key_insert.sql"),
            &[&key.key_id, &key.sealed_jwk, &key.created_at],
        )
        .await?;
    Ok(())
}

/// Removes a key.
pub(crate) async fn signing_key_delete(client: &impl GenericClient, key_id: &str) -> Result<()> {
    client
        .execute(include_str!("../../sql/signing_key_delete.sql"), &[&key_id])
        .await?;
    Ok(())
}
