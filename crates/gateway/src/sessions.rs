//! Who is behind a session or a key, as auth says: asked once per session, remembered for half a minute, forgotten the
//! moment auth revokes it. While auth is away what was known a few minutes ago still holds; what was not known is not
//! guessed.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use http::HeaderValue;
use jiff::{SignedDuration, Timestamp};
use platform::Clock;
use platform::config::Cidr;
use platform::identity::{Claims, Principal};
use registry::AppId;
use rpc::Call;
use rpc::auth::AuthClient;
use rpc::auth::v1::IntrospectRequest;
use tokio::sync::{Mutex as Turn, Semaphore};
use tokio::time::Instant;
use uuid::Uuid;

use crate::signing::Signing;

pub(crate) mod presented;
mod principal;
pub(crate) mod revocations;

use presented::Presented;

/// How long the answer that nobody is behind a token is used.
const FRESH_NOBODY: Duration = Duration::from_secs(5);
/// Longest wait for auth.
const ASK: Duration = Duration::from_secs(2);
/// Questions to auth at once.
const MOST_QUESTIONS: usize = 64;
/// Parts of the memory, each with its own lock.
const SHARDS: usize = 16;
/// Sessions remembered per part.
const MOST_PER_SHARD: usize = 4096;
/// An assertion with less than this to live is not used again.
const ASSERTION_MARGIN: SignedDuration = SignedDuration::from_secs(20);
/// None lives longer.
const ASSERTION_LIFE: SignedDuration = SignedDuration::from_secs(platform::identity::LIFETIME);
/// Apps for which assertions are kept per session.
const MOST_ASSERTIONS: usize = 32;

/// How long what auth has said of somebody is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Belief {
    /// Without asking again.
    pub fresh: Duration,
    /// While auth cannot be asked.
    pub stale: Duration,
}

impl Default for Belief {
    fn default() -> Self {
        Self {
            fresh: Duration::from_secs(30),
            stale: Duration::from_mins(5),
        }
    }
}

/// The SHA-256 of a token; tokens themselves are not remembered.
type Key = [u8; 32];

/// What is known about a token.
pub(crate) enum Lookup {
    /// Somebody's session.
    Somebody(Arc<Person>),
    /// No session, or one that has ended.
    Nobody,
    /// Auth cannot be asked, and nothing was known before.
    Unknown,
    /// Too many unknown tokens at once.
    Busy,
}

/// Somebody, and the assertions made about them lately.
pub(crate) struct Person {
    pub(crate) principal: Principal,
    expires_at: Timestamp,
    bounds: Bounds,
    assertions: Mutex<Vec<Assertion>>,
    /// Whoever holds it signs; the others use what was signed.
    turn: Turn<()>,
}

/// Where a credential may be used.
#[derive(Default)]
struct Bounds {
    /// The one app it is for.
    app: Option<AppId>,
    /// Networks it may be used from; none for any.
    networks: Vec<Cidr>,
}

struct Assertion {
    app: AppId,
    value: HeaderValue,
    expires_at: Timestamp,
}

/// The memory of sessions.
pub(crate) struct Sessions {
    auth: AuthClient,
    clock: Clock,
    belief: Belief,
    shards: [Mutex<HashMap<Key, Arc<Slot>>>; SHARDS],
    questions: Semaphore,
    /// Counts revocations, so that an answer given before one is not remembered after it.
    revocations: AtomicU64,
}

/// One session. Whoever holds its turn asks auth; the others wait and use the answer.
#[derive(Default)]
struct Slot {
    known: ArcSwapOption<Known>,
    turn: Turn<Asking>,
}

/// What whoever asks leaves to those who waited.
#[derive(Default)]
struct Asking {
    /// When the last question got no answer. Those who waited for it take that for theirs.
    failed_at: Option<Instant>,
}

/// An answer of auth.
struct Known {
    person: Option<Arc<Person>>,
    at: Instant,
}

impl Sessions {
    /// Knows nobody yet.
    pub(crate) fn new(auth: AuthClient, clock: Clock, belief: Belief) -> Self {
        Self {
            auth,
            clock,
            belief,
            shards: std::array::from_fn(|_| Mutex::default()),
            questions: Semaphore::new(MOST_QUESTIONS),
            revocations: AtomicU64::new(0),
        }
    }

    /// Who is behind the credential, if that was asked lately.
    pub(crate) fn remembered(&self, presented: Presented<'_>) -> Option<Lookup> {
        let key = presented.key();
        let slot = self.shard(key).get(&key).map(Arc::clone)?;
        let known = slot.fresh(self.belief)?;
        Some(self.judge(&known))
    }

    /// Who is behind the credential.
    pub(crate) async fn look_up(&self, presented: Presented<'_>, client: IpAddr) -> Lookup {
        let key = presented.key();
        let slot = self.slot(key);
        if let Some(known) = slot.fresh(self.belief) {
            return self.judge(&known);
        }
        let begun = Instant::now();
        let mut turn = slot.turn.lock().await;
        // Somebody else may have asked meanwhile.
        if let Some(known) = slot.fresh(self.belief) {
            return self.judge(&known);
        }
        if turn.failed_at.is_some_and(|failed| failed > begun) {
            return self.fall_back(&slot);
        }
        match self.ask(presented, client).await {
            Ok((person, rememberable)) => {
                let known = Arc::new(Known {
                    person,
                    at: Instant::now(),
                });
                if rememberable {
                    slot.known.store(Some(Arc::clone(&known)));
                }
                self.judge(&known)
            }
            Err(NoAnswer::Busy) => Lookup::Busy,
            Err(NoAnswer::Away) => {
                turn.failed_at = Some(Instant::now());
                self.fall_back(&slot)
            }
        }
    }

    /// What holds while auth cannot be asked: what it said some minutes ago about somebody, and nothing else.
    fn fall_back(&self, slot: &Slot) -> Lookup {
        match slot.known.load_full() {
            Some(known) if known.at.elapsed() < self.belief.stale && known.person.is_some() => {
                self.judge(&known)
            }
            _ => Lookup::Unknown,
        }
    }

    fn judge(&self, known: &Known) -> Lookup {
        match &known.person {
            Some(person) if person.expires_at > self.clock.now() => {
                Lookup::Somebody(Arc::clone(person))
            }
            _ => Lookup::Nobody,
        }
    }

    /// Asks auth. An answer that a revocation may have overtaken is asked for once more, and never remembered.
    async fn ask(
        &self,
        presented: Presented<'_>,
        client: IpAddr,
    ) -> Result<(Option<Arc<Person>>, bool), NoAnswer> {
        let _permit = self.questions.try_acquire().map_err(|_| NoAnswer::Busy)?;
        let before = self.revocations.load(Ordering::SeqCst);
        let answer = self.introspect(presented, client).await?;
        if self.revocations.load(Ordering::SeqCst) == before {
            return Ok((answer, true));
        }
        self.introspect(presented, client)
            .await
            .map(|answer| (answer, false))
    }

    async fn introspect(
        &self,
        presented: Presented<'_>,
        client: IpAddr,
    ) -> Result<Option<Arc<Person>>, NoAnswer> {
        let request = match presented {
            Presented::Session(token) => IntrospectRequest {
                session_token: token.to_owned(),
                ..IntrospectRequest::default()
            },
            Presented::Key(text) => IntrospectRequest {
                api_key: text.to_owned(),
                address: client.to_canonical().to_string(),
                ..IntrospectRequest::default()
            },
        };
        let response = self
            .auth
            .introspect(Call::new(ASK), request)
            .await
            .map_err(|error| {
                tracing::warn!(
                    error = platform::error::chain(&error),
                    "auth could not be asked about a session"
                );
                NoAnswer::Away
            })?;
        Ok(response
            .principal
            .and_then(principal::read)
            .map(|(principal, expires_at, bounds)| {
                let assertions = Mutex::default();
                Arc::new(Person {
                    principal,
                    expires_at,
                    bounds,
                    assertions,
                    turn: Turn::default(),
                })
            }))
    }

    fn slot(&self, key: Key) -> Arc<Slot> {
        let mut shard = self.shard(key);
        if shard.len() >= MOST_PER_SHARD && !shard.contains_key(&key) {
            make_room(&mut shard, self.belief.stale);
        }
        Arc::clone(shard.entry(key).or_default())
    }

    fn shard(&self, key: Key) -> MutexGuard<'_, HashMap<Key, Arc<Slot>>> {
        let [first, ..] = key;
        let index = usize::from(first) % SHARDS;
        // The index is below SHARDS; the first stands in so that there is nothing to panic about.
        let [first_shard, ..] = &self.shards;
        let shard = self.shards.get(index).unwrap_or(first_shard);
        shard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets sessions that are no longer what they were.
    pub(crate) fn revoke(&self, is_revoked: impl Fn(&Principal) -> bool) {
        self.revocations.fetch_add(1, Ordering::SeqCst);
        for shard in &self.shards {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            shard.retain(|_, slot| {
                let known = slot.known.load();
                let person = known.as_ref().and_then(|known| known.person.as_ref());
                !person.is_some_and(|person| is_revoked(&person.principal))
            });
        }
    }

    /// Asks anew about everybody: revocations may have been missed. What is known still holds while auth is away.
    pub(crate) fn doubt_all(&self) {
        self.revocations.fetch_add(1, Ordering::SeqCst);
        let Some(long_ago) = Instant::now().checked_sub(self.belief.fresh) else {
            return self.revoke(|_| true);
        };
        for shard in &self.shards {
            for slot in shard
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .values()
            {
                if let Some(known) = slot.known.load_full() {
                    let at = known.at.min(long_ago);
                    let person = known.person.clone();
                    slot.known.store(Some(Arc::new(Known { person, at })));
                }
            }
        }
    }
}

/// Drops what is too old to be of use, and if that is not enough, any half.
fn make_room(shard: &mut HashMap<Key, Arc<Slot>>, stale: Duration) {
    shard.retain(|_, slot| {
        slot.known
            .load()
            .as_ref()
            .is_some_and(|known| known.at.elapsed() < stale)
    });
    let surplus = shard.len().saturating_sub(MOST_PER_SHARD / 2);
    if shard.len() >= MOST_PER_SHARD {
        let keys: Vec<Key> = shard.keys().take(surplus).copied().collect();
        for key in keys {
            shard.remove(&key);
        }
    }
}

enum NoAnswer {
    Away,
    Busy,
}

impl Slot {
    fn fresh(&self, belief: Belief) -> Option<Arc<Known>> {
        self.known.load_full().filter(|known| {
            let limit = if known.person.is_some() {
                belief.fresh
            } else {
                belief.fresh.min(FRESH_NOBODY)
            };
            known.at.elapsed() < limit
        })
    }
}

impl Person {
    /// Whether the credential may be used for this app from this address.
    pub(crate) fn reaches(&self, app: &AppId, client: IpAddr) -> bool {
        let Bounds {
            app: only,
            networks,
        } = &self.bounds;
        only.as_ref().is_none_or(|only| only == app)
            && (networks.is_empty() || networks.iter().any(|network| network.contains(client)))
    }

    /// An assertion for one app; the last one, while it has long enough to live.
    pub(crate) async fn assertion(
        &self,
        app: &AppId,
        signing: &Signing,
        now: Timestamp,
    ) -> Option<HeaderValue> {
        let _turn = self.turn.lock().await;
        if let Some(value) = self.kept(app, now) {
            return Some(value);
        }
        let claims = Claims::new(&self.principal, app, now);
        let expires_at = Timestamp::from_second(claims.exp).ok()?;
        let value = signing.sign(&claims).await?;
        let mut assertions = self
            .assertions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        assertions.retain(|other| other.app != *app);
        if assertions.len() >= MOST_ASSERTIONS {
            assertions.clear();
        }
        assertions.push(Assertion {
            app: app.clone(),
            value: value.clone(),
            expires_at,
        });
        Some(value)
    }

    /// The last assertion for an app, while it has long enough to live.
    pub(crate) fn kept(&self, app: &AppId, now: Timestamp) -> Option<HeaderValue> {
        let assertions = self
            .assertions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let found = assertions.iter().find(|assertion| assertion.app == *app)?;
        let left = found.expires_at.duration_since(now);
        // One that has longer to live than any has was made before the clock was set back. Apps would take it for one
        // from the future.
        (left > ASSERTION_MARGIN && left <= ASSERTION_LIFE).then(|| found.value.clone())
    }
}

/// What a revocation names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Revoked {
    /// One session.
    Session(Uuid),
    /// Everything about a person.
    User(Uuid),
    /// Everything.
    All,
}
