//! What is registered, kept current: messages for speed, a full read every two seconds for certainty.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use fred::clients::{Client, SubscriberClient};
use fred::interfaces::{ClientLike, EventInterface, PubsubInterface};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::{Entry, Keyring, Snapshot, connection, keys, reading};

mod conflict;
mod known;

use known::Known;

/// How a watch keeps itself current.
#[derive(Clone, Copy, Debug)]
pub struct WatchTiming {
    /// Between two full reads when no message comes.
    pub reconcile: Duration,
    /// How long an entry that vanished without being released is remembered while Redis answers.
    pub unconfirmed: Duration,
}

impl Default for WatchTiming {
    fn default() -> Self {
        Self {
            reconcile: Duration::from_secs(2),
            unconfirmed: Duration::from_mins(10),
        }
    }
}

/// What a process remembers of an earlier life; see [`Watch::seed`].
#[derive(Clone, Debug, Default)]
pub struct Seed {
    /// [`Snapshot::generation`] at that time.
    pub generation: String,
    /// The entries at that time.
    pub entries: Vec<Arc<Entry>>,
}

/// A live view of the registry. Clones share it.
#[derive(Clone, Debug)]
pub struct Watch {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    keyring: Keyring,
    reconcile: Duration,
    known: Mutex<Known>,
    snapshot: ArcSwap<Snapshot>,
    changed: watch::Sender<u64>,
    first_read: watch::Sender<bool>,
}

impl Watch {
    /// Starts watching until cancelled. Does not wait for Redis; see [`Watch::ready`].
    pub fn start(
        client: Client,
        keyring: Keyring,
        timing: WatchTiming,
        stop: CancellationToken,
    ) -> Self {
        let shared = Arc::new(Shared {
            keyring,
            reconcile: timing.reconcile,
            known: Mutex::new(Known::new(timing.unconfirmed)),
            snapshot: ArcSwap::default(),
            changed: watch::Sender::new(0),
            first_read: watch::Sender::new(false),
        });
        let task = Arc::clone(&shared);
        TaskTracker::new().spawn(async move {
            stop.run_until_cancelled(task.follow(client)).await;
        });
        Self { shared }
    }

    /// The registry as last seen. One atomic load.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.shared.snapshot.load_full()
    }

    /// Tells the version of each new snapshot.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.shared.changed.subscribe()
    }

    /// Waits until the registry was read once.
    pub async fn ready(&self) {
        let mut first_read = self.shared.first_read.subscribe();
        // The sender lives as long as this watch, so the wait cannot fail.
        if first_read.wait_for(|read| *read).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Adds what an earlier life of this process knew. It stands until the registry itself is read, and after
    /// that only where the registry has been emptied since.
    pub fn seed(&self, seed: Seed) {
        self.shared.update(|known| known.seed(seed, Instant::now()));
    }

    /// Forgets an unconfirmed entry: a probe has shown that nothing answers there.
    pub fn dismiss(&self, entry: &Entry) {
        self.shared.update(|known| known.dismiss(entry));
    }
}

impl Shared {
    async fn follow(self: Arc<Self>, client: Client) {
        let reader = connection::impatient(&client);
        let subscriber = connection::subscriber(&client);
        let mut messages = subscriber.message_rx();
        let mut connected = subscriber.reconnect_rx();
        let mut back = client.reconnect_rx();
        // The connection lives in the task of this handle; `quit` below or the end of the process ends it.
        drop(subscriber.connect());
        let _quit = QuitOnDrop(subscriber.clone());
        let mut tick = tokio::time::interval(self.reconcile);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut listening = false;
        loop {
            tokio::select! {
                // One read answers all messages that wait, and those that were lost because too many waited.
                _message = messages.recv() => while messages.try_recv().is_ok() {},
                _event = connected.recv() => listening = false,
                // The connection that reads came back.
                event = back.recv() => match event {
                    Err(RecvError::Closed) => return,
                    _ => self.lock().interrupt(),
                },
                _instant = tick.tick() => {}
            }
            if !listening && subscriber.is_connected() {
                listening = subscriber.subscribe(keys::INDEX).await.is_ok();
            }
            match reading::read(&reader).await {
                Ok(reading) => {
                    // It may have come back just before this read.
                    let came_back = back.try_recv().is_ok();
                    self.update(|known| {
                        if came_back {
                            known.interrupt();
                        }
                        known.apply(reading, &self.keyring, Instant::now());
                    });
                }
                Err(error) => {
                    if !self.snapshot.load().stale {
                        tracing::warn!(error = %error.chain(), "the registry could not be read");
                    }
                    self.update(Known::miss);
                }
            }
        }
    }

    /// Changes what is known and publishes the outcome if it differs.
    fn update(&self, change: impl FnOnce(&mut Known)) {
        let mut known = self.lock();
        change(&mut known);
        let last = self.snapshot.load();
        let mut next = known.snapshot();
        next.version = last.version;
        if next != **last {
            next.version += 1;
            let version = next.version;
            self.snapshot.store(Arc::new(next));
            self.changed.send_replace(version);
        }
        if known.was_read() {
            self.first_read.send_replace(true);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the second connection together with the watch.
struct QuitOnDrop(SubscriberClient);

impl Drop for QuitOnDrop {
    fn drop(&mut self) {
        let subscriber = self.0.clone();
        // Without a runtime the connection is gone already.
        if tokio::runtime::Handle::try_current().is_ok() {
            TaskTracker::new().spawn(async move {
                // Nothing can be done about a connection that does not even close.
                drop(subscriber.quit().await);
            });
        }
    }
}
