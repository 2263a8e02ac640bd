//! One-use links with which a person sets their own password.

use jiff::Timestamp;
use platform_pg::GenericClient;

use super::Result;
use super::subjects::subject_of;
use crate::domain::subject::{Subject, UserId};
use crate::domain::token::TokenHash;

/// A link about to be handed out.
#[derive(Debug)]
pub(crate) struct NewInvitation<'a> {
    /// What recognises it.
    pub(crate) token_hash: &'a TokenHash,
    /// For whom.
    pub(crate) user_id: UserId,
    /// By whom; nobody for an operator.
    pub(crate) invited_by: Option<UserId>,
    /// Now.
    pub(crate) created_at: Timestamp,
    /// When it stops working.
    pub(crate) expires_at: Timestamp,
}

/// Stores a link.
pub(crate) async fn invitation_insert(
    client: &impl GenericClient,
    invitation: &NewInvitation<'_>,
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/invitation_insert.sql"),
            &[
                invitation.token_hash,
                &invitation.user_id,
                &invitation.invited_by,
                &invitation.created_at,
                &invitation.expires_at,
            ],
        )
        .await?;
    Ok(())
}

/// Removes the unused links of a person.
pub(crate) async fn invitation_discard_of(client: &impl GenericClient, id: UserId) -> Result<()> {
    client
        .execute(include_str!("../../sql/invitation_discard_of.sql"), &[&id])
        .await?;
    Ok(())
}

/// Whom a link invites, while it works. Changes nothing.
pub(crate) async fn invitation_find(
    client: &impl GenericClient,
    hash: &TokenHash,
    now: Timestamp,
) -> Result<Option<Subject>> {
    let row = client
        .query_opt(include_str!("../../sql/invitation_find.sql"), &[hash, &now])
        .await?;
    row.as_ref().map(subject_of).transpose()
}

/// Uses a link up; of several at once exactly one gets the person and who invited them.
pub(crate) async fn invitation_consume(
    client: &impl GenericClient,
    hash: &TokenHash,
    now: Timestamp,
) -> Result<Option<(UserId, Option<UserId>)>> {
    let row = client
        .query_opt(
            include_str!("../../sql/invitation_consume.sql"),
            &[hash, &now],
        )
        .await?;
    row.map(|row| Ok((row.try_get("user_id")?, row.try_get("invited_by")?)))
        .transpose()
}

/// Removes links that stopped working before `before`.
pub(crate) async fn invitation_purge(
    client: &impl GenericClient,
    before: Timestamp,
) -> Result<u64> {
    client
        .execute(include_str!("../../sql/invitation_purge.sql"), &[&before])
        .await
}
