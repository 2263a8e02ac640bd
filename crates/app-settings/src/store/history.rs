//! Who changed what.

use std::collections::HashMap;

use jiff::Timestamp;
use platform_pg::{GenericClient, InTransaction};
use serde_json::Value;
use uuid::Uuid;

use super::values::Stamp;
use crate::domain::seal::Place;
use crate::error::Error;

/// What was done to a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// A value was set or replaced.
    Set,
    /// The value was removed.
    Reset,
}

impl Action {
    /// The word stored and published.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Reset => "reset",
        }
    }
}

/// One change. Of a secret the values are absent.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// What was done.
    pub action: Action,
    /// Whether values are withheld.
    pub secret: bool,
    /// The value in force before.
    pub old: Option<Value>,
    /// The value in force after.
    pub new: Option<Value>,
}

/// A change as it is remembered.
#[derive(Debug, Clone)]
pub(crate) struct Remembered {
    /// Orders changes by time.
    pub id: Uuid,
    /// The setting.
    pub key: String,
    /// What was done.
    pub change: Change,
    /// When.
    pub at: Timestamp,
    /// Name of the person, as it was then.
    pub by_name: String,
}

/// Remembers a change.
pub(crate) async fn insert(
    transaction: &impl InTransaction,
    place: &Place<'_>,
    change: &Change,
    stamp: &Stamp,
) -> Result<(), Error> {
    transaction
        .execute(
            include_str!("../../sql/history_insert.sql"),
            &[
                &Uuid::now_v7(),
                &place.app,
                &place.key,
                &change.action.as_str(),
                &change.secret,
                &change.old,
                &change.new,
                &stamp.revision,
                &stamp.at,
                &stamp.by,
                &stamp.by_name,
            ],
        )
        .await?;
    Ok(())
}

/// Forgets the values of a setting that has become a secret.
pub(crate) async fn mask(transaction: &impl InTransaction, place: &Place<'_>) -> Result<(), Error> {
    let sql = include_str!("../../sql/history_mask.sql");
    transaction.execute(sql, &[&place.app, &place.key]).await?;
    Ok(())
}

/// For each setting of an app that changed after a version: the value it had at that version. `None` when the
/// values are withheld.
pub(crate) async fn values_at(
    client: &impl GenericClient,
    app: &str,
    version: i64,
) -> Result<HashMap<String, Option<Value>>, Error> {
    let sql = include_str!("../../sql/history_first_after.sql");
    let rows = client.query(sql, &[&app, &version]).await?;
    rows.iter()
        .map(|row| {
            let secret: bool = row.try_get("secret")?;
            let old: Option<Value> = row.try_get("old_value")?;
            Ok((row.try_get("key")?, old.filter(|_| !secret)))
        })
        .collect()
}

/// Which changes to list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page<'a> {
    /// The app.
    pub app: &'a str,
    /// One setting only.
    pub key: Option<&'a str>,
    /// Older than this change.
    pub before: Option<Uuid>,
    /// At most this many.
    pub limit: i64,
}

/// Changes, newest first.
pub(crate) async fn page(
    client: &impl GenericClient,
    page: Page<'_>,
) -> Result<Vec<Remembered>, Error> {
    let sql = include_str!("../../sql/history_page.sql");
    let rows = client
        .query(sql, &[&page.app, &page.key, &page.before, &page.limit])
        .await?;
    rows.iter()
        .map(|row| {
            let action = match row.try_get::<_, &str>("action")? {
                "set" => Action::Set,
                "reset" => Action::Reset,
                _ => return Err(Error::Stored("action")),
            };
            Ok(Remembered {
                id: row.try_get("id")?,
                key: row.try_get("key")?,
                change: Change {
                    action,
                    secret: row.try_get("secret")?,
                    old: row.try_get("old_value")?,
                    new: row.try_get("new_value")?,
                },
                at: row.try_get("changed_at")?,
                by_name: row.try_get("changed_by_name")?,
            })
        })
        .collect()
}
