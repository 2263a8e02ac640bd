//! A browser signed in, and how long that lasts.

use jiff::{SignedDuration, Timestamp};
use postgres_types::{FromSql, ToSql};
use uuid::Uuid;

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

/// How long sessions last, as the settings say at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionPolicy {
    /// Longest time without use.
    pub(crate) idle: SignedDuration,
    /// Longest time in all.
    pub(crate) absolute: SignedDuration,
    /// Longest time in all, used or not, of a browser that asked to be remembered.
    pub(crate) remembered: SignedDuration,
}

impl SessionPolicy {
    /// What holds while nobody has set anything.
    #[cfg(test)]
    pub(crate) const DEFAULT: Self = Self {
        idle: SignedDuration::from_hours(12),
        absolute: SignedDuration::from_hours(7 * 24),
        remembered: SignedDuration::from_hours(30 * 24),
    };

    /// Longest time in all.
    pub(crate) fn whole(&self, remembered: bool) -> SignedDuration {
        if remembered {
            self.remembered
        } else {
            self.absolute
        }
    }

    fn idle(&self, remembered: bool) -> SignedDuration {
        if remembered {
            self.remembered
        } else {
            self.idle
        }
    }
}

/// The moments that part live sessions from others, for lists.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cutoffs {
    /// They end later than this.
    pub(crate) now: Timestamp,
    /// They were used after this.
    pub(crate) used_after: Timestamp,
    /// They began after this.
    pub(crate) begun_after: Timestamp,
    /// Remembered ones began after this; when they were used does not matter.
    pub(crate) remembered_after: Timestamp,
}

impl Cutoffs {
    /// As the policy has it at `now`.
    pub(crate) fn at(now: Timestamp, policy: SessionPolicy) -> Self {
        Self {
            now,
            used_after: earlier(now, policy.idle),
            begun_after: earlier(now, policy.absolute),
            remembered_after: earlier(now, policy.remembered),
        }
    }
}

/// The times that decide whether a session still counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lifetime {
    /// Sign-in.
    pub(crate) begun_at: Timestamp,
    /// When the session is over at the latest, as the policy was when it began.
    pub(crate) expires_at: Timestamp,
    /// Last recorded use.
    pub(crate) last_seen_at: Timestamp,
    /// The browser asked to be remembered.
    pub(crate) remembered: bool,
}

impl Lifetime {
    /// Of a session that begins now.
    pub(crate) fn beginning(now: Timestamp, remembered: bool, policy: SessionPolicy) -> Self {
        Self {
            begun_at: now,
            expires_at: later(now, policy.whole(remembered)),
            last_seen_at: now,
            remembered,
        }
    }

    /// When the session is over, used or not. A policy that became shorter counts at once; a longer one only for
    /// sessions to come.
    pub(crate) fn ends_at(&self, policy: SessionPolicy) -> Timestamp {
        later(self.begun_at, policy.whole(self.remembered)).min(self.expires_at)
    }

    /// Whether the session still counts at `now`.
    pub(crate) fn is_live(&self, now: Timestamp, policy: SessionPolicy) -> bool {
        let unused = later(self.last_seen_at, policy.idle(self.remembered));
        now < self.ends_at(policy) && now < unused
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
    /// It had not proven what was asked for from now on.
    FactorRequired,
    /// The person was disabled.
    Disabled,
    /// The same browser signed in anew, or goes on under another id.
    Replaced,
    /// The person's role was raised.
    RoleRaised,
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
            Self::FactorRequired => "factor_required",
            Self::Disabled => "disabled",
            Self::Replaced => "replaced",
            Self::RoleRaised => "role_raised",
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

    const POLICY: SessionPolicy = SessionPolicy::DEFAULT;

    #[test]
    fn idle_sessions_end() {
        let life = Lifetime::beginning(at(0), false, POLICY);
        assert!(life.is_live(at(11), POLICY));
        assert!(!life.is_live(at(12), POLICY));
    }

    #[test]
    fn used_sessions_end_after_seven_days() {
        let mut life = Lifetime::beginning(at(0), false, POLICY);
        life.last_seen_at = at(167);
        assert!(life.is_live(at(167), POLICY));
        assert!(!life.is_live(at(168), POLICY));
    }

    #[test]
    fn a_remembered_browser_stays_for_a_month() {
        let life = Lifetime::beginning(at(0), true, POLICY);
        assert!(life.is_live(at(30 * 24 - 1), POLICY));
        assert!(!life.is_live(at(30 * 24), POLICY));
    }

    #[test]
    fn a_shorter_policy_counts_at_once_and_a_longer_one_later() {
        let mut life = Lifetime::beginning(at(0), false, POLICY);
        let shorter = SessionPolicy {
            absolute: SignedDuration::from_hours(2),
            ..POLICY
        };
        assert_eq!(life.ends_at(shorter), at(2));
        let longer = SessionPolicy {
            absolute: SignedDuration::from_hours(1000),
            ..POLICY
        };
        assert_eq!(life.ends_at(longer), at(168));
        life.last_seen_at = at(20);
        let impatient = SessionPolicy {
            idle: SignedDuration::from_hours(1),
            ..POLICY
        };
        assert!(!life.is_live(at(21), impatient));
    }

    #[test]
    fn last_use_is_recorded_once_a_minute() {
        let life = Lifetime::beginning(at(0), false, POLICY);
        assert!(!life.wants_touch(later(at(0), SignedDuration::from_secs(59))));
        assert!(life.wants_touch(later(at(0), SignedDuration::from_secs(60))));
    }
}
