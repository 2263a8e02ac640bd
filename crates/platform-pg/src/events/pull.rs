//! The loop of a consumer: new entries, entries due for another attempt, dead ones that an operator revived.

use std::collections::HashMap;
use std::time::Duration;

use platform::Boot;
use platform_redis::Redis;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::dead;
use super::effect::{self, Trouble};
use super::entry::Entry;
use super::group::Group;
use super::{Consumer, ConsumerTiming, Delivery, Handler};
use crate::{Database, Failed, trace};

/// Pause after Redis or PostgreSQL did not answer, times the number of failures in a row.
const PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// An operator's wish is looked for less often than what is due by itself.
const REVIVE_FACTOR: u32 = 5;
/// Pause between two clean-ups of the group.
const TIDY_EVERY: Duration = Duration::from_mins(10);

pub(super) struct Puller {
    boot: Boot,
    database: Database,
    redis: Redis,
    handlers: HashMap<String, Handler>,
    timing: ConsumerTiming,
}

/// When which part of the loop is due.
struct Due {
    retries: Instant,
    revivals: Instant,
    tidying: Instant,
}

impl Puller {
    pub(super) fn new(consumer: Consumer) -> Self {
        let Consumer {
            boot,
            database,
            redis,
            handlers,
            timing,
        } = consumer;
        Self {
            boot,
            database,
            redis,
            handlers,
            timing,
        }
    }

    pub(super) async fn run(&self, soft: &CancellationToken) {
        let Some(group) = self.join(soft).await else {
            return;
        };
        if let Ok(missed) = group.missed().await
            && missed > 0
        {
            tracing::error!(
                missed,
                "events were dropped from the stream before this app read them: it was away too long"
            );
        }
        let now = Instant::now();
        let mut due = Due {
            retries: now,
            revivals: now,
            tidying: now + TIDY_EVERY,
        };
        let mut failures = 0_u32;
        while !soft.is_cancelled() {
            match self.step(&group, &mut due, soft).await {
                Ok(()) => failures = 0,
                Err(error) => {
                    failures = failures.saturating_add(1);
                    if failures == 1 {
                        tracing::warn!(%error, "events cannot be read, waiting for Redis");
                    }
                    pause(failures, soft).await;
                }
            }
        }
        group.leave().await;
    }

    /// A connection of its own, as soon as Redis can be reached.
    async fn join(&self, soft: &CancellationToken) -> Option<Group> {
        let mut failures = 0_u32;
        while !soft.is_cancelled() {
            match self.redis.dedicated().await {
                Ok(client) => {
                    return Some(Group::new(
                        client,
                        self.boot.app.as_str(),
                        self.boot.instance.as_str(),
                    ));
                }
                Err(error) => {
                    failures = failures.saturating_add(1);
                    tracing::warn!(%error, "events cannot be read, waiting for Redis");
                    pause(failures, soft).await;
                }
            }
        }
        None
    }

    async fn step(
        &self,
        group: &Group,
        due: &mut Due,
        soft: &CancellationToken,
    ) -> Result<(), platform_redis::Error> {
        let now = Instant::now();
        if now >= due.retries {
            due.retries = now + self.timing.retry_every;
            let entries = group.due(&self.timing).await?;
            self.handle_all(group, entries, soft).await?;
        }
        if now >= due.revivals {
            due.revivals = now + self.timing.retry_every * REVIVE_FACTOR;
            self.revive(soft).await;
        }
        if now >= due.tidying {
            due.tidying = now + TIDY_EVERY;
            group.forget_the_gone().await?;
        }
        let fresh = soft
            .run_until_cancelled(group.fresh(self.timing.block))
            .await;
        let Some(fresh) = fresh else { return Ok(()) };
        self.handle_all(group, fresh?, soft).await
    }

    async fn handle_all(
        &self,
        group: &Group,
        entries: Vec<(Entry, u32)>,
        soft: &CancellationToken,
    ) -> Result<(), platform_redis::Error> {
        for (entry, attempt) in entries {
            // What is left stays pending, and the next instance takes it over.
            if soft.is_cancelled() {
                break;
            }
            if self.handle(&entry, attempt, soft).await {
                group.acknowledge(&entry.id).await?;
            }
        }
        Ok(())
    }

    /// Whether the entry is done with: it took effect, nobody here wants it, or it is dead.
    async fn handle(&self, entry: &Entry, attempt: u32, soft: &CancellationToken) -> bool {
        let delivery = match entry.read(attempt) {
            Ok(delivery) => delivery,
            Err(reason) => {
                return self
                    .bury(entry, None, &Failed::permanent(reason), soft)
                    .await;
            }
        };
        let Some(handler) = self.handlers.get(&delivery.kind) else {
            return true;
        };
        match self.attempt(handler, &delivery, None, soft).await {
            None => false,
            Some(Ok(())) => true,
            Some(Err(failed)) if failed.permanent || attempt >= self.timing.max_attempts => {
                self.bury(entry, Some(&delivery), &failed, soft).await
            }
            Some(Err(failed)) => {
                let Delivery { id, kind, .. } = &delivery;
                tracing::warn!(event = %id, kind, attempt, error = failed.reason, "an event is tried again later");
                false
            }
        }
    }

    /// The handler's result, once the database let it run; `None` when the process stops before that.
    async fn attempt(
        &self,
        handler: &Handler,
        delivery: &Delivery,
        revived: Option<i64>,
        soft: &CancellationToken,
    ) -> Option<Result<(), Failed>> {
        let span = tracing::info_span!(
            "event",
            otel.name = format!("consume {}", delivery.kind),
            otel.kind = "consumer",
            event = %delivery.id,
        );
        trace::continue_in(&span, delivery.traceparent.as_deref());
        let mut failures = 0_u32;
        loop {
            let taken =
                effect::take(&self.database, handler, delivery, revived).instrument(span.clone());
            match taken.await {
                Ok(()) => return Some(Ok(())),
                Err(Trouble::Handler(failed)) => return Some(Err(failed)),
                Err(Trouble::Database(error)) => {
                    failures = failures.saturating_add(1);
                    if failures == 1 {
                        tracing::warn!(%error, event = %delivery.id, "an event waits for the database");
                    }
                    pause(failures, soft).await;
                    if soft.is_cancelled() {
                        return None;
                    }
                }
            }
        }
    }

    /// Puts an entry among the dead, as soon as the database can be reached.
    async fn bury(
        &self,
        entry: &Entry,
        delivery: Option<&Delivery>,
        failed: &Failed,
        soft: &CancellationToken,
    ) -> bool {
        let mut failures = 0_u32;
        loop {
            match dead::bury(&self.database, entry, delivery, failed).await {
                Ok(()) => {
                    let kind = delivery.map(|delivery| delivery.kind.as_str());
                    tracing::error!(
                        entry = entry.id,
                        kind,
                        reason = failed.reason,
                        "an event is dead"
                    );
                    return true;
                }
                Err(error) => {
                    failures = failures.saturating_add(1);
                    tracing::warn!(%error, entry = entry.id, "a dead event waits for the database");
                    pause(failures, soft).await;
                    if soft.is_cancelled() {
                        return false;
                    }
                }
            }
        }
    }

    /// Tries dead events again that an operator asked for.
    async fn revive(&self, soft: &CancellationToken) {
        let revived = match dead::revived(&self.database).await {
            Ok(revived) => revived,
            Err(error) => {
                tracing::debug!(%error, "could not look for revived events");
                return;
            }
        };
        for (id, delivery) in revived {
            let Some(handler) = self.handlers.get(&delivery.kind) else {
                continue;
            };
            match self.attempt(handler, &delivery, Some(id), soft).await {
                None => return,
                Some(Ok(())) => {
                    tracing::info!(event = %delivery.id, kind = delivery.kind, "a dead event took effect");
                }
                Some(Err(failed)) => {
                    if let Err(error) = dead::keep(&self.database, id, &failed).await {
                        tracing::warn!(%error, event = %delivery.id, "a revived event failed without a note");
                    }
                }
            }
        }
    }
}

async fn pause(failures: u32, soft: &CancellationToken) {
    let pause = PAUSE.saturating_mul(failures).min(LONGEST_PAUSE);
    soft.run_until_cancelled(tokio::time::sleep(pause)).await;
}
