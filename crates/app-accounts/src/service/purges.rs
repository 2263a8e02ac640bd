//! Forgetting people for good: here at once, elsewhere by an event that is sent again until everybody confirmed.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use platform::Clock;
use platform_pg::{Consumer, Database, Event, Failed, InTransaction, Worker, outbox};
use rpc::events::accounts::{USER_FORGOTTEN, USER_PURGED, UserForgotten, UserPurged};
use uuid::Uuid;

use super::actor::Actor;
use super::life_cycle::TRASH_KEEPS;
use super::movements::notice_purge;
use super::people::{Change, refuse, settle};
use super::record::Deed;
use super::rule_following::sort_later;
use crate::domain::person::{PersonId, State};
use crate::error::Error;
use crate::store::person::person_lock;
use crate::store::purge::{
    Purge, person_forget, person_past_trash, purge_confirm, purge_insert, purge_list,
    purge_tell_again,
};
use crate::store::registration::registration_forget;

/// How often it is looked whom the trash lets go.
const LOOKED_EVERY: Duration = Duration::from_mins(10);
/// Who has not confirmed after so long is told again.
const TOLD_EVERY: SignedDuration = SignedDuration::from_hours(1);
/// People forgotten at one look, each in a transaction.
const MOST_AT_ONCE: i64 = 200;
/// Purges shown.
const MOST_SHOWN: i64 = 200;

/// Forgets people.
#[derive(Clone, Debug)]
pub struct Purges {
    db: Database,
    clock: Clock,
}

impl Purges {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Adds what happens by itself.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let purges = self.clone();
        worker.every("accounts.purge", LOOKED_EVERY, move |_| {
            let purges = purges.clone();
            async move {
                purges.empty_trash().await?;
                purges.tell_again().await?;
                Ok::<_, Failed>(())
            }
        })
    }

    /// Adds the handlers of the confirmations.
    pub fn events(&self, consumer: Consumer) -> Consumer {
        let mut consumer = consumer;
        for (service, event) in USER_FORGOTTEN {
            let clock = self.clock.clone();
            consumer = consumer.on(event, move |tx, delivery| {
                let now = clock.now();
                async move {
                    let forgotten: UserForgotten = delivery.decode()?;
                    let id = Uuid::parse_str(&forgotten.user_id)
                        .map_err(|_| Failed::permanent("user_id is not a UUID"))?;
                    Ok(purge_confirm(&tx, PersonId(id), service, now).await?)
                }
            });
        }
        consumer
    }

    /// The newest purges, and who confirmed them.
    pub async fn list(&self) -> Result<Vec<Purge>, Error> {
        let client = self.db.client().await?;
        Ok(purge_list(&client, MOST_SHOWN).await?)
    }

    /// An administrator, or the platform, forgets somebody who is in the trash.
    pub async fn purge(&self, actor: &Actor, id: PersonId) -> Result<Change, Error> {
        let deed = Deed::new(actor, "person.purged", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let person = person_lock(&tx, id)
            .await?
            .ok_or(Error::PersonNotFound(id))?;
        let refusal = match person.state {
            _ if !actor.administers => Some(Change::Forbidden),
            State::Deleted => None,
            _ => Some(Change::NotInTrash),
        };
        if let Some(why) = refusal {
            let refused = refuse(&tx, deed, &person, why).await?;
            return settle(tx, refused).await;
        }
        let reported = person_forget(&tx, id, deed.at).await?;
        sort_later(&tx, reported.iter().copied()).await?;
        registration_forget(&tx, id).await?;
        deed.done_to_nobody(&tx, id).await?;
        notice_purge(&tx, (id, &reported), deed.at).await?;
        purge_insert(&tx, id, deed.at).await?;
        tell(&tx, id).await?;
        settle(tx, Change::Done).await
    }

    async fn empty_trash(&self) -> Result<(), Error> {
        let since = self.clock.now() - TRASH_KEEPS;
        let client = self.db.client().await?;
        let ids = person_past_trash(&client, since, MOST_AT_ONCE).await?;
        drop(client);
        let actor = Actor::platform("life cycle");
        for id in ids {
            match self.purge(&actor, id).await {
                // Somebody was faster.
                Ok(_) | Err(Error::PersonNotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn tell_again(&self) -> Result<(), Error> {
        let now: Timestamp = self.clock.now();
        let services = i64::try_from(USER_FORGOTTEN.len()).unwrap_or(i64::MAX);
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        for id in purge_tell_again(&tx, now, now - TOLD_EVERY, services).await? {
            tell(&tx, id).await?;
        }
        Ok(tx.commit().await?)
    }
}

async fn tell(tx: &impl InTransaction, id: PersonId) -> Result<(), Error> {
    let message = UserPurged {
        user_id: id.to_string(),
    };
    outbox::publish(tx, Event::new(USER_PURGED, id.0, &message)).await?;
    Ok(())
}
