//! Pictures of people.

use jiff::Timestamp;
use platform::Clock;
use platform_pg::Database;
use serde_json::json;

use super::actor::Actor;
use super::record::Deed;
use crate::domain::avatar::{Avatar, Unusable};
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::store::avatar::{Stored, avatar_delete, avatar_find, avatar_find_time, avatar_put};
use crate::store::person::{person_find, person_lock, person_touch};

/// Keeps pictures of people.
#[derive(Clone, Debug)]
pub struct Pictures {
    db: Database,
    clock: Clock,
}

impl Pictures {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// The picture of a person, if there is one.
    pub async fn find(&self, person: PersonId) -> Result<Option<Stored>, Error> {
        let client = self.db.client().await?;
        Ok(avatar_find(&client, person).await?)
    }

    /// When the picture of a person was uploaded, if there is one.
    pub async fn find_time(&self, person: PersonId) -> Result<Option<Timestamp>, Error> {
        let client = self.db.client().await?;
        Ok(avatar_find_time(&client, person).await?)
    }

    /// Makes an upload the picture of a person. Decoding happens on a thread of its own.
    pub async fn put(
        &self,
        actor: &Actor,
        id: PersonId,
        upload: Vec<u8>,
    ) -> Result<Result<(), Unusable>, Error> {
        let decoded = tokio::task::spawn_blocking(move || Avatar::from_upload(&upload)).await;
        let avatar = match decoded {
            Ok(Ok(avatar)) => avatar,
            Ok(Err(unusable)) => return Ok(Err(unusable)),
            // The decoder panicked on this file: no picture for us.
            Err(_) => return Ok(Err(Unusable::Damaged)),
        };
        let deed = Deed::new(actor, "person.picture_changed", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let person = person_lock(&tx, id)
            .await?
            .ok_or(Error::PersonNotFound(id))?;
        avatar_put(&tx, id, &avatar, deed.at).await?;
        person_touch(&tx, &[id], deed.at).await?;
        let person = person_find(&tx, id).await?.unwrap_or(person);
        deed.done_to_person(&tx, &person).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// Removes the picture of a person.
    pub async fn delete(&self, actor: &Actor, id: PersonId) -> Result<(), Error> {
        let deed =
            Deed::new(actor, "person.picture_removed", self.clock.now()).with_changes(json!({}));
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let person = person_lock(&tx, id)
            .await?
            .ok_or(Error::PersonNotFound(id))?;
        if avatar_delete(&tx, id).await? {
            person_touch(&tx, &[id], deed.at).await?;
            let person = person_find(&tx, id).await?.unwrap_or(person);
            deed.done_to_person(&tx, &person).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
