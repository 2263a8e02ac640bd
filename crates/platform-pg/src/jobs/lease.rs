//! The right to run one job, for as long as it is renewed.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use jiff::Timestamp;
use tokio::time::Instant;

use super::{JobId, JobTiming};
use crate::generic::{GenericClient, InTransaction};
use crate::{Database, Error};

/// Stands for "no progress was told".
const UNTOLD: u32 = u32::MAX;

/// A lease on one job.
pub(super) struct Lease {
    database: Database,
    timing: JobTiming,
    job: JobId,
    epoch: i64,
    /// Bits of the progress, an `f32`.
    progress: AtomicU32,
    /// The handler completed the job within a transaction of its own.
    finished: AtomicBool,
}

/// Whether the lease was still ours when it mattered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    Yes,
    No,
}

impl Held {
    fn of(rows: u64) -> Self {
        if rows == 1 { Self::Yes } else { Self::No }
    }
}

impl Lease {
    pub(super) fn new(database: &Database, timing: JobTiming, job: JobId, epoch: i64) -> Self {
        Self {
            database: database.clone(),
            timing,
            job,
            epoch,
            progress: AtomicU32::new(UNTOLD),
            finished: AtomicBool::new(false),
        }
    }

    pub(super) fn job(&self) -> JobId {
        self.job
    }

    pub(super) fn set_progress(&self, progress: f32) {
        // Not a number counts as nothing.
        let progress = if progress.is_nan() {
            0.0
        } else {
            progress.clamp(0.0, 1.0)
        };
        self.progress.store(progress.to_bits(), Ordering::Relaxed);
    }

    pub(super) async fn finish(&self, transaction: &impl InTransaction) -> Result<(), Error> {
        match self.done(transaction).await? {
            Held::Yes => {
                self.finished.store(true, Ordering::Relaxed);
                Ok(())
            }
            Held::No => Err(Error::Fenced),
        }
    }

    /// Renews for as long as it can, and returns when the lease is lost: taken over, or unconfirmed for longer
    /// than it lasts.
    pub(super) async fn keep(&self) {
        let mut sure_until = Instant::now() + self.timing.lease;
        let mut pause = self.timing.renew_every;
        loop {
            tokio::time::sleep(pause).await;
            let asked = Instant::now();
            match tokio::time::timeout_at(sure_until, self.renew()).await {
                Ok(Ok(Held::Yes)) => {
                    sure_until = asked + self.timing.lease;
                    pause = self.timing.renew_every;
                }
                Ok(Ok(Held::No)) => {
                    if !self.finished.load(Ordering::Relaxed) {
                        return;
                    }
                    // Completed by the handler, which has something left to do.
                    pause = self.timing.renew_every;
                    sure_until = asked + self.timing.lease;
                }
                Ok(Err(error)) if Instant::now() < sure_until => {
                    tracing::warn!(job = %self.job, %error, "a lease could not be renewed, trying again");
                    pause = self.timing.renew_every / 10;
                }
                Ok(Err(_)) | Err(_) => return,
            }
        }
    }

    async fn renew(&self) -> Result<Held, Error> {
        let bits = self.progress.load(Ordering::Relaxed);
        let progress = (bits != UNTOLD).then(|| f32::from_bits(bits));
        let seconds = self.timing.lease.as_secs_f64();
        let client = self.database.client().await?;
        let sql = include_str!("../../sql/jobs_renew.sql");
        Ok(Held::of(
            client
                .execute(sql, &[self.job.as_uuid(), &self.epoch, &seconds, &progress])
                .await?,
        ))
    }

    /// The job is done, unless the lease was lost.
    pub(super) async fn done(&self, client: &impl GenericClient) -> Result<Held, Error> {
        let sql = include_str!("../../sql/jobs_done.sql");
        let held = Held::of(
            client
                .execute(sql, &[self.job.as_uuid(), &self.epoch])
                .await?,
        );
        Ok(if self.finished.load(Ordering::Relaxed) {
            Held::Yes
        } else {
            held
        })
    }

    /// The job is tried again at `run_at`.
    pub(super) async fn retry(
        &self,
        client: &impl GenericClient,
        run_at: Timestamp,
        why: &str,
    ) -> Result<Held, Error> {
        let sql = include_str!("../../sql/jobs_retry.sql");
        Ok(Held::of(
            client
                .execute(sql, &[self.job.as_uuid(), &self.epoch, &run_at, &why])
                .await?,
        ))
    }

    /// The job is dead.
    pub(super) async fn bury(&self, client: &impl GenericClient, why: &str) -> Result<Held, Error> {
        let sql = include_str!("../../sql/jobs_bury.sql");
        Ok(Held::of(
            client
                .execute(sql, &[self.job.as_uuid(), &self.epoch, &why])
                .await?,
        ))
    }
}
