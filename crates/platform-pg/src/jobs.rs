//! Background work: a queue per schema, run by all instances of the app.
//!
//! A job is written in a transaction and runs after its commit. Whoever runs it holds a lease that is renewed
//! while it works; when the holder dies the lease ends and another instance takes over, with a new epoch that the
//! old holder does not have: it can complete nothing any more. A handler may therefore run twice, in parts; what
//! it writes to the database together with [`Job::finish`] takes effect once.

mod claim;
mod cron;
mod dead;
mod job;
mod lease;
mod run;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use platform::Boot;
use platform::boot::StartError;
use serde::Serialize;
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::generic::{GenericClient, Wake};
use crate::{Database, Error, Failed};

use cron::Schedule;

pub use dead::{DeadJob, dead, retry_dead};
pub use job::Job;

/// Attempts of a job that does not say otherwise.
const MAX_ATTEMPTS: i32 = 10;

type Handler = Arc<dyn Fn(Job) -> BoxFuture<'static, Result<(), Failed>> + Send + Sync>;

/// Identifies a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(Uuid);

impl JobId {
    /// The id as it is stored.
    pub fn as_uuid(&self) -> &Uuid {
        &self.0
    }
}

impl From<Uuid> for JobId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How a job is to run. The default: now, as often as it is enqueued.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Enqueue {
    /// Not before this moment.
    pub run_at: Option<Timestamp>,
    /// At most one unfinished job of its kind has this key.
    pub key: Option<String>,
    /// Attempts after which it is dead; ten when not given.
    pub max_attempts: Option<u32>,
}

impl Enqueue {
    /// Not before this moment.
    pub fn at(run_at: Timestamp) -> Self {
        Self {
            run_at: Some(run_at),
            ..Self::default()
        }
    }

    /// Only if no unfinished job of its kind has this key.
    pub fn once(key: impl Into<String>) -> Self {
        Self {
            key: Some(key.into()),
            ..Self::default()
        }
    }
}

/// What came of enqueueing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enqueued {
    /// A job was made.
    New(JobId),
    /// An unfinished job has the same key: no job was made.
    Known,
}

/// Enqueues a job in the caller's transaction; it runs after the commit.
pub async fn enqueue<P: Serialize + Sync + ?Sized>(
    client: &impl GenericClient,
    kind: &str,
    payload: &P,
    how: Enqueue,
) -> Result<Enqueued, Error> {
    let id = Uuid::now_v7();
    let payload = Json(serde_json::to_value(payload).map_err(Error::Encode)?);
    let run_at = how.run_at.unwrap_or_else(|| now(client));
    let max_attempts = how.max_attempts.map_or(MAX_ATTEMPTS, |max| {
        i32::try_from(max.max(1)).unwrap_or(i32::MAX)
    });
    let sql = include_str!("../sql/jobs_insert.sql");
    let made = client
        .execute(
            sql,
            &[&id, &kind, &payload, &how.key, &run_at, &max_attempts],
        )
        .await?;
    if made == 0 {
        return Ok(Enqueued::Known);
    }
    client.touched(Wake::Jobs);
    Ok(Enqueued::New(JobId(id)))
}

/// Enqueues a job for each payload, now and with one statement. `key` gives the key of each: no job is made for a
/// payload whose key an unfinished job of this kind has.
pub async fn enqueue_all<P: Serialize + Sync>(
    client: &impl GenericClient,
    kind: &str,
    payloads: &[P],
    key: impl Fn(&P) -> String,
) -> Result<(), Error> {
    let ids: Vec<Uuid> = payloads.iter().map(|_| Uuid::now_v7()).collect();
    let keys: Vec<String> = payloads.iter().map(key).collect();
    let payloads: Result<Vec<_>, _> = payloads.iter().map(serde_json::to_value).collect();
    let payloads = payloads.map_err(Error::Encode)?;
    let sql = include_str!("../sql/jobs_insert_all.sql");
    let made = client
        .execute(
            sql,
            &[&kind, &ids, &payloads, &keys, &now(client), &MAX_ATTEMPTS],
        )
        .await?;
    if made > 0 {
        client.touched(Wake::Jobs);
    }
    Ok(())
}

/// The moment it is for the database of that client.
fn now(client: &impl GenericClient) -> Timestamp {
    match client.connected() {
        Ok(connection) => connection.shared().clock.now(),
        // Whatever is run next fails for the same reason.
        Err(_) => Timestamp::UNIX_EPOCH,
    }
}

/// How workers work; the defaults fit production.
#[derive(Debug, Clone, Copy)]
pub struct JobTiming {
    /// How long a holder may be silent before it counts as dead.
    pub lease: Duration,
    /// Pause between two renewals.
    pub renew_every: Duration,
    /// Pause between two looks when nothing is committed in this process.
    pub poll: Duration,
    /// Pause after the first failure; doubles with each further one, give or take a quarter.
    pub first_pause: Duration,
    /// Longest pause between two attempts.
    pub longest_pause: Duration,
}

impl Default for JobTiming {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(15),
            renew_every: Duration::from_secs(5),
            poll: Duration::from_secs(1),
            first_pause: Duration::from_secs(2),
            longest_pause: Duration::from_mins(15),
        }
    }
}

impl JobTiming {
    /// Pause after the given number of attempts, with jitter, so that what failed together is not retried together.
    fn pause(&self, attempts: u32) -> Duration {
        let doublings = attempts.saturating_sub(1).min(20);
        let pause = self
            .first_pause
            .saturating_mul(1 << doublings)
            .min(self.longest_pause);
        pause.mul_f64(rand::Rng::random_range(&mut rand::rng(), 0.75..1.25))
    }
}

/// A worker of one app, with a handler for each kind of job and each schedule. One per app is enough, unless some
/// kinds must not wait behind others: then each lane has a worker of its own.
#[must_use = "a worker does nothing until it is started"]
pub struct Worker {
    boot: Boot,
    database: Database,
    handlers: HashMap<String, Handler>,
    schedules: Vec<Schedule>,
    problem: Option<String>,
    concurrency: usize,
    timing: JobTiming,
}

impl Worker {
    /// A worker without handlers that runs four jobs at once.
    pub fn new(boot: &Boot, database: &Database) -> Self {
        Self {
            boot: boot.clone(),
            database: database.clone(),
            handlers: HashMap::new(),
            schedules: Vec::new(),
            problem: None,
            concurrency: 4,
            timing: JobTiming::default(),
        }
    }

    /// Runs jobs of a kind. A handler that returns is done; it is dropped where it waits when its lease was lost.
    pub fn on<H, F>(mut self, kind: impl Into<String>, handler: H) -> Self
    where
        H: Fn(Job) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), Failed>> + Send + 'static,
    {
        self.handlers
            .insert(kind.into(), Arc::new(move |job| Box::pin(handler(job))));
        self
    }

    /// Runs on a schedule in cron's notation (five fields, or six with seconds; UTC): once per tick over all
    /// instances, not while the run of an earlier tick is unfinished, and once for all the ticks that passed
    /// while nothing ran. A run is a job: it has a lease, it is retried, and it can die.
    pub fn cron<H, F>(mut self, name: &str, pattern: &str, handler: H) -> Self
    where
        H: Fn(Job) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), Failed>> + Send + 'static,
    {
        match Schedule::cron(name, pattern) {
            Ok(schedule) => self.schedules.push(schedule),
            Err(problem) => self.problem = Some(problem),
        }
        self.on(cron::kind(name), handler)
    }

    /// Runs at every multiple of a period, counted from 1970, under the same rules as [`Worker::cron`].
    pub fn every<H, F>(mut self, name: &str, period: Duration, handler: H) -> Self
    where
        H: Fn(Job) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), Failed>> + Send + 'static,
    {
        match Schedule::every(name, period) {
            Ok(schedule) => self.schedules.push(schedule),
            Err(problem) => self.problem = Some(problem),
        }
        self.on(cron::kind(name), handler)
    }

    /// Runs at most so many jobs at once.
    pub fn concurrency(mut self, jobs: usize) -> Self {
        self.concurrency = jobs.max(1);
        self
    }

    /// Works with other times.
    pub fn timing(mut self, timing: JobTiming) -> Self {
        self.timing = timing;
        self
    }

    /// Begins to work. Fails when a schedule cannot be understood.
    pub fn start(self) -> Result<(), StartError> {
        if let Some(problem) = self.problem {
            return Err(StartError::Declaration(problem));
        }
        let soft = self.boot.lifecycle.soft().clone();
        let boot = self.boot.clone();
        if !self.schedules.is_empty() {
            let (database, poll) = (self.database.clone(), self.timing.poll);
            let (schedules, soft) = (self.schedules, soft.clone());
            boot.spawn("cron", async move {
                cron::run(&database, schedules, poll, &soft).await;
            });
        }
        let runner = run::Runner::new(
            &boot,
            self.database,
            self.handlers,
            (self.concurrency, self.timing),
        );
        boot.spawn("job worker", async move { runner.run(&soft).await });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_with_jitter_up_to_a_limit() {
        let timing = JobTiming::default();
        for (attempts, low, high) in [(1, 1.5, 2.5), (3, 6.0, 10.0), (1000, 675.0, 1125.0)] {
            let pause = timing.pause(attempts).as_secs_f64();
            assert!((low..=high).contains(&pause), "{attempts}: {pause}");
        }
    }
}
