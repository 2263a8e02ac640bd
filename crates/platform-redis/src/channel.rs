//! Publish and subscribe with JSON messages.
//!
//! Redis forgets a message that nobody was listening for. A subscriber therefore reads the truth again whenever
//! it is told of a [`Notice::Gap`]: after every reconnect, and when it was too slow to follow.

use std::marker::PhantomData;

use fred::clients::SubscriberClient;
use fred::interfaces::{ClientLike, EventInterface, PubsubInterface};
use fred::types::Message;
use fred::types::config::Server;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OnceCell, broadcast, watch};

use crate::{COMMAND_TIMEOUT, Error, Redis};

/// The app's one subscriber connection, opened by the first subscription.
#[derive(Default)]
pub(crate) struct Subscriber(OnceCell<Connection>);

struct Connection {
    client: SubscriberClient,
    /// Counts completed re-subscriptions.
    resumed: watch::Receiver<u64>,
}

/// What a subscription yields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice<T> {
    /// A message.
    Message(T),
    /// Messages may have been missed: read the truth again.
    Gap,
}

/// Messages of one channel, in order.
pub struct Subscription<T> {
    channel: String,
    messages: broadcast::Receiver<Message>,
    resumed: watch::Receiver<u64>,
    message: PhantomData<fn() -> T>,
}

impl Redis {
    /// Sends a message to whoever listens at this moment. `channel` is a whole name: build the app's own with
    /// [`Redis::key`].
    pub async fn publish<T: Serialize + ?Sized>(
        &self,
        channel: &str,
        message: &T,
    ) -> Result<(), Error> {
        let text = serde_json::to_string(message).map_err(Error::Encode)?;
        let options = Self::options(COMMAND_TIMEOUT);
        let _listeners: i64 = self
            .client()
            .with_options(&options)
            .publish(channel, text)
            .await?;
        Ok(())
    }

    /// Listens to a channel from now on; the subscription survives the loss of Redis.
    pub async fn subscribe<T: DeserializeOwned>(
        &self,
        channel: &str,
    ) -> Result<Subscription<T>, Error> {
        let connection = self
            .inner
            .subscriber
            .0
            .get_or_try_init(|| self.open_subscriber())
            .await?;
        // Listen before subscribing, so that the first message is not lost in between.
        let messages = connection.client.message_rx();
        let mut resumed = connection.resumed.clone();
        resumed.mark_unchanged();
        registry::subscribe(&connection.client, channel).await?;
        Ok(Subscription {
            channel: channel.to_owned(),
            messages,
            resumed,
            message: PhantomData,
        })
    }

    async fn open_subscriber(&self) -> Result<Connection, Error> {
        let client = registry::subscriber(self.client());
        client.init().await?;
        let (sender, resumed) = watch::channel(0);
        let resubscribing = client.clone();
        // From here on, so that no reconnect is missed while the task has not begun.
        let reconnects = client.reconnect_rx();
        let soft = self.inner.lifecycle.soft().clone();
        self.inner.lifecycle.spawn("redis subscriber", async move {
            soft.run_until_cancelled(resubscribe(&resubscribing, reconnects, &sender))
                .await;
        });
        Ok(Connection { client, resumed })
    }
}

/// Subscribes again after every reconnect, and tells the subscriptions only once that is done: what they read
/// then cannot be outdated by a message they do not get.
async fn resubscribe(
    client: &SubscriberClient,
    mut reconnects: broadcast::Receiver<Server>,
    resumed: &watch::Sender<u64>,
) {
    while !matches!(reconnects.recv().await, Err(RecvError::Closed)) {
        match client.resubscribe_all().await {
            Ok(()) => resumed.send_modify(|count| *count += 1),
            Err(error) => tracing::warn!(error = %Error::from(error), "could not subscribe again"),
        }
    }
}

impl<T: DeserializeOwned> Subscription<T> {
    /// The next notice, or `None` once the connection was closed for good. Safe to cancel.
    pub async fn next(&mut self) -> Option<Notice<T>> {
        loop {
            tokio::select! {
                biased;
                changed = self.resumed.changed() => {
                    return changed.ok().map(|()| Notice::Gap);
                }
                received = self.messages.recv() => match received {
                    Ok(message) if *message.channel == *self.channel => {
                        if let Some(message) = decode(&self.channel, &message) {
                            return Some(Notice::Message(message));
                        }
                    }
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => return Some(Notice::Gap),
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }
}

fn decode<T: DeserializeOwned>(channel: &str, message: &Message) -> Option<T> {
    let text = message.value.as_bytes()?;
    match serde_json::from_slice(text) {
        Ok(message) => Some(message),
        Err(error) => {
            // The category only: the text of the error may quote the message.
            tracing::warn!(channel, category = ?error.classify(), "ignored a message that is not of the expected form");
            None
        }
    }
}
