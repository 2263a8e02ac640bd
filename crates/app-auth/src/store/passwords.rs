//! Password hashes.

use jiff::Timestamp;
use platform_pg::GenericClient;

use super::Result;
use crate::domain::subject::UserId;

/// The hash of a person's password.
pub(crate) async fn password_find(
    client: &impl GenericClient,
    id: UserId,
) -> Result<Option<String>> {
    let row = client
        .query_opt(include_str!("../../sql/password_find.sql"), &[&id])
        .await?;
    row.map(|row| row.try_get("phc").map_err(Into::into))
        .transpose()
}

/// Whether `phc` is still the hash; keeps it until the transaction ends.
pub(crate) async fn password_hold(
    client: &impl GenericClient,
    id: UserId,
    phc: &str,
) -> Result<bool> {
    let row = client
        .query_opt(include_str!("../../sql/password_hold.sql"), &[&id, &phc])
        .await?;
    Ok(row.is_some())
}

/// Sets a password, whatever was there.
pub(crate) async fn password_put(
    client: &impl GenericClient,
    id: UserId,
    phc: &str,
    at: Timestamp,
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/password_put.sql"),
            &[&id, &phc, &at],
        )
        .await?;
    Ok(())
}

/// Replaces `old` by `new`; returns whether `old` was still there.
pub(crate) async fn password_replace(
    client: &impl GenericClient,
    id: UserId,
    (old, new): (&str, &str),
    at: Timestamp,
) -> Result<bool> {
    let rows = client
        .execute(
            include_str!("../../sql/password_replace.sql"),
            &[&id, &old, &new, &at],
        )
        .await?;
    Ok(rows == 1)
}

/// Notes that the password of this hash is long enough to stand alone.
pub(crate) async fn password_note_alone(
    client: &impl GenericClient,
    id: UserId,
    phc: &str,
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/password_note_alone.sql"),
            &[&id, &phc],
        )
        .await?;
    Ok(())
}

/// Whether a person's password is known to be long enough to stand alone, or there is none.
pub(crate) async fn password_stands_alone(client: &impl GenericClient, id: UserId) -> Result<bool> {
    let row = client
        .query_one(include_str!("../../sql/password_stands_alone.sql"), &[&id])
        .await?;
    Ok(row.try_get("stands")?)
}

/// Stores the same password at a higher cost.
pub(crate) async fn password_rehash(
    client: &impl GenericClient,
    id: UserId,
    (old, new): (&str, &str),
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/password_rehash.sql"),
            &[&id, &old, &new],
        )
        .await?;
    Ok(())
}
