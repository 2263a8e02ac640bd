//! The mail addresses of people. An address is theirs once they followed a link that was sent there; administrators
//! may give people addresses that nobody confirmed. Mail goes to the primary one, which is also what other services
//! are told.

mod edit;

use std::time::Duration;

use jiff::SignedDuration;
use platform::Clock;
use platform_pg::{Database, Failed, InTransaction, Worker};
use platform_redis::{Decision, Quota, RateLimiter, Redis};
use serde_json::json;
use ui::Language;
use uuid::Uuid;

use super::actor::Actor;
use super::address_mails::AddressMails;
use super::mailer::Sent;
use super::record::Deed;
use crate::domain::address::{AddressBook, AddressId, Claim};
use crate::domain::name::EmailAddress;
use crate::domain::person::{Person, PersonId};
use crate::domain::token::Token;
use crate::error::Error;
use crate::store::address::{
    address_book, address_put_verified, claim_delete, claim_find, claim_purge, claim_put,
    claim_take,
};
use crate::store::person::person_lock;

pub use self::edit::AddressEdit;
pub(super) use self::edit::{give, take};

/// How long a link works.
const LINK_LASTS: SignedDuration = SignedDuration::from_hours(24);
/// How often links that work no more are deleted.
const PURGED_EVERY: Duration = Duration::from_hours(1);
/// Links sent for one person.
const LINKS_OF_PERSON: Quota = Quota::per(10, Duration::from_hours(1));
/// Links sent to one address, whoever asks: nobody's mailbox is filled by this.
const LINKS_TO_ADDRESS: Quota = Quota::per(5, Duration::from_hours(24));

/// What came of asking for a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is on its way.
    Sent,
    /// It could not be sent now; it can be asked for again.
    Unsent(Sent),
    /// They confirmed this address before.
    Confirmed,
    /// They have as many as they may.
    TooMany,
    /// Too many links; come back after this long.
    Limited(Duration),
}

/// What came of following a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// The address is theirs.
    Done(String),
    /// Somebody else was faster.
    Taken(String),
    /// The link is used up, too old, or another person's.
    Dead,
}

/// What came of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressChange {
    /// It is so now.
    Done,
    /// It was so before.
    Unchanged,
    /// It is none of theirs.
    Gone,
    /// Nobody followed a link that was sent there.
    Unconfirmed,
    /// Mail goes there: another has to be the primary one first.
    IsPrimary,
    /// Somebody has it.
    Taken,
    /// They have as many as they may.
    TooMany,
    /// Only they themselves or an administrator may; of their own addresses, administrators too prove that they are
    /// theirs.
    Forbidden,
    /// The person is in the trash; only restoring changes them.
    InTrash,
    /// Somebody changed the addresses since they were read.
    Stale,
}

/// Keeps mail addresses.
#[derive(Clone, Debug)]
pub struct Addresses {
    db: Database,
    clock: Clock,
    mails: AddressMails,
    links_of_person: RateLimiter,
    links_to_address: RateLimiter,
}

impl Addresses {
    /// Over the tables of this app, with budgets shared by all instances.
    pub fn new(db: Database, clock: Clock, redis: &Redis, mails: AddressMails) -> Self {
        Self {
            db,
            clock,
            mails,
            links_of_person: RateLimiter::new(redis, "address-links", LINKS_OF_PERSON),
            links_to_address: RateLimiter::new(redis, "links-to-address", LINKS_TO_ADDRESS),
        }
    }

    /// Adds what happens by itself.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let addresses = self.clone();
        worker.every("accounts.purge_claims", PURGED_EVERY, move |_| {
            let addresses = addresses.clone();
            async move {
                let client = addresses.db.client().await?;
                claim_purge(&client, addresses.clock.now()).await?;
                Ok::<_, Failed>(())
            }
        })
    }

    /// The addresses of a person, and those they claim.
    pub async fn book(&self, person: PersonId) -> Result<AddressBook, Error> {
        let client = self.db.client().await?;
        Ok(address_book(&client, person, self.clock.now()).await?)
    }

    /// Sends somebody a link by which they prove that an address is theirs. Says nothing about whether another
    /// person has it: whoever reads mail there learns of it by the link.
    pub async fn ask(
        &self,
        actor: &Actor,
        id: PersonId,
        address: &EmailAddress,
        language: Language,
    ) -> Result<Asked, Error> {
        if let Some(wait) = self.spend(id, address).await {
            return Ok(Asked::Limited(wait));
        }
        let deed = Deed::new(actor, "person.address_claimed", self.clock.now());
        let token = Token::random()?;
        let claim = Claim {
            id: AddressId(Uuid::now_v7()),
            address: address.to_string(),
            expires_at: deed.at + LINK_LASTS,
        };
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let (person, book) = self.lock(&tx, id).await?;
        if book
            .own(address)
            .is_some_and(|own| own.verified_at.is_some())
        {
            return Ok(Asked::Confirmed);
        }
        if book.is_full_for(address) {
            return Ok(Asked::TooMany);
        }
        claim_put(&tx, id, &claim, &token, deed.at).await?;
        deed.with_changes(json!({ "address": ["", claim.address] }))
            .noted_of_person(&tx, &person)
            .await?;
        tx.commit().await?;
        drop(client);
        Ok(
            match self
                .mails
                .send_link(&person, &claim, &token, language)
                .await?
            {
                Sent::Yes => Asked::Sent,
                not => Asked::Unsent(not),
            },
        )
    }

    /// Counts a link; how long to wait when there were too many.
    async fn spend(&self, id: PersonId, address: &EmailAddress) -> Option<Duration> {
        let wait = |decision| match decision {
            Decision::Allowed { .. } => None,
            Decision::Limited { retry_after } => Some(retry_after),
        };
        if let Some(long) = wait(self.links_of_person.check(&id.to_string()).await) {
            return Some(long);
        }
        let key = address.as_str().to_lowercase();
        wait(self.links_to_address.check(&key).await)
    }

    /// What a link is for, if it works and is this person's. Uses nothing up: mail scanners follow links, too.
    pub async fn look(&self, id: PersonId, token: &str) -> Result<Option<Claim>, Error> {
        let Some(token) = Token::parse(token) else {
            return Ok(None);
        };
        let client = self.db.client().await?;
        Ok(claim_find(&client, id, &token, self.clock.now()).await?)
    }

    /// The address of a link is theirs from now on, and the link works no more.
    pub async fn confirm(
        &self,
        actor: &Actor,
        id: PersonId,
        token: &str,
    ) -> Result<Confirmed, Error> {
        let Some(token) = Token::parse(token) else {
            return Ok(Confirmed::Dead);
        };
        let deed = Deed::new(actor, "person.address_confirmed", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let (person, _) = self.lock(&tx, id).await?;
        let Some(claim) = claim_take(&tx, id, &token, deed.at).await? else {
            return Ok(Confirmed::Dead);
        };
        let deed = deed.with_changes(json!({ "address": claim.address }));
        let outcome = if address_put_verified(&tx, id, &claim.address, deed.at).await? {
            deed.noted_of_person(&tx, &person).await?;
            Confirmed::Done(claim.address)
        } else {
            deed.refused_to_person(&tx, &person).await?;
            Confirmed::Taken(claim.address)
        };
        tx.commit().await?;
        Ok(outcome)
    }

    /// Somebody says no more that an address is theirs.
    pub async fn withdraw(
        &self,
        actor: &Actor,
        id: PersonId,
        claim: AddressId,
    ) -> Result<AddressChange, Error> {
        let deed = Deed::new(actor, "person.address_claim_withdrawn", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let (person, _) = self.lock(&tx, id).await?;
        let Some(claim) = claim_delete(&tx, id, claim).await? else {
            return Ok(AddressChange::Gone);
        };
        deed.with_changes(json!({ "address": [claim.address, ""] }))
            .noted_of_person(&tx, &person)
            .await?;
        tx.commit().await?;
        Ok(AddressChange::Done)
    }

    /// The person and their addresses, kept from being changed until the transaction ends.
    async fn lock(
        &self,
        tx: &impl InTransaction,
        id: PersonId,
    ) -> Result<(Person, AddressBook), Error> {
        let person = person_lock(tx, id)
            .await?
            .ok_or(Error::PersonNotFound(id))?;
        let book = address_book(tx, id, self.clock.now()).await?;
        Ok((person, book))
    }
}
