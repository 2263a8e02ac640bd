//! Copies of live sessions in Redis, so that most introspections cost no query.
//!
//! A copy may vanish at any time and must never outlive its session: it lives minutes, it is dropped when the
//! session ends, and it is only written if nothing ended since the truth was read (`session-generation`).

use std::time::Duration;

use fred::clients::WithOptions;
use fred::interfaces::{KeysInterface, LuaInterface};
use fred::types::config::Options;
use jiff::Timestamp;
use platform_redis::{Error, Redis};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::session::{Lifetime, SessionId};
use crate::domain::subject::Subject;
use crate::domain::token::TokenHash;
use crate::store::sessions::{FoundSession, SessionKey};
use crate::store::subjects::Standpoint;

/// How long a copy may live.
pub(crate) const COPY_LIVES: Duration = Duration::from_mins(5);
/// Longer than this the truth is asked instead.
const ANSWER_WITHIN: Duration = Duration::from_millis(250);
/// Counts ends and changes: a copy of what was read before the last one is not written.
const GENERATION: &str = "session-generation";
/// Writes owner and copy if nothing ended meanwhile.
const FILL: &str = "\
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[4])
redis.call('SET', KEYS[3], ARGV[3], 'EX', ARGV[4])
return 1";

/// A session as remembered.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Copy {
    session_id: Uuid,
    /// None in a copy that a version wrote which knows no lineage.
    #[serde(default)]
    lineage: Option<Uuid>,
    factors: Vec<String>,
    authenticated_at: Timestamp,
    last_seen_at: Timestamp,
    expires_at: Timestamp,
    begun_at: Timestamp,
    remembered: bool,
    generation: Option<i64>,
    subject: Subject,
    #[serde(default)]
    owes_from: Option<Timestamp>,
}

/// What had happened when the truth was read.
#[derive(Debug, Clone)]
pub(crate) struct Generation(String);

/// Access to the copies. Cheap to clone.
#[derive(Clone)]
pub(crate) struct FastCopies {
    redis: Redis,
}

impl FastCopies {
    /// Copies in the platform's Redis.
    pub(crate) fn new(redis: &Redis) -> Self {
        Self {
            redis: redis.clone(),
        }
    }

    /// The copy behind a cookie. `None` also when Redis is away.
    pub(crate) async fn read(&self, hash: &TokenHash) -> Option<FoundSession> {
        let client = self.client();
        let owner: Option<String> = client.get(owner_key(hash)).await.ok()?;
        let text: Option<String> = client.get(copy_key(&owner?, hash)).await.ok()?;
        let copy: Copy = serde_json::from_str(&text?).ok()?;
        Some(FoundSession {
            session_id: SessionId(copy.session_id),
            lineage: SessionId(copy.lineage.unwrap_or(copy.session_id)),
            factors: copy.factors,
            authenticated_at: copy.authenticated_at,
            lifetime: Lifetime {
                begun_at: copy.begun_at,
                expires_at: copy.expires_at,
                last_seen_at: copy.last_seen_at,
                remembered: copy.remembered,
            },
            generation: copy.generation,
            subject: copy.subject,
            owes_from: copy.owes_from,
        })
    }

    /// To be taken before the truth is read. `None` when Redis is away: nothing will be written then.
    pub(crate) async fn generation(&self) -> Option<Generation> {
        let value: Option<String> = self.client().get(GENERATION).await.ok()?;
        Some(Generation(value.unwrap_or_default()))
    }

    /// Writes the copy of a session read after `generation` was taken, unless something ended since.
    pub(crate) async fn fill(
        &self,
        hash: &TokenHash,
        session: &FoundSession,
        generation: Option<Generation>,
    ) {
        let Some(Generation(generation)) = generation else {
            return;
        };
        let owner = session.subject.user_id.0.to_string();
        let copy = Copy {
            session_id: session.session_id.0,
            lineage: Some(session.lineage.0),
            factors: session.factors.clone(),
            authenticated_at: session.authenticated_at,
            last_seen_at: session.lifetime.last_seen_at,
            expires_at: session.lifetime.expires_at,
            begun_at: session.lifetime.begun_at,
            remembered: session.lifetime.remembered,
            generation: session.generation,
            subject: session.subject.clone(),
            owes_from: session.owes_from,
        };
        let Ok(text) = serde_json::to_string(&copy) else {
            return;
        };
        let keys = vec![
            GENERATION.to_owned(),
            owner_key(hash),
            copy_key(&owner, hash),
        ];
        let arguments = vec![generation, owner, text, COPY_LIVES.as_secs().to_string()];
        // The driver does not apply options to scripts: the time is kept here.
        let written = self
            .redis
            .client()
            .eval::<i64, _, _, _>(FILL, keys, arguments);
        match tokio::time::timeout(ANSWER_WITHIN, written).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::debug!(error = %Error::from(error), "a session was not copied to Redis");
            }
            Err(_elapsed) => tracing::debug!("a session was not copied to Redis in time"),
        }
    }

    /// Drops copies, and keeps those from being written that were read before.
    pub(crate) async fn drop_all(&self, sessions: &[SessionKey]) -> Result<(), Error> {
        let client = self.client();
        let _generation: i64 = client.incr(GENERATION).await?;
        let keys: Vec<String> = sessions
            .iter()
            .flat_map(|key| {
                [
                    copy_key(&key.user_id.0.to_string(), &key.token_hash),
                    owner_key(&key.token_hash),
                ]
            })
            .collect();
        if !keys.is_empty() {
            let _dropped: i64 = client.del(keys).await?;
        }
        Ok(())
    }

    fn client(&self) -> WithOptions<fred::clients::Client> {
        let options = Options {
            timeout: Some(ANSWER_WITHIN),
            max_attempts: Some(1),
            fail_fast: true,
            ..Options::default()
        };
        fred::interfaces::ClientLike::with_options(self.redis.client(), &options)
    }
}

fn owner_key(hash: &TokenHash) -> String {
    format!("session-owner:{}", hash.text())
}

fn copy_key(owner: &str, hash: &TokenHash) -> String {
    format!("session:{owner}:{}", hash.text())
}

/// Whose copies a change of a person concerns.
pub(crate) fn is_outdated(session: &FoundSession, now: Standpoint) -> bool {
    session.subject.user_id == now.user_id
        && (session.subject.version < now.version
            || session
                .generation
                .is_some_and(|generation| generation < now.generation))
}
