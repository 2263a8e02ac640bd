//! Who may do what with the things of apps. An app touches its own things alone; a person changes what they are an
//! administrator of, and what is refused them is written down as well.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use platform::grants::{
    Grant, Grantee, Level, MOST_AT_ONCE, MOST_OF_RESOURCE, Outcome, Recipient, Refusal, check_id,
    check_kind,
};
use platform::{AppId, Clock, Principal};
use platform_pg::{Database, Error as StoreError, GenericClient, InTransaction};
use platform_redis::{Decision, Quota, RateLimiter, Redis};
use serde_json::{Map, Value, json};

use super::actor::Actor;
use super::grant_notices::GrantNotices;
use super::grantees::{Eyes, resolve};
use super::record::Deed;
use crate::domain::grant::{Thing, Wanted, keeps_an_admin, may_be};
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::store::grant::{
    Asker, NewGrant, Reach, as_whom, grant_forget, grant_levels, grant_list, grant_lock, grant_put,
    grant_reachable, grant_remove, grant_remove_ended,
};

/// Changes that one person may ask for, those that are refused included.
const CHANGES_OF_PERSON: Quota = Quota::per(120, Duration::from_mins(1));

/// Who asks: an app, for itself or for the person who is at it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The app, whose things it is about.
    pub app: &'a AppId,
    /// The person or service account it asks for.
    pub who: Option<&'a Principal>,
}

impl Asked<'_> {
    fn asker(self) -> Asker {
        match self.who {
            None => Asker::Visitor,
            Some(who) if who.is_service => Asker::Service(who.user_id),
            Some(who) => Asker::Person(PersonId(who.user_id)),
        }
    }

    fn actor(self) -> Actor {
        match self.who {
            None => Actor::platform(self.app.as_str()),
            Some(who) => Actor::through_app(who, self.app),
        }
    }
}

/// One page of the things somebody may reach.
#[derive(Debug)]
pub struct Reachable {
    /// Their ids with the level, by id.
    pub things: Vec<(String, Level)>,
    /// Whether there are more behind the last of them.
    pub more: bool,
}

/// Keeps the grants of apps.
#[derive(Clone, Debug)]
pub struct Grants {
    db: Database,
    clock: Clock,
    notices: GrantNotices,
    changes: RateLimiter,
}

impl Grants {
    /// Over the tables of this app; changes are told by `notices`.
    pub fn new(db: Database, clock: Clock, redis: &Redis, notices: GrantNotices) -> Self {
        Self {
            db,
            clock,
            notices,
            changes: RateLimiter::new(redis, "grant-changes", CHANGES_OF_PERSON),
        }
    }

    /// Who is told of changes.
    pub fn notices(&self) -> &GrantNotices {
        &self.notices
    }

    /// How much who asks may do with things of a kind: of all that is granted the highest. What they may do nothing
    /// with is left out.
    ///
    /// # Errors
    /// [`Error::TooManyThings`] for more than [`MOST_AT_ONCE`].
    pub async fn levels(
        &self,
        asked: Asked<'_>,
        kind: &str,
        ids: &[String],
    ) -> Result<HashMap<String, Level>, Error> {
        check_kind(kind)?;
        ids.iter().try_for_each(|id| check_id(id))?;
        if ids.len() > MOST_AT_ONCE {
            return Err(Error::TooManyThings);
        }
        let client = self.db.client().await?;
        let at = self.clock.now();
        let whom = as_whom(&client, asked.asker(), at).await?;
        let granted = grant_levels(&client, (asked.app, kind, ids), &whom, at).await?;
        let mut levels: HashMap<String, Level> = HashMap::new();
        for (id, level) in granted {
            let held = levels.get(&id).copied();
            let highest = Level::effective(held.into_iter().chain([level]));
            levels.extend(highest.map(|level| (id, level)));
        }
        Ok(levels)
    }

    /// The things of a kind that who asks may do at least `least` with, by id: those after an id, at most `limit`.
    pub async fn reachable(
        &self,
        asked: Asked<'_>,
        kind: &str,
        least: Level,
        (after, limit): (&str, usize),
    ) -> Result<Reachable, Error> {
        check_kind(kind)?;
        if !after.is_empty() {
            check_id(after)?;
        }
        let client = self.db.client().await?;
        let at = self.clock.now();
        let whom = as_whom(&client, asked.asker(), at).await?;
        let limit = limit.clamp(1, MOST_AT_ONCE);
        let reach = Reach {
            app: asked.app,
            kind,
            least,
            after,
            limit: i64::try_from(limit + 1).unwrap_or(i64::MAX),
        };
        let mut things = grant_reachable(&client, reach, &whom, at).await?;
        let more = things.len() > limit;
        things.truncate(limit);
        Ok(Reachable { things, more })
    }

    /// The grants of a thing, for those who may change them.
    ///
    /// # Errors
    /// [`Error::GrantRefused`] for everybody else.
    pub async fn list(&self, asked: Asked<'_>, thing: &Thing) -> Result<Vec<Grant>, Error> {
        let actor = asked.actor();
        let deed = Deed::new(&actor, "grant.listed", self.clock.now());
        let client = self.db.client().await?;
        if may_share(&client, asked, thing, deed.at).await? {
            return Ok(grant_list(&client, thing, deed.at).await?);
        }
        drop(client);
        // What is refused is written down: not as often as somebody likes.
        self.spend(asked).await?;
        self.refuse(&deed, thing, Refusal::NotAdmin).await?;
        Err(Error::GrantRefused(Refusal::NotAdmin))
    }

    /// Gives somebody a level, or another one than they have.
    pub async fn set(
        &self,
        asked: Asked<'_>,
        thing: &Thing,
        to: &Recipient,
        (level, ends_at): (Level, Option<Timestamp>),
    ) -> Result<Outcome, Error> {
        let what = What::Set { to, level, ends_at };
        self.change(asked, thing, "grant.set", what).await
    }

    /// Takes a grant away.
    pub async fn remove(
        &self,
        asked: Asked<'_>,
        thing: &Thing,
        of: Grantee,
    ) -> Result<Outcome, Error> {
        self.change(asked, thing, "grant.removed", What::Remove(of))
            .await
    }

    /// Takes all grants of a thing away because it is gone, and says how many there were.
    pub async fn forget(&self, asked: Asked<'_>, thing: &Thing) -> Result<u64, Error> {
        self.spend(asked).await?;
        let actor = asked.actor();
        let deed = Deed::new(&actor, "grant.forgotten", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        grant_lock(&tx, thing).await?;
        if !may_share(&tx, asked, thing, deed.at).await? {
            deed.refused_to_thing(&tx, &thing.to_string(), Refusal::NotAdmin.code())
                .await?;
            tx.commit().await?;
            return Err(Error::GrantRefused(Refusal::NotAdmin));
        }
        let removed = grant_forget(&tx, thing).await?;
        if removed > 0 {
            let deed = deed.with_changes(json!({ "grants": removed }));
            deed.done_to_thing(&tx, &thing.to_string()).await?;
        }
        tx.commit().await?;
        self.notices.announce(thing).await;
        Ok(removed)
    }

    async fn change(
        &self,
        asked: Asked<'_>,
        thing: &Thing,
        action: &'static str,
        what: What<'_>,
    ) -> Result<Outcome, Error> {
        self.spend(asked).await?;
        let actor = asked.actor();
        let mut deed = Deed::new(&actor, action, self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        grant_lock(&tx, thing).await?;
        let done = attempt(&tx, (asked, thing), &mut deed, what).await;
        let outcome = match done {
            Ok(outcome) => outcome,
            // They went while they were being looked for: what was begun is taken back, and the refusal stands alone.
            Err(Error::Storage(error)) if is_gone(&error) => {
                drop(tx);
                return self.refuse(&deed, thing, Refusal::Unknown).await;
            }
            Err(error) => return Err(error),
        };
        match outcome {
            Outcome::Done => deed.done_to_thing(&tx, &thing.to_string()).await?,
            Outcome::Unchanged => {}
            Outcome::Refused(why) => {
                deed.refused_to_thing(&tx, &thing.to_string(), why.code())
                    .await?;
            }
        }
        tx.commit().await?;
        if outcome == Outcome::Done {
            self.notices.announce(thing).await;
        }
        Ok(outcome)
    }

    async fn refuse(&self, deed: &Deed<'_>, thing: &Thing, why: Refusal) -> Result<Outcome, Error> {
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        deed.refused_to_thing(&tx, &thing.to_string(), why.code())
            .await?;
        tx.commit().await?;
        Ok(Outcome::Refused(why))
    }

    /// Counts a change that a person asks for.
    async fn spend(&self, asked: Asked<'_>) -> Result<(), Error> {
        let Some(who) = asked.who else {
            return Ok(());
        };
        match self.changes.check(&who.user_id.to_string()).await {
            Decision::Allowed { .. } => Ok(()),
            Decision::Limited { retry_after } => Err(Error::Throttled(retry_after)),
        }
    }
}

/// What is to become of a grant.
#[derive(Clone, Copy)]
enum What<'a> {
    Set {
        to: &'a Recipient,
        level: Level,
        ends_at: Option<Timestamp>,
    },
    Remove(Grantee),
}

/// Changes a grant if it may be changed; the caller holds the thing, and commits. What it is about is told to `deed`.
async fn attempt(
    tx: &impl InTransaction,
    (asked, thing): (Asked<'_>, &Thing),
    deed: &mut Deed<'_>,
    what: What<'_>,
) -> Result<Outcome, Error> {
    if !may_share(tx, asked, thing, deed.at).await? {
        return Ok(Outcome::Refused(Refusal::NotAdmin));
    }
    grant_remove_ended(tx, thing, deed.at).await?;
    let grants = grant_list(tx, thing, deed.at).await?;
    let (grantee, name, wanted): (_, _, Wanted) = match what {
        What::Remove(of) => match grants.iter().find(|grant| grant.grantee == of) {
            None => return Ok(Outcome::Unchanged),
            Some(grant) => (of, grant.name.clone(), None),
        },
        What::Set { to, level, ends_at } => {
            let Some((grantee, name)) = meant(tx, asked, to, &grants, deed.at).await? else {
                return Ok(Outcome::Refused(Refusal::Unknown));
            };
            (grantee, name, Some((level, ends_at)))
        }
    };
    let before = grants.iter().find(|grant| grant.grantee == grantee);
    if before.map(|grant| (grant.level, grant.ends_at)) == wanted {
        return Ok(Outcome::Unchanged);
    }
    deed.changes = described(grantee, &name, before, wanted);
    if let Err(why) = allowed(&grants, grantee, wanted, deed.at) {
        return Ok(Outcome::Refused(why));
    }
    match wanted {
        None => {
            grant_remove(tx, thing, grantee).await?;
        }
        Some((level, ends_at)) => {
            let new = NewGrant {
                to: grantee,
                level,
                ends_at,
                by: asked.who.map(|who| who.user_id),
            };
            grant_put(tx, thing, new, deed.at).await?;
        }
    }
    Ok(Outcome::Done)
}

fn allowed(grants: &[Grant], of: Grantee, wanted: Wanted, at: Timestamp) -> Result<(), Refusal> {
    if let Some((level, ends_at)) = wanted {
        may_be(of, level, ends_at, at)?;
        let is_new = grants.iter().all(|grant| grant.grantee != of);
        if is_new && grants.len() >= MOST_OF_RESOURCE {
            return Err(Refusal::TooMany);
        }
    }
    keeps_an_admin(grants, of, wanted)
}

/// Whom a grant is for: somebody who has one, or whom they who ask may find.
async fn meant(
    tx: &impl InTransaction,
    asked: Asked<'_>,
    to: &Recipient,
    grants: &[Grant],
    at: Timestamp,
) -> Result<Option<(Grantee, String)>, Error> {
    if let Recipient::Known(known) = to
        && let Some(grant) = grants.iter().find(|grant| grant.grantee == *known)
    {
        return Ok(Some((*known, grant.name.clone())));
    }
    let eyes = asked.who.map_or(Eyes::App, Eyes::of);
    resolve(tx, eyes, to, at).await
}

/// Whether who asks may say who else may do something with a thing: its administrators, and the app itself.
async fn may_share(
    client: &impl GenericClient,
    asked: Asked<'_>,
    thing: &Thing,
    at: Timestamp,
) -> Result<bool, Error> {
    if asked.who.is_none() {
        return Ok(true);
    }
    let whom = as_whom(client, asked.asker(), at).await?;
    let ids = [thing.resource.id().to_owned()];
    let kind = thing.resource.kind();
    let granted = grant_levels(client, (&thing.app, kind, &ids), &whom, at).await?;
    let level = Level::effective(granted.into_iter().map(|(_, level)| level));
    Ok(level.is_some_and(|level| level.allows(Level::Admin)))
}

/// What the audit says of a change. `person` and `name` are what is found when that person is to be forgotten.
fn described(grantee: Grantee, name: &str, before: Option<&Grant>, wanted: Wanted) -> Value {
    let mut fields = Map::new();
    let kind = grantee.kind();
    match grantee.id() {
        Some(id) => {
            fields.insert(kind.to_owned(), json!(id));
            fields.insert("name".to_owned(), json!(name));
        }
        None => {
            fields.insert("grantee".to_owned(), json!(kind));
        }
    }
    let level = |level: Option<Level>| level.map_or("", Level::as_str);
    let (old, new) = (
        before.map(|grant| grant.level),
        wanted.map(|(level, _)| level),
    );
    fields.insert("level".to_owned(), json!([level(old), level(new)]));
    let end = |end: Option<Timestamp>| end.map(|end| end.to_string()).unwrap_or_default();
    let (old, new) = (
        before.and_then(|grant| grant.ends_at),
        wanted.and_then(|(_, ends_at)| ends_at),
    );
    if old != new {
        fields.insert("ends_at".to_owned(), json!([end(old), end(new)]));
    }
    Value::Object(fields)
}

fn is_gone(error: &StoreError) -> bool {
    matches!(
        error.constraint(),
        Some("grants_person_fk" | "grants_group_fk")
    )
}
