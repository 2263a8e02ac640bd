//! The keys identity assertions are signed with: made here, kept sealed, handed to gateways, published.

use std::sync::Arc;
use std::time::Duration;

use fred::interfaces::KeysInterface as _;
use jiff::{SignedDuration, Timestamp};
use platform::identity::{self, Jwks, Signer};
use platform_pg::InTransaction;

use crate::domain::session::later;
use crate::domain::signing_key::{Plan, plan};
use crate::error::Error;
use crate::service::Core;
use crate::store::signing_keys::{
    StoredKey, signing_key_delete, signing_key_insert, signing_key_list, signing_key_lock,
};

/// How long a gateway may use what it was given before it asks again. Far less than the overlap of two keys.
const REFRESH: SignedDuration = SignedDuration::from_hours(1);
/// How often to look whether Redis still has the public keys.
const EVERY: Duration = Duration::from_secs(1);
/// How often they are published anew, looked for or not.
const PUBLISH_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// Keys for a gateway.
#[derive(Debug)]
pub(crate) struct SealedKeys {
    /// The key that signs first; each sealed for transport.
    pub(crate) keys: Vec<Vec<u8>>,
    /// When to ask again.
    pub(crate) refresh_at: Timestamp,
}

/// Use cases around signing keys. Cheap to clone.
#[derive(Clone)]
pub(crate) struct SigningKeys {
    core: Arc<Core>,
    redis: fred::clients::Client,
}

impl SigningKeys {
    pub(crate) fn new(core: Arc<Core>, redis: fred::clients::Client) -> Self {
        Self { core, redis }
    }

    /// The keys in force, the one that signs first.
    pub(crate) async fn sealed(&self) -> Result<SealedKeys, Error> {
        let secret = self.core.secrets.app();
        let signers = self.in_force().await?;
        let keys = signers
            .iter()
            .map(|signer| identity::sealed::seal(secret, signer))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(SealedKeys {
            keys,
            refresh_at: later(self.core.clock.now(), REFRESH),
        })
    }

    /// Puts the public keys where every app looks for them.
    pub(crate) async fn publish(&self) -> Result<(), Error> {
        let set = Jwks::of(&self.in_force().await?);
        identity::publish_jwks(
            &self.redis,
            self.core.secrets.app(),
            &set,
            self.core.clock.now(),
        )
        .await?;
        Ok(())
    }

    /// Publishes again whenever Redis has lost the keys, and once a minute.
    pub(crate) async fn keep_published(self) {
        let mut published_at: Option<Timestamp> = None;
        let mut complained = false;
        loop {
            let now = self.core.clock.now();
            let due = published_at.is_none_or(|at| later(at, PUBLISH_EVERY) <= now || at > now);
            if due || self.is_lost().await {
                match self.publish().await {
                    Ok(()) => {
                        published_at = Some(now);
                        complained = false;
                    }
                    Err(error) if !complained => {
                        complained = true;
                        tracing::warn!(
                            error = platform::error::chain(&error),
                            "signing keys are published later"
                        );
                    }
                    Err(_) => {}
                }
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Whether Redis answers that it has no keys. No answer is no loss.
    async fn is_lost(&self) -> bool {
        let found: Result<i64, _> = self.redis.exists(identity::REDIS_KEY).await;
        matches!(found, Ok(0))
    }

    /// Makes and drops keys as their age demands.
    pub(crate) async fn rotate(&self) -> Result<(), Error> {
        self.in_force().await?;
        self.publish().await
    }

    async fn in_force(&self) -> Result<Vec<Signer>, Error> {
        let now = self.core.clock.now();
        let mut client = self.core.db.client().await?;
        let stored = signing_key_list(&client).await?;
        if let Some(signers) = self.as_they_are(&stored, now) {
            return Ok(signers);
        }
        let tx = client.transaction().await?;
        signing_key_lock(&tx).await?;
        // Another instance may have decided meanwhile.
        let stored = signing_key_list(&tx).await?;
        let kept = self.maintain(&tx, stored, now).await?;
        tx.commit().await?;
        self.as_they_are(&kept, now).ok_or(Error::Sealing)
    }

    /// The keys opened, the one that signs first, unless there is something to do about them.
    fn as_they_are(&self, stored: &[StoredKey], now: Timestamp) -> Option<Vec<Signer>> {
        let Plan {
            create: false,
            current: Some(current),
            retired,
        } = plan(stored, now)
        else {
            return None;
        };
        if !retired.is_empty() {
            return None;
        }
        let mut signers: Vec<Signer> = stored
            .iter()
            .map(|key| self.open(key))
            .collect::<Option<_>>()?;
        signers.swap(0, current);
        Some(signers)
    }

    async fn maintain(
        &self,
        tx: &impl InTransaction,
        stored: Vec<StoredKey>,
        now: Timestamp,
    ) -> Result<Vec<StoredKey>, Error> {
        let mut kept = Vec::new();
        for key in stored {
            if self.open(&key).is_some() {
                kept.push(key);
            } else {
                // Made under another APP_SECRET: nothing it signed is believed any more.
                tracing::warn!(
                    key_id = key.key_id,
                    "a signing key does not open under this APP_SECRET and is dropped"
                );
                signing_key_delete(tx, &key.key_id).await?;
            }
        }
        let Plan {
            create, retired, ..
        } = plan(&kept, now);
        for position in retired.into_iter().rev() {
            let key = kept.remove(position);
            tracing::info!(key_id = key.key_id, "signing key retired");
            signing_key_delete(tx, &key.key_id).await?;
        }
        if create {
            let key = self.make(now)?;
            tracing::info!(key_id = key.key_id, "signing key made");
            signing_key_insert(tx, &key).await?;
            kept.push(key);
        }
        Ok(kept)
    }

    fn make(&self, now: Timestamp) -> Result<StoredKey, Error> {
        let signer = Signer::generate()?;
        let key_id = signer.kid().to_owned();
        let sealed_jwk = self
            .core
            .secrets
            .seal(&key_id, signer.private_jwk().as_bytes())?;
        Ok(StoredKey {
            key_id,
            sealed_jwk,
            created_at: now,
        })
    }

    fn open(&self, key: &StoredKey) -> Option<Signer> {
        let plain = self.core.secrets.open(&key.key_id, &key.sealed_jwk).ok()?;
        let jwk = std::str::from_utf8(&plain).ok()?;
        Signer::from_private_jwk(jwk)
            .ok()
            .filter(|signer| signer.kid() == key.key_id)
    }
}
