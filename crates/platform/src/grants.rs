//! What people may do with the things of apps, as every app says it: levels, things, and those a thing is shared with.
//!
//! Owns the words and the rules that need no storage. Accounts keeps the grants, `rpc::grants` asks for them, and the
//! share dialog of `ui` shows them.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use uuid::Uuid;

use crate::error::{Class, Classify};

/// Longest kind of a thing, such as `note`.
pub const LONGEST_KIND: usize = 32;
/// Longest id of a thing.
pub const LONGEST_ID: usize = 128;
/// Most things asked about at once, and most on a page of those somebody may reach.
pub const MOST_AT_ONCE: usize = 200;
/// Most grants of one thing.
pub const MOST_OF_RESOURCE: usize = 200;

/// How much somebody may do with a thing. Each level holds those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// See it.
    Read,
    /// Change it.
    Write,
    /// Change it, delete it, and say who else may.
    Admin,
}

impl Level {
    /// All of them, the lowest first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    /// What counts of several grants: the highest. Nothing without any.
    pub fn effective(granted: impl IntoIterator<Item = Self>) -> Option<Self> {
        granted.into_iter().max()
    }

    /// Whether this is enough where `wanted` is asked for.
    pub fn allows(self, wanted: Self) -> bool {
        self >= wanted
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Level {
    type Err = NotAWord;

    fn from_str(word: &str) -> Result<Self, NotAWord> {
        let known = Self::ALL.into_iter().find(|level| level.as_str() == word);
        known.ok_or(NotAWord("level", "read, write or admin"))
    }
}

/// A word is none of those it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} must be {1}")]
pub struct NotAWord(pub &'static str, pub &'static str);

/// A thing of an app that can be shared. Whose it is follows from which app asks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Resource {
    kind: String,
    id: String,
}

/// What cannot name a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAResource {
    /// The kind is no such word.
    #[error("a kind has 1 to {LONGEST_KIND} of a-z, 0-9 and -, a letter first")]
    Kind,
    /// The id is too long, empty, or holds other signs.
    #[error("an id has 1 to {LONGEST_ID} visible ASCII characters")]
    Id,
}

impl Resource {
    /// The thing of that kind and id.
    ///
    /// # Errors
    /// What is wrong with either.
    pub fn new(kind: impl Into<String>, id: impl Into<String>) -> Result<Self, NotAResource> {
        let (kind, id) = (kind.into(), id.into());
        check_kind(&kind)?;
        check_id(&id)?;
        Ok(Self { kind, id })
    }

    /// What sort of thing.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Which of them.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

/// Whether a word can be a kind of things.
///
/// # Errors
/// [`NotAResource::Kind`] when it cannot.
pub fn check_kind(kind: &str) -> Result<(), NotAResource> {
    let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let fits = (1..=LONGEST_KIND).contains(&kind.len())
        && kind.starts_with(|first: char| first.is_ascii_lowercase())
        && kind.bytes().all(letters);
    fits.then_some(()).ok_or(NotAResource::Kind)
}

/// Whether a text can be the id of a thing.
///
/// # Errors
/// [`NotAResource::Id`] when it cannot.
pub fn check_id(id: &str) -> Result<(), NotAResource> {
    let fits =
        (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then_some(()).ok_or(NotAResource::Id)
}

/// Whom a thing is shared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grantee {
    /// One person.
    Person(Uuid),
    /// Everybody in a group, through groups inside it too.
    Group(Uuid),
    /// A service account.
    Service(Uuid),
    /// Every person who is signed in, guests among them. Programs are not.
    SignedIn,
    /// Whoever comes by, signed in or not.
    Public,
}

impl Grantee {
    /// The word for the kind.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Group(_) => "group",
            Self::Service(_) => "service",
            Self::SignedIn => "signed-in",
            Self::Public => "public",
        }
    }

    /// Who; nobody in particular has none.
    pub fn id(self) -> Option<Uuid> {
        match self {
            Self::Person(id) | Self::Group(id) | Self::Service(id) => Some(id),
            Self::SignedIn | Self::Public => None,
        }
    }

    /// Whether this stands for people whom nobody chose one by one.
    pub fn is_everybody(self) -> bool {
        matches!(self, Self::SignedIn | Self::Public)
    }

    /// Reads kind and id back.
    ///
    /// # Errors
    /// What is not one of its words.
    pub fn parse(kind: &str, id: &str) -> Result<Self, NotAWord> {
        let uuid = || Uuid::parse_str(id).map_err(|_| NotAWord("grantee id", "a UUID"));
        match kind {
            "person" => Ok(Self::Person(uuid()?)),
            "group" => Ok(Self::Group(uuid()?)),
            "service" => Ok(Self::Service(uuid()?)),
            "signed-in" => Ok(Self::SignedIn),
            "public" => Ok(Self::Public),
            _ => Err(NotAWord(
                "grantee kind",
                "person, group, service, signed-in or public",
            )),
        }
    }
}

/// One grant of a thing, as those who may share it see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Whom it is for.
    pub grantee: Grantee,
    /// Their name; empty for everybody, and for service accounts, which accounts does not know.
    pub name: String,
    /// How much they may do.
    pub level: Level,
    /// From when on it counts no more; `None` never.
    pub ends_at: Option<Timestamp>,
    /// Name of who granted it; empty when the app did, or somebody who is gone.
    pub granted_by: String,
    /// When.
    pub granted_at: Timestamp,
}

/// Whom a change is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// Somebody who is known by id.
    Known(Grantee),
    /// Who was typed or picked: a user name, a mail address, or a group as `@name`.
    Typed(String),
}

/// A change of who may do what with a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Give, or give otherwise.
    Set {
        /// To whom.
        to: Recipient,
        /// How much from now on.
        level: Level,
        /// Until when.
        ends_at: Option<Timestamp>,
    },
    /// Take away.
    Remove(Grantee),
}

/// What came of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is so now.
    Done,
    /// It was so before.
    Unchanged,
    /// It is not to be.
    Refused(Refusal),
}

/// Why a change is not to be. Accounts says so by [`Refusal::code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Who asks may not share it.
    #[error("only who has the level admin may say who else may do something with it")]
    NotAdmin,
    /// Nobody would be left to share it.
    #[error("nobody would be left with the level admin for good; give it to somebody else first")]
    LastAdmin,
    /// There is nobody of this name, or nobody who asks may find.
    #[error("nobody of this name can be found")]
    Unknown,
    /// It has as many grants as one thing may have.
    #[error("a thing can be shared with at most {MOST_OF_RESOURCE}; share it with a group")]
    TooMany,
    /// The end lies behind.
    #[error("the end must lie in the future")]
    Past,
    /// Everybody would be an administrator of it.
    #[error("the level admin is for people, groups and service accounts, not for everybody")]
    TooOpen,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::NotAdmin,
        Self::LastAdmin,
        Self::Unknown,
        Self::TooMany,
        Self::Past,
        Self::TooOpen,
    ];

    /// The code by which it travels.
    pub fn code(self) -> &'static str {
        self.outcome().1
    }

    /// The refusal of that code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.code() == code)
    }
}

impl Classify for Refusal {
    fn outcome(&self) -> (Class, &'static str) {
        match self {
            Self::NotAdmin => (Class::Forbidden, "grants.not_admin"),
            Self::LastAdmin => (Class::Conflict, "grants.last_admin"),
            Self::Unknown => (Class::Unprocessable, "grants.unknown"),
            Self::TooMany => (Class::Conflict, "grants.too_many"),
            Self::Past => (Class::Unprocessable, "grants.past"),
            Self::TooOpen => (Class::Unprocessable, "grants.too_open"),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn of_several_grants_the_highest_counts() {
        use Level::{Admin, Read, Write};
        for (granted, effective) in [
            (vec![], None),
            (vec![Read], Some(Read)),
            (vec![Read, Admin, Write], Some(Admin)),
            (vec![Write, Read], Some(Write)),
        ] {
            assert_eq!(Level::effective(granted.clone()), effective, "{granted:?}");
        }
    }

    #[test]
    fn a_level_allows_itself_and_those_below() {
        for (at, held) in Level::ALL.into_iter().enumerate() {
            for (below, wanted) in Level::ALL.into_iter().enumerate() {
                assert_eq!(held.allows(wanted), below <= at, "{held} for {wanted}");
            }
            assert_eq!(held.as_str().parse(), Ok(held));
        }
        assert!("owner".parse::<Level>().is_err());
    }

    #[test]
    fn names_of_things_are_bounded() {
        assert!(Resource::new("note", "018f-a/b:c").is_ok());
        assert!(Resource::new("a".repeat(LONGEST_KIND), "1".repeat(LONGEST_ID)).is_ok());
        for kind in ["", "Note", "1note", "no te", &"a".repeat(LONGEST_KIND + 1)] {
            assert_eq!(Resource::new(kind, "1"), Err(NotAResource::Kind), "{kind}");
        }
        for id in ["", "a b", "ä", "a\n", &"1".repeat(LONGEST_ID + 1)] {
            assert_eq!(Resource::new("note", id), Err(NotAResource::Id), "{id}");
        }
    }

    #[test]
    fn whom_it_is_shared_with_survives_the_wire() {
        let id = Uuid::from_u128(7);
        for grantee in [
            Grantee::Person(id),
            Grantee::Group(id),
            Grantee::Service(id),
            Grantee::SignedIn,
            Grantee::Public,
        ] {
            let text = grantee.id().map(|id| id.to_string()).unwrap_or_default();
            assert_eq!(Grantee::parse(grantee.kind(), &text), Ok(grantee));
        }
        assert!(Grantee::parse("person", "ada").is_err());
        assert!(Grantee::parse("everybody", "").is_err());
    }

    #[test]
    fn a_refusal_is_known_by_its_code() {
        for refusal in Refusal::ALL {
            assert_eq!(Refusal::of_code(refusal.code()), Some(refusal));
        }
        assert_eq!(Refusal::of_code("accounts.stale"), None);
    }
}
