//! Hearing of changes at other gateways, and comparing everything now and then in case something was not heard.

use std::sync::Arc;
use std::time::Duration;

use fred::interfaces::{ClientLike, EventInterface, PubsubInterface};
use fred::types::Message;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use super::Vault;
use super::shared::{ANSWER, CHANNEL};

/// Between two attempts to subscribe.
const AGAIN: Duration = Duration::from_millis(500);

impl Vault {
    /// Waits for Redis and compares once. Never returns while Redis is away.
    pub(in crate::tls) async fn first_sync(&self) {
        loop {
            self.shared.wait_for_connect().await;
            if self.sync().await.is_ok() {
                return;
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Follows the others until stopped.
    pub(in crate::tls) async fn follow(self: Arc<Self>, every: Duration, stop: CancellationToken) {
        let subscriber = self.shared.subscriber();
        let mut messages = subscriber.message_rx();
        let mut connected = subscriber.reconnect_rx();
        // The connection lives in the task of this handle until `quit`.
        drop(subscriber.connect());
        let mut listens = false;
        let mut due = tokio::time::Instant::now() + every;
        loop {
            let mut word = None;
            tokio::select! {
                () = stop.cancelled() => break,
                message = messages.recv() => match message {
                    Ok(message) => word = Some(wanted_answer(&message)),
                    Err(RecvError::Lagged(_)) => word = Some(None),
                    Err(RecvError::Closed) => break,
                },
                _event = connected.recv() => listens = false,
                () = tokio::time::sleep(AGAIN), if !listens => {}
                () = tokio::time::sleep_until(due) => {}
            }
            let mut look = word.is_some() || tokio::time::Instant::now() >= due;
            if !listens && subscriber.is_connected() && subscriber.subscribe(CHANNEL).await.is_ok()
            {
                listens = true;
                // Nobody knows what was told before.
                look = true;
            }
            if look {
                due = tokio::time::Instant::now() + every;
                self.look(word.flatten()).await;
            }
        }
        // A connection that is broken is as closed as it can be.
        drop(subscriber.quit().await);
    }

    async fn look(&self, word: Option<String>) {
        if !self.shared.is_connected() {
            return;
        }
        let looked = match (self.sync().await, word) {
            (Ok(()), Some(word)) => self.shared.answer(&word).await,
            (looked, _) => looked,
        };
        if let Err(error) = looked {
            tracing::debug!(
                error = platform::error::chain(&error),
                "certificates could not be compared with Redis"
            );
        }
        self.heard.send_modify(|count| *count += 1);
    }
}

/// The word to answer with, when an answer is wanted.
fn wanted_answer(message: &Message) -> Option<String> {
    let text = message.value.as_str()?;
    text.strip_prefix(ANSWER).map(str::to_owned)
}
