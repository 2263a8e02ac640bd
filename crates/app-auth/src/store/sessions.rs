//! Sessions: the truth behind the copies in Redis.

use jiff::Timestamp;
use platform_pg::GenericClient;
use tokio_postgres::Row;

use super::Result;
use super::subjects::subject_of;
use crate::domain::session::{Lifetime, SessionId};
use crate::domain::subject::{Subject, UserId};
use crate::domain::token::TokenHash;

/// A session about to begin.
#[derive(Debug)]
pub(crate) struct NewSession<'a> {
    /// Its id.
    pub(crate) session_id: SessionId,
    /// Whose.
    pub(crate) user_id: UserId,
    /// What recognises its cookie.
    pub(crate) token_hash: &'a TokenHash,
    /// Methods used, by RFC 8176 name.
    pub(crate) factors: &'a [&'static str],
    /// "Firefox on Linux" or empty.
    pub(crate) device: &'a str,
    /// Network address or empty.
    pub(crate) address: &'a str,
    /// Its times.
    pub(crate) lifetime: Lifetime,
}

/// A session that has not been ended, and whose it is. May have expired.
#[derive(Debug, Clone)]
pub(crate) struct FoundSession {
    /// Its id.
    pub(crate) session_id: SessionId,
    /// Methods used.
    pub(crate) factors: Vec<String>,
    /// Last full authentication.
    pub(crate) authenticated_at: Timestamp,
    /// Its times.
    pub(crate) lifetime: Lifetime,
    /// The person as they are now.
    pub(crate) subject: Subject,
}

/// A line of somebody's session list.
#[derive(Debug, Clone)]
pub(crate) struct ListedSession {
    /// Its id.
    pub(crate) session_id: SessionId,
    /// "Firefox on Linux" or empty.
    pub(crate) device: String,
    /// Network address or empty.
    pub(crate) address: String,
    /// Sign-in.
    pub(crate) created_at: Timestamp,
    /// Last use, to about a minute.
    pub(crate) last_seen_at: Timestamp,
}

/// Names a session everywhere it may be remembered.
#[derive(Debug, Clone)]
pub(crate) struct SessionKey {
    /// Its id.
    pub(crate) session_id: SessionId,
    /// Whose.
    pub(crate) user_id: UserId,
    /// What recognises its cookie.
    pub(crate) token_hash: TokenHash,
}

/// Begins a session.
pub(crate) async fn session_insert(
    client: &impl GenericClient,
    session: &NewSession<'_>,
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/session_insert.sql"),
            &[
                &session.session_id,
                &session.user_id,
                session.token_hash,
                &session.factors,
                &session.device,
                &session.address,
                &session.lifetime.last_seen_at,
                &session.lifetime.expires_at,
            ],
        )
        .await?;
    Ok(())
}

/// The session a cookie stands for, unless it was ended.
pub(crate) async fn session_find(
    client: &impl GenericClient,
    hash: &TokenHash,
) -> Result<Option<FoundSession>> {
    let row = client
        .query_opt(include_str!("../../sql/session_find.sql"), &[hash])
        .await?;
    row.map(|row| {
        Ok(FoundSession {
            session_id: row.try_get("session_id")?,
            factors: row.try_get("factors")?,
            authenticated_at: row.try_get("authenticated_at")?,
            lifetime: Lifetime {
                expires_at: row.try_get("expires_at")?,
                last_seen_at: row.try_get("last_seen_at")?,
            },
            subject: subject_of(&row)?,
        })
    })
    .transpose()
}

/// Records a use; returns whether the session is still there.
pub(crate) async fn session_touch(
    client: &impl GenericClient,
    id: SessionId,
    at: Timestamp,
) -> Result<bool> {
    let rows = client
        .execute(include_str!("../../sql/session_touch.sql"), &[&id, &at])
        .await?;
    Ok(rows == 1)
}

/// Live sessions of a person at `now`, newest first: used after `used_after` and not ended.
pub(crate) async fn session_list(
    client: &impl GenericClient,
    id: UserId,
    (now, used_after): (Timestamp, Timestamp),
) -> Result<Vec<ListedSession>> {
    let rows = client
        .query(
            include_str!("../../sql/session_list.sql"),
            &[&id, &now, &used_after],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ListedSession {
                session_id: row.try_get("session_id")?,
                device: row.try_get("device")?,
                address: row.try_get("address")?,
                created_at: row.try_get("created_at")?,
                last_seen_at: row.try_get("last_seen_at")?,
            })
        })
        .collect()
}

/// Ends one session of a person; `None` when it is not theirs or over.
pub(crate) async fn session_end(
    client: &impl GenericClient,
    (user_id, session_id): (UserId, SessionId),
    (at, reason): (Timestamp, &'static str),
) -> Result<Option<SessionKey>> {
    let row = client
        .query_opt(
            include_str!("../../sql/session_end.sql"),
            &[&user_id, &session_id, &at, &reason],
        )
        .await?;
    row.as_ref().map(key_of).transpose()
}

/// Ends all sessions of a person, but for one if named.
pub(crate) async fn session_end_all(
    client: &impl GenericClient,
    (user_id, except): (UserId, Option<SessionId>),
    (at, reason): (Timestamp, &'static str),
) -> Result<Vec<SessionKey>> {
    let rows = client
        .query(
            include_str!("../../sql/session_end_all.sql"),
            &[&user_id, &except, &at, &reason],
        )
        .await?;
    rows.iter().map(key_of).collect()
}

/// Sessions of some people that were not ended.
pub(crate) async fn session_live_of(
    client: &impl GenericClient,
    ids: &[UserId],
) -> Result<Vec<SessionKey>> {
    let rows = client
        .query(include_str!("../../sql/session_live_of.sql"), &[&ids])
        .await?;
    rows.iter().map(key_of).collect()
}

/// Sessions ended at or after `since`, by anybody.
pub(crate) async fn session_ended_since(
    client: &impl GenericClient,
    since: Timestamp,
) -> Result<Vec<SessionKey>> {
    let rows = client
        .query(include_str!("../../sql/session_ended_since.sql"), &[&since])
        .await?;
    rows.iter().map(key_of).collect()
}

/// Removes sessions that ended or expired before `before`.
pub(crate) async fn session_purge(client: &impl GenericClient, before: Timestamp) -> Result<u64> {
    client
        .execute(include_str!("../../sql/session_purge.sql"), &[&before])
        .await
}

/// Reads what names a session, or a key, everywhere.
pub(crate) fn key_of(row: &Row) -> Result<SessionKey> {
    Ok(SessionKey {
        session_id: row.try_get("session_id")?,
        user_id: row.try_get("user_id")?,
        token_hash: row.try_get("token_hash")?,
    })
}
