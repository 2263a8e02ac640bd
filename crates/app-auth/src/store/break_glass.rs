//! Break-glass codes.

use jiff::Timestamp;
use platform_pg::GenericClient;

use super::Result;
use crate::domain::subject::UserId;

/// Stores codes by their hash.
pub(crate) async fn break_glass_code_insert(
    client: &impl GenericClient,
    id: UserId,
    hashes: &[Vec<u8>],
    at: Timestamp,
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/break_glass_code_insert.sql"),
            &[&id, &hashes, &at],
        )
        .await?;
    Ok(())
}

/// Removes all codes of a person.
pub(crate) async fn break_glass_code_discard_of(
    client: &impl GenericClient,
    id: UserId,
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/break_glass_code_discard_of.sql"),
            &[&id],
        )
        .await?;
    Ok(())
}

/// Uses a code up; of several at once exactly one succeeds.
pub(crate) async fn break_glass_code_consume(
    client: &impl GenericClient,
    id: UserId,
    hash: &[u8],
    at: Timestamp,
) -> Result<bool> {
    let rows = client
        .execute(
            include_str!("../../sql/break_glass_code_consume.sql"),
            &[&id, &hash, &at],
        )
        .await?;
    Ok(rows == 1)
}

/// How many codes of a person were not used yet.
pub(crate) async fn break_glass_code_count(client: &impl GenericClient, id: UserId) -> Result<i64> {
    let row = client
        .query_one(include_str!("../../sql/break_glass_code_count.sql"), &[&id])
        .await?;
    Ok(row.try_get("unused")?)
}
