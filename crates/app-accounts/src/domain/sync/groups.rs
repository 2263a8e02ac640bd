//! Groups of a plan. Who came into a group by hand stays in it: a directory decides about its own people alone.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use directory::{EntryId, GroupEntry, MemberId, Snapshot};

use super::plan::{Conflict, GroupDeed, GroupStep, MemberKind, Obstacle};
use super::wanted::LONGEST_ID;
use super::{Known, KnownGroup};
use crate::domain::membership::Member;
use crate::domain::name::Line;

/// Steps with groups, when the people in `added` are going to be here.
pub(super) fn group_steps(
    snapshot: &Snapshot,
    known: &Known,
    added: &HashSet<EntryId>,
) -> (Vec<GroupStep>, Vec<Conflict>) {
    let mut planning = Planning::new(snapshot, known, added);
    for entry in &snapshot.groups {
        planning.name(entry);
    }
    let (members, circles) = without_cycles(&snapshot.groups);
    planning.conflicts.extend(circles);
    for entry in &snapshot.groups {
        let members = members.get(&entry.id).cloned().unwrap_or_default();
        planning.fill(entry, &members);
    }
    for group in &known.groups {
        if !planning.there.contains(&group.entry) {
            planning.empty(group);
        }
    }
    (planning.steps, planning.conflicts)
}

struct Planning<'a> {
    known: &'a Known,
    there: HashSet<&'a EntryId>,
    groups: HashMap<&'a EntryId, &'a KnownGroup>,
    /// People and groups by what they are in the directory, and the other way round.
    here: HashMap<MemberId, Member>,
    entries: HashMap<Member, MemberId>,
    added: &'a HashSet<EntryId>,
    /// What each group is going to be called; those without a name are left out.
    names: HashMap<&'a EntryId, Line>,
    /// Those names, in lower case.
    given: HashSet<String>,
    steps: Vec<GroupStep>,
    conflicts: Vec<Conflict>,
}

impl<'a> Planning<'a> {
    fn new(snapshot: &'a Snapshot, known: &'a Known, added: &'a HashSet<EntryId>) -> Self {
        let people = known.people.iter().map(|known| {
            (
                MemberId::Person(known.entry.clone()),
                Member::Person(known.person.id),
            )
        });
        let groups = known.groups.iter();
        let groups = groups.map(|known| {
            (
                MemberId::Group(known.entry.clone()),
                Member::Group(known.id),
            )
        });
        let here: HashMap<MemberId, Member> = people.chain(groups).collect();
        Self {
            known,
            there: snapshot.groups.iter().map(|entry| &entry.id).collect(),
            groups: known
                .groups
                .iter()
                .map(|group| (&group.entry, group))
                .collect(),
            entries: here
                .iter()
                .map(|(entry, member)| (*member, entry.clone()))
                .collect(),
            here,
            added,
            names: HashMap::new(),
            given: HashSet::new(),
            steps: Vec::new(),
            conflicts: Vec::new(),
        }
    }

    /// Finds what a group may be called.
    fn name(&mut self, entry: &'a GroupEntry) {
        let fits = entry.id.0.len() <= LONGEST_ID;
        let name = Line::required(&entry.name).ok().filter(|_| fits);
        let before = self.groups.get(&entry.id).copied();
        let wanted = name.as_ref().map(|name| name.as_str().to_lowercase());
        let taken = |name: &String| self.known.group_names.get(name);
        let obstacle = match &wanted {
            None => Some((Obstacle::Unfit, None)),
            Some(name) if taken(name).is_some() => Some((Obstacle::GroupNameTaken, taken(name))),
            Some(name) if self.given.contains(name) => Some((Obstacle::GroupNameTwice, None)),
            Some(_) => None,
        };
        let Some((obstacle, holder)) = obstacle else {
            self.given.extend(wanted);
            self.names.extend(name.map(|name| (&entry.id, name)));
            return;
        };
        self.conflicts.push(Conflict {
            obstacle,
            entry: entry.id.0.clone(),
            name: entry.name.clone(),
            holder: holder.map(|holder| (holder.id, holder.name.clone())),
        });
        // A group that is here keeps its name, and is followed in everything else.
        let kept = before.and_then(|before| Line::required(&before.name).ok());
        self.names.extend(kept.map(|name| (&entry.id, name)));
    }

    fn fill(&mut self, entry: &GroupEntry, members: &BTreeSet<MemberId>) {
        let Some(name) = self.names.get(&entry.id).map(Line::to_string) else {
            return;
        };
        let before = self.groups.get(&entry.id).copied();
        let comes = |member: &&MemberId| match before {
            Some(before) => match self.here.get(member) {
                Some(here) => !before.members.contains(here),
                None => self.is_coming(member),
            },
            None => self.here.contains_key(member) || self.is_coming(member),
        };
        let adds = members
            .iter()
            .filter(comes)
            .map(MemberKind::of_entry)
            .collect();
        let mut step = GroupStep {
            deed: GroupDeed::Create,
            group: None,
            entry: entry.id.0.clone(),
            name,
            renamed_from: None,
            adds,
            removes: Vec::new(),
        };
        if let Some(before) = before {
            step.deed = GroupDeed::Change;
            step.group = Some(before.id.0);
            step.renamed_from = (before.name != step.name).then(|| before.name.clone());
            step.removes = self.leaving(before, members);
            if step.renamed_from.is_none() && step.adds.is_empty() && step.removes.is_empty() {
                return;
            }
        }
        self.steps.push(step);
    }

    /// Who came by the directory and is not in the group there.
    fn leaving(
        &self,
        before: &KnownGroup,
        stay: &BTreeSet<MemberId>,
    ) -> Vec<(MemberKind, uuid::Uuid)> {
        let leaves = |member: &&Member| {
            let entry = self.entries.get(member);
            entry.is_some_and(|entry| !stay.contains(entry))
        };
        let leaving: BTreeSet<Member> = before.members.iter().filter(leaves).copied().collect();
        leaving.into_iter().map(MemberKind::of_member).collect()
    }

    fn empty(&mut self, group: &KnownGroup) {
        let removes = self.leaving(group, &BTreeSet::new());
        if removes.is_empty() {
            return;
        }
        self.steps.push(GroupStep {
            deed: GroupDeed::Empty,
            group: Some(group.id.0),
            entry: group.entry.0.clone(),
            name: group.name.clone(),
            renamed_from: None,
            adds: Vec::new(),
            removes,
        });
    }

    /// Whether a member who is not here is going to be.
    fn is_coming(&self, member: &MemberId) -> bool {
        match member {
            MemberId::Person(entry) => self.added.contains(entry),
            MemberId::Group(entry) => self.names.contains_key(entry),
        }
    }
}

/// Who is in which group, without what would put one inside itself: directories allow that, groups here do not.
fn without_cycles(groups: &[GroupEntry]) -> (HashMap<EntryId, BTreeSet<MemberId>>, Vec<Conflict>) {
    let mut inside: BTreeMap<&EntryId, BTreeSet<&EntryId>> = BTreeMap::new();
    let mut members: HashMap<EntryId, BTreeSet<MemberId>> = HashMap::new();
    let mut conflicts = Vec::new();
    for group in groups {
        let kept = members.entry(group.id.clone()).or_default();
        for member in &group.members {
            if let MemberId::Group(inner) = member {
                if reaches(&inside, inner, &group.id) {
                    conflicts.push(Conflict {
                        obstacle: Obstacle::Cycle,
                        entry: group.id.0.clone(),
                        name: group.name.clone(),
                        holder: None,
                    });
                    continue;
                }
                inside.entry(&group.id).or_default().insert(inner);
            }
            kept.insert(member.clone());
        }
    }
    (members, conflicts)
}

/// Whether `to` is `from`, or inside it.
fn reaches(inside: &BTreeMap<&EntryId, BTreeSet<&EntryId>>, from: &EntryId, to: &EntryId) -> bool {
    let mut open = vec![from];
    let mut seen = BTreeSet::new();
    while let Some(next) = open.pop() {
        if next == to {
            return true;
        }
        if seen.insert(next) {
            open.extend(inside.get(next).into_iter().flatten().copied());
        }
    }
    false
}
