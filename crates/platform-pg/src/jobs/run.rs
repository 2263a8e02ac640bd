//! The loop of a worker: take jobs, run them side by side, settle what came of them, stop without losing any.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use platform::Boot;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::claim::{Claim, Claimed};
use super::lease::Held;
use super::{Handler, Job, JobTiming};
use crate::failed::caught;
use crate::{Database, Error, Failed};

/// Longest pause while the database is away.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// Pause between two attempts to settle a job.
const SETTLE_PAUSE: Duration = Duration::from_millis(200);
/// Left of the time for stopping, to give back what did not finish.
const FAREWELL: Duration = Duration::from_secs(1);

pub(super) struct Runner {
    claim: Claim,
    handlers: HashMap<String, Handler>,
    concurrency: usize,
    timing: JobTiming,
    /// How long running jobs may take once the process stops.
    drain: Duration,
}

impl Runner {
    pub(super) fn new(
        boot: &Boot,
        database: Database,
        handlers: HashMap<String, Handler>,
        (concurrency, timing): (usize, JobTiming),
    ) -> Self {
        let claim = Claim {
            database,
            timing,
            kinds: handlers.keys().cloned().collect(),
            holder: boot.instance.to_string(),
        };
        Self {
            claim,
            handlers,
            concurrency,
            timing,
            drain: boot.config.drain,
        }
    }

    pub(super) async fn run(&self, soft: &CancellationToken) {
        let mut running = JoinSet::new();
        let mut failures = 0_u32;
        while !soft.is_cancelled() {
            // Listen before looking: what is committed in between rings.
            let bell = self.claim.database.shared().jobs_bell.notified();
            let free = self.concurrency - running.len().min(self.concurrency);
            let pause = match self.begin(free, &mut running).await {
                Ok(begun) => {
                    failures = 0;
                    if begun > 0 && begun < free {
                        Duration::ZERO
                    } else {
                        self.timing.poll
                    }
                }
                Err(error) => {
                    failures = failures.saturating_add(1);
                    if failures == 1 {
                        tracing::warn!(%error, "jobs wait for the database");
                    }
                    self.timing.poll.saturating_mul(failures).min(LONGEST_PAUSE)
                }
            };
            if pause.is_zero() {
                continue;
            }
            tokio::select! {
                () = soft.cancelled() => {}
                () = bell => {}
                () = tokio::time::sleep(pause) => {}
                Some(_) = running.join_next() => {}
            }
        }
        self.stop(running).await;
    }

    /// Takes as many jobs as fit and begins them.
    async fn begin(&self, free: usize, running: &mut JoinSet<()>) -> Result<usize, Error> {
        if free == 0 {
            return Ok(0);
        }
        let claimed = self.claim.take(free).await?;
        let begun = claimed.len();
        for claimed in claimed {
            let Some(handler) = self.handlers.get(claimed.job.kind()) else {
                continue;
            };
            let attempt = Attempt {
                handler: Arc::clone(handler),
                database: self.claim.database.clone(),
                timing: self.timing,
            };
            let span = tracing::info_span!(
                "job",
                otel.name = format!("run {}", claimed.job.kind()),
                otel.kind = "consumer",
                job = %claimed.job.id(),
            );
            running.spawn(attempt.run(claimed).instrument(span));
        }
        Ok(begun)
    }

    /// Lets the running jobs finish for as long as the process may, and gives the others back.
    async fn stop(&self, mut running: JoinSet<()>) {
        let finished = async { while running.join_next().await.is_some() {} };
        let limit = self.drain.saturating_sub(FAREWELL);
        if tokio::time::timeout(limit, finished).await.is_ok() {
            return;
        }
        running.shutdown().await;
        match self.claim.release().await {
            Ok(jobs) => tracing::warn!(jobs, "gave back jobs that did not finish in time"),
            Err(error) => {
                tracing::warn!(%error, "jobs that did not finish wait for their leases to end");
            }
        }
    }
}

/// One attempt at one job.
struct Attempt {
    handler: Handler,
    database: Database,
    timing: JobTiming,
}

impl Attempt {
    async fn run(self, claimed: Claimed) {
        let Claimed {
            job,
            exhausted,
            last,
        } = claimed;
        let result = if exhausted {
            Err(Failed::permanent(
                "whoever ran it died of it, or was stopped, too often",
            ))
        } else {
            tokio::select! {
                result = caught((self.handler)(job.clone())) => result,
                () = job.lease.keep() => {
                    tracing::warn!(job = %job.id(), kind = job.kind(), "the lease was lost, the attempt is given up");
                    return;
                }
            }
        };
        self.settle(&job, result, last).await;
    }

    /// Notes the outcome, for as long as the lease can be ours. After that another instance runs the job again,
    /// which is what its handler must bear anyway.
    async fn settle(&self, job: &Job, result: Result<(), Failed>, last: bool) {
        let deadline = Instant::now() + self.timing.lease;
        loop {
            match self.note(job, &result, last).await {
                Ok(Held::Yes) => return,
                Ok(Held::No) => {
                    tracing::warn!(job = %job.id(), kind = job.kind(), "finished without the lease: it counts for nothing");
                    return;
                }
                Err(error) if Instant::now() < deadline => {
                    tracing::warn!(job = %job.id(), %error, "the outcome of a job could not be noted, trying again");
                    tokio::time::sleep(SETTLE_PAUSE).await;
                }
                Err(error) => {
                    tracing::error!(job = %job.id(), kind = job.kind(), %error, "the outcome of a job was not noted");
                    return;
                }
            }
        }
    }

    async fn note(
        &self,
        job: &Job,
        result: &Result<(), Failed>,
        last: bool,
    ) -> Result<Held, Error> {
        let client = self.database.client().await?;
        match result {
            Ok(()) => job.lease.done(&client).await,
            Err(failed) if failed.permanent || last => {
                let held = job.lease.bury(&client, &failed.reason).await?;
                if held == Held::Yes {
                    tracing::error!(job = %job.id(), kind = job.kind(), reason = failed.reason, "a job is dead");
                }
                Ok(held)
            }
            Err(failed) => {
                let pause = self.timing.pause(job.attempt());
                tracing::warn!(job = %job.id(), kind = job.kind(), error = failed.reason, ?pause, "a job is tried again");
                let run_at = self.database.shared().clock.now();
                let run_at = run_at.checked_add(pause).unwrap_or(run_at);
                job.lease.retry(&client, run_at, &failed.reason).await
            }
        }
    }
}
