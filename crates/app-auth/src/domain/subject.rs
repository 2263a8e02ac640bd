//! People as sign-in needs to know them. Accounts owns them; this is a projection.

use postgres_types::{FromSql, ToSql};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Names a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ToSql, FromSql, Serialize, Deserialize)]
#[postgres(transparent)]
#[serde(transparent)]
pub(crate) struct UserId(pub(crate) Uuid);

impl UserId {
    /// A new, time-ordered id.
    pub(crate) fn new() -> Self {
        Self(Uuid::now_v7())
    }

    /// Reads the text form.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Uuid::try_parse(text)
            .ok()
            .filter(|id| !id.is_nil())
            .map(Self)
    }
}

/// What a person may do at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    /// From outside.
    Guest,
    /// A member.
    User,
    /// A member who runs the platform.
    Admin,
}

impl Role {
    /// As stored.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::User => "user",
            Self::Admin => "admin",
        }
    }

    /// Reads the stored form.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "guest" => Some(Self::Guest),
            "user" => Some(Self::User),
            "admin" => Some(Self::Admin),
            _ => None,
        }
    }
}

/// Where a person is in their life cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Has no credentials yet.
    Invited,
    /// May sign in.
    Active,
    /// May not sign in; sessions are ended.
    Disabled,
}

impl State {
    /// As stored.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    /// Reads the stored form.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "invited" => Some(Self::Invited),
            "active" => Some(Self::Active),
            "disabled" => Some(Self::Disabled),
            _ => None,
        }
    }
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Subject {
    /// Who.
    pub(crate) user_id: UserId,
    /// Sign-in name.
    pub(crate) username: String,
    /// Mail address.
    pub(crate) email: String,
    /// Name to show.
    pub(crate) display_name: String,
    /// Role.
    pub(crate) role: Role,
    /// Life cycle.
    pub(crate) state: State,
    /// Effective group names.
    pub(crate) groups: Vec<String>,
    /// Language tag or empty.
    pub(crate) locale: String,
    /// Time zone or empty.
    pub(crate) zone: String,
    /// Theme or empty.
    pub(crate) theme: String,
    /// Counts up with each change by the owner of the record.
    pub(crate) version: i64,
    /// Name of the directory that keeps the password; empty when it is kept here.
    #[serde(default)]
    pub(crate) password_directory: String,
}

impl Subject {
    /// Whether this person may hold a session. Somebody invited who has a password has just accepted: the news
    /// reaches accounts, and comes back, a moment later.
    pub(crate) fn may_sign_in(&self) -> bool {
        self.state != State::Disabled
    }

    /// Whether a directory decides about the password. One that is kept here does not count then.
    pub(crate) fn signs_in_by_directory(&self) -> bool {
        !self.password_directory.is_empty()
    }

    /// Words a password of this person must not be made of.
    pub(crate) fn context_words(&self) -> Vec<String> {
        vec![
            self.username.clone(),
            self.email.clone(),
            self.display_name.clone(),
        ]
    }
}
