//! What can be done with resources, whoever asks by which request: shared by single requests and bulk.

use serde_json::Value;
use uuid::Uuid;

use super::patch::Patch;
use super::refusal::{Refusal, ScimType};
use super::{Kind, group, user};
use crate::Accounts;
use crate::domain::group::GroupId;
use crate::domain::name::EmailAddress;
use crate::domain::person::PersonId;
use crate::domain::provisioned::WantedPerson;
use crate::service::provisioning::Provisioner;
use crate::store::provisioning::only;

/// Somebody who provisions.
pub(super) struct Session {
    pub(super) accounts: Accounts,
    pub(super) by: Provisioner,
    /// Where SCIM is served, without a slash at the end.
    pub(super) base: String,
}

/// How a resource is changed.
pub(super) enum Edit {
    /// Into this.
    Put(Value),
    /// By these operations.
    Patch(Patch),
}

impl Edit {
    fn apply(self, shown: Value) -> Result<Value, Refusal> {
        match self {
            Self::Put(wanted) => Ok(wanted),
            Self::Patch(patch) => {
                let mut resource = shown;
                patch.apply(&mut resource)?;
                Ok(resource)
            }
        }
    }
}

/// Refuses what is not the version that the client read.
fn expect(expected: Option<&str>, shown: &Value) -> Result<(), Refusal> {
    let version = shown.pointer("/meta/version").and_then(Value::as_str);
    let version = version.unwrap_or_default();
    // Weak tags compare by what is in them (RFC 9110 section 8.8.3.2): SCIM knows no others.
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    match expected {
        None | Some("*") => Ok(()),
        Some(tags) if tags.split(',').any(|tag| opaque(tag) == opaque(version)) => Ok(()),
        Some(_) => Err(Refusal::stale()),
    }
}

impl Session {
    /// One resource.
    pub(super) async fn get(&self, kind: Kind, id: Uuid) -> Result<Value, Refusal> {
        let (provisioning, client) = (&self.accounts.provisioning, self.by.client);
        let (narrow, rows) = only(id);
        match kind {
            Kind::Users => {
                let people = provisioning.people(client, &narrow, rows).await?;
                let found = people.into_iter().next().ok_or_else(Refusal::not_found)?;
                let mut shown = user::shown(&found, &self.base);
                let groups = self.accounts.directory.groups(found.person.id).await?;
                user::with_groups(&mut shown, &groups, &self.base);
                Ok(shown)
            }
            Kind::Groups => {
                let groups = provisioning.groups(client, &narrow, rows, true).await?;
                let found = groups.into_iter().next().ok_or_else(Refusal::not_found)?;
                Ok(group::shown(&found, &self.base))
            }
        }
    }

    /// Makes a resource.
    pub(super) async fn create(&self, kind: Kind, body: &Value) -> Result<Value, Refusal> {
        let provisioning = &self.accounts.provisioning;
        let id = match kind {
            Kind::Users => {
                let wanted = user::read(body)?;
                let primary = mail_of(&wanted)?;
                let made = provisioning.create_person(&self.by, &wanted, &primary);
                made.await?.0
            }
            Kind::Groups => {
                let wanted = group::read(body, &[])?;
                provisioning.create_group(&self.by, &wanted).await?.0
            }
        };
        self.get(kind, id).await
    }

    /// Changes a resource, if it is the version that the client expects.
    pub(super) async fn change(
        &self,
        (kind, id): (Kind, Uuid),
        expected: Option<&str>,
        edit: Edit,
    ) -> Result<Value, Refusal> {
        let (provisioning, base) = (&self.accounts.provisioning, &self.base);
        match kind {
            Kind::Users => {
                let change = provisioning.change_person(&self.by, PersonId(id), |found| {
                    let shown = user::shown(found, base);
                    expect(expected, &shown)?;
                    user::read(&edit.apply(shown)?)
                });
                change.await?;
            }
            Kind::Groups => {
                let change = provisioning.change_group(&self.by, GroupId(id), |found| {
                    let shown = group::shown(found, base);
                    expect(expected, &shown)?;
                    let known = found.members.as_deref().unwrap_or_default();
                    group::read(&edit.apply(shown)?, known)
                });
                change.await?;
            }
        }
        self.get(kind, id).await
    }

    /// Puts a person into the trash, or removes a group, if it is the version that the client expects.
    pub(super) async fn delete(
        &self,
        (kind, id): (Kind, Uuid),
        expected: Option<&str>,
    ) -> Result<(), Refusal> {
        let (provisioning, base) = (&self.accounts.provisioning, &self.base);
        match kind {
            Kind::Users => {
                let check = |found: &_| expect(expected, &user::shown(found, base));
                let deleted = provisioning.delete_person(&self.by, PersonId(id), check);
                deleted.await
            }
            Kind::Groups => {
                let check = |found: &_| expect(expected, &group::shown(found, base));
                let deleted = provisioning.delete_group(&self.by, GroupId(id), check);
                deleted.await
            }
        }
    }
}

/// Where mail goes: the primary address, else the user name where that is one.
fn mail_of(wanted: &WantedPerson) -> Result<EmailAddress, Refusal> {
    let first = wanted.addresses.first().cloned();
    let named = || EmailAddress::parse(wanted.user_name.as_str()).ok();
    first.or_else(named).ok_or_else(|| {
        let detail = "emails is missing, and userName is no mail address";
        Refusal::new(ScimType::InvalidValue, detail)
    })
}
