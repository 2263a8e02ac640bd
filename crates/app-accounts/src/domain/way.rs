//! Why a person is in a group: the ways that lead from their own memberships to it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::group::GroupId;

/// Longer ways are not followed. Nesting has no cycle, so only a chain of so many groups is cut.
const LONGEST: usize = 64;

/// One membership on the way: of the person, or of a group they are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Whose; `None` for the person's own.
    pub member: Option<GroupId>,
    /// The group it is in.
    pub group: GroupId,
    /// Name of that group.
    pub name: String,
    /// When it ends; `None` never.
    pub ends_at: Option<Timestamp>,
    /// Whether it is there by the rule of the group.
    pub by_rule: bool,
}

/// The ways to `target` along `links`, shortest first, at most `limit` of them.
///
/// The work is bounded by `limit` and the number of links: no step is tried that does not lead there.
pub fn ways(links: &[Link], target: GroupId, limit: usize) -> Vec<Vec<&Link>> {
    let mut by_member: BTreeMap<Option<GroupId>, Vec<&Link>> = BTreeMap::new();
    for link in links {
        by_member.entry(link.member).or_default().push(link);
    }
    let steps = steps_to(links, target);
    let mut found = Vec::new();
    let lengths = (1..=steps.len()).filter_map(|length| steps.get(..length));
    for steps in lengths {
        let mut way = Vec::new();
        let more = walk(&by_member, steps, None, &mut way, &mut |way| {
            found.push(way.to_vec());
            found.len() < limit
        });
        if !more {
            break;
        }
    }
    found
}

/// For each number of steps the groups from which `target` can be reached in just so many.
fn steps_to(links: &[Link], target: GroupId) -> Vec<BTreeSet<GroupId>> {
    let mut steps = vec![BTreeSet::from([target])];
    while steps.len() < LONGEST {
        let Some(last) = steps.last() else { break };
        let before: BTreeSet<GroupId> = links
            .iter()
            .filter(|link| last.contains(&link.group))
            .filter_map(|link| link.member)
            .collect();
        if before.is_empty() {
            break;
        }
        steps.push(before);
    }
    steps
}

/// Follows the links of `from` that reach the target in the steps left. `false`: enough were found.
fn walk<'a>(
    by_member: &BTreeMap<Option<GroupId>, Vec<&'a Link>>,
    steps: &[BTreeSet<GroupId>],
    from: Option<GroupId>,
    way: &mut Vec<&'a Link>,
    arrived: &mut impl FnMut(&[&'a Link]) -> bool,
) -> bool {
    let Some((next, fewer)) = steps.split_last() else {
        return arrived(way);
    };
    for link in by_member.get(&from).into_iter().flatten() {
        if !next.contains(&link.group) {
            continue;
        }
        way.push(link);
        let more = walk(by_member, fewer, Some(link.group), way, arrived);
        way.pop();
        if !more {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{Link, ways};
    use crate::domain::group::GroupId;
    use uuid::Uuid;

    fn link(member: u128, group: u128) -> Link {
        Link {
            member: (member > 0).then(|| GroupId(Uuid::from_u128(member))),
            group: GroupId(Uuid::from_u128(group)),
            name: group.to_string(),
            ends_at: None,
            by_rule: false,
        }
    }

    fn found(links: &[Link], target: u128, limit: usize) -> Vec<String> {
        ways(links, GroupId(Uuid::from_u128(target)), limit)
            .into_iter()
            .map(|way| {
                let names: Vec<&str> = way.iter().map(|link| link.name.as_str()).collect();
                names.join(">")
            })
            .collect()
    }

    #[test]
    fn all_ways_are_found_the_shortest_first() {
        // The person is in 1 and 2; 1 is in 3, 2 is in 4, 3 and 2 are in 9, 4 is in 9 too.
        let links = [
            link(0, 1),
            link(0, 2),
            link(1, 3),
            link(2, 4),
            link(3, 9),
            link(2, 9),
            link(4, 9),
        ];
        assert_eq!(found(&links, 9, 10), ["2>9", "1>3>9", "2>4>9"]);
        assert_eq!(found(&links, 9, 2), ["2>9", "1>3>9"]);
        assert_eq!(found(&links, 1, 10), ["1"], "their own membership");
        assert!(found(&links, 8, 10).is_empty());
    }

    #[test]
    fn many_ways_cost_no_more_than_are_asked_for() {
        // 20 layers of two groups each, all of one layer in all of the next: a million ways.
        let mut links = vec![link(0, 1), link(0, 2)];
        for layer in 0..19 {
            let below = layer * 2 + 1;
            for (member, group) in [(0, 2), (0, 3), (1, 2), (1, 3)] {
                links.push(link(below + member, below + group));
            }
        }
        assert_eq!(found(&links, 39, 20).len(), 20);
    }
}
