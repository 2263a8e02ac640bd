//! Who is in a group, and until when.

use jiff::Timestamp;

use super::group::GroupId;
use super::person::{Person, PersonId};

/// A member of a group: a person or a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Member {
    /// A person.
    Person(PersonId),
    /// Everybody in a group.
    Group(GroupId),
}

/// A person directly in a group.
#[derive(Debug)]
pub struct PersonInside {
    /// Who.
    pub person: Person,
    /// From when on they are not any more; `None` never.
    pub ends_at: Option<Timestamp>,
    /// Whether the rule of the group put them there.
    pub by_rule: bool,
}

/// A person directly in a group, by name alone.
#[derive(Debug)]
pub struct PersonNamed {
    /// Who.
    pub id: PersonId,
    /// Name to sign in with.
    pub username: String,
    /// Name to show.
    pub display_name: String,
    /// From when on they are not in it any more; `None` never.
    pub ends_at: Option<Timestamp>,
}

/// A group directly in a group.
#[derive(Debug)]
pub struct GroupInside {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// From when on it is not any more; `None` never.
    pub ends_at: Option<Timestamp>,
}

/// A person in a group, directly or through groups inside it.
#[derive(Debug)]
pub struct Effective {
    /// Who.
    pub person: Person,
    /// Whether they are in it by themselves.
    pub direct: bool,
    /// Names of the groups inside it that they are in by themselves; the first five.
    pub through: Vec<String>,
}

/// A group a person is in, directly or through groups inside it.
#[derive(Debug)]
pub struct Belonging {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Whether they are in it by themselves, and until when.
    pub own: Option<Option<Timestamp>>,
}

/// A membership that was taken out because its end had passed.
#[derive(Debug)]
pub struct Ended {
    /// Of which group.
    pub group: GroupId,
    /// Its name.
    pub group_name: String,
    /// Who was in it.
    pub member: Member,
    /// Their name.
    pub member_name: String,
    /// When it ended.
    pub ends_at: Timestamp,
}
