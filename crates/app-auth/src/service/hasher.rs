//! Where passwords are hashed: a few at a time, away from the threads that serve requests, with a bounded queue.
//!
//! Somebody who does not exist costs the same as somebody who does.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zeroize::Zeroizing;

use crate::config::HashingConfig;
use crate::domain::hashing::{self, Cost};
use crate::domain::password::Password;
use crate::domain::token::Token;
use crate::error::Error;
use crate::service::calibration::{Calibration, calibrate};

/// Hashes and checks passwords. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Hasher {
    cost: Cost,
    /// Room in the queue and at the workers together.
    places: Arc<Semaphore>,
    workers: Arc<Semaphore>,
    /// Hashes at once.
    width: usize,
    /// A hash nobody knows the password of, made with the current cost.
    decoy: Arc<str>,
}

impl Hasher {
    /// Finds the cost and prepares the decoy.
    pub(crate) async fn start(config: HashingConfig) -> Result<Self, Error> {
        let Calibration { cost, workers } = calibrate(config).await?;
        let mut hasher = Self {
            cost,
            places: Arc::new(Semaphore::new(workers + config.queue)),
            workers: Arc::new(Semaphore::new(workers)),
            width: workers,
            decoy: Arc::from(""),
        };
        let unknown: Zeroizing<String> = Token::random()?.text();
        hasher.decoy = Arc::from(hasher.hash(&Password::typed(&unknown)).await?);
        Ok(hasher)
    }

    /// Hashes a new password to a PHC string.
    pub(crate) async fn hash(&self, password: &Password) -> Result<String, Error> {
        let (cost, password) = (self.cost, password.clone());
        self.run(move || cost.hash(&password)).await
    }

    /// Whether `password` belongs to `phc`. Without a hash the same work is done and the answer is no; a hash that
    /// was cheaper is topped up, so that nobody learns whose password was set before costs rose.
    pub(crate) async fn matches(
        &self,
        phc: Option<&str>,
        password: &Password,
    ) -> Result<bool, Error> {
        let (known, password) = (phc.is_some(), password.clone());
        let phc = phc.unwrap_or(&self.decoy).to_owned();
        let cost = self.cost;
        let matched = self
            .run(move || {
                let matched = hashing::matches(&phc, &password)?;
                if let Some(more) = cost.beyond(&phc) {
                    more.hash(&password)?;
                }
                Ok(matched)
            })
            .await?;
        Ok(matched && known)
    }

    /// What one hash costs.
    pub(crate) fn cost(&self) -> Cost {
        self.cost
    }

    /// How many are computed at once.
    pub(crate) fn workers(&self) -> usize {
        self.width
    }

    /// Whether a hash should be made anew at the next chance.
    pub(crate) fn is_outdated(&self, phc: &str) -> bool {
        self.cost.exceeds(phc)
    }

    /// Runs one computation on a blocking thread, or refuses at once when too many wait.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let place = self
            .places
            .clone()
            .try_acquire_owned()
            .map_err(|_| Error::Busy)?;
        let worker = self
            .workers
            .clone()
            .acquire_owned()
            .await
            .map_err(|_| Error::Hashing)?;
        let permits: (OwnedSemaphorePermit, OwnedSemaphorePermit) = (place, worker);
        // The permits move along: a client that goes away does not make room for another hash beside this one.
        let computed = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permits);
            result
        });
        computed.await.map_err(|_| Error::Hashing)?
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

    use std::sync::mpsc;

    use super::*;

    const CHEAP: Cost = Cost {
        memory_kib: 64,
        passes: 1,
    };

    async fn hasher(workers: usize, queue: usize) -> Hasher {
        Hasher::start(HashingConfig {
            cost: Some(CHEAP),
            workers,
            queue,
        })
        .await
        .unwrap()
    }

    #[tokio::test]
    async fn nobody_has_the_decoys_password() {
        let hasher = hasher(1, 1).await;
        let password = Password::typed("correct horse");
        let phc = hasher.hash(&password).await.unwrap();
        assert!(hasher.matches(Some(&phc), &password).await.unwrap());
        assert!(!hasher.matches(None, &password).await.unwrap());
        assert!(
            !hasher.cost.exceeds(&hasher.decoy),
            "the decoy costs what a real hash costs"
        );
    }

    #[tokio::test]
    async fn past_the_queue_work_is_refused_at_once() {
        let hasher = hasher(1, 1).await;
        let (release, wait) = mpsc::channel::<()>();
        let running = hasher.run(move || {
            let _released = wait.recv();
            Ok(())
        });
        let queued = hasher.run(|| Ok(()));
        let refused = async {
            while hasher.places.available_permits() > 0 {
                tokio::task::yield_now().await;
            }
            let refused = hasher.hash(&Password::typed("correct horse")).await;
            release.send(()).unwrap();
            refused
        };
        let (ran, waited, refused) = tokio::join!(running, queued, refused);
        assert!(ran.is_ok() && waited.is_ok());
        assert!(matches!(refused, Err(Error::Busy)));
        assert!(
            hasher.hash(&Password::typed("correct horse")).await.is_ok(),
            "room again"
        );
    }
}
