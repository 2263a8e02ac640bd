//! Live sessions of everybody, for administrators.

use jiff::Timestamp;
use platform_pg::GenericClient;

use super::Result;
use crate::domain::session::{Cutoffs, SessionId};
use crate::domain::subject::UserId;

/// A line of the list.
#[derive(Debug, Clone)]
pub(crate) struct ActiveSession {
    /// Which.
    pub(crate) session_id: SessionId,
    /// Whose.
    pub(crate) user_id: UserId,
    /// Their sign-in name.
    pub(crate) username: String,
    /// Their name to show.
    pub(crate) display_name: String,
    /// "Firefox on Linux" or empty.
    pub(crate) device: String,
    /// Network address or empty.
    pub(crate) address: String,
    /// Methods used.
    pub(crate) factors: Vec<String>,
    /// Sign-in.
    pub(crate) created_at: Timestamp,
    /// Last use, to about a minute.
    pub(crate) last_seen_at: Timestamp,
}

/// Live sessions of people who fit `words`, folded; at most `limit`.
pub(crate) async fn session_list_everybody(
    client: &impl GenericClient,
    live: Cutoffs,
    words: &str,
    limit: i64,
) -> Result<Vec<ActiveSession>> {
    let rows = client
        .query(
            include_str!("../../sql/session_list_everybody.sql"),
            &[
                &live.now,
                &live.used_after,
                &live.begun_after,
                &live.remembered_after,
                &words,
                &limit,
            ],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ActiveSession {
                session_id: row.try_get("session_id")?,
                user_id: row.try_get("user_id")?,
                username: row.try_get("username")?,
                display_name: row.try_get("display_name")?,
                device: row.try_get("device")?,
                address: row.try_get("address")?,
                factors: row.try_get("factors")?,
                created_at: row.try_get("created_at")?,
                last_seen_at: row.try_get("last_seen_at")?,
            })
        })
        .collect()
}
