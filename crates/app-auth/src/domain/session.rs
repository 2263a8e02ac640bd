//! A browser signed in, and how long that lasts.

use jiff::{SignedDuration, Timestamp};
use postgres_types::{FromSql, ToSql};
use uuid::Uuid;

/// A session is over after this long without use.
pub(crate) const IDLE: SignedDuration = SignedDuration::from_hours(12);
/// A session is over after this long, used or not.
pub(crate) const ABSOLUTE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Last use is recorded at most this often.
pub(crate) const TOUCH_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// Names a session without being able to use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ToSql, FromSql)]
#[postgres(transparent)]
pub(crate) struct SessionId(pub(crate) Uuid);

impl SessionId {
    /// A new, time-ordered id.
    pub(crate) fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

/// The times that decide whether a session still counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lifetime {
    /// When the session is over, used or not.
    pub(crate) expires_at: Timestamp,
    /// Last recorded use.
    pub(crate) last_seen_at: Timestamp,
}

impl Lifetime {
    /// Of a session that begins now.
    pub(crate) fn beginning(now: Timestamp) -> Self {
        Self {
            expires_at: later(now, ABSOLUTE),
            last_seen_at: now,
        }
    }

    /// Whether the session still counts at `now`.
    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires_at && now < later(self.last_seen_at, IDLE)
    }

    /// Whether the last use should be recorded again.
    pub(crate) fn wants_touch(&self, now: Timestamp) -> bool {
        now >= later(self.last_seen_at, TOUCH_EVERY)
    }
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndReason {
    /// The person signed out.
    SignedOut,
    /// The person ended it from their list.
    EndedByOwner,
    /// Another service or an administrator ended it.
    EndedByOperator,
    /// The password changed.
    PasswordChanged,
    /// A way of signing in was removed.
    FactorRemoved,
    /// The person was disabled.
    Disabled,
    /// The same browser signed in anew.
    Replaced,
}

impl EndReason {
    /// As stored and audited.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::EndedByOwner => "ended_by_owner",
            Self::EndedByOperator => "ended_by_operator",
            Self::PasswordChanged => "password_changed",
            Self::FactorRemoved => "factor_removed",
            Self::Disabled => "disabled",
            Self::Replaced => "replaced",
        }
    }
}

/// `at` plus `by`, at most the end of time.
pub(crate) fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// `at` minus `by`, at least the beginning of time.
pub(crate) fn earlier(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_sub(by).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Timestamp {
        later(Timestamp::UNIX_EPOCH, SignedDuration::from_hours(hours))
    }

    #[test]
    fn idle_sessions_end() {
        let life = Lifetime::beginning(at(0));
        assert!(life.is_live(at(11)));
        assert!(!life.is_live(at(12)));
    }

    #[test]
    fn used_sessions_end_after_seven_days() {
        let mut life = Lifetime::beginning(at(0));
        life.last_seen_at = at(167);
        assert!(life.is_live(at(167)));
        assert!(!life.is_live(at(168)));
    }

    #[test]
    fn last_use_is_recorded_once_a_minute() {
        let life = Lifetime::beginning(at(0));
        assert!(!life.wants_touch(later(at(0), SignedDuration::from_secs(59))));
        assert!(life.wants_touch(later(at(0), SignedDuration::from_secs(60))));
    }
}
