//! Assertions whose signature was verified a moment ago.
//!
//! A gateway uses one assertion for many requests, and checking an Ed25519 signature costs more
//! than the rest of a small request. Only the signature is remembered: parties and times are
//! checked at each use, and an entry counts only while its key is in force.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::Claims;

/// At about 1.5 KiB each.
const MOST: usize = 512;

/// What a verified token said.
pub(super) struct Said {
    pub(super) kid: String,
    pub(super) claims: Claims,
}

/// The memory, bounded.
#[derive(Default)]
pub(super) struct Seen(Mutex<HashMap<Box<str>, Arc<Said>>>);

impl Seen {
    pub(super) fn get(&self, token: &str) -> Option<Arc<Said>> {
        self.lock().get(token).cloned()
    }

    pub(super) fn insert(&self, token: &str, said: Said, now: Timestamp) {
        let mut seen = self.lock();
        if seen.len() >= MOST {
            seen.retain(|_, said| said.claims.exp > now.as_second());
        }
        if seen.len() >= MOST {
            // Everybody is checked once more; nobody is refused.
            seen.clear();
        }
        seen.insert(token.into(), Arc::new(said));
    }

    /// Gives back the memory of what has expired.
    pub(super) fn forget_expired(&self, now: Timestamp) {
        let mut seen = self.lock();
        seen.retain(|_, said| said.claims.exp > now.as_second());
        seen.shrink_to_fit();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Box<str>, Arc<Said>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    fn said(exp: i64) -> Said {
        let claims = serde_json::json!({
            "iss": "cloud", "aud": "hello", "sub": uuid::Uuid::nil(), "sid": uuid::Uuid::nil(),
            "name": "", "preferred_username": "", "role": "user", "auth_time": 0, "iat": 0,
            "exp": exp, "jti": uuid::Uuid::nil(),
        });
        Said {
            kid: String::new(),
            claims: serde_json::from_value(claims).unwrap(),
        }
    }

    #[test]
    fn it_never_holds_more_than_it_may() {
        let seen = Seen::default();
        let now = Timestamp::from_second(100).unwrap();
        for n in 0..MOST * 3 {
            seen.insert(&n.to_string(), said(160), now);
            assert!(seen.lock().len() <= MOST);
            assert!(seen.get(&n.to_string()).is_some());
        }
    }

    #[test]
    fn what_has_expired_makes_room() {
        let seen = Seen::default();
        let now = Timestamp::from_second(100).unwrap();
        seen.insert("live", said(160), now);
        for n in 1..MOST {
            seen.insert(&n.to_string(), said(100), now);
        }
        seen.insert("one more", said(160), now);
        assert!(seen.get("live").is_some());
        assert_eq!(seen.lock().len(), 2);
        seen.forget_expired(Timestamp::from_second(160).unwrap());
        assert_eq!(seen.lock().len(), 0);
    }
}
