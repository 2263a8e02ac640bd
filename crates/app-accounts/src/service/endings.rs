//! Taking memberships out whose end has passed. From that moment they count nowhere in this app; the other services
//! hold copies, so a job tells them within a second or two.

use std::time::Duration;

use jiff::Timestamp;
use platform::Clock;
use platform_pg::{Database, Enqueue, Failed, InTransaction, Worker, jobs};
use serde_json::json;

use super::actor::Actor;
use super::record::{Deed, groups_changed};
use super::rule_following::sort_later;
use crate::domain::membership::{Ended, Member};
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::store::ending::{ended_groups_take, ended_people_take};
use crate::store::membership::{nesting_lock, people_inside};

/// Kind of the job that runs at the end of a membership.
const END: &str = "accounts.end_memberships";
/// A look at all of them, should a job have died.
const SWEEP: &str = "accounts.sweep_memberships";
/// Pause between two such looks.
const EVERY: Duration = Duration::from_mins(1);
/// Memberships taken out in one transaction.
const AT_ONCE: i64 = 500;

/// Takes memberships out whose end has passed.
#[derive(Clone, Debug)]
pub struct Endings {
    db: Database,
    clock: Clock,
}

impl Endings {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Adds the handlers of the jobs.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let (first, second) = (self.clone(), self.clone());
        worker
            .on(END, move |_| {
                let endings = first.clone();
                async move { endings.run().await }
            })
            .every(SWEEP, EVERY, move |_| {
                let endings = second.clone();
                async move { endings.run().await }
            })
    }

    async fn run(&self) -> Result<(), Failed> {
        while self.take_out().await? {}
        Ok(())
    }

    /// Takes out some whose end has passed. `false`: no more are left.
    ///
    /// # Errors
    /// Storage; then nothing was taken out, and it can be tried again.
    pub async fn take_out(&self) -> Result<bool, Error> {
        let at = self.clock.now();
        let actor = Actor::platform("end of membership");
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        nesting_lock(&tx).await?;
        let mut ended = ended_people_take(&tx, at, AT_ONCE).await?;
        ended.extend(ended_groups_take(&tx, at, AT_ONCE).await?);
        let mut people = Vec::new();
        for ended in &ended {
            let deed =
                Deed::new(&actor, "group.membership_ended", at).with_changes(described(ended));
            deed.done_to_group(&tx, ended.group, &ended.group_name)
                .await?;
            match ended.member {
                Member::Person(person) => people.push(person),
                Member::Group(inner) => people.extend(people_inside(&tx, inner, at).await?),
            }
        }
        let people = each_once(people);
        // Whose membership somebody had ended may be taken in by the rule.
        sort_later(&tx, people.iter().copied()).await?;
        groups_changed(&tx, &people, at).await?;
        tx.commit().await?;
        Ok(i64::try_from(ended.len()).unwrap_or(i64::MAX) >= AT_ONCE)
    }
}

/// Sees to it that a membership is taken out when it ends.
pub(super) async fn take_out_at(
    tx: &impl InTransaction,
    ends_at: Option<Timestamp>,
) -> Result<(), Error> {
    if let Some(ends_at) = ends_at {
        let how = Enqueue {
            run_at: Some(ends_at),
            key: Some(ends_at.to_string()),
            ..Enqueue::default()
        };
        jobs::enqueue(tx, END, &(), how).await?;
    }
    Ok(())
}

fn described(ended: &Ended) -> serde_json::Value {
    let (kind, id) = match ended.member {
        Member::Person(id) => ("person", id.0),
        Member::Group(id) => ("group", id.0),
    };
    json!({ kind: id, "name": ended.member_name, "ends_at": ended.ends_at.to_string() })
}

fn each_once(mut people: Vec<PersonId>) -> Vec<PersonId> {
    people.sort_unstable();
    people.dedup();
    people
}
