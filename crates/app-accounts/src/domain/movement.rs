//! Who comes, changes places and goes: what a change of somebody means to those who follow it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::group::GroupId;
use super::person::{Person, State};

/// What of a person makes a movement when it changes. Kept beside them, as it was at the last change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mark {
    /// Word of their state.
    state: String,
    title: String,
    department: String,
    manager: Option<Uuid>,
    /// Their effective groups, in order.
    groups: Vec<Uuid>,
}

impl Mark {
    /// A person as they are, in these effective groups.
    pub fn new(person: &Person, groups: impl Iterator<Item = GroupId>) -> Self {
        let mut groups: Vec<Uuid> = groups.map(|group| group.0).collect();
        groups.sort_unstable();
        groups.dedup();
        Self {
            state: person.state.as_str().to_owned(),
            title: person.title.clone(),
            department: person.department.clone(),
            manager: person.manager.as_ref().map(|manager| manager.id.0),
            groups,
        }
    }

    fn is_here(&self) -> bool {
        matches!(self.state.parse(), Ok(State::Invited | State::Active))
    }
}

/// A movement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Movement {
    /// They were added, or came back.
    Joined {
        /// They had left before.
        again: bool,
    },
    /// Something about their place changed.
    Moved {
        /// Names of what: `department`, `title`, `manager`, `groups`.
        changed: Vec<&'static str>,
    },
    /// They have no access any more.
    Left {
        /// Why: `suspended`, `expired`, `trashed` or `purged`.
        reason: &'static str,
    },
}

/// Why somebody left who is gone for good.
pub const PURGED: &str = "purged";

impl Movement {
    /// What happened to a person between two marks; `before` is absent of somebody new.
    pub fn between(before: Option<&Mark>, after: &Mark) -> Vec<Self> {
        let mut movements = Vec::new();
        let Some(before) = before else {
            if after.is_here() {
                movements.push(Self::Joined { again: false });
            }
            return movements;
        };
        if after.is_here() && !before.is_here() {
            movements.push(Self::Joined { again: true });
        }
        let changed: Vec<_> = [
            ("department", before.department != after.department),
            ("title", before.title != after.title),
            ("manager", before.manager != after.manager),
            ("groups", before.groups != after.groups),
        ]
        .into_iter()
        .filter_map(|(name, differs)| differs.then_some(name))
        .collect();
        if after.is_here() && !changed.is_empty() {
            movements.push(Self::Moved { changed });
        }
        if before.state != after.state {
            let reason = match after.state.parse() {
                Ok(State::Suspended) => Some("suspended"),
                Ok(State::Expired) => Some("expired"),
                Ok(State::Deleted) => Some("trashed"),
                Ok(State::Invited | State::Active) | Err(_) => None,
            };
            movements.extend(reason.map(|reason| Self::Left { reason }));
        }
        movements
    }
}

#[cfg(test)]
mod tests {
    use super::{Mark, Movement};
    use uuid::Uuid;

    fn mark(state: &str) -> Mark {
        Mark {
            state: state.to_owned(),
            title: String::new(),
            department: "Sales".to_owned(),
            manager: None,
            groups: vec![Uuid::from_u128(1)],
        }
    }

    #[test]
    fn who_is_new_joins_unless_they_are_gone_already() {
        let joined = vec![Movement::Joined { again: false }];
        assert_eq!(Movement::between(None, &mark("invited")), joined);
        assert_eq!(Movement::between(None, &mark("active")), joined);
        assert!(Movement::between(None, &mark("suspended")).is_empty());
        let accepted = Movement::between(Some(&mark("invited")), &mark("active"));
        assert!(accepted.is_empty(), "they had joined");
    }

    #[test]
    fn whoever_goes_has_a_reason_and_may_come_again() {
        for (state, reason) in [
            ("suspended", "suspended"),
            ("expired", "expired"),
            ("deleted", "trashed"),
        ] {
            let left = Movement::between(Some(&mark("active")), &mark(state));
            assert_eq!(left, [Movement::Left { reason }], "{state}");
            let again = Movement::between(Some(&mark(state)), &mark("active"));
            assert_eq!(again, [Movement::Joined { again: true }], "{state}");
        }
        let further = Movement::between(Some(&mark("expired")), &mark("deleted"));
        assert_eq!(further, [Movement::Left { reason: "trashed" }]);
        assert!(Movement::between(Some(&mark("expired")), &mark("expired")).is_empty());
    }

    #[test]
    fn a_change_of_place_is_named() {
        let before = mark("active");
        let mut after = before.clone();
        after.department = "Finance".to_owned();
        after.groups = Vec::new();
        let changed = vec!["department", "groups"];
        let moved = Movement::between(Some(&before), &after);
        assert_eq!(moved, [Movement::Moved { changed }]);
        after = before.clone();
        (after.title, after.manager) = ("Head".to_owned(), Some(Uuid::from_u128(9)));
        let changed = vec!["title", "manager"];
        let moved = Movement::between(Some(&before), &after);
        assert_eq!(moved, [Movement::Moved { changed }]);
        after.state = "suspended".to_owned();
        let reason = "suspended";
        let left = Movement::between(Some(&before), &after);
        assert_eq!(
            left,
            [Movement::Left { reason }],
            "they have no place any more"
        );
    }
}
