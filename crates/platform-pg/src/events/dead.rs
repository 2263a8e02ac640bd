//! Events that could not be handled: kept, shown, and tried again when an operator asks for it.

use jiff::Timestamp;
use prost::bytes::Bytes;
use tokio_postgres::Row;
use uuid::Uuid;

use super::Delivery;
use super::entry::Entry;
use crate::generic::GenericClient;
use crate::{Database, Error, Failed};

/// An event nobody could handle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadEvent {
    /// Identifies it among the dead.
    pub id: i64,
    /// The event's own id, if it could be read.
    pub event_id: Option<Uuid>,
    /// Its kind, if it could be read.
    pub kind: Option<String>,
    /// The app it came from, if that could be read.
    pub source: Option<String>,
    /// How often it was tried.
    pub attempts: i32,
    /// Why it is dead.
    pub reason: String,
    /// Since when.
    pub failed_at: Timestamp,
    /// It will be tried again.
    pub retrying: bool,
}

impl TryFrom<Row> for DeadEvent {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.try_get(0)?,
            event_id: row.try_get(1)?,
            kind: row.try_get(2)?,
            source: row.try_get(3)?,
            attempts: row.try_get(4)?,
            reason: row.try_get(5)?,
            failed_at: row.try_get(6)?,
            retrying: row.try_get(7)?,
        })
    }
}

/// The latest dead events of this app.
pub async fn dead(client: &impl GenericClient, limit: i64) -> Result<Vec<DeadEvent>, Error> {
    let rows = client
        .query(include_str!("../../sql/dead_events_list.sql"), &[&limit])
        .await?;
    rows.into_iter().map(DeadEvent::try_from).collect()
}

/// Has a dead event tried again within a second or so. False when there is none, or when it could not be read to
/// begin with.
pub async fn retry_dead(client: &impl GenericClient, id: i64) -> Result<bool, Error> {
    Ok(client
        .execute(include_str!("../../sql/dead_events_retry.sql"), &[&id])
        .await?
        == 1)
}

/// Keeps an entry with the reason. Sent again, the event stays dead.
pub(super) async fn bury(
    database: &Database,
    entry: &Entry,
    delivery: Option<&Delivery>,
    failed: &Failed,
) -> Result<(), Error> {
    let client = database.client().await?;
    let attempts = delivery.map_or(1, |delivery| {
        i32::try_from(delivery.attempt).unwrap_or(i32::MAX)
    });
    let data = entry.bytes("data").map(|data| data.to_vec());
    client
        .execute(
            include_str!("../../sql/dead_events_insert.sql"),
            &[
                &entry.id,
                &delivery.map(|delivery| delivery.id),
                &delivery.map(|delivery| delivery.kind.as_str()),
                &delivery.map(|delivery| delivery.source.as_str()),
                &delivery.map(|delivery| delivery.subject.as_str()),
                &data,
                &delivery.map(|delivery| delivery.occurred_at),
                &attempts,
                &failed.reason,
            ],
        )
        .await?;
    Ok(())
}

/// Takes the events that are to be tried again; no other instance takes them too.
pub(super) async fn revived(database: &Database) -> Result<Vec<(i64, Delivery)>, Error> {
    let client = database.client().await?;
    let rows = client
        .query(include_str!("../../sql/dead_events_revive.sql"), &[])
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, read(row)?)))
        .collect()
}

/// Notes that an event that was tried again is still dead.
pub(super) async fn keep(database: &Database, id: i64, failed: &Failed) -> Result<(), Error> {
    let client = database.client().await?;
    client
        .execute(
            include_str!("../../sql/dead_events_keep.sql"),
            &[&id, &failed.reason],
        )
        .await?;
    Ok(())
}

fn read(row: &Row) -> Result<Delivery, Error> {
    let source: String = row.try_get(3)?;
    let data: Vec<u8> = row.try_get(5)?;
    let attempts: i32 = row.try_get(7)?;
    Ok(Delivery {
        id: row.try_get(1)?,
        kind: row.try_get(2)?,
        source: source
            .parse()
            .map_err(|_| Error::Decode("the source of a dead event".to_owned()))?,
        subject: row.try_get(4)?,
        occurred_at: row.try_get(6)?,
        attempt: u32::try_from(attempts).unwrap_or(0).saturating_add(1),
        data: Bytes::from(data),
        traceparent: None,
    })
}
