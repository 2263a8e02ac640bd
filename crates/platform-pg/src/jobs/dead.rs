//! Jobs that were given up: shown, and queued again when an operator asks for it.

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use super::JobId;
use crate::Error;
use crate::generic::{GenericClient, Wake};

/// A job that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadJob {
    /// Identifies the job.
    pub id: JobId,
    /// Its kind.
    pub kind: String,
    /// How often it was tried.
    pub attempts: i32,
    /// Why the last attempt failed.
    pub reason: String,
    /// Since when it is dead.
    pub failed_at: Timestamp,
}

impl TryFrom<Row> for DeadJob {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.try_get::<_, Uuid>(0)?.into(),
            kind: row.try_get(1)?,
            attempts: row.try_get(2)?,
            reason: row.try_get(3)?,
            failed_at: row.try_get(4)?,
        })
    }
}

/// The latest dead jobs of this app.
pub async fn dead(client: &impl GenericClient, limit: i64) -> Result<Vec<DeadJob>, Error> {
    let rows = client
        .query(include_str!("../../sql/jobs_dead.sql"), &[&limit])
        .await?;
    rows.into_iter().map(DeadJob::try_from).collect()
}

/// Queues a dead job again, with all its attempts before it. False when there is none, or when its key is in use.
pub async fn retry_dead(client: &impl GenericClient, id: JobId) -> Result<bool, Error> {
    let now = client.connected()?.shared().clock.now();
    let revived = client
        .execute(
            include_str!("../../sql/jobs_revive.sql"),
            &[id.as_uuid(), &now],
        )
        .await?
        == 1;
    if revived {
        client.touched(Wake::Jobs);
    }
    Ok(revived)
}
