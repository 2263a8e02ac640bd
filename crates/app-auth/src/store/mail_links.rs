//! Sign-ins by mail.

use jiff::Timestamp;
use platform::http::LocalPath;
use platform_pg::GenericClient;
use tokio_postgres::Row;
use uuid::Uuid;

use super::Result;
use crate::domain::subject::UserId;
use crate::domain::token::TokenHash;

/// A sign-in by mail, with what was typed where it began.
#[derive(Debug)]
pub(crate) struct MailLink {
    /// Identifies it; link and code follow from it.
    pub(crate) id: Uuid,
    /// The sign-in that asked.
    pub(crate) handle: TokenHash,
    /// Whom the mail went to, if to anybody.
    pub(crate) user_id: Option<UserId>,
    /// Wrong codes so far.
    pub(crate) wrong_codes: i32,
    /// The name as typed.
    pub(crate) login: String,
    /// Where the sign-in leads.
    pub(crate) return_to: LocalPath,
    expires_at: Timestamp,
    used_at: Option<Timestamp>,
}

impl MailLink {
    /// Whether it still proves anything.
    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        self.used_at.is_none() && now < self.expires_at
    }

    /// When it stops to.
    pub(crate) fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

/// Notes that somebody asked for a mail.
pub(crate) async fn mail_link_insert(
    client: &impl GenericClient,
    id: Uuid,
    (handle, token): (&TokenHash, &TokenHash),
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/mail_link_insert.sql"),
            &[&id, handle, token, &now, &expires_at],
        )
        .await?;
    Ok(())
}

/// By id. Changes nothing.
pub(crate) async fn mail_link_find(
    client: &impl GenericClient,
    id: Uuid,
) -> Result<Option<MailLink>> {
    let row = client
        .query_opt(include_str!("../../sql/mail_link_find.sql"), &[&id])
        .await?;
    row.as_ref().map(mail_link_of).transpose()
}

/// By the link's secret; whoever else presents it waits until the transaction ends.
pub(crate) async fn mail_link_find_by_token(
    client: &impl GenericClient,
    token: &TokenHash,
) -> Result<Option<MailLink>> {
    let row = client
        .query_opt(
            include_str!("../../sql/mail_link_find_by_token.sql"),
            &[token],
        )
        .await?;
    row.as_ref().map(mail_link_of).transpose()
}

/// The latest of a sign-in; whoever else presents its code waits until the transaction ends.
pub(crate) async fn mail_link_find_by_handle(
    client: &impl GenericClient,
    handle: &TokenHash,
) -> Result<Option<MailLink>> {
    let row = client
        .query_opt(
            include_str!("../../sql/mail_link_find_by_handle.sql"),
            &[handle],
        )
        .await?;
    row.as_ref().map(mail_link_of).transpose()
}

/// Notes whom the mail goes to.
pub(crate) async fn mail_link_address(
    client: &impl GenericClient,
    id: Uuid,
    who: UserId,
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/mail_link_address.sql"),
            &[&id, &who],
        )
        .await?;
    Ok(())
}

/// Counts a wrong code.
pub(crate) async fn mail_link_wrong(client: &impl GenericClient, id: Uuid) -> Result<()> {
    client
        .execute(include_str!("../../sql/mail_link_wrong.sql"), &[&id])
        .await?;
    Ok(())
}

/// Uses up whatever was sent for a sign-in.
pub(crate) async fn mail_link_use(
    client: &impl GenericClient,
    handle: &TokenHash,
    now: Timestamp,
) -> Result<()> {
    client
        .execute(include_str!("../../sql/mail_link_use.sql"), &[handle, &now])
        .await?;
    Ok(())
}

/// Removes what expired before `before`.
pub(crate) async fn mail_link_purge(client: &impl GenericClient, before: Timestamp) -> Result<u64> {
    client
        .execute(include_str!("../../sql/mail_link_purge.sql"), &[&before])
        .await
}

fn mail_link_of(row: &Row) -> Result<MailLink> {
    let return_to: String = row.try_get("return_to")?;
    Ok(MailLink {
        id: row.try_get("mail_link_id")?,
        handle: row.try_get("handle_hash")?,
        user_id: row.try_get("user_id")?,
        wrong_codes: row.try_get("wrong_codes")?,
        login: row.try_get("login")?,
        return_to: LocalPath::or_home(Some(&return_to)),
        expires_at: row.try_get("expires_at")?,
        used_at: row.try_get("used_at")?,
    })
}
