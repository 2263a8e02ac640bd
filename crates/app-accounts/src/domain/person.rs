//! A person, and where they are in their life cycle.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use platform::Role;
use uuid::Uuid;

use super::name::{EmailAddress, Line, Username};
use super::phone::Phone;

/// Identifies a person, for ever and everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonId(pub Uuid);

impl fmt::Display for PersonId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Where a person is in their life cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Has an invitation, but no credentials yet.
    Invited,
    /// May sign in.
    Active,
    /// An administrator took away their access; they keep their name and what they own.
    Suspended,
    /// The last day of their account has passed.
    Expired,
    /// In the trash, for as long as it keeps people.
    Deleted,
}

impl State {
    /// All states, in the order they are offered.
    pub const ALL: [Self; 5] = [
        Self::Active,
        Self::Invited,
        Self::Suspended,
        Self::Expired,
        Self::Deleted,
    ];

    /// Its word in queries and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Expired => "expired",
            Self::Deleted => "deleted",
        }
    }

    /// What other services are told: `invited`, `active` or `disabled`.
    pub fn access(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Suspended | Self::Expired | Self::Deleted => "disabled",
        }
    }

    /// What took away the access, when no administrator did.
    pub fn locked_by(self) -> Option<&'static str> {
        match self {
            Self::Expired => Some("end"),
            Self::Deleted => Some("trash"),
            Self::Invited | Self::Active | Self::Suspended => None,
        }
    }
}

/// A word that names no state.
#[derive(Debug, thiserror::Error)]
#[error("names no known value")]
pub struct Unknown;

impl FromStr for State {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or(Unknown)
    }
}

/// Whom a person reports to. Stays while that one is in the trash, so that restoring them restores the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manager {
    /// Who.
    pub id: PersonId,
    /// Name to sign in with.
    pub username: String,
    /// Name to show.
    pub display_name: String,
    /// Where they are in their life cycle.
    pub state: State,
}

/// A person as a whole.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// Name to sign in with.
    pub username: String,
    /// Primary mail address: the one other services know.
    pub email: String,
    /// Name to show.
    pub display_name: String,
    /// First names; may be empty.
    pub given_name: String,
    /// Last names; may be empty.
    pub family_name: String,
    /// Job title; may be empty.
    pub title: String,
    /// Department; may be empty.
    pub department: String,
    /// Telephone number; may be empty.
    pub phone: String,
    /// Whom they report to.
    pub manager: Option<Manager>,
    /// What they may do.
    pub role: Role,
    /// Where they are in their life cycle.
    pub state: State,
    /// Last day the account counts, in UTC; `None` for ever.
    pub ends_on: Option<Date>,
    /// Since when they are in the trash.
    pub trashed_at: Option<Timestamp>,
    /// What giving access back, or taking them out of the trash, makes of them.
    pub restores_to: Option<State>,
    /// BCP 47 tag, or empty for the browser's.
    pub locale: String,
    /// IANA name, or empty for the browser's.
    pub zone: String,
    /// `light`, `dark` or empty for the system's.
    pub theme: String,
    /// Counts up with each change.
    pub version: i64,
    /// When they were added.
    pub created_at: Timestamp,
    /// When the picture last changed, if there is one.
    pub avatar_at: Option<Timestamp>,
}

impl Person {
    /// Takes away the access, and remembers what it was.
    pub fn lock(&mut self, state: State, at: Timestamp) {
        self.restores_to = Some(self.state);
        self.trashed_at = (state == State::Deleted).then_some(at);
        self.state = state;
    }

    /// Makes the person what they were before [`Person::lock`].
    pub fn unlock(&mut self) {
        self.state = self.restores_to.take().unwrap_or(State::Active);
        self.trashed_at = None;
    }

    /// Their manager, unless that one is in the trash.
    pub fn present_manager(&self) -> Option<&Manager> {
        let is_there = |manager: &&Manager| manager.state != State::Deleted;
        self.manager.as_ref().filter(is_there)
    }

    /// This person as the manager of another.
    pub fn as_manager(&self) -> Manager {
        Manager {
            id: self.id,
            username: self.username.clone(),
            display_name: self.display_name.clone(),
            state: self.state,
        }
    }

    /// Whether taking away this person's role or access could leave nobody in charge.
    pub fn is_active_administrator(&self) -> bool {
        self.role == Role::Admin && self.state == State::Active
    }

    /// Path of the picture, changing with it; empty without one.
    pub fn avatar_path(&self) -> String {
        avatar_path(self.id, self.avatar_at)
    }
}

/// Path of the picture of a person that last changed at that time; empty without one.
pub(super) fn avatar_path(id: PersonId, at: Option<Timestamp>) -> String {
    at.map(|at| format!("/app/accounts/people/{id}/avatar?v={}", at.as_millisecond()))
        .unwrap_or_default()
}

/// What an administrator says of a new person.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Chosen by the form, so that a second submit of the same form is recognised.
    pub id: PersonId,
    /// Name to sign in with.
    pub username: Username,
    /// Mail address.
    pub email: EmailAddress,
    /// Name to show.
    pub display_name: Line,
    /// What they may do.
    pub role: Role,
}

/// What can be said anew of a person by themselves.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Name to show.
    pub display_name: Line,
    /// First names.
    pub given_name: Line,
    /// Last names.
    pub family_name: Line,
    /// Telephone number.
    pub phone: Phone,
    /// IANA name, or empty.
    pub zone: String,
}

/// What can be said anew of a person by an administrator.
#[derive(Clone, Debug)]
pub struct Edit {
    /// What the person could change too.
    pub profile: Profile,
    /// Job title.
    pub title: Line,
    /// Department.
    pub department: Line,
    /// Whom they report to.
    pub manager: Option<PersonId>,
    /// Name to sign in with.
    pub username: Username,
    /// What they may do.
    pub role: Role,
    /// Last day the account counts, in UTC.
    pub ends_on: Option<Date>,
}
