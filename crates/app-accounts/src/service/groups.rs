//! Changing groups. Whoever's effective groups change by it is announced to the other services.

use platform::Clock;
use platform_pg::{Database, Error as StoreError};

use super::actor::Actor;
use super::record::{Deed, groups_changed};
use crate::domain::group::{Group, GroupId};
use crate::domain::name::Line;
use crate::domain::person::{Person, PersonId};
use crate::error::Error;
use crate::store::group::{
    group_add, group_delete, group_find, group_insert, group_list, group_members, group_people,
    group_remove, group_update, nesting_lock, people_inside, person_add, person_remove,
};

/// Most groups listed.
const MOST_GROUPS: i64 = 2_000;

/// A member of a group: a person or a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// A person.
    Person(PersonId),
    /// Everybody in a group.
    Group(GroupId),
}

/// What came of a change.
#[derive(Debug, PartialEq, Eq)]
pub enum GroupChange {
    /// It is so now.
    Done,
    /// It was so before.
    Unchanged,
    /// Another group has this name.
    NameTaken,
    /// The group would be inside itself.
    Cycle,
    /// The person or group to add is gone.
    MemberGone,
}

/// A group with what is directly in it.
#[derive(Debug)]
pub struct Contents {
    /// The group.
    pub group: Group,
    /// People directly in it, by name; at most 200.
    pub people: Vec<Person>,
    /// Groups directly in it, by name.
    pub groups: Vec<Group>,
}

/// Changes groups.
#[derive(Clone, Debug)]
pub struct Groups {
    db: Database,
    clock: Clock,
}

impl Groups {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// All groups, by name.
    pub async fn list(&self) -> Result<Vec<Group>, Error> {
        let client = self.db.client().await?;
        Ok(group_list(&client, MOST_GROUPS).await?)
    }

    /// One group and what is directly in it.
    pub async fn contents(&self, id: GroupId) -> Result<Contents, Error> {
        let client = self.db.client().await?;
        let group = group_find(&client, id)
            .await?
            .ok_or(Error::GroupNotFound(id))?;
        let people = group_people(&client, id, 200, 0).await?;
        let groups = group_members(&client, id).await?;
        Ok(Contents {
            group,
            people,
            groups,
        })
    }

    /// Adds a group under an id that the form chose, so that a second submit of it changes nothing.
    pub async fn create(
        &self,
        actor: &Actor,
        id: GroupId,
        name: &Line,
        description: &Line,
    ) -> Result<GroupChange, Error> {
        let deed = Deed::new(actor, "group.created", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        match group_insert(&tx, id, name, description, deed.at).await {
            Ok(true) => {}
            Ok(false) => return Ok(GroupChange::Unchanged),
            Err(error) => return name_taken(error),
        }
        deed.done_to_group(&tx, id, name.as_str()).await?;
        tx.commit().await?;
        Ok(GroupChange::Done)
    }

    /// Renames and describes a group.
    pub async fn edit(
        &self,
        actor: &Actor,
        id: GroupId,
        name: &Line,
        description: &Line,
    ) -> Result<GroupChange, Error> {
        let deed = Deed::new(actor, "group.edited", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        match group_update(&tx, id, name, description, deed.at).await {
            Ok(true) => {}
            Ok(false) => return Err(Error::GroupNotFound(id)),
            Err(error) => return name_taken(error),
        }
        deed.done_to_group(&tx, id, name.as_str()).await?;
        groups_changed(&tx, &people_inside(&tx, id).await?, deed.at).await?;
        tx.commit().await?;
        Ok(GroupChange::Done)
    }

    /// Deletes a group. Its members stay what they are.
    pub async fn delete(&self, actor: &Actor, id: GroupId) -> Result<(), Error> {
        let deed = Deed::new(actor, "group.deleted", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let group = group_find(&tx, id).await?.ok_or(Error::GroupNotFound(id))?;
        let people = people_inside(&tx, id).await?;
        group_delete(&tx, id).await?;
        deed.done_to_group(&tx, id, &group.name).await?;
        groups_changed(&tx, &people, deed.at).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Puts somebody into a group.
    pub async fn add(
        &self,
        actor: &Actor,
        id: GroupId,
        member: Member,
    ) -> Result<GroupChange, Error> {
        let deed = Deed::new(actor, "group.member_added", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let group = group_find(&tx, id).await?.ok_or(Error::GroupNotFound(id))?;
        let added = match member {
            Member::Person(person) => person_add(&tx, id, person, deed.at).await,
            Member::Group(inner) => {
                if nesting_lock(&tx).await?.would_cycle(id, inner) {
                    return Ok(GroupChange::Cycle);
                }
                group_add(&tx, id, inner, deed.at).await
            }
        };
        match added {
            Ok(true) => {}
            Ok(false) => return Ok(GroupChange::Unchanged),
            Err(error) => return member_gone(error),
        }
        let deed = deed.with_changes(described(member));
        deed.done_to_group(&tx, id, &group.name).await?;
        let people = match member {
            Member::Person(person) => vec![person],
            Member::Group(inner) => people_inside(&tx, inner).await?,
        };
        groups_changed(&tx, &people, deed.at).await?;
        tx.commit().await?;
        Ok(GroupChange::Done)
    }

    /// Takes somebody out of a group.
    pub async fn remove(
        &self,
        actor: &Actor,
        id: GroupId,
        member: Member,
    ) -> Result<GroupChange, Error> {
        let deed = Deed::new(actor, "group.member_removed", self.clock.now())
            .with_changes(described(member));
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let group = group_find(&tx, id).await?.ok_or(Error::GroupNotFound(id))?;
        let (people, removed) = match member {
            Member::Person(person) => (vec![person], person_remove(&tx, id, person).await?),
            Member::Group(inner) => (
                people_inside(&tx, inner).await?,
                group_remove(&tx, id, inner).await?,
            ),
        };
        if !removed {
            return Ok(GroupChange::Unchanged);
        }
        deed.done_to_group(&tx, id, &group.name).await?;
        groups_changed(&tx, &people, deed.at).await?;
        tx.commit().await?;
        Ok(GroupChange::Done)
    }
}

fn described(member: Member) -> serde_json::Value {
    match member {
        Member::Person(id) => serde_json::json!({ "person": id.to_string() }),
        Member::Group(id) => serde_json::json!({ "group": id.to_string() }),
    }
}

fn name_taken(error: StoreError) -> Result<GroupChange, Error> {
    match error.constraint() {
        Some("groups_name_unique") => Ok(GroupChange::NameTaken),
        _ => Err(error.into()),
    }
}

fn member_gone(error: StoreError) -> Result<GroupChange, Error> {
    match error.constraint() {
        Some("group_people_person_fk" | "group_groups_member_fk") => Ok(GroupChange::MemberGone),
        _ => Err(error.into()),
    }
}
