//! The verifier of identity assertions: holds the last good key set and keeps it fresh.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use fred::interfaces::KeysInterface as _;
use josekit::jws::JwsVerifier as _;
use registry::AppId;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::compact::{Compact, Expect};
use super::jwks::Keys;
use super::seen::{Said, Seen};
use super::signer::ALGORITHM;
use super::{
    Claims, Jwks, KeyError, MAX_LENGTH, Principal, REDIS_KEY, Refusal, RootPublicKey, TYPE,
};
use crate::clock::Clock;

/// How often the key set is read again.
const REFRESH: Duration = Duration::from_secs(30);

/// How often an unknown key id may cause a read: a stream of forged ids must not become load.
const REREAD: Duration = Duration::from_secs(1);

/// How long a read may take. A request waits for it, so it is short.
const READ_LIMIT: Duration = Duration::from_millis(500);

/// Verifies identity assertions. Cheap to clone; all clones share the key set.
#[derive(Clone)]
pub struct Verifier(Arc<Inner>);

struct Inner {
    keys: ArcSwap<Keys>,
    seen: Seen,
    source: Option<Source>,
    clock: Clock,
    read: Mutex<LastRead>,
}

struct Source {
    redis: fred::clients::Client,
    root: RootPublicKey,
}

/// When the key set was last asked for, and whether that went well.
#[derive(Default)]
struct LastRead {
    at: Option<Instant>,
    failed: bool,
}

impl Verifier {
    /// A verifier that reads the key set from Redis. Have [`Verifier::follow`] run beside it.
    pub fn new(redis: fred::clients::Client, root: RootPublicKey, clock: Clock) -> Self {
        Self::with(Keys::default(), Some(Source { redis, root }), clock)
    }

    /// A verifier with a key set that never changes, for tests and for walking a route table.
    pub fn fixed(set: &Jwks, clock: Clock) -> Result<Self, KeyError> {
        Ok(Self::with(Keys::new(set, 0)?, None, clock))
    }

    fn with(keys: Keys, source: Option<Source>, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            keys: ArcSwap::from_pointee(keys),
            seen: Seen::default(),
            source,
            clock,
            read: Mutex::default(),
        }))
    }

    /// Reads the key set now and every 30 s until told to stop.
    pub async fn follow(self, stop: CancellationToken) {
        loop {
            self.read(Duration::ZERO).await;
            self.0.seen.forget_expired(self.0.clock.now());
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(REFRESH) => {}
            }
        }
    }

    /// Verifies an assertion made for an app, and yields the person it is about.
    ///
    /// For a request of one's own, the audience is one's own app; for an assertion that rides
    /// along in a service's call, it is the calling service.
    pub async fn verify(&self, text: &str, audience: &AppId) -> Result<Principal, Refusal> {
        let now = self.0.clock.now();
        if let Some(said) = self.0.seen.get(text)
            && self.0.keys.load().get(&said.kid).is_some()
        {
            return said.claims.accept(audience, now);
        }
        let token = Compact::parse(
            text,
            &Expect {
                max_length: MAX_LENGTH,
                algorithm: ALGORITHM,
                kind: TYPE,
            },
        )?;
        let kid = token
            .header
            .kid
            .as_deref()
            .ok_or(Refusal::Malformed("no kid"))?;
        let keys = self.keys_with(kid).await?;
        let key = keys.get(kid).ok_or(Refusal::UnknownKey)?;
        key.verify(token.signed, &token.signature)
            .map_err(|_| Refusal::Signature)?;
        let claims: Claims =
            serde_json::from_slice(&token.payload()?).map_err(|_| Refusal::Malformed("claims"))?;
        let principal = claims.accept(audience, now)?;
        let said = Said {
            kid: kid.to_owned(),
            claims,
        };
        self.0.seen.insert(text, said, now);
        Ok(principal)
    }

    /// The key set, read again when it lacks a key.
    async fn keys_with(&self, kid: &str) -> Result<Arc<Keys>, Refusal> {
        let keys = self.0.keys.load_full();
        if keys.get(kid).is_some() || self.0.source.is_none() {
            return Ok(keys);
        }
        // Boxed: the read is rare, and every request would carry its size otherwise.
        let failed = Box::pin(self.read(REREAD)).await;
        let keys = self.0.keys.load_full();
        // While the set cannot be read, an unknown key may well be a new one: "invalid" would send
        // a signed-in person to sign in again, and round and round.
        if keys.get(kid).is_none() && (failed || keys.is_empty()) {
            return Err(Refusal::KeysUnavailable);
        }
        Ok(keys)
    }

    /// Reads the key set unless that was tried a moment ago; says whether the last read failed.
    async fn read(&self, at_most_every: Duration) -> bool {
        let Some(source) = &self.0.source else {
            return false;
        };
        // Held over the read on purpose: whoever also lacks a key waits for this answer.
        let mut last = self.0.read.lock().await;
        if last.at.is_some_and(|at| at.elapsed() < at_most_every) {
            return last.failed;
        }
        let outcome = source.fetch().await;
        last.at = Some(Instant::now());
        last.failed = !self.adopt(outcome);
        last.failed
    }

    /// Takes over a key set that is good and not older than the one in use.
    fn adopt(&self, outcome: Result<Option<Keys>, ReadError>) -> bool {
        let current = self.0.keys.load();
        match outcome {
            Ok(Some(keys)) if keys.published < current.published => {
                tracing::warn!("the identity key set in Redis is older than the one in use: kept");
                false
            }
            Ok(Some(keys)) => {
                if current.is_empty() {
                    tracing::debug!(keys = keys.len(), "identity keys read");
                }
                self.0.keys.store(Arc::new(keys));
                true
            }
            // Emptied is not the same as "no keys": auth publishes them again within a minute.
            Ok(None) => false,
            Err(ReadError::Refused(reason)) => {
                tracing::error!(%reason, "the identity key set in Redis is not ours: ignored");
                false
            }
            Err(ReadError::Redis(error)) => {
                tracing::debug!(%error, "the identity key set could not be read: kept the last one");
                false
            }
            Err(ReadError::TimedOut) => {
                tracing::debug!("reading the identity key set took too long: kept the last one");
                false
            }
        }
    }
}

impl Source {
    async fn fetch(&self) -> Result<Option<Keys>, ReadError> {
        let text: Option<String> =
            tokio::time::timeout(READ_LIMIT, self.redis.get::<Option<String>, _>(REDIS_KEY))
                .await
                .map_err(|_| ReadError::TimedOut)?
                .map_err(ReadError::Redis)?;
        text.map(|text| Keys::read(&text, &self.root).map_err(ReadError::Refused))
            .transpose()
    }
}

enum ReadError {
    Redis(fred::error::Error),
    TimedOut,
    Refused(Refusal),
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("keys", &self.0.keys.load().len())
            .finish_non_exhaustive()
    }
}
