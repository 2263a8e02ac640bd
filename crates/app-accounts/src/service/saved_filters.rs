//! Filters of the list of people that administrators keep under a name, for themselves or for all of them.

use platform::Clock;
use platform_pg::Database;
use serde_json::json;

use super::actor::Actor;
use super::record::Deed;
use crate::domain::name::Line;
use crate::domain::person::PersonId;
use crate::domain::saved_filter::{FilterId, MOST_FILTERS, SavedFilter, Wish};
use crate::error::Error;
use crate::store::person::person_lock;
use crate::store::saved_filter::{
    filter_count, filter_delete, filter_insert, filter_list, filter_update,
};

/// What filters are in the audit trail.
const KIND: &str = "filter";
/// Filters shown: one's own, and so many that others share.
const MOST_SHOWN: i64 = MOST_FILTERS + 200;

/// What came of keeping or changing a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is kept.
    Done,
    /// Another of theirs has this name.
    NameTaken,
    /// They keep as many as they can.
    TooMany,
}

/// Keeps filters.
#[derive(Clone, Debug)]
pub struct SavedFilters {
    db: Database,
    clock: Clock,
}

impl SavedFilters {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Their own by name, and then those that others share.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<SavedFilter>, Error> {
        let owner = owner(actor)?;
        let client = self.db.client().await?;
        Ok(filter_list(&client, owner, MOST_SHOWN).await?)
    }

    /// Keeps a filter.
    ///
    /// # Errors
    /// [`Error::FilterOfNobody`] for programs that are nobody.
    pub async fn keep(&self, actor: &Actor, id: FilterId, wish: &Wish) -> Result<Kept, Error> {
        let owner = owner(actor)?;
        let deed = Deed::new(actor, "filter.kept", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        // Two at once are counted one after the other.
        if person_lock(&tx, owner).await?.is_none() {
            return Err(Error::FilterOfNobody);
        }
        if filter_count(&tx, owner).await? >= MOST_FILTERS {
            return Ok(Kept::TooMany);
        }
        match filter_insert(&tx, (id, owner), wish, deed.at).await {
            Ok(()) => {}
            Err(error) if is_name_taken(&error) => return Ok(Kept::NameTaken),
            Err(error) => return Err(error.into()),
        }
        let deed = deed.with_changes(json!({ "shared": wish.is_shared }));
        deed.done_to(KIND, &tx, id.0, wish.name.as_str()).await?;
        tx.commit().await?;
        Ok(Kept::Done)
    }

    /// Renames a filter of theirs, and shares it or not.
    ///
    /// # Errors
    /// [`Error::FilterNotFound`] when there is none of theirs of this id.
    pub async fn change(
        &self,
        actor: &Actor,
        id: FilterId,
        (name, is_shared): (&Line, bool),
    ) -> Result<Kept, Error> {
        let owner = owner(actor)?;
        let deed = Deed::new(actor, "filter.changed", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        match filter_update(&tx, (id, owner), (name.as_str(), is_shared)).await {
            Ok(true) => {}
            Ok(false) => return Err(Error::FilterNotFound),
            Err(error) if is_name_taken(&error) => return Ok(Kept::NameTaken),
            Err(error) => return Err(error.into()),
        }
        let deed = deed.with_changes(json!({ "shared": is_shared }));
        deed.done_to(KIND, &tx, id.0, name.as_str()).await?;
        tx.commit().await?;
        Ok(Kept::Done)
    }

    /// Deletes a filter of theirs.
    ///
    /// # Errors
    /// [`Error::FilterNotFound`] when there is none of theirs of this id.
    pub async fn delete(&self, actor: &Actor, id: FilterId) -> Result<(), Error> {
        let owner = owner(actor)?;
        let deed = Deed::new(actor, "filter.deleted", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let name = filter_delete(&tx, (id, owner)).await?;
        let name = name.ok_or(Error::FilterNotFound)?;
        deed.done_to(KIND, &tx, id.0, &name).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn owner(actor: &Actor) -> Result<PersonId, Error> {
    actor.id.ok_or(Error::FilterOfNobody)
}

fn is_name_taken(error: &platform_pg::Error) -> bool {
    error.constraint() == Some("people_filters_name_unique")
}
