//! Links past the limit of guesses.

use jiff::Timestamp;
use platform_pg::{GenericClient, InTransaction};
use uuid::Uuid;

use super::Result;
use crate::domain::subject::UserId;
use crate::domain::token::TokenHash;

/// A link about to be sent.
#[derive(Debug)]
pub(crate) struct NewWayIn<'a> {
    /// Identifies it; its secret follows from it.
    pub(crate) id: Uuid,
    /// What is stored of the secret.
    pub(crate) token: &'a TokenHash,
    /// Whose it is.
    pub(crate) user_id: UserId,
    /// The name that was held back.
    pub(crate) login: &'a str,
    /// From when it works.
    pub(crate) created_at: Timestamp,
    /// Until when.
    pub(crate) expires_at: Timestamp,
}

/// Notes a link unless its owner got another one after `since`; says whether it is to be sent. The caller keeps the
/// owner, so that two at once are one after the other.
pub(crate) async fn way_in_insert(
    tx: &impl InTransaction,
    link: &NewWayIn<'_>,
    since: Timestamp,
) -> Result<bool> {
    let noted = tx
        .execute(
            include_str!("../../sql/way_in_insert.sql"),
            &[
                &link.id,
                link.token,
                &link.user_id,
                &link.login,
                &link.created_at,
                &link.expires_at,
                &since,
            ],
        )
        .await?;
    Ok(noted > 0)
}

/// Whether a link works. Changes nothing.
pub(crate) async fn way_in_is_live(
    client: &impl GenericClient,
    token: &TokenHash,
    now: Timestamp,
) -> Result<bool> {
    let row = client
        .query_one(include_str!("../../sql/way_in_is_live.sql"), &[token, &now])
        .await?;
    Ok(row.try_get("live")?)
}

/// Uses a link up; whose it is and which name it is for, if it worked.
pub(crate) async fn way_in_use(
    tx: &impl InTransaction,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<(UserId, String)>> {
    let row = tx
        .query_opt(include_str!("../../sql/way_in_use.sql"), &[token, &now])
        .await?;
    row.map(|row| Ok((row.try_get("user_id")?, row.try_get("login")?)))
        .transpose()
}

/// Removes what expired before `before`.
pub(crate) async fn way_in_purge(client: &impl GenericClient, before: Timestamp) -> Result<u64> {
    client
        .execute(include_str!("../../sql/way_in_purge.sql"), &[&before])
        .await
}
