//! From a snapshot and what is here to a plan.

use std::collections::{HashMap, HashSet};

use directory::{EntryId, Mapping, PersonEntry, Snapshot, Standing};
use platform::Role;

use super::groups::group_steps;
use super::plan::{Conflict, Deed, Obstacle, PersonStep, Plan, Reason, Reports};
use super::wanted::{change, changes, described, wanted};
use super::{Holder, Known, KnownPerson};
use crate::domain::person::State;
use crate::domain::provisioned::WantedPerson;

/// What is to be done so that people and groups are as in the snapshot.
pub fn diff(snapshot: &Snapshot, known: &Known, mapping: &Mapping) -> Plan {
    let mut planning = Planning {
        known,
        mapping,
        by_entry: known.by_entry(),
        taken: HashMap::new(),
        plan: Plan::default(),
    };
    // Whoever is here keeps their name before anybody gets it.
    let mut new = Vec::new();
    for entry in &snapshot.people {
        match planning.by_entry.get(&entry.id).copied() {
            Some(before) => planning.keep(entry, before),
            None => new.push(entry),
        }
    }
    planning.let_go(snapshot);
    for entry in new {
        planning.add(entry);
    }
    planning.spare_the_last_administrator();
    let mut plan = planning.plan;
    let added = plan.people.iter().filter(|step| step.deed == Deed::Create);
    let added: HashSet<EntryId> = added.map(|step| EntryId(step.entry.clone())).collect();
    let (groups, conflicts) = group_steps(snapshot, known, &added);
    plan.groups = groups;
    plan.conflicts.extend(conflicts);
    plan
}

struct Planning<'a> {
    known: &'a Known,
    mapping: &'a Mapping,
    by_entry: HashMap<&'a EntryId, &'a KnownPerson>,
    /// User names and addresses of those who come from the directory, in lower case; with a holder where the entry of
    /// that one is gone.
    taken: HashMap<Name, Option<Holder>>,
    plan: Plan,
}

/// What nobody shares, in lower case.
#[derive(PartialEq, Eq, Hash)]
enum Name {
    User(String),
    Mail(String),
}

impl Planning<'_> {
    /// Somebody who is here.
    fn keep(&mut self, entry: &PersonEntry, before: &KnownPerson) {
        let person = &before.person;
        if person.state == State::Deleted {
            return self.conflict(Obstacle::InTrash, entry, None);
        }
        match wanted(entry, self.mapping, Some(before)) {
            Ok(wanted) => self.update(entry, before, wanted),
            Err(obstacle) => self.conflict(obstacle, entry, None),
        }
        let has_access = person.state.access() != "disabled";
        match reason(entry.standing) {
            Some(reason) if has_access => self.suspend(before, reason),
            None if !has_access && before.locked => self.reinstate(entry, before),
            _ => {}
        }
    }

    fn update(&mut self, entry: &PersonEntry, before: &KnownPerson, mut wanted: WantedPerson) {
        if let Some((obstacle, holder)) = self.name_obstacle(&wanted) {
            self.conflict(obstacle, entry, holder);
            if let Ok(name) = crate::domain::user_name::UserName::parse(&before.user_name) {
                wanted.user_name = name;
            }
        }
        if let Some((obstacle, holder)) = self.mail_obstacle(&wanted) {
            self.conflict(obstacle, entry, holder);
            wanted.addresses = Vec::new();
        }
        self.take_names(&wanted);
        let mut fields = changes(&wanted, before);
        let reports = self.reports(entry, before);
        if reports != Reports::AsBefore {
            let from = before.person.manager.as_ref();
            let from = from.map_or("", |manager| manager.display_name.as_str());
            fields.push(change("manager", from, &self.name_of(&reports)));
        }
        if !fields.is_empty() {
            self.plan.people.push(PersonStep {
                fields,
                wanted: Some(wanted),
                reports,
                ..step(Deed::Update, before)
            });
        }
    }

    /// Whom they are to report to, where that is not so already.
    fn reports(&self, entry: &PersonEntry, before: &KnownPerson) -> Reports {
        if self.mapping.manager.is_empty() {
            return Reports::AsBefore;
        }
        let now = before.person.manager.as_ref().map(|manager| manager.id);
        let Some(wanted) = &entry.manager else {
            return now.map_or(Reports::AsBefore, |_| Reports::ToNobody);
        };
        match self.by_entry.get(wanted) {
            Some(known) if now != Some(known.person.id) => Reports::To(wanted.clone()),
            // Who is not here yet becomes the manager with the next run.
            _ => Reports::AsBefore,
        }
    }

    fn name_of(&self, manager: &Reports) -> String {
        let Reports::To(entry) = manager else {
            return String::new();
        };
        let known = self.by_entry.get(entry);
        known.map_or_else(
            || entry.0.clone(),
            |known| known.person.display_name.clone(),
        )
    }

    /// Somebody who is not here.
    fn add(&mut self, entry: &PersonEntry) {
        // Who may not come in there has no need to be here.
        if entry.standing != Standing::Active {
            return;
        }
        let wanted = match wanted(entry, self.mapping, None) {
            Ok(wanted) => wanted,
            Err(obstacle) => return self.conflict(obstacle, entry, None),
        };
        let obstacle = self
            .name_obstacle(&wanted)
            .or_else(|| self.mail_obstacle(&wanted));
        if let Some((obstacle, holder)) = obstacle {
            return self.conflict(obstacle, entry, holder);
        }
        self.take_names(&wanted);
        self.plan.people.push(PersonStep {
            deed: Deed::Create,
            person: None,
            entry: entry.id.0.clone(),
            name: wanted.display_name.to_string(),
            reason: None,
            fields: described(&wanted),
            wanted: Some(wanted),
            reports: entry.manager.clone().map_or(Reports::AsBefore, Reports::To),
        });
    }

    /// Everybody whom the directory has no more. They keep their names: who comes back under another id is not taken
    /// for the same person.
    fn let_go(&mut self, snapshot: &Snapshot) {
        let there: HashSet<&EntryId> = snapshot.people.iter().map(|entry| &entry.id).collect();
        let known = self.known;
        for before in known
            .people
            .iter()
            .filter(|before| !there.contains(&before.entry))
        {
            let holder = Holder {
                id: before.person.id.0,
                name: before.person.display_name.clone(),
            };
            let mails = before.addresses.iter();
            let mails = mails.map(|(address, _)| Name::Mail(address.to_lowercase()));
            let names = std::iter::once(Name::User(before.user_name.to_lowercase())).chain(mails);
            self.taken
                .extend(names.map(|name| (name, Some(holder.clone()))));
            if before.person.state.access() != "disabled" {
                self.suspend(before, Reason::Gone);
            }
        }
    }

    fn suspend(&mut self, before: &KnownPerson, reason: Reason) {
        self.plan.people.push(PersonStep {
            reason: Some(reason),
            ..step(Deed::Suspend, before)
        });
    }

    fn reinstate(&mut self, entry: &PersonEntry, before: &KnownPerson) {
        if before.person.role == Role::Admin {
            return self.conflict(Obstacle::Administrator, entry, None);
        }
        self.plan.people.push(step(Deed::Reinstate, before));
    }

    /// Nobody is suspended by whose leaving no administrator would be left.
    fn spare_the_last_administrator(&mut self) {
        let active = |known: &&KnownPerson| known.person.is_active_administrator();
        let administrators = self.known.people.iter().filter(active);
        let administrators: HashSet<_> = administrators.map(|known| known.person.id.0).collect();
        let leaves = |step: &PersonStep| {
            step.deed == Deed::Suspend && step.person.is_some_and(|id| administrators.contains(&id))
        };
        let leaving = self.plan.people.iter().filter(|step| leaves(step)).count();
        if leaving == 0 || self.known.administrators + administrators.len() > leaving {
            return;
        }
        let (spared, steps) = std::mem::take(&mut self.plan.people)
            .into_iter()
            .partition(leaves);
        self.plan.people = steps;
        let spared: Vec<PersonStep> = spared;
        for step in spared {
            self.plan.conflicts.push(Conflict {
                obstacle: Obstacle::LastAdministrator,
                entry: step.entry,
                name: step.name,
                holder: None,
            });
        }
    }

    fn name_obstacle(&self, wanted: &WantedPerson) -> Option<(Obstacle, Option<Holder>)> {
        let name = wanted.user_name.as_str().to_lowercase();
        if let Some(holder) = self.known.user_names.get(&name) {
            return Some((Obstacle::UserNameTaken, Some(holder.clone())));
        }
        Some(match self.taken.get(&Name::User(name))? {
            Some(holder) => (Obstacle::UserNameTaken, Some(holder.clone())),
            None => (Obstacle::UserNameTwice, None),
        })
    }

    fn mail_obstacle(&self, wanted: &WantedPerson) -> Option<(Obstacle, Option<Holder>)> {
        wanted.addresses.iter().find_map(|address| {
            let address = address.as_str().to_lowercase();
            if let Some(holder) = self.known.mails.get(&address) {
                return Some((Obstacle::MailTaken, Some(holder.clone())));
            }
            Some(match self.taken.get(&Name::Mail(address))? {
                Some(holder) => (Obstacle::MailTaken, Some(holder.clone())),
                None => (Obstacle::MailTwice, None),
            })
        })
    }

    fn take_names(&mut self, wanted: &WantedPerson) {
        let name = Name::User(wanted.user_name.as_str().to_lowercase());
        let mails = wanted.addresses.iter();
        let mails = mails.map(|mail| Name::Mail(mail.as_str().to_lowercase()));
        let names = std::iter::once(name).chain(mails);
        self.taken.extend(names.map(|name| (name, None)));
    }

    fn conflict(&mut self, obstacle: Obstacle, entry: &PersonEntry, holder: Option<Holder>) {
        let name = match entry.display_name.as_str() {
            "" => entry.username.clone(),
            name => name.to_owned(),
        };
        self.plan.conflicts.push(Conflict {
            obstacle,
            entry: entry.id.0.clone(),
            name,
            holder: holder.map(|holder| (holder.id, holder.name)),
        });
    }
}

/// A step with somebody who is here.
fn step(deed: Deed, before: &KnownPerson) -> PersonStep {
    PersonStep {
        deed,
        person: Some(before.person.id.0),
        entry: before.entry.0.clone(),
        name: before.person.display_name.clone(),
        reason: None,
        fields: Vec::new(),
        wanted: None,
        reports: Reports::AsBefore,
    }
}

fn reason(standing: Standing) -> Option<Reason> {
    match standing {
        Standing::Active => None,
        Standing::Disabled => Some(Reason::Disabled),
        Standing::Expired => Some(Reason::Expired),
    }
}

#[cfg(test)]
mod tests;
