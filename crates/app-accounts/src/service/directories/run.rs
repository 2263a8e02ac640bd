//! One run: read the directory, see what that means, and do it unless that takes too much away.
//!
//! The queue holds one job for each directory at most, and one holder for each job: no two runs of a directory meet.
//! A run that dies leaves steps that are whole; the next one finds what is left to do.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use platform_pg::{Database, Failed, Job, Worker};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::apply::Applying;
use super::{Directories, Read, order_run};
use crate::domain::source::{Directory, DirectoryId, Failure, RunState};
use crate::domain::sync::diff::diff;
use crate::domain::sync::plan::{Counts, Plan};
use crate::error::Error;
use crate::store::source::{
    Ended, directories_due, directory_find, run_finish, run_forget, run_insert, run_prune,
    run_supersede, run_waiting,
};
use crate::store::sync::known;

/// Kind of the job.
pub(super) const SYNC: &str = "accounts.read_directory";
/// How often it is looked which directories are due.
const LOOKED_EVERY: Duration = Duration::from_mins(1);
/// Runs that found nothing to do, of which the newest are kept.
const KEPT: i64 = 50;
/// How long the others are.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Which directory to read, and what for.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) directory: Uuid,
    /// Only to say what would be done.
    pub(super) preview: bool,
    /// Who asked; nobody for the schedule.
    pub(super) asked_by: Option<Uuid>,
}

/// Runs.
#[derive(Clone, Debug)]
pub struct DirectoryRuns {
    directories: Directories,
    db: Database,
}

impl DirectoryRuns {
    /// Over the tables of this app.
    pub fn new(directories: Directories, db: Database) -> Self {
        Self { directories, db }
    }

    /// Adds the schedule, and the handler of the job.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let (due, runs) = (self.clone(), self.clone());
        let worker = worker.every("accounts.read_directories", LOOKED_EVERY, move |_| {
            let due = due.clone();
            async move { due.order_due().await.map_err(Failed::from) }
        });
        worker.on(SYNC, move |job| {
            let runs = runs.clone();
            async move { runs.run(&job).await }
        })
    }

    async fn order_due(&self) -> Result<(), Error> {
        let now = self.directories.clock.now();
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        for directory in directories_due(&tx, now).await? {
            let order = Order {
                directory: directory.0,
                preview: false,
                asked_by: None,
            };
            order_run(&tx, &order).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn run(&self, job: &Job) -> Result<(), Failed> {
        let order: Order = job.payload()?;
        let id = DirectoryId(order.directory);
        let run = Uuid::now_v7();
        let client = self.db.client().await?;
        let Some(directory) = directory_find(&client, id).await? else {
            return Ok(());
        };
        run_insert(&client, (run, id), order.asked_by, self.now()).await?;
        drop(client);
        let attempt = self.attempt(&directory, run, &order).await;
        let client = self.db.client().await?;
        match attempt {
            Ok(Some(ended)) => {
                run_finish(&client, run, &ended, self.now()).await?;
                if ended.state == RunState::Done || ended.state == RunState::Stopped {
                    run_supersede(&client, id, run).await?;
                }
            }
            Ok(None) => run_forget(&client, run).await?,
            Err(error) => {
                let ended = failed("", "internal", "");
                run_finish(&client, run, &ended, self.now()).await?;
                return Err(error.into());
            }
        }
        run_prune(&client, id, (KEPT, self.now() - KEPT_FOR)).await?;
        Ok(())
    }

    fn now(&self) -> Timestamp {
        self.directories.clock.now()
    }

    /// What came of it; nothing when it found what somebody is asked about already.
    async fn attempt(
        &self,
        directory: &Directory,
        run: Uuid,
        order: &Order,
    ) -> Result<Option<Ended>, Error> {
        let snapshot = match self.directories.read(directory).await? {
            Read::All(snapshot) => snapshot,
            Read::Broken(error) => {
                let (step, why) = (error.step.as_str(), error.why.as_str());
                return Ok(Some(failed(step, why, &error.about)));
            }
            Read::Unfit => return Ok(Some(failed("", "unfit", ""))),
        };
        let client = self.db.client().await?;
        let known = known(&client, directory.id, &snapshot).await?;
        let waiting = run_waiting(&client, directory.id).await?;
        drop(client);
        let plan = diff(&snapshot, &known, &directory.settings.mapping);
        let digest = plan.digest().map_err(platform_pg::Error::Encode)?;
        let is_approved = waiting.as_ref().is_some_and(|(_, state, approved)| {
            *state == RunState::Approved && approved.as_slice() == digest
        });
        let asks = plan.asks(known.people.len(), known.groups.len()) && !is_approved;
        let is_known = waiting.is_some_and(|(_, state, waiting)| {
            state == RunState::Stopped && waiting.as_slice() == digest
        });
        let mut ended = Ended {
            state: RunState::Previewed,
            found: (snapshot.people.len(), snapshot.groups.len()),
            counts: plan.counts(),
            failure: Failure::default(),
            plan: Some(plan.shown()),
            digest: Some(digest),
            changes: !plan.is_empty(),
        };
        drop(snapshot);
        if order.preview {
            return Ok(Some(ended));
        }
        if asks {
            ended.state = RunState::Stopped;
            return Ok((!is_known || order.asked_by.is_some()).then_some(ended));
        }
        ended.counts = self.apply(directory, run, &plan).await?;
        ended.state = RunState::Done;
        // What was left out is shown until the next run; what was done is in the audit trail.
        ended.plan = Some(Plan {
            people: Vec::new(),
            groups: Vec::new(),
            ..ended.plan.unwrap_or_default()
        });
        Ok(Some(ended))
    }

    async fn apply(&self, directory: &Directory, run: Uuid, plan: &Plan) -> Result<Counts, Error> {
        let clock = self.directories.clock.clone();
        let mut applying = Applying::new(self.db.clone(), clock, directory, run);
        applying.take(plan).await?;
        let mut counts = plan.counts();
        counts.refused = applying.refused;
        Ok(counts)
    }
}

fn failed(step: &str, why: &str, about: &str) -> Ended {
    Ended {
        state: RunState::Failed,
        found: (0, 0),
        counts: Counts::default(),
        failure: Failure {
            step: step.to_owned(),
            why: why.to_owned(),
            about: about.to_owned(),
        },
        plan: None,
        digest: None,
        changes: true,
    }
}
