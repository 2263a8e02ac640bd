//! How often a second proof may be wrong.

use jiff::{SignedDuration, Timestamp};

use crate::domain::session::later;

/// Wrong proofs in a row that cost nothing but themselves.
const FREE: i32 = 5;
/// The first wait, which doubles with each further wrong proof.
const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(5);
/// The longest wait: about one guess in an hour, a million codes, three of them right.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(60);

/// Wrong second proofs of a person in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Failures {
    /// How many.
    pub(crate) count: i32,
    /// The last one.
    pub(crate) last_at: Timestamp,
}

impl Failures {
    /// How long nothing is looked at any more.
    pub(crate) fn wait(self, now: Timestamp) -> Option<SignedDuration> {
        if self.count < FREE {
            return None;
        }
        let doublings = u32::try_from(self.count - FREE).unwrap_or(0).min(10);
        let wait = FIRST_WAIT.saturating_mul(1 << doublings).min(LONGEST_WAIT);
        let left = later(self.last_at, wait).duration_since(now);
        (left > SignedDuration::ZERO).then_some(left)
    }

    /// After one more.
    pub(crate) fn and_another(self, now: Timestamp) -> Self {
        Self {
            count: self.count.saturating_add(1),
            last_at: now,
        }
    }

    /// Whether the owner should hear of it: somebody knows their password.
    pub(crate) fn is_alarming(self) -> bool {
        self.count >= FREE && self.count % FREE == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let now = Timestamp::UNIX_EPOCH;
        let after = |count| {
            Failures {
                count,
                last_at: now,
            }
            .wait(now)
        };
        assert_eq!(after(4), None);
        assert_eq!(after(5), Some(SignedDuration::from_mins(5)));
        assert_eq!(after(6), Some(SignedDuration::from_mins(10)));
        assert_eq!(after(9), Some(SignedDuration::from_mins(60)));
        assert_eq!(after(i32::MAX), Some(SignedDuration::from_mins(60)));
        let later = later(now, SignedDuration::from_mins(5));
        assert_eq!(
            Failures {
                count: 5,
                last_at: now
            }
            .wait(later),
            None
        );
    }
}
