//! The outbox: an event is written in the transaction that causes it, and relayed to the Redis stream `events`.
//!
//! At least once, in the order of the outbox. Redis may lose everything: the relay notices by the epoch of the
//! stream and sends the last day again; whoever consumes keeps event ids to notice what comes twice.

mod relay;

use std::fmt::Display;
use std::time::Duration;

use jiff::Timestamp;
use platform::Boot;
use platform_redis::Redis;
use prost::Message;
use uuid::Uuid;

use crate::generic::{InTransaction, Wake};
use crate::{Database, Error};

/// The Redis stream all services write to and read from.
pub const STREAM: &str = "events";
/// The Redis key that exists for as long as the stream was not lost.
pub const EPOCH_KEY: &str = "events:epoch";

/// Something that happened, for other services to act on.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    id: Uuid,
    kind: String,
    subject: String,
    payload: Vec<u8>,
}

impl Event {
    /// An event such as `accounts.user.changed` about a subject, mostly an id, with the message that `proto/`
    /// describes for it.
    pub fn new(kind: impl Into<String>, subject: impl Display, message: &impl Message) -> Self {
        Self {
            id: Uuid::now_v7(),
            kind: kind.into(),
            subject: subject.to_string(),
            payload: message.encode_to_vec(),
        }
    }

    /// Identifies the event: whoever sees it twice knows.
    pub fn id(&self) -> Uuid {
        self.id
    }
}

/// Writes the event into the caller's transaction. It is relayed right after the commit.
pub async fn publish(transaction: &impl InTransaction, event: Event) -> Result<(), Error> {
    let occurred_at = transaction.connected()?.shared().clock.now();
    let Event {
        id,
        kind,
        subject,
        payload,
    } = event;
    let sql = include_str!("../sql/outbox_insert.sql");
    transaction
        .execute(
            sql,
            &[
                &id,
                &kind,
                &subject,
                &payload,
                &crate::trace::current(),
                &occurred_at,
            ],
        )
        .await?;
    transaction.touched(Wake::Outbox);
    Ok(())
}

/// Writes events as [`publish`] does, in their order and with one statement: for changes of many things at once.
pub async fn publish_all(
    transaction: &impl InTransaction,
    events: Vec<Event>,
) -> Result<(), Error> {
    if events.is_empty() {
        return Ok(());
    }
    let occurred_at = transaction.connected()?.shared().clock.now();
    let mut columns = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for event in events {
        columns.0.push(event.id);
        columns.1.push(event.kind);
        columns.2.push(event.subject);
        columns.3.push(event.payload);
    }
    let sql = include_str!("../sql/outbox_insert_all.sql");
    transaction
        .execute(
            sql,
            &[
                &columns.0,
                &columns.1,
                &columns.2,
                &columns.3,
                &crate::trace::current(),
                &occurred_at,
            ],
        )
        .await?;
    transaction.touched(Wake::Outbox);
    Ok(())
}

/// How the relay works; the defaults fit production.
#[derive(Debug, Clone, Copy)]
pub struct OutboxTiming {
    /// Pause between two looks when nothing is committed in this process.
    pub poll: Duration,
    /// Longest pause after failures.
    pub longest_pause: Duration,
    /// How much of the past is sent again when the stream was lost.
    pub resend: Duration,
    /// About how many events the stream keeps.
    pub stream_length: u64,
}

impl Default for OutboxTiming {
    fn default() -> Self {
        Self {
            poll: Duration::from_secs(1),
            longest_pause: Duration::from_secs(5),
            resend: Duration::from_hours(24),
            stream_length: 100_000,
        }
    }
}

impl Database {
    /// Starts the relay of this app's outbox. Every instance may run one: they take turns.
    pub fn start_outbox(&self, boot: &Boot, redis: &Redis) {
        self.start_outbox_with(boot, redis, OutboxTiming::default());
    }

    /// The same, with other times.
    pub fn start_outbox_with(&self, boot: &Boot, redis: &Redis, timing: OutboxTiming) {
        let relay = relay::Relay::new(self, redis, timing);
        let soft = boot.lifecycle.soft().clone();
        boot.spawn("outbox relay", async move { relay.run(&soft).await });
    }

    /// How many events wait to be relayed, and since when.
    pub async fn outbox_backlog(&self) -> Result<(i64, Option<Timestamp>), Error> {
        use crate::GenericClient;
        let client = self.client().await?;
        let row = client
            .query_one(include_str!("../sql/outbox_backlog.sql"), &[])
            .await?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    }
}
