//! The app's consumer group in Redis: what is new, what waits for another attempt, what is done.

use std::collections::HashMap;
use std::time::Duration;

use fred::clients::Client;
use fred::interfaces::{ClientLike, StreamsInterface};
use fred::types::config::Options;
use fred::types::{Key, Value};
use platform_redis::Error;

use super::ConsumerTiming;
use super::entry::{Entry, Fields};
use crate::outbox::STREAM;

/// Entries per request.
const BATCH: u64 = 32;
/// How long an answer may take beyond the time Redis was asked to wait.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);
/// A consumer that was silent for this long and holds nothing is forgotten.
const FORGOTTEN_AFTER: i64 = 3_600_000;

/// One instance's place in the group, on a connection of its own: reading blocks.
pub(super) struct Group {
    client: Client,
    /// The group: the app.
    name: String,
    /// The consumer: the instance.
    consumer: String,
}

/// An entry with the number of times it was handed out, this one included.
pub(super) type Attempted = (Entry, u32);

impl Group {
    pub(super) fn new(client: Client, name: &str, consumer: &str) -> Self {
        Self {
            client,
            name: name.to_owned(),
            consumer: consumer.to_owned(),
        }
    }

    /// Entries nobody in the group has seen. Makes the group when it is new, or when Redis lost it.
    pub(super) async fn fresh(&self, block: Duration) -> Result<Vec<Attempted>, Error> {
        let options = options(block + ANSWER_WITHIN);
        let client = self.client.with_options(&options);
        let millis = u64::try_from(block.as_millis()).unwrap_or(u64::MAX);
        let (group, consumer) = (self.name.as_str(), self.consumer.as_str());
        let read = client.xreadgroup::<Value, _, _, _, _>(
            group,
            consumer,
            Some(BATCH),
            Some(millis),
            false,
            STREAM,
            ">",
        );
        match read.await {
            // Nothing new came in that time.
            Ok(Value::Null) => Ok(Vec::new()),
            Ok(streams) => {
                let streams = streams.into_xread_response::<Key, String, Key, Value>()?;
                Ok(streams
                    .into_values()
                    .flatten()
                    .map(|entry| (of(entry), 1))
                    .collect())
            }
            Err(error) if error.details().starts_with("NOGROUP") => {
                self.create().await?;
                Ok(Vec::new())
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn create(&self) -> Result<(), Error> {
        let options = options(ANSWER_WITHIN);
        let client = self.client.with_options(&options);
        match client
            .xgroup_create::<Value, _, _, _>(STREAM, self.name.as_str(), "0", true)
            .await
        {
            Err(error) if !error.details().starts_with("BUSYGROUP") => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Takes over entries whose next attempt is due: own ones after a pause that grows with the attempts, those
    /// of other instances once they count as dead.
    pub(super) async fn due(&self, timing: &ConsumerTiming) -> Result<Vec<Attempted>, Error> {
        let options = options(ANSWER_WITHIN);
        let client = self.client.with_options(&options);
        let shortest = timing.first_pause.min(timing.stale_after);
        let arguments = (millis(shortest), "-", "+", BATCH * 4);
        let pending: Vec<(String, String, u64, u32)> =
            match client.xpending(STREAM, self.name.as_str(), arguments).await {
                Err(error) if error.details().starts_with("NOGROUP") => return Ok(Vec::new()),
                other => other?,
            };
        let due = pending.into_iter().filter(|(_, holder, idle, attempts)| {
            let pause = timing.pause(*attempts);
            let pause = if *holder == self.consumer {
                pause
            } else {
                pause.max(timing.stale_after)
            };
            *idle >= millis(pause)
        });
        let attempts: HashMap<String, u32> =
            due.map(|(id, _, _, attempts)| (id, attempts)).collect();
        if attempts.is_empty() {
            return Ok(Vec::new());
        }
        self.claim(attempts, shortest).await
    }

    /// Entries that another instance claimed meanwhile are not idle any more, so Redis does not hand them out.
    async fn claim(
        &self,
        attempts: HashMap<String, u32>,
        idle: Duration,
    ) -> Result<Vec<Attempted>, Error> {
        let options = options(ANSWER_WITHIN);
        let client = self.client.with_options(&options);
        let mut ids: Vec<String> = attempts.keys().cloned().collect();
        ids.sort_unstable_by_key(|id| position(id));
        let claimed: Vec<(String, Fields)> = client
            .xclaim_values(
                STREAM,
                self.name.as_str(),
                self.consumer.as_str(),
                millis(idle),
                ids,
                None,
                None,
                None,
                false,
                false,
            )
            .await?;
        let attempted = |entry: Entry| {
            let attempt = attempts
                .get(&entry.id)
                .copied()
                .unwrap_or(0)
                .saturating_add(1);
            (entry, attempt)
        };
        Ok(claimed
            .into_iter()
            .map(|entry| attempted(of(entry)))
            .collect())
    }

    /// How many entries the stream dropped, for its length, before anybody in the group read them.
    pub(super) async fn missed(&self) -> Result<i64, Error> {
        let options = options(ANSWER_WITHIN);
        let client = self.client.with_options(&options);
        let groups: Vec<HashMap<String, Value>> = client.xinfo_groups(STREAM).await?;
        let number =
            |facts: &HashMap<String, Value>, name: &str| facts.get(name).and_then(Value::as_i64);
        let is_own = |group: &HashMap<String, Value>| {
            group
                .get("name")
                .and_then(Value::as_string)
                .is_some_and(|name| name == self.name)
        };
        let read = groups
            .iter()
            .find(|group| is_own(group))
            .and_then(|group| number(group, "entries-read"));
        let stream: HashMap<String, Value> = client.xinfo_stream(STREAM, false, None).await?;
        // Servers before Redis 7 do not count.
        let (Some(read), Some(added), Some(length)) = (
            read,
            number(&stream, "entries-added"),
            number(&stream, "length"),
        ) else {
            return Ok(0);
        };
        Ok((added - length - read).max(0))
    }

    /// The entry is done with.
    pub(super) async fn acknowledge(&self, id: &str) -> Result<(), Error> {
        let options = options(ANSWER_WITHIN);
        let _count: i64 = self
            .client
            .with_options(&options)
            .xack(STREAM, self.name.as_str(), id)
            .await?;
        Ok(())
    }

    /// Removes the names of instances that are long gone.
    pub(super) async fn forget_the_gone(&self) -> Result<(), Error> {
        let options = options(ANSWER_WITHIN);
        let client = self.client.with_options(&options);
        let consumers: Vec<HashMap<String, Value>> =
            client.xinfo_consumers(STREAM, self.name.as_str()).await?;
        for consumer in consumers {
            let number = |field: &str| consumer.get(field).and_then(Value::as_i64).unwrap_or(0);
            let Some(name) = consumer.get("name").and_then(Value::as_string) else {
                continue;
            };
            if number("pending") == 0 && number("idle") > FORGOTTEN_AFTER && name != self.consumer {
                let _pending: i64 = client
                    .xgroup_delconsumer(STREAM, self.name.as_str(), name)
                    .await?;
            }
        }
        Ok(())
    }

    /// Closes the connection.
    pub(super) async fn leave(self) {
        if let Err(error) = self.client.quit().await {
            tracing::debug!(%error, "the consumer's connection was closed already");
        }
    }
}

fn of((id, fields): (String, Fields)) -> Entry {
    Entry { id, fields }
}

/// The numeric order of stream ids, `<milliseconds>-<counter>`.
fn position(id: &str) -> (u64, u64) {
    let (millis, counter) = id.split_once('-').unwrap_or((id, "0"));
    (millis.parse().unwrap_or(0), counter.parse().unwrap_or(0))
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn options(timeout: Duration) -> Options {
    Options {
        timeout: Some(timeout),
        max_attempts: Some(1),
        fail_fast: true,
        ..Options::default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[tokio::test]
    async fn entries_dropped_before_they_were_read_are_counted() {
        let redis = testkit::redis().await;
        let group = Group::new(redis.client().await, "reader", "one");
        let add = async |count: u32| {
            for _ in 0..count {
                let _id: String = group
                    .client
                    .xadd(STREAM, false, None, "*", ("x", "y"))
                    .await
                    .unwrap();
            }
        };
        add(10).await;
        group.create().await.unwrap();
        let read = group.fresh(Duration::from_millis(10)).await.unwrap();
        assert_eq!(read.len(), 10);
        let _trimmed: i64 = group
            .client
            .xtrim(STREAM, ("MAXLEN", "=", 5))
            .await
            .unwrap();
        assert_eq!(
            group.missed().await.unwrap(),
            0,
            "what was read is not missed"
        );
        add(10).await;
        let _trimmed: i64 = group
            .client
            .xtrim(STREAM, ("MAXLEN", "=", 3))
            .await
            .unwrap();
        assert_eq!(group.missed().await.unwrap(), 7);
        assert!(group.fresh(Duration::from_millis(10)).await.unwrap().len() == 3);
    }
}
