//! Programs that act in their own name. They have keys and nothing else: no password, no factor, no session, so
//! there is no way for them onto a page.

use postgres_types::{FromSql, ToSql};
use uuid::Uuid;

use crate::domain::subject::{Role, State, Subject, UserId};

/// Names a service account. Never the id of a person: both are random and of this app's making.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ToSql, FromSql)]
#[postgres(transparent)]
pub(crate) struct ServiceAccountId(pub(crate) Uuid);

impl ServiceAccountId {
    /// A new, time-ordered id.
    pub(crate) fn new() -> Self {
        Self(Uuid::now_v7())
    }

    /// As the principal of a request.
    pub(crate) fn as_user(self) -> UserId {
        UserId(self.0)
    }
}

/// Whether a service account's keys work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccountState {
    /// They do.
    Active,
    /// Its owner is disabled or gone: they rest until an administrator finds another owner.
    Orphaned,
    /// An administrator switched it off.
    Disabled,
}

impl AccountState {
    /// From what is stored of the account and of its owner.
    pub(crate) fn of(enabled: bool, owner: Option<State>) -> Self {
        match (enabled, owner) {
            (false, _) => Self::Disabled,
            (true, Some(State::Active | State::Invited)) => Self::Active,
            (true, Some(State::Disabled) | None) => Self::Orphaned,
        }
    }
}

/// A service account.
#[derive(Debug, Clone)]
pub(crate) struct ServiceAccount {
    /// Which.
    pub(crate) id: ServiceAccountId,
    /// Its name: 2 to 40 lower-case letters, digits, dots, hyphens and underscores.
    pub(crate) name: String,
    /// What it is for.
    pub(crate) description: String,
    /// Who answers for it.
    pub(crate) owner_id: Option<UserId>,
    /// Name of the owner to show, empty without one.
    pub(crate) owner_name: String,
    /// Guest or user, never administrator.
    pub(crate) role: Role,
    /// Whether its keys work.
    pub(crate) state: AccountState,
}

impl ServiceAccount {
    /// As apps see it: somebody without groups, address and preferences.
    pub(crate) fn subject(&self) -> Subject {
        Subject {
            user_id: self.id.as_user(),
            username: format!("service:{}", self.name),
            email: String::new(),
            display_name: self.name.clone(),
            role: self.role.min(Role::User),
            state: if self.state == AccountState::Active {
                State::Active
            } else {
                State::Disabled
            },
            groups: Vec::new(),
            locale: String::new(),
            zone: String::new(),
            theme: String::new(),
            password_directory: String::new(),
            version: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_rests_when_nobody_answers_for_it() {
        assert_eq!(
            AccountState::of(true, Some(State::Active)),
            AccountState::Active
        );
        assert_eq!(
            AccountState::of(true, Some(State::Disabled)),
            AccountState::Orphaned
        );
        assert_eq!(AccountState::of(true, None), AccountState::Orphaned);
        assert_eq!(
            AccountState::of(false, Some(State::Active)),
            AccountState::Disabled
        );
    }
}
