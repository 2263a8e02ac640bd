//! Making the end of a session known everywhere within a second.
//!
//! PostgreSQL is the truth. Whoever ends something drops the copies in Redis and tells the gateways at once; and
//! every instance of this app reads twice a second what ended or changed lately, remembers it for longer than a
//! copy can live, and tells again what could not be told. So neither a lost message, nor an instance that died
//! between commit and message, nor a Redis that came back with old data lets an ended session act.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use platform_pg::Database;
use platform_redis::Redis;
use serde::Serialize;
use uuid::Uuid;

use crate::domain::session::earlier;
use crate::domain::subject::UserId;
use crate::domain::token::TokenHash;
use crate::error::Error;
use crate::service::fast_copy::{FastCopies, is_outdated};
use crate::store::sessions::{FoundSession, SessionKey, session_ended_since, session_live_of};
use crate::store::subjects::{Standpoint, subject_changed_since};

/// Where gateways listen.
const CHANNEL: &str = "auth:revocations";
/// How long an end is remembered: twice as long as a copy lives.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(10);
/// How far the clocks of two instances, and the time from a change to its commit, may lie apart.
const SLACK: SignedDuration = SignedDuration::from_secs(30);
/// How often the truth is read.
const EVERY: Duration = Duration::from_millis(500);

/// What gateways are told to forget.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
enum Revocation {
    /// One session.
    Session(Uuid),
    /// All that is known of a person: role, groups or state changed.
    User(Uuid),
}

#[derive(Default)]
struct Memory {
    ended: HashMap<TokenHash, Ended>,
    changed: HashMap<UserId, Changed>,
}

struct Ended {
    key: SessionKey,
    noticed_at: Timestamp,
    told: bool,
}

struct Changed {
    to: Standpoint,
    noticed_at: Timestamp,
    told: bool,
}

/// What ended and changed lately. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Revocations {
    redis: Redis,
    copies: FastCopies,
    memory: Arc<Mutex<Memory>>,
    /// The last attempt to tell failed; said once, not at each attempt.
    late: Arc<AtomicBool>,
}

impl Revocations {
    /// Remembers nothing yet: [`Self::catch_up`] must run before the first copy is trusted.
    pub(crate) fn new(redis: &Redis) -> Self {
        Self {
            redis: redis.clone(),
            copies: FastCopies::new(redis),
            memory: Arc::default(),
            late: Arc::default(),
        }
    }

    /// Whether a copy must not be believed.
    pub(crate) fn veto(&self, hash: &TokenHash, copy: &FoundSession) -> bool {
        self.memory(|memory| {
            let user = copy.subject.user_id;
            memory.ended.contains_key(hash)
                || memory
                    .changed
                    .get(&user)
                    .is_some_and(|changed| is_outdated(copy, changed.to))
        })
    }

    /// Makes ends known that this instance has just committed.
    pub(crate) async fn ended(&self, db: &Database, keys: &[SessionKey], now: Timestamp) {
        self.memory(|memory| {
            for key in keys {
                memory.note_ended(key, now);
            }
        });
        self.tell(db).await;
    }

    /// Makes a change of a person known that this instance has just committed.
    pub(crate) async fn changed(
        &self,
        db: &Database,
        (user_id, version): (UserId, i64),
        now: Timestamp,
    ) {
        // Sessions that end with a generation are told by themselves.
        let to = Standpoint {
            user_id,
            version,
            generation: 0,
        };
        self.memory(|memory| memory.note_changed(to, now));
        self.tell(db).await;
    }

    /// Has gateways ask anew about a key that works on, but shorter. If that cannot be told now, they ask anew within
    /// half a minute.
    pub(crate) async fn changed_key(&self, db: &Database, key: &SessionKey) {
        let told = self.tell_all(db, std::slice::from_ref(key), &[]).await;
        if let Err(error) = told {
            tracing::warn!(
                error = platform::error::chain(&error),
                "the new end of a key could not be told"
            );
        }
    }

    /// Has gateways ask anew about what these people act with. If that cannot be told now, they ask anew within half a
    /// minute, and copies end within five.
    pub(crate) async fn reconsider(&self, db: &Database, people: &[UserId]) {
        let people: Vec<Standpoint> = people
            .iter()
            .map(|who| Standpoint {
                user_id: *who,
                version: 0,
                generation: 0,
            })
            .collect();
        if let Err(error) = self.tell_all(db, &[], &people).await {
            tracing::warn!(
                error = platform::error::chain(&error),
                "what is asked of people could not be told at once"
            );
        }
    }

    /// Reads what ended or changed at or after `since`, tells what was not told yet, forgets what is old.
    pub(crate) async fn catch_up(
        &self,
        db: &Database,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<(), Error> {
        let client = db.client().await?;
        let ended = session_ended_since(&client, since).await?;
        let changed = subject_changed_since(&client, since).await?;
        drop(client);
        self.memory(|memory| {
            memory.forget_before(earlier(now, REMEMBERED));
            for key in &ended {
                memory.note_ended(key, now);
            }
            for change in changed {
                memory.note_changed(change, now);
            }
        });
        self.tell(db).await;
        Ok(())
    }

    /// Catches up again and again until the app stops.
    pub(crate) async fn follow(self, db: Database, clock: platform::Clock) {
        let mut read_up_to = clock.now();
        let mut was_away = false;
        loop {
            tokio::time::sleep(EVERY).await;
            let now = clock.now();
            // The earlier of both: a clock that was set back must not open a gap.
            match self
                .catch_up(&db, earlier(read_up_to.min(now), SLACK), now)
                .await
            {
                Ok(()) => {
                    read_up_to = now;
                    was_away = false;
                }
                Err(error) if !was_away => {
                    was_away = true;
                    tracing::warn!(
                        error = platform::error::chain(&error),
                        "cannot read which sessions ended"
                    );
                }
                Err(_) => {}
            }
        }
    }

    /// Reads what may still have copies; before that no copy is trusted because none has been read.
    pub(crate) async fn begin(&self, db: &Database, now: Timestamp) -> Result<(), Error> {
        self.catch_up(db, earlier(now, REMEMBERED), now).await
    }

    /// Drops copies and tells gateways; what fails is tried again by [`Self::follow`].
    async fn tell(&self, db: &Database) {
        let (ended, changed) = self.memory(|memory| memory.untold());
        if ended.is_empty() && changed.is_empty() {
            return;
        }
        let outcome = self.tell_all(db, &ended, &changed).await;
        let was_late = self.late.swap(outcome.is_err(), Ordering::Relaxed);
        match outcome {
            Ok(()) => self.memory(|memory| memory.note_told(&ended, &changed)),
            Err(error) if !was_late => {
                tracing::warn!(
                    error = platform::error::chain(&error),
                    "ends of sessions are told later"
                );
            }
            Err(_) => {}
        }
    }

    async fn tell_all(
        &self,
        db: &Database,
        ended: &[SessionKey],
        changed: &[Standpoint],
    ) -> Result<(), Told> {
        let concerned = self.sessions_of(db, changed).await?;
        let keys: Vec<SessionKey> = ended.iter().chain(&concerned).cloned().collect();
        if keys.is_empty() {
            return Ok(());
        }
        self.copies.drop_all(&keys).await.map_err(Told::Redis)?;
        for key in ended {
            self.publish(&Revocation::Session(key.session_id.0)).await?;
        }
        let users: HashSet<Uuid> = concerned.iter().map(|key| key.user_id.0).collect();
        for user in users {
            self.publish(&Revocation::User(user)).await?;
        }
        Ok(())
    }

    /// Nobody remembers anything of people without sessions.
    async fn sessions_of(
        &self,
        db: &Database,
        changed: &[Standpoint],
    ) -> Result<Vec<SessionKey>, Told> {
        if changed.is_empty() {
            return Ok(Vec::new());
        }
        let users: Vec<UserId> = changed.iter().map(|change| change.user_id).collect();
        let client = db.client().await.map_err(Told::Storage)?;
        session_live_of(&client, &users)
            .await
            .map_err(Told::Storage)
    }

    async fn publish(&self, message: &Revocation) -> Result<(), Told> {
        self.redis
            .publish(CHANNEL, message)
            .await
            .map_err(Told::Redis)
    }

    fn memory<T>(&self, with: impl FnOnce(&mut Memory) -> T) -> T {
        // Every change to the memory is complete in itself.
        with(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[derive(Debug, thiserror::Error)]
enum Told {
    #[error("storage")]
    Storage(#[source] platform_pg::Error),
    #[error("Redis")]
    Redis(#[source] platform_redis::Error),
}

impl Memory {
    fn note_ended(&mut self, key: &SessionKey, now: Timestamp) {
        self.ended
            .entry(key.token_hash.clone())
            .or_insert_with(|| Ended {
                key: key.clone(),
                noticed_at: now,
                told: false,
            });
    }

    /// Either number may arrive later than the other; neither goes back.
    fn note_changed(&mut self, to: Standpoint, now: Timestamp) {
        let known = self.changed.get(&to.user_id).map(|known| known.to);
        let to = Standpoint {
            version: known.map_or(to.version, |known| known.version.max(to.version)),
            generation: known.map_or(to.generation, |known| known.generation.max(to.generation)),
            ..to
        };
        if known != Some(to) {
            self.changed.insert(
                to.user_id,
                Changed {
                    to,
                    noticed_at: now,
                    told: false,
                },
            );
        }
    }

    fn forget_before(&mut self, limit: Timestamp) {
        self.ended
            .retain(|_, ended| ended.noticed_at >= limit || !ended.told);
        self.changed
            .retain(|_, changed| changed.noticed_at >= limit || !changed.told);
    }

    fn untold(&self) -> (Vec<SessionKey>, Vec<Standpoint>) {
        let ended = self
            .ended
            .values()
            .filter(|ended| !ended.told)
            .map(|ended| ended.key.clone())
            .collect();
        let changed = self
            .changed
            .values()
            .filter(|changed| !changed.told)
            .map(|changed| changed.to)
            .collect();
        (ended, changed)
    }

    fn note_told(&mut self, ended: &[SessionKey], changed: &[Standpoint]) {
        for key in ended {
            if let Some(ended) = self.ended.get_mut(&key.token_hash) {
                ended.told = true;
            }
        }
        for to in changed {
            if let Some(changed) = self
                .changed
                .get_mut(&to.user_id)
                .filter(|changed| changed.to == *to)
            {
                changed.told = true;
            }
        }
    }
}
