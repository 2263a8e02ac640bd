//! Runs of the life cycle: ends by kind are brought into line, whose last day has passed loses their access, whose
//! grace has passed goes into the trash, and whose end is near is reminded.
//!
//! A run is a job of which one is unfinished at any time, over all instances: its lease keeps a second one away, and
//! an instance that takes it over after a crash goes on with the same run. Everybody is dealt with in a transaction of
//! their own that looks at them again and notes what was done, so that going on does nothing twice.

use std::time::Duration;

use jiff::SignedDuration;
use jiff::civil::Date;
use platform::{Clock, Role};
use platform_pg::jobs::{self, Enqueued};
use platform_pg::{Database, Enqueue, Failed, InTransaction, Job, Worker};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::actor::Actor;
use super::expiry_reminders::{REMIND, extender};
use super::expiry_terms::ExpiryTerms;
use super::life_cycle::put_into_trash;
use super::people::{Change, refuse, store, today};
use super::record::Deed;
use crate::domain::expiry::{Action, Due, Reason, Reminder, Run, RunId, Step, Terms, reminder_due};
use crate::domain::person::{Person, PersonId, State};
use crate::error::Error;
use crate::store::expiry::{
    expiry_due, expiry_mark, expiry_of_kind, expiry_past_end, expiry_past_grace, expiry_put,
    expiry_set_ends, expiry_to_remind, reminder_insert, reminder_purge,
};
use crate::store::life_cycle_run::{
    run_begin, run_end, run_list, run_purge, step_insert, step_list, step_refused_since,
};
use crate::store::membership::Part;
use crate::store::person::{administrators_besides, person_lock};

/// Kind of the job that is a run.
const RUN: &str = "accounts.run_life_cycle";
/// How often the schedule has one. Ends are days in UTC: one begins when a day does.
const EVERY: Duration = Duration::from_hours(1);
/// People looked up at once.
const AT_ONCE: i64 = 500;
/// How long runs are kept, and reminders after the end they spoke of.
const KEPT_DAYS: i64 = 90;
/// A refusal of somebody is written into the audit trail once in this time, however many runs meet it.
const REFUSED_EVERY: SignedDuration = SignedDuration::from_hours(24);
/// Runs that are shown.
const MOST_RUNS: i64 = 50;
/// Steps of a run that are shown, and people whose end is near.
const MOST_SHOWN: i64 = 500;
/// How far ahead is shown.
const AHEAD_DAYS: i64 = 30;

/// Who asked for a run; nobody where the schedule did.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Begun {
    by: Option<Uuid>,
    by_hand: bool,
}

/// What is to be done with one person.
#[derive(Clone, Copy)]
enum Task {
    Expire,
    Trash,
    Remind,
}

/// What a run needs to know at every step.
struct Going<'a> {
    run: RunId,
    terms: Terms,
    actor: &'a Actor,
}

/// Runs the life cycle.
#[derive(Clone, Debug)]
pub struct Expiry {
    db: Database,
    clock: Clock,
    terms: ExpiryTerms,
}

impl Expiry {
    /// Over the tables of this app and the settings.
    pub fn new(db: Database, clock: Clock, terms: ExpiryTerms) -> Self {
        Self { db, clock, terms }
    }

    /// Adds the schedule, and the handler of the runs.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let (scheduled, running) = (self.clone(), self.clone());
        worker
            .every("accounts.end", EVERY, move |_| {
                let expiry = scheduled.clone();
                async move {
                    expiry.begin(&Begun::default()).await?;
                    Ok::<_, Failed>(())
                }
            })
            .on(RUN, move |job| {
                let expiry = running.clone();
                async move { expiry.run(&job).await }
            })
    }

    /// An administrator wants a run now. `false`: one is under way already.
    pub async fn run_now(&self, actor: &Actor) -> Result<bool, Error> {
        self.begin(&Begun {
            by: actor.id.map(|id| id.0),
            by_hand: true,
        })
        .await
    }

    /// The newest runs; at most 50.
    pub async fn runs(&self) -> Result<Vec<Run>, Error> {
        let client = self.db.client().await?;
        Ok(run_list(&client, MOST_RUNS, None).await?)
    }

    /// One run and what it did, in order; at most 500 steps.
    ///
    /// # Errors
    /// [`Error::RunNotFound`] when there is none of this id, or none any more.
    pub async fn one(&self, id: RunId) -> Result<(Run, Vec<Step>), Error> {
        let client = self.db.client().await?;
        let run = run_list(&client, 1, Some(id)).await?.pop();
        let steps = step_list(&client, id, MOST_SHOWN).await?;
        Ok((run.ok_or(Error::RunNotFound)?, steps))
    }

    /// Whose account ends within 30 days or should have, soonest first; at most 500.
    pub async fn due(&self) -> Result<Part<Due>, Error> {
        let until = days_from(today(self.clock.now()), AHEAD_DAYS);
        let client = self.db.client().await?;
        Ok(expiry_due(&client, until, MOST_SHOWN).await?)
    }

    /// The last day of somebody by their kind, where they have none of their own.
    pub async fn end_of_kind(&self, person: &Person) -> Result<Option<Date>, Error> {
        if person.ends_on.is_some() {
            return Ok(None);
        }
        let client = self.db.client().await?;
        Ok(expiry_of_kind(&client, person.id).await?)
    }

    async fn begin(&self, begun: &Begun) -> Result<bool, Error> {
        let client = self.db.client().await?;
        let enqueued = jobs::enqueue(&client, RUN, begun, Enqueue::once("run")).await?;
        Ok(matches!(enqueued, Enqueued::New(_)))
    }

    async fn run(&self, job: &Job) -> Result<(), Failed> {
        let begun: Begun = job.payload()?;
        let (run, now) = (RunId(*job.id().as_uuid()), self.clock.now());
        let actor = Actor::platform("life cycle");
        let going = Going {
            run,
            terms: self.terms.get(),
            actor: &actor,
        };
        let client = self.db.client().await?;
        let by = begun.by.map(PersonId);
        run_begin(&client, run, (by, begun.by_hand), now).await?;
        expiry_mark(&client, now, today(now)).await?;
        expiry_set_ends(&client, &going.terms, today(now)).await?;
        drop(client);
        for task in [Task::Expire, Task::Trash, Task::Remind] {
            self.all(&going, task).await?;
        }
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let kept = SignedDuration::from_hours(24 * KEPT_DAYS);
        run_purge(&tx, now - kept).await?;
        reminder_purge(&tx, today(now - kept)).await?;
        run_end(&tx, run, self.clock.now()).await?;
        job.finish(&tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Does a task with everybody it is due of.
    async fn all(&self, going: &Going<'_>, task: Task) -> Result<(), Error> {
        let now = self.clock.now();
        let mut after = Uuid::nil();
        loop {
            let client = self.db.client().await?;
            let ids = match task {
                Task::Expire => expiry_past_end(&client, today(now), after, AT_ONCE).await?,
                Task::Remind => expiry_to_remind(&client, today(now), after, AT_ONCE).await?,
                Task::Trash => match going.terms.grace() {
                    Some(grace) => expiry_past_grace(&client, now - grace, after, AT_ONCE).await?,
                    None => Vec::new(),
                },
            };
            drop(client);
            let Some(last) = ids.last() else {
                return Ok(());
            };
            after = last.0;
            for id in ids {
                self.one_person(going, task, id).await?;
            }
        }
    }

    async fn one_person(&self, going: &Going<'_>, task: Task, id: PersonId) -> Result<(), Error> {
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        // Somebody may have changed since they were looked up: all is looked at again.
        let Some(person) = person_lock(&tx, id).await? else {
            return Ok(());
        };
        let own = person.ends_on;
        let ends_on = match own {
            Some(day) => Some(day),
            None => expiry_of_kind(&tx, id).await?,
        };
        let done = match (task, ends_on) {
            (Task::Expire, Some(ends_on)) => self.expire(&tx, going, &person, ends_on).await?,
            (Task::Trash, _) => self.trash(&tx, going, &person).await?,
            (Task::Remind, Some(ends_on)) => self.remind(&tx, going, &person, ends_on).await?,
            (_, None) => None,
        };
        if let Some((action, reason)) = done {
            let step = Step {
                person: id,
                name: None,
                action,
                reason,
                ends_on,
                at: self.clock.now(),
            };
            step_insert(&tx, going.run, &step).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn expire(
        &self,
        tx: &impl InTransaction,
        going: &Going<'_>,
        person: &Person,
        ends_on: Date,
    ) -> Result<Option<(Action, Reason)>, Error> {
        let deed = Deed::new(going.actor, "person.expired", self.clock.now());
        if ends_on >= today(deed.at) || person.state.access() == "disabled" {
            return Ok(None);
        }
        if person.role == Role::Admin {
            return self.refuse_administrator(tx, deed, person).await.map(Some);
        }
        let at = deed.at;
        let mut after = person.clone();
        after.lock(State::Expired, at);
        if store(tx, deed, person, after).await? != Change::Done {
            return Ok(None);
        }
        expiry_put(tx, person.id, at).await?;
        let reason = match person.ends_on {
            Some(_) => Reason::OwnEnd,
            None => Reason::EndOfKind,
        };
        Ok(Some((Action::Expired, reason)))
    }

    async fn trash(
        &self,
        tx: &impl InTransaction,
        going: &Going<'_>,
        person: &Person,
    ) -> Result<Option<(Action, Reason)>, Error> {
        let deed = Deed::new(going.actor, "person.trashed", self.clock.now());
        if person.state != State::Expired {
            return Ok(None);
        }
        if person.role == Role::Admin {
            return self.refuse_administrator(tx, deed, person).await.map(Some);
        }
        let done = put_into_trash(tx, deed, person).await? == Change::Done;
        Ok(done.then_some((Action::Trashed, Reason::Grace)))
    }

    /// Administrators do not go by themselves, the last one least of all. The audit trail hears of it once a day.
    async fn refuse_administrator(
        &self,
        tx: &impl InTransaction,
        deed: Deed<'_>,
        person: &Person,
    ) -> Result<(Action, Reason), Error> {
        let is_last =
            person.is_active_administrator() && administrators_besides(tx, person.id).await? == 0;
        let (reason, why) = if is_last {
            (Reason::LastAdministrator, Change::LastAdministrator)
        } else {
            (Reason::Administrator, Change::AdministratorEnds)
        };
        if !step_refused_since(tx, person.id, deed.at - REFUSED_EVERY).await? {
            refuse(tx, deed, person, why).await?;
        }
        Ok((Action::Refused, reason))
    }

    async fn remind(
        &self,
        tx: &impl InTransaction,
        going: &Going<'_>,
        person: &Person,
        ends_on: Date,
    ) -> Result<Option<(Action, Reason)>, Error> {
        let at = self.clock.now();
        let due = reminder_due(today(at), ends_on);
        let is_concerned = person.state == State::Active && person.role != Role::Admin;
        let Some(days) = due.filter(|_| is_concerned) else {
            return Ok(None);
        };
        let until = going.terms.extended(person.role, today(at), ends_on);
        let reminder = Reminder {
            id: Uuid::now_v7(),
            person: person.id,
            ends_on,
            days,
            extender: match until {
                Some(_) => extender(tx, going.terms.extension, person).await?,
                None => None,
            },
            is_used: false,
        };
        if !reminder_insert(tx, &reminder, at).await? {
            return Ok(None);
        }
        let once = Enqueue::once(reminder.id.to_string());
        jobs::enqueue(tx, REMIND, &reminder.id, once).await?;
        let reason = if days == 7 {
            Reason::Within7
        } else {
            Reason::Within30
        };
        Ok(Some((Action::Reminded, reason)))
    }
}

fn days_from(day: Date, days: i64) -> Date {
    day.saturating_add(jiff::Span::new().days(days))
}
