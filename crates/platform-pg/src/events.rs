//! Consuming the events of all services: at least once delivered, exactly once in effect.
//!
//! All instances of an app share one consumer group. A handler runs in a transaction together with the note that
//! the event was consumed, so a second delivery does nothing. What fails is tried again with growing pauses while
//! later events go on; what keeps failing, or cannot be read at all, ends in the table `dead_events` and is shown
//! to operators. Redis or PostgreSQL being away delays events and kills none.

mod dead;
mod delivery;
mod effect;
mod entry;
mod group;
mod pull;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use platform::Boot;
use platform_redis::Redis;

use crate::{Database, Failed, Tx};

pub use dead::{DeadEvent, dead, retry_dead};
pub use delivery::Delivery;

type Handler = Arc<dyn Fn(Tx, Delivery) -> BoxFuture<'static, Result<(), Failed>> + Send + Sync>;

/// The consumer of one app: build one per app, with a handler for each kind of event it acts on.
#[must_use = "a consumer does nothing until it is started"]
pub struct Consumer {
    boot: Boot,
    database: Database,
    redis: Redis,
    handlers: HashMap<String, Handler>,
    timing: ConsumerTiming,
}

/// How a consumer works; the defaults fit production.
#[derive(Debug, Clone, Copy)]
pub struct ConsumerTiming {
    /// Attempts after which an event is dead.
    pub max_attempts: u32,
    /// Pause after the first failure; doubles with each further one.
    pub first_pause: Duration,
    /// Longest pause between two attempts.
    pub longest_pause: Duration,
    /// How long an event may sit with another instance before that one counts as dead.
    pub stale_after: Duration,
    /// Pause between two looks at what waits for another attempt.
    pub retry_every: Duration,
    /// How long one request to Redis waits for new events; below five seconds.
    pub block: Duration,
}

impl Default for ConsumerTiming {
    fn default() -> Self {
        Self {
            max_attempts: 12,
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_mins(5),
            stale_after: Duration::from_secs(30),
            retry_every: Duration::from_secs(1),
            block: Duration::from_secs(1),
        }
    }
}

impl ConsumerTiming {
    /// Pause before attempt `attempts + 1`.
    fn pause(&self, attempts: u32) -> Duration {
        let doublings = attempts.saturating_sub(1).min(20);
        self.first_pause
            .saturating_mul(1 << doublings)
            .min(self.longest_pause)
    }
}

impl Consumer {
    /// A consumer without handlers.
    pub fn new(boot: &Boot, database: &Database, redis: &Redis) -> Self {
        Self {
            boot: boot.clone(),
            database: database.clone(),
            redis: redis.clone(),
            handlers: HashMap::new(),
            timing: ConsumerTiming::default(),
        }
    }

    /// Handles events of a kind. The handler writes with the transaction it is given and returns; it never waits
    /// for other services in it. Handlers see events of one subject in order unless one of them failed before.
    pub fn on<H, F>(mut self, kind: impl Into<String>, handler: H) -> Self
    where
        H: Fn(Tx, Delivery) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), Failed>> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |tx, delivery| Box::pin(handler(tx, delivery)));
        self.handlers.insert(kind.into(), handler);
        self
    }

    /// Works with other times.
    pub fn timing(mut self, timing: ConsumerTiming) -> Self {
        self.timing = timing;
        self
    }

    /// Begins to consume, from the oldest event that the stream still has when the app is new.
    pub fn start(self) {
        let soft = self.boot.lifecycle.soft().clone();
        let boot = self.boot.clone();
        let puller = pull::Puller::new(self);
        boot.spawn("events consumer", async move { puller.run(&soft).await });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_limit() {
        let timing = ConsumerTiming::default();
        assert_eq!(timing.pause(1), Duration::from_secs(1));
        assert_eq!(timing.pause(4), Duration::from_secs(8));
        assert_eq!(timing.pause(1000), Duration::from_mins(5));
    }
}
