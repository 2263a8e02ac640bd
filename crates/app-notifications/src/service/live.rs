//! Who is looking right now: tells the open pages of a person, in every instance of this app, that their
//! inbox changed. Says only that it did; whoever is told reads it again, so a lost message costs nothing
//! but time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use platform::Boot;
use platform_redis::{Notice, Redis};
use tokio::sync::watch;
use uuid::Uuid;

use crate::error::Error;

/// Most pages of one person that are kept up to date at once.
const MOST_PER_PERSON: usize = 16;
/// Most pages altogether.
const MOST: usize = 20_000;

/// Tells open pages that an inbox changed. Cheap to clone.
#[derive(Clone)]
pub struct Live {
    redis: Redis,
    channel: Arc<str>,
    watched: Arc<Mutex<HashMap<Uuid, watch::Sender<u64>>>>,
}

impl std::fmt::Debug for Live {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Live")
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}

impl Live {
    /// Starts listening to the other instances.
    pub fn start(boot: &Boot, redis: &Redis) -> Self {
        let live = Self {
            redis: redis.clone(),
            channel: redis.key("inbox").into(),
            watched: Arc::default(),
        };
        let listening = live.clone();
        let stop = boot.lifecycle.soft().clone();
        boot.spawn("live inbox", async move {
            stop.run_until_cancelled(listening.listen()).await;
            Ok::<(), std::convert::Infallible>(())
        });
        live
    }

    /// Follows the inbox of a person. The value changes whenever the inbox may have.
    ///
    /// # Errors
    /// [`Error::TooManyStreams`] when as many pages are open as are served.
    pub fn follow(&self, person: Uuid) -> Result<watch::Receiver<u64>, Error> {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let open: usize = watched.values().map(watch::Sender::receiver_count).sum();
        if open >= MOST {
            return Err(Error::TooManyStreams);
        }
        watched.retain(|_, sender| sender.receiver_count() > 0);
        let sender = watched.entry(person).or_insert_with(|| watch::channel(0).0);
        if sender.receiver_count() >= MOST_PER_PERSON {
            return Err(Error::TooManyStreams);
        }
        Ok(sender.subscribe())
    }

    /// Tells everybody's open pages. While Redis is away only the pages of this instance learn of it.
    pub(super) async fn changed(&self, people: &[Uuid]) {
        for some in people.chunks(200) {
            if let Err(error) = self.redis.publish(&self.channel, some).await {
                tracing::warn!(%error, "other instances were not told of a changed inbox");
                for person in some {
                    self.wake(*person);
                }
            }
        }
    }

    async fn listen(&self) {
        loop {
            if let Ok(mut notices) = self.redis.subscribe::<Vec<Uuid>>(&self.channel).await {
                while let Some(notice) = notices.next().await {
                    match notice {
                        Notice::Message(people) => {
                            for person in people {
                                self.wake(person);
                            }
                        }
                        Notice::Gap => self.wake_all(),
                    }
                }
            }
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        }
    }

    fn wake(&self, person: Uuid) {
        let watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = watched.get(&person) {
            sender.send_modify(|count| *count += 1);
        }
    }

    fn wake_all(&self) {
        let watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        for sender in watched.values() {
            sender.send_modify(|count| *count += 1);
        }
    }
}
