//! Rate limits: a sliding window shared by all instances in Redis, with a stricter window in this process while
//! Redis is away.
//!
//! Never unlimited: when Redis cannot be asked, each instance grants its share of the quota, counting what it
//! granted before; when the process cannot remember any more callers, unknown ones are refused.

mod local;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fred::interfaces::{ClientLike, KeysInterface, LuaInterface};
use fred::types::Expiration;
use fred::types::scripts::Script;
use rand::Rng;
use sha2::{Digest, Sha256};

use self::local::Windows;
use crate::{Error, Redis};

/// How long Redis may take to answer before the limit is decided here.
const ANSWER_WITHIN: Duration = Duration::from_millis(250);
/// How long Redis is left alone after it failed to answer.
const PAUSE: Duration = Duration::from_secs(1);

/// Decides one call.
const SCRIPT: &str = include_str!("limit/window.lua");

/// How much is allowed within which time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    limit: u32,
    window: Duration,
}

impl Quota {
    /// `limit` calls within any span of `window`. A limit of zero counts as one, a window below a millisecond
    /// as a millisecond.
    pub const fn per(limit: u32, window: Duration) -> Self {
        let limit = if limit == 0 { 1 } else { limit };
        let window = if window.as_millis() == 0 {
            Duration::from_millis(1)
        } else {
            window
        };
        Self { limit, window }
    }
}

/// The answer for one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Go on.
    Allowed {
        /// Calls left in the window.
        remaining: u32,
        /// Until the oldest counted call leaves the window.
        reset: Duration,
    },
    /// Refuse.
    Limited {
        /// Until a call may succeed again.
        retry_after: Duration,
    },
}

impl Decision {
    /// Whether the call may go on.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }
}

/// One named limit. Cheap to clone.
#[derive(Clone)]
pub struct RateLimiter {
    inner: Arc<Inner>,
}

struct Inner {
    redis: Redis,
    name: &'static str,
    quota: Quota,
    script: Script,
    local: Mutex<Local>,
}

struct Local {
    windows: Windows,
    /// Redis is not asked before this moment.
    paused_until: Option<Instant>,
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimiter")
            .field("name", &self.inner.name)
            .field("quota", &self.inner.quota)
            .finish()
    }
}

impl RateLimiter {
    /// A limit of this app, known by its name.
    pub fn new(redis: &Redis, name: &'static str, quota: Quota) -> Self {
        Self {
            inner: Arc::new(Inner {
                redis: redis.clone(),
                name,
                quota,
                script: Script::from_lua(SCRIPT),
                local: Mutex::new(Local {
                    windows: Windows::new(quota.window),
                    paused_until: None,
                }),
            }),
        }
    }

    /// Counts a call by `key`, which may be anything a client submitted: it is hashed before it is stored.
    pub async fn check(&self, key: &str) -> Decision {
        let hashed = Self::hash(key);
        if self.may_ask() {
            match self.ask(&hashed).await {
                Ok(decision) => return decision,
                Err(error) => self.pause(&error),
            }
        }
        self.decide_here(&hashed)
    }

    /// Forgets the calls counted for `key`, for example after a sign-in succeeded.
    pub async fn forget(&self, key: &str) {
        let hashed = Self::hash(key);
        self.local(|local| local.windows.forget(&hashed));
        if let Err(error) = self.delete(&hashed).await {
            tracing::debug!(limit = self.inner.name, %error, "could not reset a rate limit");
        }
    }

    async fn delete(&self, hashed: &str) -> Result<(), Error> {
        let options = Redis::options(ANSWER_WITHIN);
        let client = self.inner.redis.client().with_options(&options);
        let [window, marker] = self.keys(hashed);
        let millis = i64::try_from(self.inner.quota.window.as_millis()).unwrap_or(i64::MAX);
        // The marker first: without it the absence of the window would look like a loss.
        let _set: () = client
            .set(marker, 1, Some(Expiration::PX(millis)), None, false)
            .await?;
        let _deleted: i64 = client.del(window).await?;
        Ok(())
    }

    async fn ask(&self, hashed: &str) -> Result<Decision, Error> {
        let Quota { limit, window } = self.inner.quota;
        // Calls granted here while Redis was away count as well: its return is no second quota. Neither is its
        // loss, as far as this process remembers.
        let (granted_without, granted_by) =
            self.local(|local| local.windows.counts(hashed, Instant::now()));
        let arguments = vec![
            limit.to_string(),
            micros(window).to_string(),
            granted_without.to_string(),
            granted_by.to_string(),
            format!("{:016x}", rand::rng().random::<u64>()),
        ];
        let (allowed, remaining, wait): (i64, i64, i64) =
            self.evaluate(self.keys(hashed).to_vec(), arguments).await?;
        let wait = Duration::from_micros(u64::try_from(wait).unwrap_or(0));
        if allowed == 1 {
            self.local(|local| local.windows.note_shared(hashed, Instant::now()));
            Ok(Decision::Allowed {
                remaining: u32::try_from(remaining).unwrap_or(0),
                reset: wait,
            })
        } else {
            Ok(Decision::Limited { retry_after: wait })
        }
    }

    /// One script call; the script is sent along when the server does not know it (any more).
    async fn evaluate(
        &self,
        keys: Vec<String>,
        arguments: Vec<String>,
    ) -> Result<(i64, i64, i64), Error> {
        let client = self.inner.redis.client();
        let hash = self.inner.script.sha1().clone();
        let call = async {
            match client.evalsha(hash, keys.clone(), arguments.clone()).await {
                Err(error) if error.details().starts_with("NOSCRIPT") => {
                    client.eval(SCRIPT, keys, arguments).await
                }
                other => other,
            }
        };
        // The driver does not apply the options of a client to scripts: the time is kept here.
        match tokio::time::timeout(ANSWER_WITHIN, call).await {
            Ok(answer) => answer.map_err(Error::from),
            Err(_elapsed) => Err(Error::Unavailable("Timeout Error")),
        }
    }

    fn decide_here(&self, hashed: &str) -> Decision {
        let instances = u32::try_from(self.inner.redis.instances()).unwrap_or(u32::MAX);
        let share = (self.inner.quota.limit / instances).max(1);
        self.local(|local| local.windows.take(hashed, share, Instant::now()))
    }

    fn may_ask(&self) -> bool {
        self.inner.redis.client().is_connected()
            && self.local(|local| {
                local
                    .paused_until
                    .is_none_or(|until| Instant::now() >= until)
            })
    }

    fn pause(&self, error: &Error) {
        tracing::warn!(limit = self.inner.name, %error, "Redis did not answer: limiting in this process");
        self.local(|local| local.paused_until = Some(Instant::now() + PAUSE));
    }

    /// The window and the marker of its deletion, in one slot of a cluster.
    fn keys(&self, hashed: &str) -> [String; 2] {
        let window = self
            .inner
            .redis
            .key(&format!("rate:{}:{{{hashed}}}", self.inner.name));
        let marker = format!("{window}:reset");
        [window, marker]
    }

    fn local<T>(&self, with: impl FnOnce(&mut Local) -> T) -> T {
        // Every change to the windows is complete in itself, so a panic elsewhere cannot have left them broken.
        with(
            &mut self
                .inner
                .local
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// Keys are personal (addresses, names) and of any length: Redis sees a digest of 128 bits.
    fn hash(key: &str) -> String {
        let digest = Sha256::digest(key.as_bytes());
        URL_SAFE_NO_PAD.encode(digest.get(..16).unwrap_or(&digest))
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
