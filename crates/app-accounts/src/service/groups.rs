//! Making, naming and deleting groups. Whoever's effective groups change by it is announced to the other services.

use std::collections::HashMap;

use platform::Clock;
use platform_pg::idempotency::{Answer, Attempt, keep};
use platform_pg::{Database, Error as StoreError, InTransaction};
use serde_json::{Map, Value, json};

use super::actor::Actor;
use super::managers::{may_administer, may_manage};
use super::once::{Once, answered};
use super::record::{Deed, group_renamed, groups_changed};
use crate::domain::group::{Group, GroupId, NewGroup};
use crate::domain::joining::Joining;
use crate::domain::name::Line;
use crate::error::Error;
use crate::store::group::{
    group_delete, group_find, group_find_by_name, group_insert, group_list, group_list_after,
    group_lock, group_name, group_names, group_update, groups_by_names,
};
use crate::store::membership::{Part, Span, nesting_lock, people_inside};

/// Most groups offered to choose from.
const MOST_NAMES: i64 = 2_000;

/// What came of a change.
#[derive(Debug, PartialEq, Eq)]
pub enum GroupChange {
    /// It is so now.
    Done,
    /// It was so before.
    Unchanged,
    /// Another group has this name.
    NameTaken,
    /// Somebody else changed the group since the form was opened.
    Stale,
    /// The group is not theirs to change.
    Forbidden,
}

/// What is said anew of a group.
#[derive(Debug)]
pub enum GroupEdit {
    /// What it is for; managers may say that.
    Description(Line),
    /// Everything; administrators may.
    All {
        /// Its name.
        name: Line,
        /// What it is for.
        description: Line,
        /// How people come into it by themselves.
        joining: Joining,
    },
}

impl GroupEdit {
    fn apply(&self, before: &Group) -> Group {
        let mut after = before.clone();
        match self {
            Self::Description(description) => after.description = description.to_string(),
            Self::All {
                name,
                description,
                joining,
            } => {
                after.name = name.to_string();
                after.description = description.to_string();
                after.joining = *joining;
            }
        }
        after
    }
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

    /// Groups by name whose names hold `words`; empty lists all.
    pub async fn list(&self, words: &str, span: Span) -> Result<Part<Group>, Error> {
        let client = self.db.client().await?;
        Ok(group_list(&client, words, self.clock.now(), span).await?)
    }

    /// The names of all groups, at most 2,000.
    pub async fn names(&self) -> Result<Vec<(GroupId, String)>, Error> {
        let client = self.db.client().await?;
        Ok(group_names(&client, MOST_NAMES).await?)
    }

    /// Groups by name without their counts, those after a place in this order; `None` from the first.
    pub async fn after(
        &self,
        after: Option<(GroupId, &str)>,
        limit: i64,
    ) -> Result<Vec<Group>, Error> {
        let client = self.db.client().await?;
        Ok(group_list_after(&client, after, limit).await?)
    }

    /// One group.
    ///
    /// # Errors
    /// [`Error::GroupNotFound`] when there is none of this id.
    pub async fn find(&self, id: GroupId) -> Result<Group, Error> {
        let client = self.db.client().await?;
        group_find(&client, id, self.clock.now())
            .await?
            .ok_or(Error::GroupNotFound(id))
    }

    /// One group by its name, without regard to case; without its counts.
    ///
    /// # Errors
    /// [`Error::NoSuchGroup`] when there is none of this name.
    pub async fn by_name(&self, name: &str) -> Result<Group, Error> {
        let client = self.db.client().await?;
        group_find_by_name(&client, name.trim())
            .await?
            .ok_or(Error::NoSuchGroup)
    }

    /// The groups of these names, without regard to case, each under its name as asked for.
    pub async fn by_names(&self, names: &[String]) -> Result<HashMap<String, GroupId>, Error> {
        if names.is_empty() {
            return Ok(HashMap::new());
        }
        let client = self.db.client().await?;
        Ok(groups_by_names(&client, names).await?)
    }

    /// The name of one group.
    ///
    /// # Errors
    /// [`Error::GroupNotFound`] when there is none of this id.
    pub async fn name(&self, id: GroupId) -> Result<String, Error> {
        let client = self.db.client().await?;
        group_name(&client, id)
            .await?
            .ok_or(Error::GroupNotFound(id))
    }

    /// Adds a group under an id that the form chose, so that a second submit of it changes nothing.
    pub async fn create(
        &self,
        actor: &Actor,
        id: GroupId,
        name: &Line,
        description: &Line,
    ) -> Result<GroupChange, Error> {
        let new = NewGroup {
            id,
            name: name.clone(),
            description: description.clone(),
            joining: Joining::default(),
        };
        let nothing = |_: &Group| Answer::default();
        Ok(match self.create_once(actor, &new, None, nothing).await? {
            Once::Done(_) => GroupChange::Done,
            Once::Refused(change) => change,
        })
    }

    /// Adds a group for a program, and keeps under its key what is answered.
    pub async fn create_once(
        &self,
        actor: &Actor,
        new: &NewGroup,
        attempt: Option<&Attempt>,
        answer: impl FnOnce(&Group) -> Answer,
    ) -> Result<Once<GroupChange>, Error> {
        let deed = Deed::new(actor, "group.created", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        if let Some(answer) = answered(&tx, attempt).await? {
            return Ok(Once::Done(answer));
        }
        match insert(&tx, &deed, new).await? {
            GroupChange::Done => {}
            refused => return Ok(Once::Refused(refused)),
        }
        let group = group_find(&tx, new.id, deed.at).await?;
        let answer = answer(&group.ok_or(Error::GroupNotFound(new.id))?);
        keep(&tx, attempt, &answer).await?;
        tx.commit().await?;
        Ok(Once::Done(answer))
    }

    /// Changes a group, unless somebody did since `version`.
    pub async fn edit(
        &self,
        actor: &Actor,
        (id, version): (GroupId, i64),
        edit: &GroupEdit,
    ) -> Result<GroupChange, Error> {
        let deed = Deed::new(actor, "group.edited", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        nesting_lock(&tx).await?;
        let before = group_lock(&tx, id).await?.ok_or(Error::GroupNotFound(id))?;
        if !may_edit(&tx, &deed, &before, edit).await? {
            tx.commit().await?;
            return Ok(GroupChange::Forbidden);
        }
        if before.version != version {
            return Ok(GroupChange::Stale);
        }
        let change = store(&tx, deed, &before, &edit.apply(&before)).await?;
        if change == GroupChange::Done {
            tx.commit().await?;
        }
        Ok(change)
    }

    /// Deletes a group. Its members stay what they are.
    pub async fn delete(&self, actor: &Actor, id: GroupId) -> Result<GroupChange, Error> {
        let deed = Deed::new(actor, "group.deleted", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        nesting_lock(&tx).await?;
        let group = group_lock(&tx, id).await?.ok_or(Error::GroupNotFound(id))?;
        if !may_administer(&tx, &deed, (id, &group.name)).await? {
            tx.commit().await?;
            return Ok(GroupChange::Forbidden);
        }
        erase(&tx, &deed, &group).await?;
        tx.commit().await?;
        Ok(GroupChange::Done)
    }
}

/// Adds a group; the caller commits.
pub(super) async fn insert(
    tx: &impl InTransaction,
    deed: &Deed<'_>,
    new: &NewGroup,
) -> Result<GroupChange, Error> {
    match group_insert(tx, new, deed.at).await {
        Ok(true) => {}
        Ok(false) => return Ok(GroupChange::Unchanged),
        Err(error) => return name_taken(error),
    }
    deed.done_to_group(tx, new.id, new.name.as_str()).await?;
    Ok(GroupChange::Done)
}

/// Writes a group as it is to be. The caller keeps other changes away before, and commits after.
pub(super) async fn store(
    tx: &impl InTransaction,
    deed: Deed<'_>,
    before: &Group,
    after: &Group,
) -> Result<GroupChange, Error> {
    let changes = differences(before, after);
    if changes.is_empty() {
        return Ok(GroupChange::Unchanged);
    }
    let renamed = changes.contains_key("name");
    if let Err(error) = group_update(tx, after, deed.at).await {
        return name_taken(error);
    }
    let deed = deed.with_changes(Value::Object(changes));
    deed.done_to_group(tx, after.id, &after.name).await?;
    if renamed {
        group_renamed(tx, before, after).await?;
        groups_changed(tx, &people_inside(tx, after.id, deed.at).await?, deed.at).await?;
    }
    Ok(GroupChange::Done)
}

/// Deletes a group. The caller keeps other changes away before, and commits after.
pub(super) async fn erase(
    tx: &impl InTransaction,
    deed: &Deed<'_>,
    group: &Group,
) -> Result<(), Error> {
    let people = people_inside(tx, group.id, deed.at).await?;
    group_delete(tx, group.id).await?;
    deed.done_to_group(tx, group.id, &group.name).await?;
    groups_changed(tx, &people, deed.at).await
}

/// Field to `[old, new]`, for the fields that differ.
fn differences(before: &Group, after: &Group) -> Map<String, Value> {
    let fields = |group: &Group| {
        [
            ("name", group.name.clone()),
            ("description", group.description.clone()),
            ("joining", group.joining.as_str().to_owned()),
        ]
    };
    fields(before)
        .into_iter()
        .zip(fields(after))
        .filter(|((_, old), (_, new))| old != new)
        .map(|((field, old), (_, new))| (field.to_owned(), json!([old, new])))
        .collect()
}

/// Whether this edit is the actor's to make; if not, that is written down.
async fn may_edit(
    tx: &impl InTransaction,
    deed: &Deed<'_>,
    group: &Group,
    edit: &GroupEdit,
) -> Result<bool, Error> {
    let which = (group.id, group.name.as_str());
    match edit {
        GroupEdit::Description(_) => may_manage(tx, deed, which).await,
        GroupEdit::All { .. } => may_administer(tx, deed, which).await,
    }
}

fn name_taken(error: StoreError) -> Result<GroupChange, Error> {
    match error.constraint() {
        Some("groups_name_unique") => Ok(GroupChange::NameTaken),
        _ => Err(error.into()),
    }
}
