//! Changing what the directory decides about people.

use directory::Limits;
use directory::ipa::{NotDone, Refusal};

use super::{FreeIpa, There, Unmade, heard};
use crate::domain::membership::Member;
use crate::domain::person::{Edit, Person, PersonId};
use crate::domain::source::Settings;
use crate::error::Error;
use crate::service::actor::Actor;
use crate::service::people::Change;
use crate::service::record::Deed;
use crate::store::person::person_find;
use crate::store::source::directory_find;
use crate::store::written_back::{entry_of, written_back};

/// A field that differs: its name in the form, the attribute, what it is to be.
struct Wanted<'a> {
    field: &'static str,
    attribute: &'a str,
    value: String,
}

impl FreeIpa {
    /// Changes a person as [`People::edit`](crate::service::people::People::edit) does, what their directory decides about
    /// there first.
    ///
    /// # Errors
    /// Why nothing was changed, here or there.
    pub async fn edit(
        &self,
        actor: &Actor,
        (id, version): (PersonId, i64),
        edit: Edit,
    ) -> Result<Change, Unmade> {
        if let Some(wanted) = self.wanted(id, &edit).await? {
            let would = self.people.would_edit(actor, (id, version), edit.clone());
            if would.await? == Change::Done {
                self.write(actor, id, wanted, &edit).await?;
            }
        }
        Ok(self.people.edit(actor, id, version, edit).await?)
    }

    /// What the directory is to be told, if anything; and whether somebody else is to be the manager.
    async fn wanted(&self, id: PersonId, edit: &Edit) -> Result<Option<(Settings, Person)>, Error> {
        let client = self.db.client().await?;
        let Some(place) = written_back(&client, Member::Person(id)).await? else {
            return Ok(None);
        };
        let directory = directory_find(&client, place.directory).await?;
        let person = person_find(&client, id).await?;
        let found = directory
            .map(|directory| directory.settings)
            .zip(person)
            .filter(|(settings, before)| {
                !differing(settings, before, edit).is_empty()
                    || manager_differs(settings, before, edit)
            });
        Ok(found)
    }

    async fn write(
        &self,
        actor: &Actor,
        id: PersonId,
        (settings, before): (Settings, Person),
        edit: &Edit,
    ) -> Result<(), Unmade> {
        let limits = Limits::of_sign_in();
        let deed = Deed::new(actor, "person.directory_edited", self.clock.now());
        let there = self.there(id, &limits).await?;
        let mut wanted = differing(&settings, &before, edit);
        if manager_differs(&settings, &before, edit) {
            wanted.push(Wanted {
                field: "manager",
                attribute: &settings.mapping.manager,
                value: self.manager(&there, edit.manager, &limits).await?,
            });
        }
        let attributes: Vec<(&str, &str)> = wanted
            .iter()
            .map(|one| (one.attribute, one.value.as_str()))
            .collect();
        let done = there.ipa.change(&there.login, &attributes, &limits).await;
        let done = done.map_err(|not_done| at_field(not_done, &wanted));
        self.note(deed, (id, &there), done).await
    }

    /// What the manager is called there; empty for nobody.
    async fn manager(
        &self,
        there: &There,
        manager: Option<PersonId>,
        limits: &Limits,
    ) -> Result<String, Unmade> {
        let Some(manager) = manager else {
            return Ok(String::new());
        };
        let client = self.db.client().await?;
        let entry = entry_of(&client, there.directory.id, Member::Person(manager)).await?;
        drop(client);
        let entry = entry.ok_or(Unmade::ManagerElsewhere)?;
        let login = there.ipa.login_of(&entry, limits).await;
        let login = heard(&there.directory, login.map_err(NotDone::Away))?;
        login.ok_or(Unmade::ManagerElsewhere)
    }
}

/// The fields that the directory decides about and that are to differ.
fn differing<'a>(settings: &'a Settings, before: &Person, edit: &Edit) -> Vec<Wanted<'a>> {
    let names = &settings.mapping;
    let profile = &edit.profile;
    [
        (
            ("display_name", &names.display_name),
            (&before.display_name, profile.display_name.to_string()),
        ),
        (
            ("given_name", &names.given_name),
            (&before.given_name, profile.given_name.to_string()),
        ),
        (
            ("family_name", &names.family_name),
            (&before.family_name, profile.family_name.to_string()),
        ),
        (
            ("title", &names.title),
            (&before.title, edit.title.to_string()),
        ),
        (
            ("department", &names.department),
            (&before.department, edit.department.to_string()),
        ),
        (
            ("phone", &names.phone),
            (&before.phone, profile.phone.to_string()),
        ),
    ]
    .into_iter()
    .filter(|((_, attribute), (now, value))| !attribute.is_empty() && *now != value)
    .map(|((field, attribute), (_, value))| Wanted {
        field,
        attribute,
        value,
    })
    .collect()
}

fn manager_differs(settings: &Settings, before: &Person, edit: &Edit) -> bool {
    let now = before.manager.as_ref().map(|manager| manager.id);
    !settings.mapping.manager.is_empty() && now != edit.manager
}

/// The refusal with the field of the form in the place of FreeIPA's own name for it.
fn at_field(not_done: NotDone, wanted: &[Wanted<'_>]) -> NotDone {
    let NotDone::Refused(refusal) = not_done else {
        return not_done;
    };
    let is_it = |one: &&Wanted<'_>| one.attribute.eq_ignore_ascii_case(&refusal.field);
    let field = wanted.iter().find(is_it).map_or("", |one| one.field);
    NotDone::Refused(Refusal {
        field: field.to_owned(),
        ..refusal
    })
}
