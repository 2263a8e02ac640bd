//! Browsers a person signed in with before.

use jiff::Timestamp;
use platform_pg::GenericClient;

use super::Result;
use crate::domain::subject::UserId;
use crate::domain::token::TokenHash;

/// Notes a sign-in on a device; returns whether it is the first.
pub(crate) async fn device_seen(
    client: &impl GenericClient,
    id: UserId,
    device: &TokenHash,
    at: Timestamp,
) -> Result<bool> {
    let row = client
        .query_one(
            include_str!("../../sql/device_seen.sql"),
            &[&id, device, &at],
        )
        .await?;
    Ok(row.try_get("is_new")?)
}

/// Forgets devices not seen since `before`.
pub(crate) async fn device_forget_before(
    client: &impl GenericClient,
    before: Timestamp,
) -> Result<u64> {
    client
        .execute(
            include_str!("../../sql/device_forget_before.sql"),
            &[&before],
        )
        .await
}
