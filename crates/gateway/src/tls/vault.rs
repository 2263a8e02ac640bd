//! What must survive: the account, ordered and self-signed certificates, and the ledger of orders. Each record is
//! sealed, held in memory, copied to the state directory, and shared over Redis with the other gateways.
//!
//! Of two versions of a record the later one counts, wherever it came from, and of two made at the same moment the same
//! one everywhere; so gateways that were apart agree again by themselves, and a Redis that was emptied is filled from
//! what they hold. Redis is no place of record.

mod disk;
mod follow;
mod leader;
mod sealing;
mod shared;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use fred::clients::Client;
use platform::Clock;
use registry::AppSecret;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use zeroize::Zeroizing;

use super::challenges::{Challenge, Challenges};
use super::config::ChallengeKind;

pub(super) use leader::{Leadership, Term};

use disk::Disk;
use sealing::Sealer;
use shared::{Shared, Written};

/// One record in the form in which it lies anywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// Grows with every version. Part of what is sealed, so that it cannot be forged.
    stamp: u64,
    sealed: String,
}

impl Record {
    /// Whether it takes the place of another version. Any two that differ are in an order, which every gateway and the
    /// script in Redis see alike: of the same moment it is decided by the nonce.
    fn supersedes(&self, other: &Self) -> bool {
        (self.stamp, self.sealed.as_bytes()) > (other.stamp, other.sealed.as_bytes())
    }
}

/// Why something could not be put into the vault.
#[derive(Debug, thiserror::Error)]
pub(super) enum VaultError {
    /// Redis does not answer.
    #[error("Redis cannot be reached")]
    Away(#[source] fred::error::Error),
    /// Another gateway leads by now.
    #[error("another gateway has taken the lead")]
    Fenced,
    /// Sealing failed, which it does only when the system has no randomness.
    #[error("sealing failed")]
    Sealing,
}

/// The records of this gateway and its way to the others.
pub(super) struct Vault {
    sealer: Sealer,
    shared: Shared,
    disk: Option<Disk>,
    clock: Clock,
    challenges: Arc<Challenges>,
    records: Mutex<BTreeMap<String, Record>>,
    /// Versions of records that cannot be opened, by name.
    strange: Mutex<BTreeMap<String, u64>>,
    /// Counts changes of records, from here or from elsewhere.
    changes: watch::Sender<u64>,
    /// Counts messages of other gateways.
    heard: watch::Sender<u64>,
}

impl Vault {
    /// Opens what lies in the state directory; nothing is asked of Redis yet.
    pub(super) fn open(
        secret: &AppSecret,
        redis: Client,
        directory: Option<PathBuf>,
        clock: Clock,
        challenges: Arc<Challenges>,
    ) -> Self {
        let disk = directory.map(Disk::new);
        let mut records = disk.as_ref().map(Disk::load).unwrap_or_default();
        let vault = Self {
            sealer: Sealer::new(secret),
            shared: Shared::new(redis),
            disk,
            clock,
            challenges,
            records: Mutex::default(),
            strange: Mutex::default(),
            changes: watch::Sender::new(0),
            heard: watch::Sender::new(0),
        };
        records.retain(|name, record| vault.is_ours(name, record));
        *vault.lock() = records;
        vault
    }

    /// Tells of changes, from now on.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// A record, opened.
    pub(super) fn get(&self, name: &str) -> Option<Zeroizing<Vec<u8>>> {
        let record = self.lock().get(name).cloned()?;
        self.sealer.open(name, &record)
    }

    /// A record as it lies, which tells one version from another.
    pub(super) fn version(&self, name: &str) -> Option<Record> {
        self.lock().get(name).cloned()
    }

    /// Names of the records that begin with `prefix`.
    pub(super) fn list(&self, prefix: &str) -> Vec<String> {
        let records = self.lock();
        let names = records.range(prefix.to_owned()..).map(|(name, _)| name);
        names
            .take_while(|name| name.starts_with(prefix))
            .cloned()
            .collect()
    }

    /// Keeps a record here, and offers it to the others as soon as Redis answers. When another gateway has put a later
    /// one meanwhile, that is what is kept.
    pub(super) async fn put(&self, name: &str, plain: &[u8]) -> Result<(), VaultError> {
        let record = self.keep(name, plain)?;
        let shared = match self.shared.write(None, name, &record).await {
            Ok(Written::Older) => self.sync().await,
            Ok(Written::Yes | Written::Fenced) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = shared {
            tracing::debug!(
                record = name,
                error = platform::error::chain(&error),
                "a record is shared later"
            );
        }
        Ok(())
    }

    /// Writes a record for all, as their leader, and then keeps it here. Nothing is kept when it is refused.
    pub(super) async fn put_as_leader(
        &self,
        term: &Term,
        name: &str,
        plain: &[u8],
    ) -> Result<(), VaultError> {
        let record = self.seal(name, plain)?;
        match self.shared.write(Some(term), name, &record).await? {
            Written::Yes => {}
            Written::Fenced => return Err(VaultError::Fenced),
            // What lies there is later than what this leader knows, or is nobody's.
            Written::Older => self.displace(term, name, plain).await?,
        }
        self.adopt([(name.to_owned(), record)]);
        Ok(())
    }

    /// Writes over what claims to be later: after taking it in, if it is genuine.
    async fn displace(&self, term: &Term, name: &str, plain: &[u8]) -> Result<(), VaultError> {
        self.sync().await?;
        let record = self.seal(name, plain)?;
        if self.shared.write(Some(term), name, &record).await? == Written::Older {
            self.shared.overwrite(term, name, &record).await?;
        }
        self.adopt([(name.to_owned(), record)]);
        Ok(())
    }

    /// Compares everything with Redis: takes what is later there, writes what is later here. Challenges are taken as
    /// they are there.
    pub(super) async fn sync(&self) -> Result<(), VaultError> {
        let found = self.shared.read().await?;
        let later_here = self.later_than(&found.records);
        self.adopt(found.records.into_iter().filter(|(name, record)| {
            // One that is known already was opened before.
            self.holds(name, record) || self.is_ours(name, record)
        }));
        for (name, record) in later_here {
            self.shared.write(None, &name, &record).await?;
        }
        let challenges = found.challenges.iter();
        self.challenges.replace_shared(
            challenges
                .filter_map(|(name, record)| self.sealer.open(name, record))
                .filter_map(|plain| serde_json::from_slice(&plain).ok())
                .collect(),
        );
        Ok(())
    }

    /// Answers a challenge here and at every gateway, and returns when all of them know.
    pub(super) async fn pose(&self, challenge: &Challenge) -> Result<(), VaultError> {
        self.challenges.add_own(challenge.clone());
        let name = challenge_name(challenge.kind, &challenge.domain);
        // A challenge is text and numbers, which is always JSON.
        let plain = serde_json::to_vec(challenge).unwrap_or_default();
        let record = self.seal(&name, &plain)?;
        self.shared.pose(&name, &record).await
    }

    /// Takes the challenges of a domain back.
    pub(super) async fn withdraw(&self, domain: &str) {
        self.challenges.clear_own();
        let names = [ChallengeKind::Http01, ChallengeKind::TlsAlpn01]
            .map(|kind| challenge_name(kind, domain));
        if let Err(error) = self.shared.withdraw(names).await {
            tracing::debug!(
                error = platform::error::chain(&error),
                "a challenge is left to expire"
            );
        }
    }

    fn keep(&self, name: &str, plain: &[u8]) -> Result<Record, VaultError> {
        let record = self.seal(name, plain)?;
        self.adopt([(name.to_owned(), record.clone())]);
        Ok(record)
    }

    /// The next version of a record.
    fn seal(&self, name: &str, plain: &[u8]) -> Result<Record, VaultError> {
        let now = u64::try_from(self.clock.now().as_millisecond()).unwrap_or(0);
        let stamp = match self.lock().get(name) {
            Some(own) => now.max(own.stamp.saturating_add(1)),
            None => now,
        };
        self.sealer
            .seal(name, stamp, plain)
            .ok_or(VaultError::Sealing)
    }

    /// Takes records in, but none of which a later version is here.
    fn adopt(&self, found: impl IntoIterator<Item = (String, Record)>) {
        {
            let found: Vec<(String, Record)> = found.into_iter().collect();
            let mut records = self.lock();
            let mut changed = false;
            for (name, record) in found {
                let is_later = records.get(&name).is_none_or(|own| record.supersedes(own));
                if is_later {
                    records.insert(name, record);
                    changed = true;
                }
            }
            if !changed {
                return;
            }
            if let Some(disk) = &self.disk {
                disk.save(&records);
            }
        }
        self.changes.send_modify(|count| *count += 1);
    }

    /// What is here in a later version than there.
    fn later_than(&self, there: &BTreeMap<String, Record>) -> Vec<(String, Record)> {
        let is_later = |name: &str, own: &Record| {
            let there = there.get(name);
            there.is_none_or(|there| own.supersedes(there))
        };
        let records = self.lock();
        let later = records.iter().filter(|(name, own)| is_later(name, own));
        later
            .map(|(name, own)| (name.clone(), own.clone()))
            .collect()
    }

    fn holds(&self, name: &str, record: &Record) -> bool {
        self.lock().get(name) == Some(record)
    }

    /// Whether a record can be opened. One that cannot is complained about once.
    fn is_ours(&self, name: &str, record: &Record) -> bool {
        if self.sealer.open(name, record).is_some() {
            return true;
        }
        let mut strange = self.strange.lock().unwrap_or_else(PoisonError::into_inner);
        if strange.insert(name.to_owned(), record.stamp) != Some(record.stamp) {
            tracing::warn!(
                record = name,
                "a record was sealed with another APP_SECRET, or altered, and is not used"
            );
        }
        false
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Record>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn challenge_name(kind: ChallengeKind, domain: &str) -> String {
    format!("challenge/{kind}/{domain}")
}

#[cfg(test)]
mod tests;
