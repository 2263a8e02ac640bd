//! Letting an account go on by the link of a reminder: once, by whoever the link was sent to, while the rules let them.

use jiff::civil::Date;
use platform::Clock;
use platform_pg::{Database, GenericClient};

use super::actor::Actor;
use super::expiry_reminders::extender;
use super::expiry_terms::ExpiryTerms;
use super::people::{Change, settle, store, today};
use super::record::Deed;
use crate::domain::expiry::Reminder;
use crate::domain::person::{Person, State};
use crate::domain::token::Token;
use crate::error::Error;
use crate::store::expiry::{expiry_of_kind, reminder_by_link, reminder_lock_by_link, reminder_use};
use crate::store::person::{person_find, person_lock};

/// What a link would do.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Whose account it is.
    pub person: Person,
    /// When it ends.
    pub ends_on: Date,
    /// When it would.
    pub until: Date,
}

/// Lets accounts go on.
#[derive(Clone, Debug)]
pub struct Extensions {
    db: Database,
    clock: Clock,
    terms: ExpiryTerms,
}

impl Extensions {
    /// Over the tables of this app and the settings.
    pub fn new(db: Database, clock: Clock, terms: ExpiryTerms) -> Self {
        Self { db, clock, terms }
    }

    /// What a link does in the hands of whoever follows it; none when it does nothing. Uses nothing up.
    pub async fn look(&self, actor: &Actor, token: &str) -> Result<Option<Offer>, Error> {
        let Some(token) = Token::parse(token) else {
            return Ok(None);
        };
        let client = self.db.client().await?;
        let Some(reminder) = reminder_by_link(&client, &token).await? else {
            return Ok(None);
        };
        let person = person_find(&client, reminder.person).await?;
        let Some((person, until)) = self.offered(&client, actor, &reminder, person).await? else {
            return Ok(None);
        };
        Ok(Some(Offer {
            person,
            ends_on: reminder.ends_on,
            until,
        }))
    }

    /// Lets the account go on; the link works no more.
    pub async fn extend(&self, actor: &Actor, token: &str) -> Result<Option<Offer>, Error> {
        let Some(token) = Token::parse(token) else {
            return Ok(None);
        };
        let deed = Deed::new(actor, "person.extended", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let Some(reminder) = reminder_lock_by_link(&tx, &token).await? else {
            return Ok(None);
        };
        let person = person_lock(&tx, reminder.person).await?;
        let Some((person, until)) = self.offered(&tx, actor, &reminder, person).await? else {
            return Ok(None);
        };
        reminder_use(&tx, reminder.id, deed.at).await?;
        let mut after = person.clone();
        after.ends_on = Some(until);
        let change = store(&tx, deed, &person, after).await?;
        let changed = settle(tx, change).await?;
        Ok((changed == Change::Done).then_some(Offer {
            person,
            ends_on: reminder.ends_on,
            until,
        }))
    }

    /// Whether it is still so as when the reminder was sent, and whoever follows the link is whom it was sent to.
    async fn offered(
        &self,
        client: &impl GenericClient,
        actor: &Actor,
        reminder: &Reminder,
        person: Option<Person>,
    ) -> Result<Option<(Person, Date)>, Error> {
        let (terms, today) = (self.terms.get(), today(self.clock.now()));
        let Some(person) = person.filter(|person| person.state == State::Active) else {
            return Ok(None);
        };
        let ends_on = match person.ends_on {
            Some(day) => Some(day),
            None => expiry_of_kind(client, person.id).await?,
        };
        let may = extender(client, terms.extension, &person).await?;
        let is_sent_to = may.is_some_and(|may| actor.is(may)) && reminder.extender == may;
        let stands = !reminder.is_used && ends_on == Some(reminder.ends_on) && is_sent_to;
        let until = terms.extended(person.role, today, reminder.ends_on);
        Ok(until
            .filter(|_| stands && reminder.ends_on >= today)
            .map(|until| (person, until)))
    }
}
