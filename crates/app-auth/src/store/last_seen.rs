//! When people were last seen, out of what is known of their sessions, keys and browsers.

use jiff::Timestamp;
use platform_pg::GenericClient;

use super::Result;
use crate::domain::subject::UserId;

/// Who was last seen at that moment, after that id, or later: in this order, and to the second; at most `limit`.
pub(crate) async fn last_seen_list(
    client: &impl GenericClient,
    (since, after): (Timestamp, UserId),
    limit: i64,
) -> Result<Vec<(UserId, Timestamp)>> {
    let sql = include_str!("../../sql/last_seen_list.sql");
    let rows = client.query(sql, &[&since, &after, &limit]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("user_id")?, row.try_get("seen_at")?)))
        .collect()
}
