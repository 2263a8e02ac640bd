//! Archives of all that is kept of one person: asked for by themselves or by an administrator, opened by whoever asked.
//! Asking the services is [`collecting`]'s, packing what they tell [`packing`]'s.

pub mod collecting;
pub mod notices;
pub mod packing;

use jiff::SignedDuration;
use platform::Clock;
use platform_pg::Database;
use platform_pg::jobs::enqueue_all;
use rpc::events::accounts::USER_FORGOTTEN;
use serde_json::json;
use uuid::Uuid;

use self::collecting::{COLLECT, Collect};
use super::actor::Actor;
use super::record::Deed;
use crate::domain::archive::{Archive, ArchiveId, ArchiveState, COLLECTED_WITHIN, MOST_A_DAY};
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::store::archive::{archive_content, archive_count_since, archive_insert, archive_list};
use crate::store::person::person_lock;

/// This app, among the services that keep something of people.
const OWN: &str = "accounts";

/// What came of asking for an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is being collected.
    Done,
    /// One is being collected already.
    UnderWay,
    /// There were as many in a day as there may be.
    TooMany,
}

/// Keeps archives.
#[derive(Clone, Debug)]
pub struct Archives {
    db: Database,
    clock: Clock,
}

impl Archives {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// The archives of a person that `asked_by` asked for, newest first.
    pub async fn list(&self, person: PersonId, asked_by: PersonId) -> Result<Vec<Archive>, Error> {
        let client = self.db.client().await?;
        Ok(archive_list(&client, (person, asked_by), self.clock.now()).await?)
    }

    /// Asks every service that keeps something of people for all it keeps of a person.
    ///
    /// # Errors
    /// [`Error::NotAdministrator`] when the actor is neither them nor an administrator; that is written down.
    pub async fn ask(
        &self,
        actor: &Actor,
        person: PersonId,
        language: &str,
    ) -> Result<Asked, Error> {
        let deed = Deed::new(actor, "person.archive_asked", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let whom = person_lock(&tx, person)
            .await?
            .ok_or(Error::PersonNotFound(person))?;
        let Some(asked_by) = actor.id.filter(|id| actor.administers || *id == person) else {
            deed.refused_to_person(&tx, &whom).await?;
            tx.commit().await?;
            return Err(Error::NotAdministrator);
        };
        let a_day = SignedDuration::from_hours(24);
        if archive_count_since(&tx, asked_by, deed.at - a_day).await? >= MOST_A_DAY {
            deed.refused_to_person(&tx, &whom).await?;
            tx.commit().await?;
            return Ok(Asked::TooMany);
        }
        let new = Archive {
            id: ArchiveId(Uuid::now_v7()),
            person,
            asked_by,
            language: language.to_owned(),
            state: ArchiveState::Collecting,
            size: 0,
            created_at: deed.at,
            ready_at: None,
            expires_at: deed.at + COLLECTED_WITHIN,
            parts: Vec::new(),
        };
        let services: Vec<&str> = services().collect();
        if !archive_insert(&tx, &new, &services).await? {
            return Ok(Asked::UnderWay);
        }
        let each = |service: &&str| Collect {
            archive: new.id.0,
            service: (*service).to_owned(),
        };
        let jobs: Vec<Collect> = services.iter().map(each).collect();
        enqueue_all(&tx, COLLECT, &jobs, Collect::key).await?;
        let deed = deed.with_changes(json!({ "archive": new.id.0 }));
        deed.noted_of_person(&tx, &whom).await?;
        tx.commit().await?;
        Ok(Asked::Done)
    }

    /// What is in an archive of a person, for whoever asked for it.
    ///
    /// # Errors
    /// [`Error::ArchiveNotFound`] for everybody else, and when it is not ready or over.
    pub async fn open(
        &self,
        actor: &Actor,
        person: PersonId,
        id: ArchiveId,
    ) -> Result<Vec<u8>, Error> {
        // Whoever is no administrator any more opens what they asked for as one no longer.
        let asked_by = actor
            .id
            .filter(|asker| actor.administers || *asker == person)
            .ok_or(Error::ArchiveNotFound)?;
        let deed = Deed::new(actor, "person.archive_opened", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let content = archive_content(&tx, id, (person, asked_by), deed.at)
            .await?
            .ok_or(Error::ArchiveNotFound)?;
        let whom = person_lock(&tx, person)
            .await?
            .ok_or(Error::ArchiveNotFound)?;
        let deed = deed.with_changes(json!({ "archive": id.0 }));
        deed.noted_of_person(&tx, &whom).await?;
        tx.commit().await?;
        Ok(content)
    }
}

/// The services that are asked: this one, and those that forget people when this one does. Who is away is asked all the
/// same, which the registry alone would not know of.
fn services() -> impl Iterator<Item = &'static str> {
    std::iter::once(OWN).chain(USER_FORGOTTEN.iter().map(|(service, _)| *service))
}

/// Key of the words for what a service keeps.
pub(crate) fn words_of(service: &str) -> &'static str {
    match service {
        OWN => "accounts-archive-readme-accounts",
        "auth" => "accounts-archive-readme-auth",
        "notifications" => "accounts-archive-readme-notifications",
        "settings" => "accounts-archive-readme-settings",
        _ => "accounts-archive-readme-other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_words_for_what_each_service_keeps() {
        let unknown = words_of("");
        assert!(services().all(|service| words_of(service) != unknown));
        assert_eq!(services().count(), USER_FORGOTTEN.len() + 1);
    }
}
