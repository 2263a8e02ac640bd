//! Groups of people and of groups.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use uuid::Uuid;

use super::joining::Joining;
use super::name::Line;

/// Identifies a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupId(pub Uuid);

impl fmt::Display for GroupId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A group as listed.
#[derive(Clone, Debug)]
pub struct Group {
    /// Which.
    pub id: GroupId,
    /// Unique without regard to case.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// People in it, nested groups included, as far as they were counted.
    pub people: i64,
    /// Whether there may be more: a list counts large groups no further than it has to.
    pub more: bool,
    /// Groups directly in it.
    pub groups: i64,
    /// How people come into it by themselves.
    pub joining: Joining,
    /// Counts up with each change of name, description or joining.
    pub version: i64,
}

/// What is said of a new group.
#[derive(Clone, Debug)]
pub struct NewGroup {
    /// Chosen by whoever asks, so that a second submit of the same form is recognised.
    pub id: GroupId,
    /// Unique without regard to case.
    pub name: Line,
    /// What it is for; may be empty.
    pub description: Line,
    /// How people come into it by themselves.
    pub joining: Joining,
}

/// Which groups are directly in which.
#[derive(Clone, Debug, Default)]
pub struct Nesting {
    members: BTreeMap<GroupId, BTreeSet<GroupId>>,
}

impl Nesting {
    /// Builds the nesting from (group, member) pairs.
    pub fn new(pairs: impl IntoIterator<Item = (GroupId, GroupId)>) -> Self {
        let mut members: BTreeMap<GroupId, BTreeSet<GroupId>> = BTreeMap::new();
        for (group, member) in pairs {
            members.entry(group).or_default().insert(member);
        }
        Self { members }
    }

    /// Whether `member` inside `group` would put a group inside itself.
    pub fn would_cycle(&self, group: GroupId, member: GroupId) -> bool {
        let mut open = vec![member];
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop() {
            if next == group {
                return true;
            }
            if seen.insert(next) {
                open.extend(self.members.get(&next).into_iter().flatten().copied());
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::{GroupId, Nesting};
    use uuid::Uuid;

    fn id(number: u128) -> GroupId {
        GroupId(Uuid::from_u128(number))
    }

    #[test]
    fn a_group_never_gets_inside_itself() {
        let nesting = Nesting::new([(id(1), id(2)), (id(2), id(3))]);
        assert!(nesting.would_cycle(id(1), id(1)), "directly");
        assert!(nesting.would_cycle(id(3), id(1)), "through two others");
        assert!(
            !nesting.would_cycle(id(1), id(3)),
            "twice in the same group is no cycle"
        );
        assert!(!nesting.would_cycle(id(4), id(1)));
    }
}
