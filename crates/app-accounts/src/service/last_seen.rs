//! When people were last seen: auth is asked once an hour, and whoever was not seen for long is reported.
//!
//! Nothing follows by itself from somebody's absence. While auth is away, what is known grows old, and says so.

use std::collections::HashMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use platform::Clock;
use platform_pg::{Database, Failed, Worker};
use rpc::Call;
use rpc::auth::PeopleClient;
use rpc::auth::v1::{LastSeen as Seen, ListLastSeenRequest};
use uuid::Uuid;

use crate::domain::dormancy::{Dormant, Report, unseen_since};
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::store::last_seen::{
    dormant_count, dormant_list, last_seen_hear, last_seen_heard, last_seen_of, last_seen_put,
};

/// How often auth is asked.
const EVERY: Duration = Duration::from_hours(1);
/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// People in one answer.
const AT_ONCE: i32 = 1_000;
/// Answers of one run: a million people.
const MOST_ANSWERS: usize = 1_000;
/// What is asked for again: a use may have been written down after the answer that it belonged to, and clocks differ.
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);

/// Knows when people were last seen.
#[derive(Clone, Debug)]
pub struct LastSeen {
    db: Database,
    clock: Clock,
    auth: PeopleClient,
}

impl LastSeen {
    /// Over the tables of this app, and auth.
    pub fn new(db: Database, clock: Clock, auth: PeopleClient) -> Self {
        Self { db, clock, auth }
    }

    /// Adds the schedule.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let last_seen = self.clone();
        worker.every("accounts.last_seen", EVERY, move |_| {
            let last_seen = last_seen.clone();
            async move { Ok::<_, Failed>(last_seen.hear().await?) }
        })
    }

    /// When these people were last seen; who never was is left out.
    pub async fn of(&self, people: &[PersonId]) -> Result<HashMap<PersonId, Timestamp>, Error> {
        let client = self.db.client().await?;
        Ok(last_seen_of(&client, people).await?)
    }

    /// Active people who were not seen for so many days, from a place in the report on; at most `limit`.
    pub async fn report(
        &self,
        days: u16,
        after: Option<(PersonId, Timestamp)>,
        limit: usize,
    ) -> Result<Report, Error> {
        let since = unseen_since(self.clock.now(), days);
        let client = self.db.client().await?;
        let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
        let mut people = dormant_list(&client, since, after, one_more).await?;
        let more = people.len() > limit;
        people.truncate(limit);
        let place = |last: &Dormant| (last.person, last.counted_from);
        Ok(Report {
            days,
            next: people.last().filter(|_| more).map(place),
            people,
            total: dormant_count(&client, since).await?,
            known_at: last_seen_heard(&client).await?,
        })
    }

    /// Asks auth for whoever was seen since it was last asked. A run that is cut short is repeated as a whole, and
    /// changes nothing that it changed already.
    async fn hear(&self) -> Result<(), Error> {
        let begun = self.clock.now();
        let known = last_seen_heard(&self.db.client().await?).await?;
        let since = known.map_or(Timestamp::UNIX_EPOCH, |at| at - OVERLAP);
        let mut request = ListLastSeenRequest {
            since: since.as_second(),
            after_user_id: String::new(),
            limit: AT_ONCE,
        };
        let mut known_at = None;
        for _ in 0..MOST_ANSWERS {
            let call = Call::new(PATIENCE);
            let answer = self.auth.list_last_seen(call, request.clone()).await?;
            let seen: Vec<_> = answer.people.iter().filter_map(understood).collect();
            last_seen_put(&self.db.client().await?, &seen).await?;
            let Some(last) = answer.people.last().filter(|_| answer.more) else {
                known_at = Some(begun);
                break;
            };
            request.since = last.seen_at;
            request.after_user_id.clone_from(&last.user_id);
        }
        // The next run goes on where this one ran into its limit.
        let reached = Timestamp::from_second(request.since).unwrap_or_default();
        let known_at = known_at.unwrap_or(reached);
        last_seen_hear(&self.db.client().await?, known_at).await?;
        Ok(())
    }
}

/// What auth says of somebody, unless it makes no sense.
fn understood(seen: &Seen) -> Option<(PersonId, Timestamp)> {
    let id = Uuid::parse_str(&seen.user_id).ok()?;
    let at = Timestamp::from_second(seen.seen_at).ok()?;
    Some((PersonId(id), at))
}
