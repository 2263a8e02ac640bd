//! The trash, and taking back what was done to several people at once.

use jiff::SignedDuration;
use platform::Clock;
use platform_pg::{Database, InTransaction};

use super::actor::Actor;
use super::people::{Change, People, refuse, settle, store, today};
use super::record::Deed;
use crate::domain::person::{Person, PersonId, State};
use crate::error::Error;
use crate::store::audit::audit_list_of_request;
use crate::store::person::person_lock;

/// How long the trash keeps people.
pub const TRASH_KEEPS: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long what was done to several people can be taken back.
const UNDO_WITHIN: SignedDuration = SignedDuration::from_hours(1);

/// Ends and brings back accounts.
#[derive(Clone, Debug)]
pub struct LifeCycle {
    db: Database,
    clock: Clock,
    people: People,
}

impl LifeCycle {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock, people: People) -> Self {
        Self { db, clock, people }
    }

    /// Puts a person into the trash: without access, out of every list, restorable for [`TRASH_KEEPS`].
    pub async fn trash(&self, actor: &Actor, id: PersonId) -> Result<Change, Error> {
        let deed = Deed::new(actor, "person.trashed", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let before = person_lock(&tx, id)
            .await?
            .ok_or(Error::PersonNotFound(id))?;
        let change = put_into_trash(&tx, deed, &before).await?;
        settle(tx, change).await
    }

    /// Takes a person out of the trash; they are what they were before.
    pub async fn restore(&self, actor: &Actor, id: PersonId) -> Result<Change, Error> {
        let deed = Deed::new(actor, "person.restored", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let before = person_lock(&tx, id)
            .await?
            .ok_or(Error::PersonNotFound(id))?;
        if before.state != State::Deleted {
            return Ok(Change::NotInTrash);
        }
        let mut after = before.clone();
        after.unlock();
        let is_over = after.ends_on.is_some_and(|day| day < today(deed.at));
        if is_over && after.state.access() != "disabled" {
            after.lock(State::Expired, deed.at);
        }
        let change = store(&tx, deed, &before, after).await?;
        settle(tx, change).await
    }

    /// Takes back what a request of the same administrator did to people within the last hour; one outcome for each.
    pub async fn undo(&self, actor: &Actor, request: &str) -> Result<Vec<Change>, Error> {
        let since = self.clock.now() - UNDO_WITHIN;
        let done = {
            let client = self.db.client().await?;
            audit_list_of_request(&client, actor.id.map(|id| id.0), request, since).await?
        };
        let mut changes = Vec::with_capacity(done.len());
        for (action, target) in done {
            changes.push(self.reverse(actor, &action, PersonId(target)).await?);
        }
        Ok(changes)
    }

    async fn reverse(&self, actor: &Actor, action: &str, id: PersonId) -> Result<Change, Error> {
        match action {
            "person.trashed" => self.restore(actor, id).await,
            "person.restored" => self.trash(actor, id).await,
            "person.disabled" => self.people.set_access(actor, id, true).await,
            "person.enabled" => self.people.set_access(actor, id, false).await,
            _ => Ok(Change::Unchanged),
        }
    }
}

/// Puts a person whom nobody else changes into the trash, unless they are the actor.
pub(super) async fn put_into_trash(
    tx: &impl InTransaction,
    deed: Deed<'_>,
    before: &Person,
) -> Result<Change, Error> {
    let mut after = before.clone();
    after.lock(State::Deleted, deed.at);
    if deed.actor.is(before.id) {
        refuse(tx, deed, before, Change::Oneself).await
    } else if before.state == State::Deleted {
        Ok(Change::Unchanged)
    } else {
        store(tx, deed, before, after).await
    }
}
