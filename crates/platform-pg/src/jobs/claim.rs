//! Taking jobs out of the queue.

use std::sync::Arc;

use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::lease::Lease;
use super::{Job, JobTiming};
use crate::generic::GenericClient;
use crate::{Database, Error};

/// A job that was taken.
pub(super) struct Claimed {
    pub(super) job: Job,
    /// It was taken more often than it may be: its holders died of it.
    pub(super) exhausted: bool,
    /// This attempt is its last.
    pub(super) last: bool,
}

/// Who takes jobs, and which.
pub(super) struct Claim {
    pub(super) database: Database,
    pub(super) timing: JobTiming,
    pub(super) kinds: Vec<String>,
    pub(super) holder: String,
}

impl Claim {
    /// Takes up to `count` jobs.
    pub(super) async fn take(&self, count: usize) -> Result<Vec<Claimed>, Error> {
        let client = self.database.client().await?;
        let limit = i64::try_from(count).unwrap_or(i64::MAX);
        let now = self.database.shared().clock.now();
        let seconds = self.timing.lease.as_secs_f64();
        let sql = include_str!("../../sql/jobs_claim.sql");
        let rows = client
            .query(sql, &[&self.kinds, &limit, &self.holder, &now, &seconds])
            .await?;
        rows.iter().map(|row| self.read(row)).collect()
    }

    fn read(&self, row: &Row) -> Result<Claimed, Error> {
        let id: Uuid = row.try_get(0)?;
        let kind: String = row.try_get(1)?;
        let Json(payload): Json<Value> = row.try_get(2)?;
        let (attempts, max_attempts): (i32, i32) = (row.try_get(3)?, row.try_get(4)?);
        let lease = Lease::new(&self.database, self.timing, id.into(), row.try_get(5)?);
        let job = Job {
            kind: kind.into(),
            attempt: u32::try_from(attempts).unwrap_or(1),
            payload: Arc::new(payload),
            lease: Arc::new(lease),
        };
        Ok(Claimed {
            job,
            exhausted: attempts > max_attempts,
            last: attempts >= max_attempts,
        })
    }

    /// Gives back whatever this holder has.
    pub(super) async fn release(&self) -> Result<u64, Error> {
        let client = self.database.client().await?;
        client
            .execute(include_str!("../../sql/jobs_release.sql"), &[&self.holder])
            .await
    }
}
