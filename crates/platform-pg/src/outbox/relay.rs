//! Carries events from the outbox to the stream.
//!
//! One round is one transaction: take the lock, send a batch, mark it sent. A round that fails half way is sent
//! again; that is what "at least once" means.

use std::time::Duration;

use fred::interfaces::{ClientLike, KeysInterface, StreamsInterface};
use fred::types::config::Options;
use fred::types::streams::{XCapKind, XCapTrim};
use fred::types::{Expiration, SetOptions, Value};
use jiff::Timestamp;
use platform_redis::Redis;
use tokio::sync::futures::Notified;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{EPOCH_KEY, OutboxTiming, STREAM};
use crate::generic::GenericClient;
use crate::{Database, Error, Transaction};

/// Events per round.
const BATCH: i64 = 200;
/// How long one answer of Redis may take: a transaction is open meanwhile.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

pub(super) struct Relay {
    database: Database,
    redis: Redis,
    timing: OutboxTiming,
}

/// What a round left behind.
#[derive(PartialEq, Eq)]
enum Round {
    /// Nothing waits, or somebody else is at it.
    Idle,
    /// There may be more.
    Full,
}

#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Database(#[from] Error),
    #[error("Redis is unavailable")]
    Redis(#[from] platform_redis::Error),
}

impl From<fred::error::Error> for Trouble {
    fn from(error: fred::error::Error) -> Self {
        Self::Redis(error.into())
    }
}

impl From<tokio_postgres::Error> for Trouble {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error.into())
    }
}

impl Relay {
    pub(super) fn new(database: &Database, redis: &Redis, timing: OutboxTiming) -> Self {
        Self {
            database: database.clone(),
            redis: redis.clone(),
            timing,
        }
    }

    pub(super) async fn run(&self, soft: &CancellationToken) {
        let mut failures = 0_u32;
        while !soft.is_cancelled() {
            // Listen before looking: what is committed in between rings.
            let bell = self.database.shared().outbox_bell.notified();
            match self.round().await {
                Ok(Round::Full) => failures = 0,
                Ok(Round::Idle) => {
                    failures = 0;
                    self.rest(soft, bell, self.timing.poll).await;
                }
                Err(trouble) => {
                    failures = failures.saturating_add(1);
                    if failures == 1 {
                        tracing::warn!(
                            error = platform::error::chain(&trouble),
                            "events wait in the outbox"
                        );
                    }
                    let pause = self
                        .timing
                        .poll
                        .saturating_mul(failures)
                        .min(self.timing.longest_pause);
                    soft.run_until_cancelled(tokio::time::sleep(pause)).await;
                }
            }
        }
        // What the last requests of this process wrote need not wait for another one.
        if let Err(trouble) = self.round().await {
            tracing::info!(
                error = platform::error::chain(&trouble),
                "events are left for the next start"
            );
        }
    }

    async fn rest(&self, soft: &CancellationToken, bell: Notified<'_>, poll: Duration) {
        tokio::select! {
            () = soft.cancelled() => {}
            () = bell => {}
            () = tokio::time::sleep(poll) => {}
        }
    }

    async fn round(&self) -> Result<Round, Trouble> {
        let epoch = self.stream_epoch().await?;
        let mut client = self.database.client().await?;
        let row = client
            .query_one(include_str!("../../sql/outbox_glance.sql"), &[])
            .await?;
        let (waiting, known): (bool, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
        let is_lost = known.as_deref() != Some(epoch.as_str());
        if !waiting && !is_lost {
            return Ok(Round::Idle);
        }
        let transaction = client.transaction().await?;
        let row = transaction
            .query_one(include_str!("../../sql/outbox_lock.sql"), &[])
            .await?;
        if !row.try_get(0)? {
            return Ok(Round::Idle);
        }
        if is_lost {
            self.resend(&transaction, &epoch, known.is_some()).await?;
        }
        let sent = self.send(&transaction).await?;
        transaction.commit().await?;
        Ok(if sent == BATCH.unsigned_abs() {
            Round::Full
        } else {
            Round::Idle
        })
    }

    /// The stream's epoch. Whoever finds none, because the stream is new or was lost, begins one.
    async fn stream_epoch(&self) -> Result<String, Trouble> {
        let options = options();
        let client = self.redis.client().with_options(&options);
        if let Some(epoch) = client.get(EPOCH_KEY).await? {
            return Ok(epoch);
        }
        let fresh = Uuid::new_v4().simple().to_string();
        let _set: Option<String> = client
            .set(
                EPOCH_KEY,
                fresh,
                None::<Expiration>,
                Some(SetOptions::NX),
                false,
            )
            .await?;
        let epoch: Option<String> = client.get(EPOCH_KEY).await?;
        epoch.ok_or(Trouble::Redis(platform_redis::Error::Unavailable(
            "the epoch vanished",
        )))
    }

    async fn resend(
        &self,
        transaction: &Transaction<'_>,
        epoch: &str,
        lost: bool,
    ) -> Result<(), Trouble> {
        if lost {
            let seconds = self.timing.resend.as_secs_f64();
            let again = transaction
                .execute(include_str!("../../sql/outbox_resend.sql"), &[&seconds])
                .await?;
            tracing::warn!(
                events = again,
                "the stream of events was lost, sending the recent ones again"
            );
        }
        transaction
            .execute(include_str!("../../sql/outbox_epoch.sql"), &[&epoch])
            .await?;
        Ok(())
    }

    async fn send(&self, transaction: &Transaction<'_>) -> Result<u64, Trouble> {
        let rows = transaction
            .query(include_str!("../../sql/outbox_take.sql"), &[&BATCH])
            .await?;
        if rows.is_empty() {
            return Ok(0);
        }
        let mut positions = Vec::with_capacity(rows.len());
        let pipeline = self.redis.client().pipeline();
        for row in &rows {
            positions.push(row.try_get::<_, i64>(0)?);
            let cap = (
                XCapKind::MaxLen,
                XCapTrim::AlmostExact,
                self.timing.stream_length.to_string(),
            );
            let _queued: () = pipeline
                .xadd(STREAM, false, cap, "*", self.fields(row)?)
                .await?;
        }
        let answers = tokio::time::timeout(ANSWER_WITHIN, pipeline.all::<Vec<Value>>()).await;
        let entries =
            answers.map_err(|_| platform_redis::Error::Unavailable("no answer in time"))??;
        if entries.len() != positions.len() {
            return Err(Trouble::Redis(platform_redis::Error::Unavailable(
                "a part of the answers is missing",
            )));
        }
        transaction
            .execute(include_str!("../../sql/outbox_sent.sql"), &[&positions])
            .await?;
        Ok(positions.len() as u64)
    }

    fn fields(&self, row: &tokio_postgres::Row) -> Result<Vec<(&'static str, Value)>, Trouble> {
        let id: Uuid = row.try_get(1)?;
        let occurred_at: Timestamp = row.try_get(6)?;
        let payload: Vec<u8> = row.try_get(4)?;
        let mut fields = vec![
            ("id", Value::from(id.to_string())),
            ("kind", Value::from(row.try_get::<_, String>(2)?)),
            ("source", Value::from(self.redis.app().to_string())),
            ("subject", Value::from(row.try_get::<_, String>(3)?)),
            ("time", Value::from(occurred_at.to_string())),
            ("data", Value::Bytes(payload.into())),
        ];
        if let Some(trace) = row.try_get::<_, Option<String>>(5)? {
            fields.push(("traceparent", Value::from(trace)));
        }
        Ok(fields)
    }
}

fn options() -> Options {
    Options {
        timeout: Some(ANSWER_WITHIN),
        max_attempts: Some(1),
        fail_fast: true,
        ..Options::default()
    }
}
