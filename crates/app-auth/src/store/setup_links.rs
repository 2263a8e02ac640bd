//! One-use links with which the first administrator is made.

use jiff::Timestamp;
use platform_pg::GenericClient;

use super::Result;
use crate::domain::token::TokenHash;

/// Lets one transaction at a time decide about the first administrator.
pub(crate) async fn setup_lock(client: &impl GenericClient) -> Result<()> {
    client
        .execute(include_str!("../../sql/setup_lock.sql"), &[])
        .await?;
    Ok(())
}

/// Stores a link.
pub(crate) async fn setup_link_insert(
    client: &impl GenericClient,
    hash: &TokenHash,
    (created_at, expires_at): (Timestamp, Timestamp),
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/setup_link_insert.sql"),
            &[hash, &created_at, &expires_at],
        )
        .await?;
    Ok(())
}

/// Whether a link works. Changes nothing.
pub(crate) async fn setup_link_is_live(
    client: &impl GenericClient,
    hash: &TokenHash,
    now: Timestamp,
) -> Result<bool> {
    let row = client
        .query_one(
            include_str!("../../sql/setup_link_is_live.sql"),
            &[hash, &now],
        )
        .await?;
    Ok(row.try_get("found")?)
}

/// Uses a link up; of several at once exactly one succeeds.
pub(crate) async fn setup_link_consume(
    client: &impl GenericClient,
    hash: &TokenHash,
    now: Timestamp,
) -> Result<bool> {
    let rows = client
        .execute(
            include_str!("../../sql/setup_link_consume.sql"),
            &[hash, &now],
        )
        .await?;
    Ok(rows == 1)
}

/// Removes all links.
pub(crate) async fn setup_link_discard(client: &impl GenericClient) -> Result<()> {
    client
        .execute(include_str!("../../sql/setup_link_discard.sql"), &[])
        .await?;
    Ok(())
}

/// Removes links that have expired.
pub(crate) async fn setup_link_purge(client: &impl GenericClient, now: Timestamp) -> Result<()> {
    client
        .execute(include_str!("../../sql/setup_link_purge.sql"), &[&now])
        .await?;
    Ok(())
}
