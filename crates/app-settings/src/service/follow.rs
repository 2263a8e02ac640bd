//! Keeps this instance's catalog up to date with what any instance changed.
//!
//! A change is published after its commit. Redis forgets what nobody hears and may be away: a look at the
//! version every other second catches what was missed.

use std::time::Duration;

use platform_redis::{Notice, Subscription};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::Settings;
use crate::error::Error;
use crate::store;

/// Part of the Redis channel's name.
const CHANNEL: &str = "changed";

/// Pause between two looks at the version.
const POLL: Duration = Duration::from_secs(2);

impl Settings {
    /// Makes a committed version known: to the streams of this instance at once, to the others over Redis.
    pub(super) async fn announce(&self, version: i64) {
        let channel = self.inner.redis.key(CHANNEL);
        let publish = self.inner.redis.publish(&channel, &version);
        let (published, reloaded) = tokio::join!(publish, self.reload());
        if let Err(error) = published {
            tracing::warn!(version, %error, "change not published: other instances see it at their next look");
        }
        if let Err(error) = reloaded {
            tracing::warn!(version, %error, "change not read back: it is at the next look");
        }
    }

    /// Follows until told to stop.
    pub(super) async fn follow_changes(&self, soft: &CancellationToken) {
        let mut subscription = None;
        let mut poll = tokio::time::interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let outcome = tokio::select! {
                () = soft.cancelled() => return,
                notice = notice(&mut subscription) => match notice {
                    Some(Notice::Message(version)) if version <= self.version() => Ok(()),
                    Some(Notice::Message(_) | Notice::Gap) => self.reload().await,
                    None => {
                        subscription = None;
                        Ok(())
                    }
                },
                _ = poll.tick() => {
                    if subscription.is_none() {
                        subscription = self.subscribe().await;
                    }
                    self.look().await
                }
            };
            if let Err(error) = outcome {
                tracing::warn!(%error, "settings not read: the last ones hold");
            }
        }
    }

    fn version(&self) -> i64 {
        self.inner.live.current().version
    }

    async fn subscribe(&self) -> Option<Subscription<i64>> {
        let channel = self.inner.redis.key(CHANNEL);
        self.inner
            .redis
            .subscribe(&channel)
            .await
            .inspect_err(|error| tracing::warn!(%error, "changes not subscribed to: trying again"))
            .ok()
    }

    /// Reads everything when the version says that something changed.
    async fn look(&self) -> Result<(), Error> {
        let client = self.inner.database.client().await?;
        if store::revision::read(&client).await? > self.version() {
            self.inner.live.put(store::catalog::load(&client).await?);
        }
        Ok(())
    }

    async fn reload(&self) -> Result<(), Error> {
        self.inner.live.put(self.catalog().await?);
        Ok(())
    }
}

/// The next notice; never, while there is no subscription.
async fn notice(subscription: &mut Option<Subscription<i64>>) -> Option<Notice<i64>> {
    match subscription {
        Some(subscription) => subscription.next().await,
        None => std::future::pending().await,
    }
}
