//! A sign-in on its way: what was typed, where it leads, and what was proven so far.

use jiff::{SignedDuration, Timestamp};
use platform::http::LocalPath;

use crate::domain::factor::Factor;
use crate::domain::session::later;
use crate::domain::subject::UserId;

/// How long a page may wait for the first proof.
pub(crate) const PATIENCE: SignedDuration = SignedDuration::from_mins(30);

/// How long a first proof waits for the second.
pub(crate) const PROOF_HOLDS: SignedDuration = SignedDuration::from_mins(10);

/// Longest name that is kept.
const LONGEST_LOGIN: usize = 254;

/// A sign-in on its way.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    /// The name as typed.
    pub(crate) login: String,
    /// Where it leads.
    pub(crate) return_to: LocalPath,
    /// Who it is and by what, once something was proven.
    pub(crate) proof: Option<Proof>,
    /// Whoever is signed in already signs in with a further account.
    pub(crate) adds: bool,
    /// When it has to begin afresh.
    pub(crate) expires_at: Timestamp,
}

/// What was proven on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proof {
    /// Who.
    pub(crate) user_id: UserId,
    /// By what.
    pub(crate) factors: Vec<Factor>,
}

impl Flow {
    /// Before anything is proven.
    pub(crate) fn beginning(login: &str, return_to: LocalPath, now: Timestamp) -> Self {
        Self {
            login: kept(login),
            return_to,
            proof: None,
            adds: false,
            expires_at: later(now, PATIENCE),
        }
    }

    /// The same, for a further account.
    #[must_use]
    pub(crate) fn adding(mut self, adds: bool) -> Self {
        self.adds = adds;
        self
    }

    /// After a proof that is not enough.
    pub(crate) fn proven(
        proof: Proof,
        (login, return_to): (&str, LocalPath),
        now: Timestamp,
    ) -> Self {
        Self {
            proof: Some(proof),
            expires_at: later(now, PROOF_HOLDS),
            ..Self::beginning(login, return_to, now)
        }
    }

    /// Whether it still goes on, or only says what was typed.
    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

/// A name as it is shown again: what no name has in it is left out.
pub(crate) fn kept(login: &str) -> String {
    login
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST_LOGIN)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_ends() {
        let now = Timestamp::UNIX_EPOCH;
        let fresh = Flow::beginning("ada", LocalPath::default(), now);
        assert!(fresh.is_live(now + SignedDuration::from_mins(29)));
        assert!(!fresh.is_live(now + SignedDuration::from_mins(30)));
        let proof = Proof {
            user_id: UserId::new(),
            factors: vec![Factor::Password],
        };
        let proven = Flow::proven(proof, ("ada", LocalPath::default()), now);
        assert!(proven.is_live(now + SignedDuration::from_mins(9)));
        assert!(!proven.is_live(now + SignedDuration::from_mins(10)));
    }

    #[test]
    fn names_are_kept_short_and_without_controls() {
        assert_eq!(kept(" Ada\0\r\n "), " Ada ");
        assert_eq!(kept(&"ö".repeat(300)).chars().count(), 254);
    }
}
