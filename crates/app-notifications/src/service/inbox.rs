//! The inbox of each person: delivering into it and working through it.

use jiff::{SignedDuration, Timestamp};
use platform::Clock;
use platform_pg::Database;
use uuid::Uuid;

use super::live::Live;
use crate::domain::notification::{Count, Item, Notification};
use crate::error::Error;
use crate::store::inbox::{
    inbox_count, inbox_deliver, inbox_list, inbox_mark_all_read, inbox_mark_read, inbox_purge,
    inbox_set_dismissed,
};

/// How long something set aside can be brought back.
const KEEP_DISMISSED: SignedDuration = SignedDuration::from_hours(24);
/// How long anything is kept.
const KEEP: SignedDuration = SignedDuration::from_hours(24 * 180);

/// The inboxes.
#[derive(Clone, Debug)]
pub struct Inbox {
    db: Database,
    live: Live,
    clock: Clock,
}

impl Inbox {
    /// Over the tables of this app. Changes are told to `live`.
    pub fn new(db: Database, live: Live, clock: Clock) -> Self {
        Self { db, live, clock }
    }

    /// Delivers a notification. Whoever has it already by the same key of the same sender does not get it
    /// again. Returns how many got it.
    pub async fn deliver(&self, sender: &str, notification: &Notification) -> Result<usize, Error> {
        let client = self.db.client().await?;
        let reached = inbox_deliver(&client, sender, notification, self.clock.now()).await?;
        drop(client);
        self.live.changed(&reached).await;
        Ok(reached.len())
    }

    /// A part of what a person has, newest first, and how much there is.
    pub async fn list(
        &self,
        person: Uuid,
        only_unread: bool,
        limit: i64,
        offset: i64,
    ) -> Result<(Vec<Item>, Count), Error> {
        let client = self.db.client().await?;
        let items = inbox_list(&client, person, only_unread, limit, offset).await?;
        Ok((items, inbox_count(&client, person).await?))
    }

    /// How much a person has.
    pub async fn count(&self, person: Uuid) -> Result<Count, Error> {
        let client = self.db.client().await?;
        Ok(inbox_count(&client, person).await?)
    }

    /// Marks one as read and returns where it leads; empty for nowhere.
    ///
    /// # Errors
    /// [`Error::NotFound`] when this person has no such notification.
    pub async fn read(&self, person: Uuid, id: Uuid) -> Result<String, Error> {
        self.mark(person, id, Some(self.clock.now())).await
    }

    /// Marks one as not read yet.
    ///
    /// # Errors
    /// [`Error::NotFound`] when this person has no such notification.
    pub async fn unread(&self, person: Uuid, id: Uuid) -> Result<(), Error> {
        self.mark(person, id, None).await.map(|_path| ())
    }

    async fn mark(
        &self,
        person: Uuid,
        id: Uuid,
        read_at: Option<Timestamp>,
    ) -> Result<String, Error> {
        let client = self.db.client().await?;
        let path = inbox_mark_read(&client, person, id, read_at)
            .await?
            .ok_or(Error::NotFound)?;
        drop(client);
        self.live.changed(&[person]).await;
        Ok(path)
    }

    /// Marks everything as read.
    pub async fn read_all(&self, person: Uuid) -> Result<u64, Error> {
        let client = self.db.client().await?;
        let marked = inbox_mark_all_read(&client, person, self.clock.now()).await?;
        drop(client);
        self.live.changed(&[person]).await;
        Ok(marked)
    }

    /// Sets one aside, or brings it back within a day.
    ///
    /// # Errors
    /// [`Error::NotFound`] when this person has no such notification.
    pub async fn set_dismissed(
        &self,
        person: Uuid,
        id: Uuid,
        dismissed: bool,
    ) -> Result<(), Error> {
        let client = self.db.client().await?;
        let at = dismissed.then(|| self.clock.now());
        if !inbox_set_dismissed(&client, person, id, at).await? {
            return Err(Error::NotFound);
        }
        drop(client);
        self.live.changed(&[person]).await;
        Ok(())
    }

    /// Deletes what nobody can bring back any more. Returns how much that was.
    pub async fn purge(&self) -> Result<u64, Error> {
        let now = self.clock.now();
        let client = self.db.client().await?;
        Ok(inbox_purge(&client, now - KEEP_DISMISSED, now - KEEP).await?)
    }
}
