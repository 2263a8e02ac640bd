//! Table `audit`.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};
use serde_json::Value;
use uuid::Uuid;

/// One entry to add.
#[derive(Debug)]
pub struct NewEntry<'a> {
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; `None` for the platform itself.
    pub actor: Option<Uuid>,
    /// Name of who did it, as it was then.
    pub actor_name: &'a str,
    /// What was done, such as `person.invited`.
    pub action: &'static str,
    /// `done` or `refused`.
    pub outcome: &'static str,
    /// `person` or `group`.
    pub target_kind: &'static str,
    /// What it was done to.
    pub target: Option<Uuid>,
    /// Name of what it was done to, as it was then.
    pub target_name: &'a str,
    /// Field to `[old, new]`.
    pub changes: Value,
    /// Request it belongs to; may be empty.
    pub request_id: &'a str,
}

/// One entry as shown.
#[derive(Debug)]
pub struct Entry {
    /// When it happened.
    pub at: Timestamp,
    /// Who did it.
    pub actor_name: String,
    /// What was done.
    pub action: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// To whom or what.
    pub target_name: String,
    /// Field to `[old, new]`.
    pub changes: Value,
}

/// Adds an entry.
pub async fn audit_insert(client: &impl GenericClient, entry: &NewEntry<'_>) -> Result<(), Error> {
    client
        .execute(
            include_str!("../../sql/audit/insert.sql"),
            &[
                &Uuid::now_v7(),
                &entry.at,
                &entry.actor,
                &entry.actor_name,
                &entry.action,
                &entry.outcome,
                &entry.target_kind,
                &entry.target,
                &entry.target_name,
                &entry.changes,
                &entry.request_id,
            ],
        )
        .await?;
    Ok(())
}

/// The newest entries about one person or group.
pub async fn audit_list_for_target(
    client: &impl GenericClient,
    target: Uuid,
    limit: i64,
) -> Result<Vec<Entry>, Error> {
    let rows = client
        .query(
            include_str!("../../sql/audit/list_for_target.sql"),
            &[&target, &limit],
        )
        .await?;
    rows.iter().map(entry).collect()
}

/// All entries, newest first, `limit` of them from `offset` on.
pub async fn audit_list(
    client: &impl GenericClient,
    limit: i64,
    offset: i64,
) -> Result<Vec<Entry>, Error> {
    let rows = client
        .query(include_str!("../../sql/audit/list.sql"), &[&limit, &offset])
        .await?;
    rows.iter().map(entry).collect()
}

fn entry(row: &Row) -> Result<Entry, Error> {
    Ok(Entry {
        at: row.try_get("occurred_at")?,
        actor_name: row.try_get("actor_name")?,
        action: row.try_get("action")?,
        outcome: row.try_get("outcome")?,
        target_name: row.try_get("target_name")?,
        changes: row.try_get("changes")?,
    })
}
