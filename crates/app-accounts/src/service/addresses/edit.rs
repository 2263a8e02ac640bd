//! What happens to the addresses that somebody has, in one transaction each.

use jiff::Timestamp;
use platform_pg::InTransaction;
use serde_json::json;

use super::{AddressChange, Addresses};
use crate::domain::address::{Address, AddressBook, AddressId};
use crate::domain::name::EmailAddress;
use crate::domain::person::{Person, PersonId, State};
use crate::error::Error;
use crate::service::actor::Actor;
use crate::service::address_mails::tell_former;
use crate::service::people::{Change, store};
use crate::service::record::Deed;
use crate::store::address::{address_delete, address_insert};

/// What is to become of somebody's addresses.
#[derive(Clone, Copy, Debug)]
pub enum AddressEdit<'a> {
    /// An administrator gives them one that nobody confirmed, and perhaps sends mail there from now on.
    Add(&'a EmailAddress, bool),
    /// Mail goes there from now on, and the former one is told.
    MakePrimary(AddressId),
    /// It is theirs no more.
    Remove(AddressId),
}

impl Addresses {
    /// Changes the addresses of a person, unless somebody did since `version` of their [`AddressBook`].
    pub async fn change(
        &self,
        actor: &Actor,
        id: PersonId,
        version: Option<i64>,
        edit: AddressEdit<'_>,
    ) -> Result<AddressChange, Error> {
        let at = self.clock.now();
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let (person, book) = self.lock(&tx, id).await?;
        if version.is_some_and(|version| version != book.version()) {
            return Ok(AddressChange::Stale);
        }
        let (by, whose) = ((actor, at), (&person, &book));
        let change = match edit {
            AddressEdit::Add(address, is_primary) => {
                add(&tx, by, whose, (address, is_primary)).await?
            }
            AddressEdit::MakePrimary(address) => make_primary(&tx, by, whose, address).await?,
            AddressEdit::Remove(address) => remove(&tx, by, whose, address).await?,
        };
        if change.is_written_down() {
            tx.commit().await?;
        }
        Ok(change)
    }

    /// Sends mail to another address from now on, and tells the former one.
    pub async fn make_primary(
        &self,
        actor: &Actor,
        id: PersonId,
        address: AddressId,
    ) -> Result<AddressChange, Error> {
        let edit = AddressEdit::MakePrimary(address);
        self.change(actor, id, None, edit).await
    }

    /// An administrator gives somebody an address, which nobody confirmed, and perhaps sends mail there from now on.
    pub async fn add(
        &self,
        actor: &Actor,
        id: PersonId,
        address: &EmailAddress,
        is_primary: bool,
    ) -> Result<AddressChange, Error> {
        let edit = AddressEdit::Add(address, is_primary);
        self.change(actor, id, None, edit).await
    }

    /// Takes an address away from somebody.
    pub async fn remove(
        &self,
        actor: &Actor,
        id: PersonId,
        address: AddressId,
    ) -> Result<AddressChange, Error> {
        let edit = AddressEdit::Remove(address);
        self.change(actor, id, None, edit).await
    }
}

impl AddressChange {
    /// Whether something was written that is to stay: the change, or that it was refused.
    fn is_written_down(self) -> bool {
        match self {
            Self::Done | Self::Unconfirmed | Self::IsPrimary | Self::Forbidden | Self::InTrash => {
                true
            }
            Self::Unchanged | Self::Gone | Self::Taken | Self::TooMany | Self::Stale => false,
        }
    }
}

async fn add(
    tx: &impl InTransaction,
    (actor, at): (&Actor, Timestamp),
    (person, book): (&Person, &AddressBook),
    (address, is_primary): (&EmailAddress, bool),
) -> Result<AddressChange, Error> {
    let refusal = match person.state {
        _ if !actor.administers || actor.is(person.id) => Some(AddressChange::Forbidden),
        State::Deleted => Some(AddressChange::InTrash),
        _ => None,
    };
    if let Some(why) = refusal {
        let deed = Deed::new(actor, "person.address_added", at);
        return refuse(tx, deed, person, why).await;
    }
    if book.is_full_for(address) {
        return Ok(AddressChange::TooMany);
    }
    let mut change = AddressChange::Unchanged;
    if book.own(address).is_none() {
        if !give(tx, actor, (person, at), address).await? {
            return Ok(AddressChange::Taken);
        }
        change = AddressChange::Done;
    }
    if is_primary {
        let switched = switch(tx, (actor, at), person, address.as_str()).await?;
        // The same address in another case changes nothing, but it may have been given.
        if switched != AddressChange::Unchanged {
            change = switched;
        }
    }
    Ok(change)
}

async fn make_primary(
    tx: &impl InTransaction,
    (actor, at): (&Actor, Timestamp),
    (person, book): (&Person, &AddressBook),
    address: AddressId,
) -> Result<AddressChange, Error> {
    let Some(address) = book.find(address) else {
        return Ok(AddressChange::Gone);
    };
    let may_skip = actor.administers && !actor.is(person.id);
    let refusal = match person.state {
        _ if !actor.is(person.id) && !actor.administers => Some(AddressChange::Forbidden),
        State::Deleted => Some(AddressChange::InTrash),
        _ if address.verified_at.is_none() && !may_skip => Some(AddressChange::Unconfirmed),
        _ => None,
    };
    if let Some(why) = refusal {
        let deed = Deed::new(actor, "person.primary_address_changed", at);
        return refuse(tx, deed, person, why).await;
    }
    switch(tx, (actor, at), person, &address.address).await
}

async fn remove(
    tx: &impl InTransaction,
    (actor, at): (&Actor, Timestamp),
    (person, book): (&Person, &AddressBook),
    address: AddressId,
) -> Result<AddressChange, Error> {
    let Some(address) = book.find(address) else {
        return Ok(AddressChange::Gone);
    };
    let refusal = match person.state {
        _ if !actor.is(person.id) && !actor.administers => Some(AddressChange::Forbidden),
        State::Deleted => Some(AddressChange::InTrash),
        _ if address.is_primary => Some(AddressChange::IsPrimary),
        _ => None,
    };
    if let Some(why) = refusal {
        let deed = Deed::new(actor, "person.address_removed", at);
        return refuse(tx, deed, person, why).await;
    }
    take(tx, actor, (person, at), address).await?;
    Ok(AddressChange::Done)
}

/// Gives a person an address that nobody confirmed, and writes it down. `false`: somebody has it.
pub(in crate::service) async fn give(
    tx: &impl InTransaction,
    actor: &Actor,
    (person, at): (&Person, Timestamp),
    address: &EmailAddress,
) -> Result<bool, Error> {
    if !address_insert(tx, person.id, address, at).await? {
        return Ok(false);
    }
    Deed::new(actor, "person.address_added", at)
        .with_changes(json!({ "address": ["", address.as_str()] }))
        .noted_of_person(tx, person)
        .await?;
    Ok(true)
}

/// Takes an address away from a person, and writes it down.
pub(in crate::service) async fn take(
    tx: &impl InTransaction,
    actor: &Actor,
    (person, at): (&Person, Timestamp),
    address: &Address,
) -> Result<(), Error> {
    address_delete(tx, address.id).await?;
    Deed::new(actor, "person.address_removed", at)
        .with_changes(json!({ "address": [address.address, ""] }))
        .noted_of_person(tx, person)
        .await
}

/// Makes an address of theirs the one that mail goes to.
async fn switch(
    tx: &impl InTransaction,
    (actor, at): (&Actor, Timestamp),
    before: &Person,
    address: &str,
) -> Result<AddressChange, Error> {
    let deed = Deed::new(actor, "person.primary_address_changed", at);
    let mut after = before.clone();
    address.clone_into(&mut after.email);
    match store(tx, deed, before, after).await? {
        Change::Done => {
            tell_former(tx, before, actor, at).await?;
            Ok(AddressChange::Done)
        }
        Change::EmailTaken => Ok(AddressChange::Taken),
        _ => Ok(AddressChange::Unchanged),
    }
}

/// Refuses, and says so in the audit trail.
async fn refuse(
    tx: &impl InTransaction,
    deed: Deed<'_>,
    person: &Person,
    why: AddressChange,
) -> Result<AddressChange, Error> {
    deed.with_changes(json!({ "reason": format!("{why:?}") }))
        .refused_to_person(tx, person)
        .await?;
    Ok(why)
}
