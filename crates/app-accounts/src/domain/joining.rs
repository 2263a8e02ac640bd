//! How people come into a group by themselves, and what they ask for.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use uuid::Uuid;

use super::group::GroupId;
use super::person::{PersonId, Unknown};

/// How people come into a group by themselves. Where they come in, they may leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Joining {
    /// Not at all: managers and administrators choose the members.
    #[default]
    Closed,
    /// They ask, and a manager or an administrator decides.
    Request,
    /// They come and go.
    Open,
}

impl Joining {
    /// All, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Closed, Self::Request, Self::Open];

    /// As kept in the database and sent by forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Request => "request",
            Self::Open => "open",
        }
    }
}

impl FromStr for Joining {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        Self::ALL
            .into_iter()
            .find(|joining| joining.as_str() == word)
            .ok_or(Unknown)
    }
}

/// Identifies a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestState {
    /// Nobody has decided.
    Open,
    /// The person was let in.
    Approved,
    /// The person was not let in.
    Denied,
    /// The person thought better of it.
    Withdrawn,
}

impl RequestState {
    const ALL: [Self; 4] = [Self::Open, Self::Approved, Self::Denied, Self::Withdrawn];

    /// As kept in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl FromStr for RequestState {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or(Unknown)
    }
}

/// Somebody asks to be let into a group.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which.
    pub id: RequestId,
    /// Into what.
    pub group: GroupId,
    /// Its name.
    pub group_name: String,
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub person_name: String,
    /// What they say about it; may be empty.
    pub note: String,
    /// What became of it.
    pub state: RequestState,
    /// What they were told when it was denied; may be empty.
    pub reason: String,
    /// When they asked.
    pub created_at: Timestamp,
}

/// A group that somebody may come into.
#[derive(Debug)]
pub struct Joinable {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// How.
    pub joining: Joining,
    /// Their open request, and since when.
    pub request: Option<(RequestId, Timestamp)>,
}

/// A group that somebody manages.
#[derive(Debug)]
pub struct Managed {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// How many wait for a decision.
    pub requests: i64,
}
