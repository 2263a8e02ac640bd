//! The time somebody has to set up more than they have.

use jiff::{SignedDuration, Timestamp};

use crate::domain::session::later;

/// How long it can be put off.
const LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// When somebody was told, and when an administrator ended it before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grace {
    /// When they were first told.
    pub(crate) began_at: Timestamp,
    /// When it was ended.
    pub(crate) ended_at: Option<Timestamp>,
}

impl Grace {
    /// From when on nobody gets in without.
    pub(crate) fn ends_at(self) -> Timestamp {
        let natural = later(self.began_at, LASTS);
        self.ended_at.map_or(natural, |ended| ended.min(natural))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grace_ends_by_itself_or_before() {
        let began_at = Timestamp::UNIX_EPOCH;
        let grace = |ended_at| Grace { began_at, ended_at };
        let natural = later(began_at, LASTS);
        assert_eq!(grace(None).ends_at(), natural);
        assert_eq!(grace(Some(began_at)).ends_at(), began_at);
        let after = later(natural, LASTS);
        assert_eq!(grace(Some(after)).ends_at(), natural);
    }
}
