//! What was read.

use std::fmt;

use jiff::Timestamp;

/// The id that an entry keeps for ever, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId(pub String);

impl fmt::Display for EntryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Everybody and every group there was while it was read. Ids are unique over both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// People, by id.
    pub people: Vec<PersonEntry>,
    /// Groups, by id.
    pub groups: Vec<GroupEntry>,
    /// Members of groups that are neither: outside the bases, or left out by a filter.
    pub strangers: usize,
}

/// Whether somebody may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They may.
    Active,
    /// An administrator of the directory locked them out.
    Disabled,
    /// Their account is over.
    Expired,
}

/// A person. Texts may be empty; they are as the directory has them, without white space around.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonEntry {
    /// The id that stays.
    pub id: EntryId,
    /// Where they are in the directory now.
    pub dn: String,
    /// What they sign in with there; never empty.
    pub username: String,
    /// Mail addresses, sorted: directories have no order among values.
    pub mails: Vec<String>,
    /// Name to show.
    pub display_name: String,
    /// First names.
    pub given_name: String,
    /// Last names.
    pub family_name: String,
    /// Job title.
    pub title: String,
    /// Department.
    pub department: String,
    /// Telephone number.
    pub phone: String,
    /// Whom they report to, if that one was read too.
    pub manager: Option<EntryId>,
    /// Whether they may come in.
    pub standing: Standing,
    /// From when on they have to choose a new password.
    pub password_ends_at: Option<Timestamp>,
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupEntry {
    /// The id that stays.
    pub id: EntryId,
    /// Where it is in the directory now.
    pub dn: String,
    /// What it is called; never empty.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Who is directly in it, sorted, nobody twice.
    pub members: Vec<MemberId>,
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MemberId {
    /// A person.
    Person(EntryId),
    /// Everybody in a group.
    Group(EntryId),
}
