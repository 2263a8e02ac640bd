//! Redis for apps: the connection, key names, publish and subscribe, and rate limits.
//!
//! Redis holds what may vanish. Nothing in this crate is a place of record: every caller must be able to go on,
//! or to rebuild, when the server was emptied. This crate opens no connection of its own but the subscriber's,
//! and only once somebody subscribes.

mod channel;
mod error;
mod limit;

use std::sync::Arc;
use std::time::Duration;

use fred::clients::Client;
use fred::interfaces::ClientLike;
use fred::types::config::Options;
use platform::{AppId, Boot, Lifecycle};

pub use channel::{Notice, Subscription};
pub use error::Error;
pub use limit::{Decision, Quota, RateLimiter};

/// How long one command may take before the caller is told that Redis is unavailable.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(2);

/// An app's view of Redis. Cheap to clone.
#[derive(Clone)]
pub struct Redis {
    inner: Arc<Inner>,
}

struct Inner {
    app: AppId,
    client: Client,
    lifecycle: Lifecycle,
    registry: registry::Watch,
    subscriber: channel::Subscriber,
}

/// Shares the host's connection with the app and registers the health check `redis`.
pub fn connect(boot: &Boot) -> Redis {
    let redis = Redis {
        inner: Arc::new(Inner {
            app: boot.app.clone(),
            client: boot.redis.clone(),
            lifecycle: boot.lifecycle.clone(),
            registry: boot.registry.clone(),
            subscriber: channel::Subscriber::default(),
        }),
    };
    let checked = redis.clone();
    boot.health.register("redis", move || {
        let redis = checked.clone();
        async move { redis.ping().await.map_err(|error| error.to_string()) }
    });
    redis
}

impl Redis {
    /// The name of a key of this app: `<app>:<part>`.
    pub fn key(&self, part: &str) -> String {
        format!("{}:{part}", self.inner.app)
    }

    /// The shared, multiplexed connection. Never send a blocking command over it.
    pub fn client(&self) -> &Client {
        &self.inner.client
    }

    /// The app this view belongs to.
    pub fn app(&self) -> &AppId {
        &self.inner.app
    }

    /// One round trip, answered or refused within two seconds.
    pub async fn ping(&self) -> Result<(), Error> {
        let options = Self::options(COMMAND_TIMEOUT);
        self.client()
            .with_options(&options)
            .ping(None)
            .await
            .map_err(Error::from)
    }

    /// A connection of its own with the same settings, for commands that block. The caller closes it.
    pub async fn dedicated(&self) -> Result<Client, Error> {
        let client = self.client().clone_new();
        client.init().await?;
        Ok(client)
    }

    /// Fails at once when Redis is away instead of queueing the command, and after `timeout` when it is silent.
    pub(crate) fn options(timeout: Duration) -> Options {
        Options {
            timeout: Some(timeout),
            max_attempts: Some(1),
            fail_fast: true,
            ..Options::default()
        }
    }

    /// How many instances of this app are registered, at least one.
    pub(crate) fn instances(&self) -> usize {
        let snapshot = self.inner.registry.snapshot();
        snapshot
            .live()
            .filter(|entry| entry.id == self.inner.app)
            .count()
            .max(1)
    }
}
