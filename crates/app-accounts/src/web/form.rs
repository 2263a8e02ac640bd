//! What forms send, checked into what the use cases take. Whatever does not do is said next to its field, and
//! what was typed stays.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use platform::Role;
use serde::Deserialize;
use ui::form::Errors;
use ui::{Choice, Shell};
use uuid::Uuid;

use crate::domain::joining::Joining;
use crate::domain::name::{EmailAddress, Line, Unfit, Username};
use crate::domain::person::{Edit, Person, PersonId, Profile};
use crate::domain::phone::Phone;
use crate::service::groups::GroupEdit;

/// A form with nothing but its token.
#[derive(Deserialize)]
pub(super) struct Nothing {}

/// What is to be deleted for good, by the name it is shown under, typed once more.
#[derive(Deserialize)]
pub(super) struct Confirmed {
    #[serde(default)]
    pub(super) confirm_name: String,
}

impl Confirmed {
    /// Whether it is the thing of this name that is meant.
    pub(super) fn is(&self, name: &str) -> bool {
        ui::form::confirmed(&self.confirm_name, name)
    }
}

/// What people say of themselves.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ProfileForm {
    pub(super) display_name: String,
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) phone: String,
    pub(super) zone: String,
}

impl ProfileForm {
    pub(super) fn of(person: &Person) -> Self {
        Self {
            display_name: person.display_name.clone(),
            given_name: person.given_name.clone(),
            family_name: person.family_name.clone(),
            phone: person.phone.clone(),
            zone: person.zone.clone(),
        }
    }

    pub(super) fn check(&self, shell: &Shell) -> Result<Profile, Errors> {
        let mut fields = Fields::new(shell);
        let profile = self.read(&mut fields);
        fields.finish(profile)
    }

    fn read(&self, fields: &mut Fields<'_>) -> Option<Profile> {
        let display_name = fields.take("display_name", Line::required(&self.display_name));
        let given_name = fields.take("given_name", Line::parse(&self.given_name));
        let family_name = fields.take("family_name", Line::parse(&self.family_name));
        let phone = fields.take("phone", Phone::parse(&self.phone));
        let zone = fields.take("zone", zone(&self.zone));
        Some(Profile {
            display_name: display_name?,
            given_name: given_name?,
            family_name: family_name?,
            phone: phone?,
            zone: zone?,
        })
    }
}

/// What administrators say of somebody.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EditForm {
    pub(super) display_name: String,
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) title: String,
    pub(super) department: String,
    pub(super) phone: String,
    pub(super) zone: String,
    /// User name or mail address; empty for nobody.
    pub(super) manager: String,
    pub(super) username: String,
    pub(super) role: String,
    /// As browsers send dates; empty for ever.
    pub(super) ends_on: String,
    /// Of the person the form was filled from.
    pub(super) version: i64,
}

impl EditForm {
    pub(super) fn of(person: &Person) -> Self {
        let manager = person.manager.as_ref();
        Self {
            display_name: person.display_name.clone(),
            given_name: person.given_name.clone(),
            family_name: person.family_name.clone(),
            title: person.title.clone(),
            department: person.department.clone(),
            phone: person.phone.clone(),
            zone: person.zone.clone(),
            manager: manager.map_or_else(String::new, |manager| manager.username.clone()),
            username: person.username.clone(),
            role: person.role.as_str().to_owned(),
            ends_on: person
                .ends_on
                .map(|day| day.to_string())
                .unwrap_or_default(),
            version: person.version,
        }
    }

    /// What was typed as [`Edit`]; `manager` is who was found by what was typed there.
    pub(super) fn check(&self, shell: &Shell, manager: Option<PersonId>) -> Result<Edit, Errors> {
        let mut fields = Fields::new(shell);
        let profile = ProfileForm {
            display_name: self.display_name.clone(),
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            phone: self.phone.clone(),
            zone: self.zone.clone(),
        };
        let profile = profile.read(&mut fields);
        let title = fields.take("title", Line::parse(&self.title));
        let department = fields.take("department", Line::parse(&self.department));
        if manager.is_none() && !self.manager.trim().is_empty() {
            fields.refuse("manager", "accounts-member-unknown");
        }
        let username = fields.take("username", Username::parse(&self.username));
        let role = fields.take("role", role(&self.role));
        let ends_on = fields.take("ends_on", day(&self.ends_on));
        let edit = move || {
            Some(Edit {
                profile: profile?,
                title: title?,
                department: department?,
                manager,
                username: username?,
                role: role?,
                ends_on: ends_on?,
            })
        };
        fields.finish(edit())
    }
}

/// A mail address to add.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AddressForm {
    pub(super) address: String,
    /// Whether mail is to go there from now on; only administrators are asked.
    #[serde(deserialize_with = "ui::form::checked")]
    pub(super) primary: bool,
}

impl AddressForm {
    pub(super) fn check(&self, shell: &Shell) -> Result<EmailAddress, Errors> {
        let mut fields = Fields::new(shell);
        let address = fields.take("address", EmailAddress::parse(&self.address));
        fields.finish(address)
    }
}

/// Name and purpose of a group, and how people come into it by themselves.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct GroupForm {
    /// Chosen when the form is shown: a second submit of it is recognised.
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) joining: String,
    /// Of the group the form was filled from.
    pub(super) version: i64,
}

impl GroupForm {
    pub(super) fn empty() -> Self {
        Self {
            id: Uuid::now_v7(),
            ..Self::default()
        }
    }

    /// What a new group needs.
    pub(super) fn check_new(&self, shell: &Shell) -> Result<(Line, Line), Errors> {
        let mut fields = Fields::new(shell);
        let name = fields.take("name", Line::required(&self.name));
        let description = fields.take("description", Line::parse(&self.description));
        fields.finish(name.zip(description))
    }

    /// What an administrator says of a group.
    pub(super) fn check(&self, shell: &Shell) -> Result<GroupEdit, Errors> {
        let mut fields = Fields::new(shell);
        let name = fields.take("name", Line::required(&self.name));
        let description = fields.take("description", Line::parse(&self.description));
        let joining = self.joining.parse().map_err(|_| Unfit::Form);
        let joining = fields.take("joining", joining);
        let edit = name.zip(description).zip(joining);
        fields.finish(edit.map(|((name, description), joining)| GroupEdit::All {
            name,
            description,
            joining,
        }))
    }

    /// What a manager says of a group.
    pub(super) fn check_description(&self, shell: &Shell) -> Result<GroupEdit, Errors> {
        let mut fields = Fields::new(shell);
        let description = fields.take("description", Line::parse(&self.description));
        fields.finish(description.map(GroupEdit::Description))
    }
}

/// The ways into a group to choose from.
pub(super) fn joining_choices(shell: &Shell) -> Vec<Choice> {
    let choice = |joining: Joining| {
        let (label, hint) = match joining {
            Joining::Closed => ("accounts-joining-closed", "accounts-joining-closed-hint"),
            Joining::Request => ("accounts-joining-request", "accounts-joining-request-hint"),
            Joining::Open => ("accounts-joining-open", "accounts-joining-open-hint"),
        };
        Choice::new(joining.as_str(), shell.t(label)).hint(shell.t(hint))
    };
    Joining::ALL.map(choice).into()
}

/// The roles to choose from.
pub(super) fn role_choices(shell: &Shell) -> Vec<Choice> {
    let choice =
        |role: Role, label, hint| Choice::new(role.as_str(), shell.t(label)).hint(shell.t(hint));
    vec![
        choice(Role::User, "accounts-role-user", "accounts-role-user-hint"),
        choice(
            Role::Guest,
            "accounts-role-guest",
            "accounts-role-guest-hint",
        ),
        choice(
            Role::Admin,
            "accounts-role-admin",
            "accounts-role-admin-hint",
        ),
    ]
}

/// Key of the name of a role.
pub(super) fn role_key(role: Role) -> &'static str {
    match role {
        Role::Guest => "accounts-role-guest",
        Role::User => "accounts-role-user",
        Role::Admin => "accounts-role-admin",
    }
}

pub(super) fn role(word: &str) -> Result<Role, Unfit> {
    word.parse().map_err(|_| Unfit::Form)
}

/// A day as browsers send it; none when nothing was typed.
pub(super) fn day(typed: &str) -> Result<Option<Date>, Unfit> {
    match typed.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Unfit::Form),
    }
}

pub(crate) fn zone(typed: &str) -> Result<String, Unfit> {
    let name = typed.trim();
    if name.is_empty() || TimeZone::get(name).is_ok() {
        Ok(name.to_owned())
    } else {
        Err(Unfit::Form)
    }
}

/// Collects what is wrong, field by field.
pub(super) struct Fields<'a> {
    shell: &'a Shell,
    errors: Errors,
}

impl<'a> Fields<'a> {
    pub(super) fn new(shell: &'a Shell) -> Self {
        Self {
            shell,
            errors: Errors::none(),
        }
    }

    pub(super) fn take<T>(&mut self, field: &'static str, value: Result<T, Unfit>) -> Option<T> {
        value
            .map_err(|unfit| {
                self.errors.add(
                    field,
                    self.shell.t(&format!("accounts-{}", unfit.message())),
                );
            })
            .ok()
    }

    /// Says the message of that key at a field.
    pub(super) fn refuse(&mut self, field: &'static str, key: &str) {
        self.errors.add(field, self.shell.t(key));
    }

    /// Says the message of that key at a field, with an argument.
    pub(super) fn refuse_with(&mut self, field: &'static str, key: &str, arg: (&str, String)) {
        self.errors.add(field, self.shell.t1(key, arg.0, arg.1));
    }

    pub(super) fn finish<T>(self, value: Option<T>) -> Result<T, Errors> {
        value.filter(|_| self.errors.is_empty()).ok_or(self.errors)
    }
}
