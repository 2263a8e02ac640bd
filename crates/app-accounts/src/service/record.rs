//! What every change leaves behind, in its own transaction: an audit entry and the event that tells
//! the other services.

use jiff::Timestamp;
use platform_pg::{Event, InTransaction, outbox};
use rpc::events::accounts::{GROUP_RENAMED, GroupRenamed, UserChanged};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::actor::Actor;
use super::movements::notice;
use super::rule_following::sort_later;
use crate::domain::group::{Group, GroupId};
use crate::domain::person::{Manager, Person, PersonId};
use crate::error::Error;
use crate::store::audit::{MANAGER_ID, NewEntry, audit_insert, audit_insert_all};
use crate::store::membership::groups_of;
use crate::store::password_place::password_places;
use crate::store::person::{person_find_many, person_touch};
use crate::store::reporting::reports_ids;

/// What was done, or refused, to whom.
pub(super) struct Deed<'a> {
    pub(super) actor: &'a Actor,
    pub(super) action: &'static str,
    pub(super) at: Timestamp,
    pub(super) changes: Value,
}

impl<'a> Deed<'a> {
    pub(super) fn new(actor: &'a Actor, action: &'static str, at: Timestamp) -> Self {
        Self {
            actor,
            action,
            at,
            changes: json!({}),
        }
    }

    pub(super) fn with_changes(mut self, changes: Value) -> Self {
        self.changes = changes;
        self
    }

    /// Writes down that it was done to a person, and tells whoever goes by what people are like: the rules of groups, and
    /// the other services.
    pub(super) async fn done_to_person(
        &self,
        tx: &impl InTransaction,
        person: &Person,
    ) -> Result<(), Error> {
        self.audit_person(tx, person, "done").await?;
        sort_later(tx, [person.id]).await?;
        if self.changes.get("username").is_some() {
            // Rules know managers by that name.
            sort_later(tx, reports_ids(tx, person.id).await?).await?;
        }
        announce(tx, std::slice::from_ref(person), self.at).await
    }

    /// Writes down that it was done to a person, when nothing changed that other services are told.
    pub(super) async fn noted_of_person(
        &self,
        tx: &impl InTransaction,
        person: &Person,
    ) -> Result<(), Error> {
        self.audit_person(tx, person, "done").await
    }

    /// Writes down that it was refused.
    pub(super) async fn refused_to_person(
        &self,
        tx: &impl InTransaction,
        person: &Person,
    ) -> Result<(), Error> {
        self.audit_person(tx, person, "refused").await
    }

    async fn audit_person(
        &self,
        tx: &impl InTransaction,
        person: &Person,
        outcome: &'static str,
    ) -> Result<(), Error> {
        let entry = NewEntry {
            target_kind: "person",
            target: Some(person.id.0),
            target_name: &person.display_name,
            ..self.entry(outcome)
        };
        Ok(audit_insert(tx, &entry).await?)
    }

    /// Writes down that it was done to somebody of whom only the id is left.
    pub(super) async fn done_to_nobody(
        &self,
        tx: &impl InTransaction,
        id: PersonId,
    ) -> Result<(), Error> {
        let entry = NewEntry {
            target_kind: "person",
            target: Some(id.0),
            ..self.entry("done")
        };
        Ok(audit_insert(tx, &entry).await?)
    }

    /// Writes down that it was done to a group.
    pub(super) async fn done_to_group(
        &self,
        tx: &impl InTransaction,
        id: GroupId,
        name: &str,
    ) -> Result<(), Error> {
        self.done_to("group", tx, id.0, name).await
    }

    /// Writes down that it was done to something of that kind.
    pub(super) async fn done_to(
        &self,
        kind: &'static str,
        tx: &impl InTransaction,
        id: Uuid,
        name: &str,
    ) -> Result<(), Error> {
        let entry = NewEntry {
            target_kind: kind,
            target: Some(id),
            target_name: name,
            ..self.entry("done")
        };
        Ok(audit_insert(tx, &entry).await?)
    }

    /// Writes down that it was refused to something of that kind; why is among the changes.
    pub(super) async fn refused_to(
        &self,
        kind: &'static str,
        tx: &impl InTransaction,
        id: Uuid,
        name: &str,
    ) -> Result<(), Error> {
        let entry = NewEntry {
            target_kind: kind,
            target: Some(id),
            target_name: name,
            ..self.entry("refused")
        };
        Ok(audit_insert(tx, &entry).await?)
    }

    /// Writes down that it was done to several things of that kind: to which, their names, and what changed.
    pub(super) async fn done_to_each(
        &self,
        kind: &'static str,
        tx: &impl InTransaction,
        targets: Vec<(Uuid, String, Value)>,
    ) -> Result<(), Error> {
        let entry = NewEntry {
            target_kind: kind,
            ..self.entry("done")
        };
        Ok(audit_insert_all(tx, &entry, targets).await?)
    }

    /// Writes down that it was refused, and why.
    pub(super) async fn refused_to_group(
        &self,
        tx: &impl InTransaction,
        group: (GroupId, &str),
        why: &str,
    ) -> Result<(), Error> {
        let entry = NewEntry {
            target: Some(group.0.0),
            target_name: group.1,
            changes: self.changes_with_reason(why),
            ..self.entry("refused")
        };
        Ok(audit_insert(tx, &entry).await?)
    }

    /// Writes down that the grants of an app's thing were changed.
    pub(super) async fn done_to_thing(
        &self,
        tx: &impl InTransaction,
        thing: &str,
    ) -> Result<(), Error> {
        let entry = NewEntry {
            target_kind: "grant",
            target_name: thing,
            ..self.entry("done")
        };
        Ok(audit_insert(tx, &entry).await?)
    }

    /// Writes down that a change of the grants of an app's thing was refused, and why.
    pub(super) async fn refused_to_thing(
        &self,
        tx: &impl InTransaction,
        thing: &str,
        why: &str,
    ) -> Result<(), Error> {
        let entry = NewEntry {
            target_kind: "grant",
            target_name: thing,
            changes: self.changes_with_reason(why),
            ..self.entry("refused")
        };
        Ok(audit_insert(tx, &entry).await?)
    }

    fn changes_with_reason(&self, why: &str) -> Value {
        let mut changes = self.changes.clone();
        if let Value::Object(fields) = &mut changes {
            fields.insert("reason".to_owned(), json!(why));
        }
        changes
    }

    fn entry(&self, outcome: &'static str) -> NewEntry<'_> {
        NewEntry {
            at: self.at,
            actor: self.actor.id.map(|id| id.0),
            actor_name: &self.actor.name,
            action: self.action,
            outcome,
            target_kind: "group",
            target: None,
            target_name: "",
            changes: self.changes.clone(),
            request_id: &self.actor.request_id,
            address: &self.actor.address,
            through: &self.actor.through,
        }
    }
}

/// Counts up the versions of people whose groups changed, and tells the other services.
pub(super) async fn groups_changed(
    tx: &impl InTransaction,
    people: &[PersonId],
    at: Timestamp,
) -> Result<(), Error> {
    tell_anew(tx, people, at).await
}

/// The same for people of whom something else changed that is kept beside them.
pub(super) async fn tell_anew(
    tx: &impl InTransaction,
    people: &[PersonId],
    at: Timestamp,
) -> Result<(), Error> {
    person_touch(tx, people, at).await?;
    for some in people.chunks(500) {
        announce(tx, &person_find_many(tx, some).await?, at).await?;
    }
    Ok(())
}

/// Publishes `accounts.group.renamed`.
pub(super) async fn group_renamed(
    tx: &impl InTransaction,
    before: &Group,
    after: &Group,
) -> Result<(), Error> {
    let message = GroupRenamed {
        group_id: after.id.to_string(),
        before: before.name.clone(),
        after: after.name.clone(),
    };
    outbox::publish(tx, Event::new(GROUP_RENAMED, after.id.0, &message)).await?;
    Ok(())
}

/// Publishes `accounts.user.changed` for each of `people`, with the groups they are in at that moment and the place of
/// their password.
pub(super) async fn announce(
    tx: &impl InTransaction,
    people: &[Person],
    at: Timestamp,
) -> Result<(), Error> {
    let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    let mut groups = groups_of(tx, &ids, at).await?;
    notice(tx, people, &groups, at).await?;
    let mut places = password_places(tx, &ids).await?;
    let event = |person: &Person| {
        let names = groups.remove(&person.id).unwrap_or_default();
        let place = places.remove(&person.id);
        let message = UserChanged {
            user_id: person.id.to_string(),
            username: person.username.clone(),
            email: person.email.clone(),
            display_name: person.display_name.clone(),
            role: person.role.as_str().to_owned(),
            state: person.state.access().to_owned(),
            groups: names.into_iter().map(|(_, name)| name).collect(),
            locale: person.locale.clone(),
            zone: person.zone.clone(),
            theme: person.theme.clone(),
            version: person.version,
            password_directory: place.map(|place| place.name).unwrap_or_default(),
        };
        Event::new("accounts.user.changed", person.id.0, &message)
    };
    outbox::publish_all(tx, people.iter().map(event).collect()).await?;
    Ok(())
}

/// Field to `[old, new]`, for the fields that differ.
pub(super) fn differences(before: &Person, after: &Person) -> Value {
    let managed_by = |person: &Person, of: fn(&Manager) -> String| {
        person.manager.as_ref().map(of).unwrap_or_default()
    };
    let fields = |person: &Person| {
        [
            ("username", person.username.clone()),
            ("email", person.email.clone()),
            ("display_name", person.display_name.clone()),
            ("given_name", person.given_name.clone()),
            ("family_name", person.family_name.clone()),
            ("title", person.title.clone()),
            ("department", person.department.clone()),
            ("phone", person.phone.clone()),
            (
                "manager",
                managed_by(person, |manager| manager.username.clone()),
            ),
            // By it the name is found when that person is to be forgotten.
            (
                MANAGER_ID,
                managed_by(person, |manager| manager.id.to_string()),
            ),
            ("role", person.role.as_str().to_owned()),
            ("state", person.state.as_str().to_owned()),
            (
                "ends_on",
                person
                    .ends_on
                    .map(|day| day.to_string())
                    .unwrap_or_default(),
            ),
            ("locale", person.locale.clone()),
            ("zone", person.zone.clone()),
            ("theme", person.theme.clone()),
        ]
    };
    let changed: Map<String, Value> = fields(before)
        .into_iter()
        .zip(fields(after))
        .filter(|((_, old), (_, new))| old != new)
        .map(|((name, old), (_, new))| (name.to_owned(), json!([old, new])))
        .collect();
    Value::Object(changed)
}
