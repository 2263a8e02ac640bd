//! Finding people.

use std::collections::HashMap;

use platform::Clock;
use platform_pg::{Database, GenericClient};
use uuid::Uuid;

use crate::domain::group::GroupId;
use crate::domain::person::{Person, PersonId, State};
use crate::error::Error;
use crate::store::audit::{AuditFilter, Entry, audit_count, audit_list, audit_list_for_target};
use crate::store::membership::groups_of;
use crate::store::person::{
    Filter, Inside, Order, person_count, person_find, person_find_by_login, person_find_many,
    person_list, person_list_after, person_list_beginning,
};

/// So few letters are the beginning of too much to look for words.
const FEW_LETTERS: usize = 2;

/// Most people looked up at once.
pub const MOST_AT_ONCE: usize = 500;

/// One page of a list.
#[derive(Debug)]
pub struct Page {
    /// The people on it.
    pub people: Vec<Person>,
    /// How many there are on all pages together.
    pub total: i64,
}

/// Finds people.
#[derive(Clone, Debug)]
pub struct Directory {
    db: Database,
    clock: Clock,
}

impl Directory {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// One page of the people that pass `filter`.
    pub async fn page(
        &self,
        filter: &Filter,
        order: Order,
        size: i64,
        offset: i64,
    ) -> Result<Page, Error> {
        let client = self.db.client().await?;
        let people = person_list(&client, filter, order, size, offset).await?;
        let total = person_count(&client, filter).await?;
        Ok(Page { people, total })
    }

    /// Active people for a list that changes while somebody types, at most `limit`: by the beginnings of words, or by the
    /// first letters of a name while there are only one or two.
    pub async fn suggest(&self, typed: &str, limit: i64) -> Result<Vec<Person>, Error> {
        suggested(&self.db.client().await?, typed, limit).await
    }

    /// People by name that pass `filter`, those after a place in this order; `None` from the first.
    pub async fn after(
        &self,
        filter: &Filter,
        inside: Option<Inside>,
        after: Option<(Uuid, String)>,
        limit: i64,
    ) -> Result<Vec<Person>, Error> {
        let client = self.db.client().await?;
        let at = self.clock.now();
        Ok(person_list_after(&client, (filter, inside), after, at, limit).await?)
    }

    /// One person.
    ///
    /// # Errors
    /// [`Error::PersonNotFound`] when there is none of this id.
    pub async fn person(&self, id: PersonId) -> Result<Person, Error> {
        let client = self.db.client().await?;
        person_find(&client, id)
            .await?
            .ok_or(Error::PersonNotFound(id))
    }

    /// The person who signs in with this user name or mail address, if there is one.
    pub async fn by_login(&self, login: &str) -> Result<Option<Person>, Error> {
        let client = self.db.client().await?;
        Ok(person_find_by_login(&client, login.trim()).await?)
    }

    /// Those who exist among `ids`, in no order.
    ///
    /// # Errors
    /// [`Error::TooManyAtOnce`] for more than [`MOST_AT_ONCE`].
    pub async fn people(&self, ids: &[PersonId]) -> Result<Vec<Person>, Error> {
        if ids.len() > MOST_AT_ONCE {
            return Err(Error::TooManyAtOnce);
        }
        let client = self.db.client().await?;
        Ok(person_find_many(&client, ids).await?)
    }

    /// The effective groups of a person, by name.
    pub async fn groups(&self, person: PersonId) -> Result<Vec<(GroupId, String)>, Error> {
        let client = self.db.client().await?;
        let mut groups = groups_of(&client, &[person], self.clock.now()).await?;
        Ok(groups.remove(&person).unwrap_or_default())
    }

    /// The effective groups of people, by name.
    pub async fn groups_of(
        &self,
        people: &[PersonId],
    ) -> Result<HashMap<PersonId, Vec<(GroupId, String)>>, Error> {
        let client = self.db.client().await?;
        Ok(groups_of(&client, people, self.clock.now()).await?)
    }

    /// The newest audit entries about one person, what happened to them in groups included.
    pub async fn history(&self, person: PersonId) -> Result<Vec<Entry>, Error> {
        let client = self.db.client().await?;
        Ok(audit_list_for_target(&client, person.0, 20).await?)
    }

    /// Audit entries, newest first.
    pub async fn audit(
        &self,
        filter: &AuditFilter,
        size: i64,
        offset: i64,
    ) -> Result<Vec<Entry>, Error> {
        let client = self.db.client().await?;
        Ok(audit_list(&client, filter, size, offset).await?)
    }

    /// How many audit entries there are, up to 10,000.
    pub async fn audit_total(&self, filter: &AuditFilter) -> Result<i64, Error> {
        let client = self.db.client().await?;
        Ok(audit_count(&client, filter).await?)
    }
}

/// As [`Directory::suggest`].
pub(super) async fn suggested(
    client: &impl GenericClient,
    typed: &str,
    limit: i64,
) -> Result<Vec<Person>, Error> {
    let typed = typed.trim();
    if (1..=FEW_LETTERS).contains(&typed.chars().count()) {
        return Ok(person_list_beginning(client, typed, limit).await?);
    }
    let filter = Filter {
        query: Filter::words(typed),
        state: Some(State::Active),
        ..Filter::default()
    };
    Ok(person_list(client, &filter, Order::Name, limit, 0).await?)
}
