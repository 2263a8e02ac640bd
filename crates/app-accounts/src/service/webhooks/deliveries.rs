//! Sending what webhooks are told: written down in the transaction in which it happened, sent by a job after it, at
//! least once and always under the same id, and tried again for about three days.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use platform::{Clock, Sealer};
use platform_pg::jobs::{enqueue, enqueue_all};
use platform_pg::{Database, Enqueue, Failed, InTransaction, Job, Worker};
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use super::keys::Keys;
use super::notices::{TELL_OFF, TurnedOff};
use super::post::{Fault, Post};
use super::switch;
use super::terms::WebhookTerms;
use crate::domain::webhook::{
    Delivery, DeliveryState, Event, EventKind, OFF_AFTER, Off, Webhook, WebhookId, pause,
};
use crate::error::Error;
use crate::service::actor::Actor;
use crate::store::webhook::{
    deliveries_insert, delivery_find, delivery_lock, delivery_note, delivery_purge, webhook_find,
    webhook_heard, webhook_list, webhook_lock, webhook_secrets,
};

/// Kind of the job that sends one delivery.
const DELIVER: &str = "accounts.deliver_webhook";
/// How often old deliveries are forgotten.
const FORGET_EVERY: Duration = Duration::from_hours(6);
/// How long deliveries can be looked at.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Deliveries written with one statement.
const AT_ONCE: usize = 1_000;
/// What a webhook answers that is not there any more.
const GONE: u16 = 410;

/// An attempt that is planned. It counts while the delivery is at that turn.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Due {
    delivery: Uuid,
    turn: i32,
}

impl Due {
    fn is_of(self, delivery: &Delivery) -> bool {
        delivery.turn == self.turn && delivery.state == DeliveryState::Waiting
    }

    fn key(&self) -> String {
        format!("{}-{}", self.delivery, self.turn)
    }
}

/// What came of an attempt.
#[derive(Clone, Copy)]
enum Attempt {
    Answered(u16),
    Unanswered(Fault),
    /// The webhook is switched off.
    Dropped,
}

impl Attempt {
    fn arrived(self) -> bool {
        matches!(self, Self::Answered(200..300))
    }
}

/// Sends deliveries.
#[derive(Clone, Debug)]
pub struct Deliveries {
    db: Database,
    clock: Clock,
    keys: Keys,
    terms: WebhookTerms,
    post: Post,
}

impl Deliveries {
    /// Over the tables of this app and the network.
    pub fn new(
        (db, clock): (Database, Clock),
        sealer: Option<Sealer>,
        terms: WebhookTerms,
        post: Post,
    ) -> Self {
        Self {
            db,
            clock,
            keys: Keys::new(sealer),
            terms,
            post,
        }
    }

    /// Adds the handler of the jobs, and the schedule that forgets.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let (sending, forgetting) = (self.clone(), self.clone());
        worker
            .on(DELIVER, move |job| {
                let deliveries = sending.clone();
                async move { deliveries.deliver(&job).await }
            })
            .every("accounts.forget_deliveries", FORGET_EVERY, move |_| {
                let deliveries = forgetting.clone();
                async move {
                    let client = deliveries.db.client().await?;
                    let since = deliveries.clock.now() - KEPT;
                    Ok::<_, Failed>(delivery_purge(&client, since).await?)
                }
            })
    }

    async fn deliver(&self, job: &Job) -> Result<(), Failed> {
        let due: Due = job.payload()?;
        let client = self.db.client().await?;
        let delivery = delivery_find(&client, due.delivery).await?;
        let Some(delivery) = delivery.filter(|delivery| due.is_of(delivery)) else {
            return Ok(());
        };
        let Some(webhook) = webhook_find(&client, delivery.webhook).await? else {
            return Ok(());
        };
        let now = self.clock.now();
        let sealed = webhook_secrets(&client, webhook.id, now).await?;
        drop(client);
        let attempt = if webhook.off.is_some() && !is_test(&delivery) {
            Attempt::Dropped
        } else {
            match self.send(&webhook, &delivery, &sealed).await {
                Ok(status) => Attempt::Answered(status),
                Err(fault) => Attempt::Unanswered(fault),
            }
        };
        Ok(self.note(job, (due, webhook.id), attempt).await?)
    }

    async fn send(
        &self,
        webhook: &Webhook,
        delivery: &Delivery,
        sealed: &[Vec<u8>],
    ) -> Result<u16, Fault> {
        let url = Url::parse(&webhook.url).map_err(|_| Fault::Address)?;
        let (id, now) = (format!("msg_{}", delivery.id.simple()), self.clock.now());
        let sign = |envelope: &Vec<u8>| {
            let secret = self.keys.open(webhook.id, envelope).ok()?;
            Some(secret.sign(&id, now, &delivery.body))
        };
        // The present secret has to sign; one before it does where it can.
        let present = sealed.first().and_then(sign).ok_or(Fault::Sealed)?;
        let former = sealed.iter().skip(1).filter_map(sign);
        let signatures: Vec<String> = std::iter::once(present).chain(former).collect();
        let headers = [
            ("webhook-id", id),
            ("webhook-timestamp", now.as_second().to_string()),
            ("webhook-signature", signatures.join(" ")),
        ];
        let (reach, body) = (self.terms.reach(), delivery.body.clone());
        self.post.send(&url, reach, &headers, body).await
    }

    /// Writes down what came of an attempt, plans the next one, and switches off who has not answered for days.
    async fn note(
        &self,
        job: &Job,
        (due, webhook): (Due, WebhookId),
        attempt: Attempt,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        // The webhook before its deliveries, as where it is deleted.
        let webhook = webhook_lock(&tx, webhook).await?;
        let delivery = delivery_lock(&tx, due.delivery).await?;
        let delivery = delivery.filter(|delivery| due.is_of(delivery));
        job.finish(&tx).await?;
        if let (Some(webhook), Some(delivery)) = (webhook, delivery) {
            let is_test = is_test(&delivery);
            self.settle(&tx, delivery, attempt, now).await?;
            if !is_test && !matches!(attempt, Attempt::Dropped) {
                webhook_heard(&tx, webhook.id, (now, attempt.arrived())).await?;
                give_up(&tx, &webhook, attempt, now).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    async fn settle(
        &self,
        tx: &impl InTransaction,
        delivery: Delivery,
        attempt: Attempt,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut noted = Delivery {
            status: None,
            fault: String::new(),
            next_at: None,
            ..delivery
        };
        match attempt {
            Attempt::Dropped => {
                noted.state = DeliveryState::Dropped;
                return Ok(delivery_note(tx, &noted).await?);
            }
            Attempt::Answered(status) => noted.status = i16::try_from(status).ok(),
            Attempt::Unanswered(fault) => fault.as_str().clone_into(&mut noted.fault),
        }
        noted.attempts += 1;
        noted.attempted_at = Some(now);
        let pause = pause(noted.attempts).filter(|_| !is_test(&noted));
        match pause {
            _ if attempt.arrived() => noted.state = DeliveryState::Delivered,
            Some(pause) => {
                noted.turn += 1;
                return plan(tx, noted, now + pause).await;
            }
            None => noted.state = DeliveryState::Failed,
        }
        Ok(delivery_note(tx, &noted).await?)
    }
}

/// Tells whoever follows events of these kinds.
pub(in crate::service) async fn tell(
    tx: &impl InTransaction,
    events: &[Event],
    at: Timestamp,
) -> Result<(), Error> {
    if events.is_empty() {
        return Ok(());
    }
    let webhooks = webhook_list(tx).await?;
    let listening = webhooks.iter().filter(|webhook| webhook.off.is_none());
    let mut new = Vec::new();
    for webhook in listening {
        let heard = events.iter().filter(|event| webhook.hears(event.kind));
        new.extend(heard.map(|event| (Uuid::now_v7(), webhook.id, event)));
    }
    for some in new.chunks(AT_ONCE) {
        deliveries_insert(tx, some, at).await?;
        let due = |(id, _, _): &(Uuid, WebhookId, &Event)| Due {
            delivery: *id,
            turn: 1,
        };
        let due: Vec<Due> = some.iter().map(due).collect();
        enqueue_all(tx, DELIVER, &due, Due::key).await?;
    }
    Ok(())
}

/// Tells one webhook, whatever it follows.
pub(super) async fn tell_one(
    tx: &impl InTransaction,
    webhook: WebhookId,
    event: &Event,
    at: Timestamp,
) -> Result<(), Error> {
    let due = Due {
        delivery: Uuid::now_v7(),
        turn: 1,
    };
    deliveries_insert(tx, &[(due.delivery, webhook, event)], at).await?;
    enqueue(tx, DELIVER, &due, Enqueue::once(due.key())).await?;
    Ok(())
}

/// Plans the attempt that a delivery is at; any that was planned before does not count any more.
pub(super) async fn plan(
    tx: &impl InTransaction,
    delivery: Delivery,
    at: Timestamp,
) -> Result<(), Error> {
    let due = Due {
        delivery: delivery.id,
        turn: delivery.turn,
    };
    let planned = Delivery {
        next_at: Some(at),
        ..delivery
    };
    delivery_note(tx, &planned).await?;
    let how = Enqueue {
        run_at: Some(at),
        ..Enqueue::once(due.key())
    };
    enqueue(tx, DELIVER, &due, how).await?;
    Ok(())
}

/// Switches a webhook off that is gone, or where nothing has arrived for days, and tells administrators.
async fn give_up(
    tx: &impl InTransaction,
    webhook: &Webhook,
    attempt: Attempt,
    now: Timestamp,
) -> Result<(), Error> {
    let fails_for_days = webhook
        .failing_since
        .is_some_and(|since| since <= now - OFF_AFTER);
    let off = match attempt {
        Attempt::Answered(GONE) => Off::Gone,
        _ if attempt.arrived() || !fails_for_days => return Ok(()),
        _ => Off::Failing,
    };
    let actor = Actor::platform("webhooks");
    if switch(tx, &actor, (webhook, Some(off)), now).await? {
        let notice = TurnedOff {
            webhook: webhook.id.0,
            at: now,
        };
        enqueue(tx, TELL_OFF, &notice, Enqueue::default()).await?;
    }
    Ok(())
}

fn is_test(delivery: &Delivery) -> bool {
    delivery.event == EventKind::Test.as_str()
}
