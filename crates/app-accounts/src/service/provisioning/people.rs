//! People as another identity system wants them.

use jiff::Timestamp;
use platform::Role;
use platform_pg::{InTransaction, Transaction};
use serde_json::json;
use uuid::Uuid;

use super::{Provisioner, Provisioning, Unwanted, keep};
use crate::domain::address::{AddressBook, MOST_ADDRESSES};
use crate::domain::membership::Member;
use crate::domain::name::EmailAddress;
use crate::domain::person::{Person, PersonId, State};
use crate::domain::provisioned::{ProvisionedPerson, WantedPerson};
use crate::domain::user_name::UserName;
use crate::error::Error;
use crate::service::address_mails::tell_former;
use crate::service::addresses::{give, take};
use crate::service::life_cycle::put_into_trash;
use crate::service::people::{Change, manager_for, refuse, settle, store, today};
use crate::service::record::Deed;
use crate::store::address::address_book;
use crate::store::person::{person_find, person_insert, person_lock};
use crate::store::provisioning::{
    only, provisioned_people, user_name_keep, user_name_taken, usernames_taken,
};

impl Provisioning {
    /// Adds a person who has no credentials yet.
    ///
    /// # Errors
    /// Why they would not do.
    pub async fn create_person(
        &self,
        by: &Provisioner,
        wanted: &WantedPerson,
        primary: &EmailAddress,
    ) -> Result<PersonId, Unwanted> {
        let at = self.clock.now();
        let deed = || Deed::new(&by.actor, "person.provisioned", at);
        let id = PersonId(Uuid::now_v7());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        expect_free(&tx, &wanted.user_name, id).await?;
        let taken = usernames_taken(&tx, &wanted.user_name.sign_in_names()).await?;
        let username = wanted.user_name.sign_in_name(&taken, id.0);
        let username = username.map_err(|unfit| Error::Unfit("userName", unfit))?;
        let new = wanted.new_person(id.0, username, primary.clone());
        person_insert(&tx, &new, State::Invited, at)
            .await
            .map_err(|error| match error.constraint() {
                Some("people_username_unique") => Unwanted::Person(Change::UsernameTaken),
                Some("people_email_unique" | "mail_addresses_unique") => {
                    Unwanted::Person(Change::EmailTaken)
                }
                _ => error.into(),
            })?;
        // First of all, so that what other services are told has the place of the password.
        let member = Member::Person(id);
        keep(&tx, by, member, wanted.external_id.as_deref()).await?;
        let found = person_find(&tx, id).await?;
        let before = found.ok_or(Error::PersonNotFound(id))?;
        let after = wished(&tx, &before, wanted, at).await?;
        match store(&tx, deed(), &before, after).await? {
            Change::Done => {}
            // Nothing but the names and the address was said.
            Change::Unchanged => deed().done_to_person(&tx, &before).await?,
            refused => return Err(Unwanted::Person(refused)),
        }
        self.keep_around(&tx, by, (&before, wanted), &before.username)
            .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes a person into what `read` makes of them as they are.
    ///
    /// # Errors
    /// What `read` refuses, and why they would not do.
    pub async fn change_person<E: From<Unwanted>>(
        &self,
        by: &Provisioner,
        id: PersonId,
        read: impl FnOnce(&ProvisionedPerson) -> Result<WantedPerson, E>,
    ) -> Result<(), E> {
        let mut client = self.db.client().await.map_err(Unwanted::from)?;
        let tx = client.transaction().await.map_err(Unwanted::from)?;
        let before = locked(&tx, by, id).await?;
        let wanted = read(&before)?;
        Ok(self.write(tx, by, &before, &wanted).await?)
    }

    async fn write(
        &self,
        tx: Transaction<'_>,
        by: &Provisioner,
        before: &ProvisionedPerson,
        wanted: &WantedPerson,
    ) -> Result<(), Unwanted> {
        let at = self.clock.now();
        let deed = Deed::new(&by.actor, "person.provisioned", at);
        let person = &before.person;
        let after = wished(&tx, person, wanted, at).await?;
        let gives_access = person.state.access() == "disabled" && after.state != person.state;
        // Mail to an address opens its owner's account. Who provisions does not become an administrator by that.
        if person.role == Role::Admin && (gives_access || moves_mail(before, wanted)) {
            let refused = refuse(&tx, deed, person, Change::Forbidden).await?;
            settle(tx, refused).await?;
            return Err(Unwanted::Administrator);
        }
        let change = if after.state != person.state && by.actor.is(person.id) {
            refuse(&tx, deed, person, Change::Oneself).await?
        } else {
            store(&tx, deed, person, after.clone()).await?
        };
        if !matches!(change, Change::Done | Change::Unchanged) {
            return Err(Unwanted::Person(settle(tx, change).await?));
        }
        if after.email.to_lowercase() != person.email.to_lowercase() {
            tell_former(&tx, person, &by.actor, at).await?;
        }
        self.keep_around(&tx, by, (&after, wanted), &before.user_name)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Puts a person into the trash, unless `check` refuses them as they are.
    ///
    /// # Errors
    /// What `check` refuses, and what forbids it.
    pub async fn delete_person<E: From<Unwanted>>(
        &self,
        by: &Provisioner,
        id: PersonId,
        check: impl FnOnce(&ProvisionedPerson) -> Result<(), E>,
    ) -> Result<(), E> {
        let deed = Deed::new(&by.actor, "person.trashed", self.clock.now());
        let mut client = self.db.client().await.map_err(Unwanted::from)?;
        let tx = client.transaction().await.map_err(Unwanted::from)?;
        let before = locked(&tx, by, id).await?;
        check(&before)?;
        let change = put_into_trash(&tx, deed, &before.person).await;
        let change = change.map_err(Unwanted::from)?;
        match settle(tx, change).await.map_err(Unwanted::from)? {
            Change::Done | Change::Unchanged => Ok(()),
            refused => Err(Unwanted::Person(refused).into()),
        }
    }

    /// Keeps what lies in tables of its own: mail addresses, the user name that was sent, the client's id.
    async fn keep_around(
        &self,
        tx: &impl InTransaction,
        by: &Provisioner,
        (person, wanted): (&Person, &WantedPerson),
        known_as: &str,
    ) -> Result<(), Unwanted> {
        let at = self.clock.now();
        let book = address_book(tx, person.id, at).await?;
        keep_addresses(tx, by, (person, at), (&book, &wanted.addresses)).await?;
        if wanted.user_name.as_str() != known_as {
            expect_free(tx, &wanted.user_name, person.id).await?;
            user_name_keep(tx, person.id, &wanted.user_name)
                .await
                .map_err(|error| match error.constraint() {
                    Some("provisioned_names_unique") => Unwanted::UserNameTaken,
                    _ => error.into(),
                })?;
            Deed::new(&by.actor, "person.provisioned", at)
                .with_changes(json!({ "user_name": [known_as, wanted.user_name.as_str()] }))
                .noted_of_person(tx, person)
                .await?;
        }
        let member = Member::Person(person.id);
        keep(tx, by, member, wanted.external_id.as_deref()).await
    }
}

/// A person who is not in the trash, kept from being changed until the transaction ends.
async fn locked(
    tx: &impl InTransaction,
    by: &Provisioner,
    id: PersonId,
) -> Result<ProvisionedPerson, Unwanted> {
    person_lock(tx, id).await?;
    let (narrow, rows) = only(id.0);
    let found = provisioned_people(tx, by.client, &narrow, rows).await?;
    Ok(found.into_iter().next().ok_or(Error::PersonNotFound(id))?)
}

/// Refuses a user name that somebody else goes by.
async fn expect_free(
    tx: &impl InTransaction,
    name: &UserName,
    person: PersonId,
) -> Result<(), Unwanted> {
    match user_name_taken(tx, name, person).await? {
        None => Ok(()),
        Some(false) => Err(Unwanted::UserNameTaken),
        Some(true) => Err(Unwanted::UserNameInTrash),
    }
}

/// The person as wanted, if they may be like that.
async fn wished(
    tx: &impl InTransaction,
    before: &Person,
    wanted: &WantedPerson,
    at: Timestamp,
) -> Result<Person, Unwanted> {
    let mut after = before.clone();
    wanted.describe(&mut after);
    let manager = manager_for(tx, before, wanted.manager).await?;
    after.manager = manager.map_err(Unwanted::Person)?;
    let has_access = before.state.access() != "disabled";
    match wanted.active {
        Some(true) if !has_access => {
            after.unlock();
            after.ends_on = after.ends_on.filter(|day| *day >= today(at));
        }
        Some(false) if has_access => after.lock(State::Suspended, at),
        _ => {}
    }
    Ok(after)
}

/// Whether mail would go elsewhere, or be taken somewhere new.
fn moves_mail(before: &ProvisionedPerson, wanted: &WantedPerson) -> bool {
    let same = |wanted: &EmailAddress, known: &String| {
        wanted.as_str().to_lowercase() == known.to_lowercase()
    };
    let wanted = &wanted.addresses;
    let other_primary = wanted
        .first()
        .is_some_and(|first| !same(first, &before.person.email));
    let is_new = |one: &EmailAddress| !before.addresses.iter().any(|known| same(one, known));
    other_primary || wanted.iter().any(is_new)
}

/// Gives the person the addresses that are wanted, and takes away those that are not. What people confirmed themselves
/// stays theirs.
async fn keep_addresses(
    tx: &impl InTransaction,
    by: &Provisioner,
    who: (&Person, Timestamp),
    (book, wanted): (&AddressBook, &[EmailAddress]),
) -> Result<(), Unwanted> {
    if wanted.is_empty() {
        return Ok(());
    }
    let is_wanted = |address: &str| {
        wanted
            .iter()
            .any(|one| one.as_str().to_lowercase() == address.to_lowercase())
    };
    let mut kept = book.addresses.len() + book.claims.len();
    for address in &book.addresses {
        if !address.is_primary && address.verified_at.is_none() && !is_wanted(&address.address) {
            take(tx, &by.actor, who, address).await?;
            kept -= 1;
        }
    }
    for address in wanted {
        if book.own(address).is_some() {
            continue;
        }
        if kept >= MOST_ADDRESSES {
            return Err(Unwanted::TooManyAddresses);
        }
        if !give(tx, &by.actor, who, address).await? {
            return Err(Unwanted::Person(Change::EmailTaken));
        }
        kept += 1;
    }
    Ok(())
}
