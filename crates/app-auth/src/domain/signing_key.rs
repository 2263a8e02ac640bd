//! Which of the keys that sign identity assertions is in use, and when to make or drop one.
//!
//! A key is published before it signs and stays published after: no verifier meets an unknown key, and a gateway
//! that could not ask for new ones goes on with the old.

use jiff::{SignedDuration, Timestamp};

use crate::domain::session::later;

/// A new key is made this long after the newest.
pub(crate) const ROTATE_AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);
/// A new key is published this long before it signs, and an old one this long after.
pub(crate) const OVERLAP: SignedDuration = SignedDuration::from_hours(48);

/// What the rules need to know of a key.
pub(crate) trait Dated {
    /// When the key was made.
    fn created_at(&self) -> Timestamp;
}

/// What to do with keys at a moment.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Whether a key is to be made.
    pub(crate) create: bool,
    /// Position of the key that signs.
    pub(crate) current: Option<usize>,
    /// Positions of keys that nothing valid is signed with any more.
    pub(crate) retired: Vec<usize>,
}

/// Decides over `keys`, which are sorted oldest first.
pub(crate) fn plan(keys: &[impl Dated], now: Timestamp) -> Plan {
    let ready = |key: &dyn Dated| later(key.created_at(), OVERLAP) <= now;
    // The first key of all signs at once: nobody can know an older one.
    let current = keys
        .iter()
        .rposition(|key| ready(key))
        .or(if keys.is_empty() { None } else { Some(0) });
    let create = keys
        .last()
        .is_none_or(|newest| later(newest.created_at(), ROTATE_AFTER) <= now);
    let retired = (0..keys.len())
        .filter(|position| {
            // Replaced when its successor began to sign, which is one overlap after that one was made.
            keys.get(position + 1)
                .is_some_and(|next| later(later(next.created_at(), OVERLAP), OVERLAP) <= now)
        })
        .collect();
    Plan {
        create,
        current,
        retired,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct At(i64);

    impl Dated for At {
        fn created_at(&self) -> Timestamp {
            hours(self.0)
        }
    }

    fn hours(hours: i64) -> Timestamp {
        later(Timestamp::UNIX_EPOCH, SignedDuration::from_hours(hours))
    }

    #[test]
    fn without_keys_one_is_made() {
        let keys: [At; 0] = [];
        assert_eq!(
            plan(&keys, hours(0)),
            Plan {
                create: true,
                current: None,
                retired: vec![]
            }
        );
    }

    #[test]
    fn the_first_key_signs_at_once() {
        assert_eq!(
            plan(&[At(0)], hours(0)),
            Plan {
                create: false,
                current: Some(0),
                retired: vec![]
            }
        );
    }

    #[test]
    fn a_new_key_is_published_before_it_signs() {
        assert!(plan(&[At(0)], hours(720)).create);
        assert_eq!(plan(&[At(0), At(720)], hours(721)).current, Some(0));
        assert_eq!(plan(&[At(0), At(720)], hours(768)).current, Some(1));
    }

    #[test]
    fn an_old_key_outlives_its_last_signature() {
        assert_eq!(
            plan(&[At(0), At(720)], hours(800)).retired,
            Vec::<usize>::new()
        );
        assert_eq!(plan(&[At(0), At(720)], hours(816)).retired, vec![0]);
    }
}
