//! Fields that administrators declare, and what they hold of people.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use jiff::SignedDuration;
use platform::Clock;
use platform_pg::{Database, Failed, GenericClient, InTransaction, Worker};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::actor::Actor;
use super::record::Deed;
use super::rule_following::{follow_later, sort_later};
use crate::domain::custom_field::{
    Declaration, Field, FieldName, Kind, MOST_FIELDS, Viewer, Visibility,
};
use crate::domain::name::Unfit;
use crate::domain::person::{Person, PersonId, State};
use crate::domain::version::version_of;
use crate::error::Error;
use crate::store::custom_field::{
    Values, field_delete, field_insert, field_list, field_purge, field_update, fields_lock,
    value_put, values_of,
};
use crate::store::person::person_lock;

/// How long the values of a retired field are kept.
pub const RETIRED_KEEPS: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How often it is looked which fields go.
const LOOKED_EVERY: Duration = Duration::from_hours(1);
/// Stands for a value in the audit trail that the person must not see.
const MASKED: &str = "•••";

/// What came of a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// It is so now.
    Done,
    /// Another field has this name.
    NameTaken,
    /// There are as many as there may be.
    TooMany,
    /// There is no such field.
    Gone,
}

/// What becomes of a field.
#[derive(Clone, Debug)]
pub enum FieldChange {
    /// It is declared anew.
    Declare(Declaration),
    /// Nobody sees it any more; its values are kept for [`RETIRED_KEEPS`].
    Retire,
    /// It is seen again.
    Restore,
    /// It is gone, with all its values.
    Delete,
}

/// What came of filling in fields.
#[derive(Debug, PartialEq, Eq)]
pub enum Filled {
    /// It is so now, or was before.
    Done,
    /// What is wrong, by name of the field. Nothing was changed.
    Unfit(Vec<(String, Unfit)>),
    /// The person is in the trash; only restoring changes them.
    InTrash,
}

/// What came of setting some fields.
#[derive(Debug, PartialEq, Eq)]
pub enum Set {
    /// It is so now, or was before.
    Done,
    /// What is wrong, by name of the field. Nothing was changed.
    Unfit(Vec<(String, Unfit)>),
    /// There is no field of this name.
    NoField(String),
    /// The person is in the trash; only restoring changes them.
    InTrash,
    /// Somebody changed the values since they were read.
    Stale,
}

/// Keeps fields and values.
#[derive(Clone, Debug)]
pub struct CustomFields {
    db: Database,
    clock: Clock,
}

impl CustomFields {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Adds what happens by itself.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let fields = self.clone();
        worker.every("accounts.purge_fields", LOOKED_EVERY, move |_| {
            let fields = fields.clone();
            async move {
                let client = fields.db.client().await?;
                field_purge(&client, fields.clock.now() - RETIRED_KEEPS).await?;
                Ok::<_, Failed>(())
            }
        })
    }

    /// All fields, retired ones last.
    pub async fn list(&self) -> Result<Vec<Field>, Error> {
        let client = self.db.client().await?;
        Ok(field_list(&client).await?)
    }

    /// One field, retired or not.
    ///
    /// # Errors
    /// [`Error::FieldNotFound`].
    pub async fn find(&self, id: Uuid) -> Result<Field, Error> {
        let fields = self.list().await?;
        let found = fields.into_iter().find(|field| field.id == id);
        found.ok_or(Error::FieldNotFound)
    }

    /// An administrator declares a field.
    pub async fn declare(
        &self,
        actor: &Actor,
        id: Uuid,
        (name, kind): (&FieldName, Kind),
        declaration: &Declaration,
    ) -> Result<Declared, Error> {
        let deed = Deed::new(actor, "field.declared", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        fields_lock(&tx).await?;
        let fields = field_list(&tx).await?;
        // The same form sent twice.
        if fields.iter().any(|field| field.id == id) {
            return Ok(Declared::Done);
        }
        if fields.iter().any(|field| field.name == name.as_str()) {
            return Ok(Declared::NameTaken);
        }
        if fields.len() >= MOST_FIELDS {
            return Ok(Declared::TooMany);
        }
        let blank = Field {
            id,
            name: name.as_str().to_owned(),
            label_en: String::new(),
            label_de: String::new(),
            kind,
            choices: Vec::new(),
            visible_to: Visibility::Administrators,
            edited_by: declaration.edited_by,
            position: 0,
            retired_at: None,
        };
        let field = declared(blank.clone(), declaration);
        field_insert(&tx, &field, deed.at).await?;
        let changes = differences(&blank, &field);
        deed.with_changes(changes)
            .done_to_field(&tx, &field)
            .await?;
        tx.commit().await?;
        Ok(Declared::Done)
    }

    /// An administrator changes, retires, restores or deletes a field.
    pub async fn change(
        &self,
        actor: &Actor,
        id: Uuid,
        change: &FieldChange,
    ) -> Result<Declared, Error> {
        let now = self.clock.now();
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        fields_lock(&tx).await?;
        let before = field_list(&tx)
            .await?
            .into_iter()
            .find(|field| field.id == id);
        let Some(before) = before else {
            return Ok(Declared::Gone);
        };
        let mut after = before.clone();
        let action = match change {
            FieldChange::Declare(declaration) => {
                after = declared(after, declaration);
                "field.changed"
            }
            FieldChange::Retire => {
                after.retired_at = after.retired_at.or(Some(now));
                "field.retired"
            }
            FieldChange::Restore => {
                after.retired_at = None;
                "field.restored"
            }
            FieldChange::Delete => "field.deleted",
        };
        if matches!(change, FieldChange::Delete) {
            field_delete(&tx, id).await?;
        } else if after == before {
            return Ok(Declared::Done);
        } else {
            field_update(&tx, &after).await?;
        }
        Deed::new(actor, action, now)
            .with_changes(differences(&before, &after))
            .done_to_field(&tx, &after)
            .await?;
        // What is not seen any more, rules do not see either.
        follow_later(&tx, None).await?;
        tx.commit().await?;
        Ok(Declared::Done)
    }

    /// The fields of a person that `viewer` sees, each with its value, which may be empty.
    pub async fn of(
        &self,
        person: PersonId,
        viewer: Viewer,
    ) -> Result<Vec<(Field, String)>, Error> {
        let client = self.db.client().await?;
        let fields = field_list(&client).await?;
        let mut values = values_of(&client, &[person]).await?;
        let mut values = values.remove(&person).unwrap_or_default();
        let seen = fields.into_iter().filter(|field| field.is_seen_by(viewer));
        Ok(seen
            .map(|field| {
                let value = values.remove(&field.id).unwrap_or_default();
                (field, value)
            })
            .collect())
    }

    /// The values of several people, whoever may see them.
    pub async fn of_all(&self, people: &[PersonId]) -> Result<HashMap<PersonId, Values>, Error> {
        let client = self.db.client().await?;
        Ok(values_of(&client, people).await?)
    }

    /// Fills in the fields of a person that `viewer` may change, by name; what is not there is emptied, what they may
    /// not change is left alone.
    pub async fn fill(
        &self,
        actor: &Actor,
        id: PersonId,
        viewer: Viewer,
        typed: &BTreeMap<String, String>,
    ) -> Result<Filled, Error> {
        let deed = Deed::new(actor, "person.fields_changed", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let Some(person) = open(&tx, id).await? else {
            return Ok(Filled::InTrash);
        };
        let (fields, values) = known(&tx, id).await?;
        let changed = fields.iter().filter(|field| field.is_changed_by(viewer));
        let changed = changed.map(|field| {
            let typed = typed.get(&field.name).map_or("", String::as_str);
            (field, typed)
        });
        let unfit = write(&tx, deed, (&person, &values), changed).await?;
        if !unfit.is_empty() {
            return Ok(Filled::Unfit(unfit));
        }
        tx.commit().await?;
        Ok(Filled::Done)
    }

    /// The values of a person as administrators see them, by name of the field, and the number of these values.
    pub async fn all_of(&self, id: PersonId) -> Result<(i64, Vec<(String, String)>), Error> {
        let client = self.db.client().await?;
        let (fields, mut values) = known(&client, id).await?;
        let version = version(&fields, &values);
        let seen = |field: &Field| field.is_seen_by(Viewer::Administrator);
        let fields = fields.into_iter().filter(seen).map(|field| {
            let value = values.remove(&field.id).unwrap_or_default();
            (field.name, value)
        });
        Ok((version, fields.collect()))
    }

    /// An administrator sets fields of a person by name, unless somebody did since `version`; what is not named stays.
    pub async fn set(
        &self,
        actor: &Actor,
        id: PersonId,
        version: Option<i64>,
        typed: &BTreeMap<String, String>,
    ) -> Result<Set, Error> {
        let deed = Deed::new(actor, "person.fields_changed", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let Some(person) = open(&tx, id).await? else {
            return Ok(Set::InTrash);
        };
        let (fields, values) = known(&tx, id).await?;
        if version.is_some_and(|expected| expected != self::version(&fields, &values)) {
            return Ok(Set::Stale);
        }
        let mut changed = Vec::with_capacity(typed.len());
        for (name, typed) in typed {
            let mut fields = fields.iter();
            let found = fields.find(|field| field.name == *name);
            match found.filter(|field| field.is_changed_by(Viewer::Administrator)) {
                Some(field) => changed.push((field, typed.as_str())),
                None => return Ok(Set::NoField(name.clone())),
            }
        }
        let unfit = write(&tx, deed, (&person, &values), changed.into_iter()).await?;
        if !unfit.is_empty() {
            return Ok(Set::Unfit(unfit));
        }
        tx.commit().await?;
        Ok(Set::Done)
    }
}

/// Somebody whose values may change, kept for this transaction; nobody from the trash.
async fn open(tx: &impl InTransaction, id: PersonId) -> Result<Option<Person>, Error> {
    let person = person_lock(tx, id).await?;
    let person = person.ok_or(Error::PersonNotFound(id))?;
    Ok((person.state != State::Deleted).then_some(person))
}

/// All fields, and what they hold of a person.
async fn known(client: &impl GenericClient, id: PersonId) -> Result<(Vec<Field>, Values), Error> {
    let fields = field_list(client).await?;
    let mut values = values_of(client, &[id]).await?;
    Ok((fields, values.remove(&id).unwrap_or_default()))
}

/// A number that is another one when the values are others.
fn version(fields: &[Field], values: &Values) -> i64 {
    version_of(fields.iter().flat_map(|field| {
        let value = values.get(&field.id).map_or("", String::as_str);
        [field.id.as_bytes(), value.as_bytes()]
    }))
}

/// Writes what was typed into fields, and writes it down. Tells what does not do; then the caller commits nothing.
async fn write<'a>(
    tx: &impl InTransaction,
    deed: Deed<'_>,
    (person, values): (&Person, &Values),
    typed: impl Iterator<Item = (&'a Field, &'a str)>,
) -> Result<Vec<(String, Unfit)>, Error> {
    let mut changes = Map::new();
    let mut unfit = Vec::new();
    for (field, typed) in typed {
        let before = values.get(&field.id).map_or("", String::as_str);
        match field.read(typed, before) {
            Err(why) => unfit.push((field.name.clone(), why)),
            Ok(after) if after != before => {
                value_put(tx, person.id, field.id, &after).await?;
                changes.insert(field.name.clone(), written(field, before, &after));
            }
            Ok(_) => {}
        }
    }
    if unfit.is_empty() && !changes.is_empty() {
        deed.with_changes(Value::Object(changes))
            .noted_of_person(tx, person)
            .await?;
        sort_later(tx, [person.id]).await?;
    }
    Ok(unfit)
}

/// A change for the audit trail, which people read of themselves, too.
fn written(field: &Field, before: &str, after: &str) -> Value {
    let mask = |value: &str| match field.visible_to {
        Visibility::Administrators if !value.is_empty() => MASKED.to_owned(),
        _ => value.to_owned(),
    };
    json!([mask(before), mask(after)])
}

fn declared(field: Field, declaration: &Declaration) -> Field {
    let choices = declaration.choices.iter();
    Field {
        label_en: declaration.label_en.to_string(),
        label_de: declaration.label_de.to_string(),
        choices: choices.map(ToString::to_string).collect(),
        visible_to: declaration.visible_to,
        edited_by: declaration.edited_by,
        position: declaration.position,
        ..field
    }
}

fn differences(before: &Field, after: &Field) -> Value {
    let fields = |field: &Field| {
        [
            ("label_en", field.label_en.clone()),
            ("label_de", field.label_de.clone()),
            ("choices", field.choices.join(", ")),
            ("visible_to", field.visible_to.as_str().to_owned()),
            ("edited_by", field.edited_by.as_str().to_owned()),
            ("position", field.position.to_string()),
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

impl Deed<'_> {
    /// Writes down that it was done to a field.
    async fn done_to_field(&self, tx: &impl InTransaction, field: &Field) -> Result<(), Error> {
        self.done_to("field", tx, field.id, &field.name).await
    }
}
