//! What is to be done so that people and groups here are as a directory has them. Pure: it reads nothing and writes
//! nothing, so that the same directory always gives the same plan.

pub mod diff;
mod groups;
pub mod plan;
mod wanted;

use std::collections::{HashMap, HashSet};

use directory::EntryId;

use super::group::GroupId;
use super::membership::Member;
use super::person::Person;

/// A person who comes from the directory, as they are here.
#[derive(Clone, Debug)]
pub struct KnownPerson {
    /// The person.
    pub person: Person,
    /// The id that the directory has for them.
    pub entry: EntryId,
    /// What it calls them.
    pub user_name: String,
    /// Their addresses, each with whether they confirmed it themselves.
    pub addresses: Vec<(String, bool)>,
    /// Whether the directory took their access. Only then may it give it back.
    pub locked: bool,
}

/// A group that comes from the directory, as it is here.
#[derive(Clone, Debug)]
pub struct KnownGroup {
    /// Which.
    pub id: GroupId,
    /// The id that the directory has for it.
    pub entry: EntryId,
    /// Its name.
    pub name: String,
    /// Who is directly in it, those who do not come from the directory included.
    pub members: HashSet<Member>,
}

/// Somebody, or something, that has a name already and does not come from this directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub id: uuid::Uuid,
    /// Their name to show.
    pub name: String,
}

/// How things are here.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// People who come from the directory.
    pub people: Vec<KnownPerson>,
    /// Groups that come from it.
    pub groups: Vec<KnownGroup>,
    /// User names of others, in lower case.
    pub user_names: HashMap<String, Holder>,
    /// Mail addresses of others, in lower case.
    pub mails: HashMap<String, Holder>,
    /// Names of other groups, in lower case.
    pub group_names: HashMap<String, Holder>,
    /// Active administrators who do not come from the directory.
    pub administrators: usize,
}

impl Known {
    /// Who comes from which entry.
    fn by_entry(&self) -> HashMap<&EntryId, &KnownPerson> {
        let people = self.people.iter();
        people.map(|known| (&known.entry, known)).collect()
    }
}
