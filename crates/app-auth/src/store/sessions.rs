//! Sessions: the truth behind the copies in Redis.

use jiff::Timestamp;
use platform_pg::GenericClient;
use tokio_postgres::Row;

use super::Result;
use super::subjects::subject_of;
use crate::domain::session::{Cutoffs, Lifetime, SessionId};
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
    /// The session it goes on with, if that is of the same person.
    pub(crate) former: Option<SessionId>,
}

/// A session that has not been ended, and whose it is. May have expired.
#[derive(Debug, Clone)]
pub(crate) struct FoundSession {
    /// From when on less was proven in it than policy asks of an administrator.
    pub(crate) owes_from: Option<Timestamp>,
    /// Its id.
    pub(crate) session_id: SessionId,
    /// The session of the same person and browser that it goes on with, or itself.
    pub(crate) lineage: SessionId,
    /// Methods used.
    pub(crate) factors: Vec<String>,
    /// Last full authentication.
    pub(crate) authenticated_at: Timestamp,
    /// Its times.
    pub(crate) lifetime: Lifetime,
    /// The generation it belongs to; none when a version began it that knows none.
    pub(crate) generation: Option<i64>,
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
    /// Methods used.
    pub(crate) factors: Vec<String>,
    /// The browser asked to be remembered.
    pub(crate) remembered: bool,
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
                &session.lifetime.remembered,
                &session.former,
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
    row.as_ref().map(found_of).transpose()
}

/// Reads a session with its person.
pub(crate) fn found_of(row: &Row) -> Result<FoundSession> {
    Ok(FoundSession {
        owes_from: None,
        session_id: row.try_get("session_id")?,
        lineage: row.try_get("lineage_id")?,
        factors: row.try_get("factors")?,
        authenticated_at: row.try_get("authenticated_at")?,
        lifetime: Lifetime {
            begun_at: row.try_get("created_at")?,
            expires_at: row.try_get("expires_at")?,
            last_seen_at: row.try_get("last_seen_at")?,
            remembered: row.try_get("remembered")?,
        },
        generation: row.try_get("generation")?,
        subject: subject_of(row)?,
    })
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

/// Whether a session that was not ended is one of a browser that asked to be remembered.
pub(crate) async fn session_is_remembered(
    client: &impl GenericClient,
    (user_id, session_id): (UserId, SessionId),
) -> Result<bool> {
    let row = client
        .query_opt(
            include_str!("../../sql/session_is_remembered.sql"),
            &[&user_id, &session_id],
        )
        .await?;
    row.map_or(Ok(false), |row| {
        row.try_get("remembered").map_err(Into::into)
    })
}

/// Goes on with a session that has just ended under another id and another secret.
pub(crate) async fn session_renew(
    client: &impl GenericClient,
    ended: SessionId,
    (session_id, token_hash): (SessionId, &TokenHash),
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/session_renew.sql"),
            &[&ended, &session_id, token_hash],
        )
        .await?;
    Ok(())
}

/// Live sessions of a person, newest first.
pub(crate) async fn session_list(
    client: &impl GenericClient,
    id: UserId,
    live: Cutoffs,
) -> Result<Vec<ListedSession>> {
    let rows = client
        .query(
            include_str!("../../sql/session_list.sql"),
            &[
                &id,
                &live.now,
                &live.used_after,
                &live.begun_after,
                &live.remembered_after,
            ],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ListedSession {
                session_id: row.try_get("session_id")?,
                device: row.try_get("device")?,
                address: row.try_get("address")?,
                factors: row.try_get("factors")?,
                remembered: row.try_get("remembered")?,
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

/// Ends all sessions of a person, but for one if named, and counts their generation up: what began before and is not
/// seen here does not count any more either.
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

/// Ends the sessions of a person in which none of these factors was proven.
pub(crate) async fn session_end_weaker(
    client: &impl GenericClient,
    (user_id, factors): (UserId, &[&str]),
    (at, reason): (Timestamp, &'static str),
) -> Result<Vec<SessionKey>> {
    let rows = client
        .query(
            include_str!("../../sql/session_end_weaker.sql"),
            &[&user_id, &factors, &at, &reason],
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
