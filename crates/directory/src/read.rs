//! From a source to a snapshot.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use crate::connection::{Connection, Pace};
use crate::entry::Entry;
use crate::error::{Error, Step, Why};
use crate::limits::Limits;
use crate::mapping::{Locks, Mapping, MemberForm};
use crate::name::fold;
use crate::search::{Search, search};
use crate::server::Source;
use crate::snapshot::{EntryId, GroupEntry, MemberId, PersonEntry, Snapshot};
use crate::standing::standing;

/// Reads everybody and every group; `now` decides whose account is over.
///
/// # Errors
/// Whatever kept it from reading all of it. Then nothing of it is returned.
pub async fn read(source: &Source, limits: &Limits, now: Timestamp) -> Result<Snapshot, Error> {
    let mut open = Connection::open(&source.server, Pace::new(limits), limits.message).await?;
    if let Some(account) = &source.bind {
        open.bind(account).await?;
    }
    let mut reading = Reading {
        mapping: &source.mapping,
        limits,
        now,
        found: Found::default(),
    };
    let people = people_of(source);
    search(&mut open, &people, limits, |entry| reading.person(&entry)).await?;
    if let Some(groups) = groups_of(source) {
        search(&mut open, &groups, limits, |entry| reading.group(&entry)).await?;
    }
    open.close().await;
    Ok(reading.found.resolve())
}

/// The search for people.
pub(crate) fn people_of(source: &Source) -> Search {
    Search {
        step: Step::People,
        place: source.people.clone(),
        attributes: source.mapping.of_people(),
        alone: false,
        own_domain: source.mapping.locks == Locks::ActiveDirectory,
    }
}

/// The search for groups.
pub(crate) fn groups_of(source: &Source) -> Option<Search> {
    source.groups.clone().map(|place| Search {
        step: Step::Groups,
        place,
        attributes: source.mapping.of_groups(),
        alone: false,
        own_domain: source.mapping.locks == Locks::ActiveDirectory,
    })
}

struct Reading<'a> {
    mapping: &'a Mapping,
    limits: &'a Limits,
    now: Timestamp,
    found: Found,
}

/// What was found, with names where ids will stand.
#[derive(Default)]
struct Found {
    ids: HashSet<EntryId>,
    people: Vec<(PersonEntry, String)>,
    groups: Vec<(GroupEntry, Vec<String>)>,
    members: usize,
    by_username: bool,
}

impl Reading<'_> {
    fn person(&mut self, entry: &Entry) -> Result<(), Error> {
        let names = self.mapping;
        let id = self.id(entry, Step::People)?;
        let (standing, password_ends_at) = standing(entry, names.locks, self.now)?;
        let text = |name: &str| entry.text(name).map(str::to_owned);
        let mut mails: Vec<String> = entry
            .texts(&names.mail)?
            .into_iter()
            .map(str::to_owned)
            .collect();
        mails.sort_unstable();
        mails.dedup();
        let manager = fold(entry.text(&names.manager)?);
        let person = PersonEntry {
            id,
            dn: entry.dn.clone(),
            username: entry.required(&names.username)?.to_owned(),
            mails,
            display_name: text(&names.display_name)?,
            given_name: text(&names.given_name)?,
            family_name: text(&names.family_name)?,
            title: text(&names.title)?,
            department: text(&names.department)?,
            phone: text(&names.phone)?,
            manager: None,
            standing,
            password_ends_at,
        };
        self.found.people.push((person, manager));
        Ok(())
    }

    fn group(&mut self, entry: &Entry) -> Result<(), Error> {
        let names = self.mapping;
        let id = self.id(entry, Step::Groups)?;
        self.found.by_username = names.member_form == MemberForm::Username;
        let key = |name: &str| match names.member_form {
            MemberForm::Name => fold(name),
            MemberForm::Username => name.to_lowercase(),
        };
        let members: Vec<String> = entry.texts(&names.member)?.into_iter().map(key).collect();
        self.found.members += members.len();
        if self.found.members > self.limits.members {
            return Err(entry.error(Why::TooManyMembers, &names.member));
        }
        let group = GroupEntry {
            id,
            dn: entry.dn.clone(),
            name: entry.required(&names.group_name)?.to_owned(),
            description: entry.text(&names.group_description)?.to_owned(),
            members: Vec::new(),
        };
        self.found.groups.push((group, members));
        Ok(())
    }

    /// The id of one more entry, which nobody else has.
    fn id(&mut self, entry: &Entry, step: Step) -> Result<EntryId, Error> {
        if self.found.ids.len() >= self.limits.entries {
            let most = self.limits.entries.to_string();
            return Err(Error::new(step, Why::TooManyEntries, most));
        }
        let id = entry.id(&self.mapping.id, self.mapping.id_form)?;
        if !self.found.ids.insert(id.clone()) {
            return Err(entry.error(Why::DuplicateId, &self.mapping.id));
        }
        Ok(id)
    }
}

impl Found {
    /// Puts ids where names were.
    fn resolve(self) -> Snapshot {
        let mut known = HashMap::with_capacity(self.ids.len());
        for (person, _) in &self.people {
            let key = if self.by_username {
                person.username.to_lowercase()
            } else {
                fold(&person.dn)
            };
            known.insert(key, MemberId::Person(person.id.clone()));
        }
        for (group, _) in self.groups.iter().filter(|_| !self.by_username) {
            known.insert(fold(&group.dn), MemberId::Group(group.id.clone()));
        }
        let by_name: HashMap<String, EntryId> = self
            .people
            .iter()
            .map(|(person, _)| (fold(&person.dn), person.id.clone()))
            .collect();
        let mut snapshot = Snapshot::default();
        for (mut person, manager) in self.people {
            person.manager = by_name.get(&manager).cloned();
            snapshot.people.push(person);
        }
        for (mut group, members) in self.groups {
            let all = members.len();
            let found = members.iter().filter_map(|name| known.get(name).cloned());
            group.members = found.collect();
            snapshot.strangers += all - group.members.len();
            group.members.sort_unstable();
            group.members.dedup();
            snapshot.groups.push(group);
        }
        snapshot.people.sort_by(|one, other| one.id.cmp(&other.id));
        snapshot.groups.sort_by(|one, other| one.id.cmp(&other.id));
        snapshot
    }
}
