//! Webhooks: keeping them and their secrets, trying them. Sending is [`deliveries`]'s.

pub mod deliveries;
mod keys;
pub mod notices;
pub mod post;
pub mod terms;

use jiff::Timestamp;
use platform::{Clock, Sealer};
use platform_pg::{Database, InTransaction};
use serde_json::{Value, json};
use uuid::Uuid;

use self::deliveries::{plan, tell_one};
use self::keys::Keys;
use self::terms::WebhookTerms;
use super::actor::Actor;
use super::record::Deed;
use crate::domain::reachable::Reach;
use crate::domain::webhook::{
    Delivery, DeliveryState, Event, EventKind, FORMER_SECRET_LASTS, MOST_WEBHOOKS, Off, Secret,
    Webhook, WebhookId, Wish,
};
use crate::error::Error;
use crate::store::webhook::{
    delivery_list, delivery_lock, webhook_delete, webhook_find, webhook_insert, webhook_list,
    webhook_lock, webhook_roll_secret, webhook_set_off, webhook_update,
};

/// Deliveries that are shown.
const MOST_SHOWN: i64 = 100;

/// What came of declaring a webhook.
#[derive(Debug)]
pub enum Declared {
    /// It is there; its secret is shown now and never again.
    Done(Secret),
    /// It was there already.
    Known,
    /// Another has this name.
    NameTaken,
    /// There are too many.
    TooMany,
}

/// What came of changing one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is changed.
    Done,
    /// Another has this name.
    NameTaken,
    /// Somebody changed it since the form was opened.
    Stale,
}

/// Keeps webhooks.
#[derive(Clone, Debug)]
pub struct Webhooks {
    db: Database,
    clock: Clock,
    keys: Keys,
    terms: WebhookTerms,
}

impl Webhooks {
    /// Over the tables of this app. Without a sealer no secret can be kept.
    pub fn new(db: Database, clock: Clock, sealer: Option<Sealer>, terms: WebhookTerms) -> Self {
        Self {
            db,
            clock,
            keys: Keys::new(sealer),
            terms,
        }
    }

    /// Where webhooks may reach at this moment.
    pub fn reach(&self) -> Reach {
        self.terms.reach()
    }

    /// All of them, by name.
    pub async fn list(&self) -> Result<Vec<Webhook>, Error> {
        let client = self.db.client().await?;
        Ok(webhook_list(&client).await?)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`Error::WebhookNotFound`] when there is none of this id.
    pub async fn find(&self, id: WebhookId) -> Result<Webhook, Error> {
        let client = self.db.client().await?;
        let found = webhook_find(&client, id).await?;
        found.ok_or(Error::WebhookNotFound)
    }

    /// The newest deliveries to one; at most 100.
    pub async fn deliveries(&self, id: WebhookId) -> Result<Vec<Delivery>, Error> {
        let client = self.db.client().await?;
        Ok(delivery_list(&client, id, MOST_SHOWN).await?)
    }

    /// Declares a webhook.
    pub async fn add(&self, actor: &Actor, id: WebhookId, wish: &Wish) -> Result<Declared, Error> {
        let deed = Deed::new(actor, "webhook.added", self.clock.now());
        let secret = Secret::random()?;
        let sealed = self.keys.seal(id, &secret)?;
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let others = webhook_list(&tx).await?;
        if others.iter().any(|other| other.id == id) {
            return Ok(Declared::Known);
        }
        if others.len() >= MOST_WEBHOOKS {
            return Ok(Declared::TooMany);
        }
        match webhook_insert(&tx, (id, wish), &sealed, deed.at).await {
            Ok(true) => {}
            Ok(false) => return Ok(Declared::Known),
            Err(error) if is_name_taken(&error) => return Ok(Declared::NameTaken),
            Err(error) => return Err(error.into()),
        }
        let deed = deed.with_changes(described(wish));
        deed.done_to("webhook", &tx, id.0, wish.name.as_str())
            .await?;
        tx.commit().await?;
        Ok(Declared::Done(secret))
    }

    /// Changes a webhook, unless somebody did since `version`.
    pub async fn change(
        &self,
        actor: &Actor,
        (id, version): (WebhookId, i64),
        wish: &Wish,
    ) -> Result<Changed, Error> {
        let deed = Deed::new(actor, "webhook.changed", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        held(&tx, id).await?;
        match webhook_update(&tx, (id, version), wish, deed.at).await {
            Ok(true) => {}
            Ok(false) => return Ok(Changed::Stale),
            Err(error) if is_name_taken(&error) => return Ok(Changed::NameTaken),
            Err(error) => return Err(error.into()),
        }
        let deed = deed.with_changes(described(wish));
        deed.done_to("webhook", &tx, id.0, wish.name.as_str())
            .await?;
        tx.commit().await?;
        Ok(Changed::Done)
    }

    /// Gives a webhook another secret. The one before goes on signing for a day, so that nothing is lost meanwhile.
    pub async fn roll_secret(&self, actor: &Actor, id: WebhookId) -> Result<Secret, Error> {
        let deed = Deed::new(actor, "webhook.secret_rolled", self.clock.now());
        let secret = Secret::random()?;
        let sealed = self.keys.seal(id, &secret)?;
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let webhook = held(&tx, id).await?;
        webhook_roll_secret(&tx, id, &sealed, deed.at + FORMER_SECRET_LASTS).await?;
        deed.done_to("webhook", &tx, id.0, &webhook.name).await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Switches a webhook on or off.
    pub async fn switch(&self, actor: &Actor, id: WebhookId, on: bool) -> Result<(), Error> {
        let off = (!on).then_some(Off::ByHand);
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let webhook = held(&tx, id).await?;
        let at = self.clock.now();
        // Whoever was switched off already stays so for the reason they were.
        if on || webhook.off.is_none() {
            switch(&tx, actor, (&webhook, off), at).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Deletes a webhook. What was not sent yet is not sent any more.
    pub async fn delete(&self, actor: &Actor, id: WebhookId) -> Result<(), Error> {
        let deed = Deed::new(actor, "webhook.deleted", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let webhook = held(&tx, id).await?;
        webhook_delete(&tx, id).await?;
        deed.done_to("webhook", &tx, id.0, &webhook.name).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Sends an event that says nothing but that somebody tries; once, even to who is switched off.
    pub async fn test(&self, actor: &Actor, id: WebhookId) -> Result<(), Error> {
        let deed = Deed::new(actor, "webhook.tested", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let webhook = held(&tx, id).await?;
        tell_one(&tx, id, &Event::test(id, deed.at), deed.at).await?;
        deed.done_to("webhook", &tx, id.0, &webhook.name).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Sends a delivery once more, at once and with all its attempts. `false`: there is none of this id, or its webhook
    /// is switched off.
    pub async fn again(&self, actor: &Actor, id: WebhookId, delivery: Uuid) -> Result<bool, Error> {
        let deed = Deed::new(actor, "webhook.sent_again", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let webhook = held(&tx, id).await?;
        let found = delivery_lock(&tx, delivery).await?;
        let Some(found) = found.filter(|found| found.webhook == id && webhook.off.is_none()) else {
            return Ok(false);
        };
        let again = Delivery {
            state: DeliveryState::Waiting,
            turn: found.turn + 1,
            attempts: 0,
            ..found
        };
        plan(&tx, again, deed.at).await?;
        let deed = deed.with_changes(json!({ "delivery": delivery }));
        deed.done_to("webhook", &tx, id.0, &webhook.name).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// One webhook, kept from being changed by others.
async fn held(tx: &impl InTransaction, id: WebhookId) -> Result<Webhook, Error> {
    webhook_lock(tx, id).await?.ok_or(Error::WebhookNotFound)
}

/// Switches a webhook on or off and writes it down. `false`: it was so before.
async fn switch(
    tx: &impl InTransaction,
    actor: &Actor,
    (webhook, off): (&Webhook, Option<Off>),
    at: Timestamp,
) -> Result<bool, Error> {
    if !webhook_set_off(tx, webhook.id, off).await? {
        return Ok(false);
    }
    let action = match off {
        Some(_) => "webhook.switched_off",
        None => "webhook.switched_on",
    };
    let reason = off.map(|off| json!({ "reason": off.as_str() }));
    let deed = Deed::new(actor, action, at).with_changes(reason.unwrap_or_else(|| json!({})));
    deed.done_to("webhook", tx, webhook.id.0, &webhook.name)
        .await?;
    Ok(true)
}

/// What the audit trail says of a webhook. Paths may hold secrets: only the host is named.
fn described(wish: &Wish) -> Value {
    let events: Vec<_> = wish.events.iter().copied().map(EventKind::as_str).collect();
    json!({ "host": wish.url.host_str(), "events": events.join(", ") })
}

fn is_name_taken(error: &platform_pg::Error) -> bool {
    error.constraint() == Some("webhooks_name_unique")
}
