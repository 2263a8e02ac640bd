//! Guests and the people who answer for them.

use jiff::civil::Date;
use platform::Role;

use super::person::{PersonId, State};

/// Who answers for a guest, whatever became of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sponsor {
    /// Who.
    pub id: PersonId,
    /// Name to sign in with.
    pub username: String,
    /// Name to show.
    pub display_name: String,
    /// Where they are in their life cycle.
    pub state: State,
    /// What they may do.
    pub role: Role,
}

impl Sponsor {
    /// Whether they still can: they have access and are no guest themselves.
    pub fn answers(&self) -> bool {
        self.state == State::Active && self.role != Role::Guest
    }
}

/// A guest, and who answers for them if anybody was named.
#[derive(Clone, Debug)]
pub struct Guest {
    /// Who.
    pub id: PersonId,
    /// Name to sign in with.
    pub username: String,
    /// Name to show.
    pub display_name: String,
    /// Where they are in their life cycle.
    pub state: State,
    /// Last day of their account that was chosen for them, in UTC.
    pub ends_on: Option<Date>,
    /// Who answers for them.
    pub sponsor: Option<Sponsor>,
}

impl Guest {
    /// Whether somebody answers for them.
    pub fn is_answered_for(&self) -> bool {
        self.sponsor.as_ref().is_some_and(Sponsor::answers)
    }
}

#[cfg(test)]
mod tests {
    use platform::Role;
    use uuid::Uuid;

    use super::Sponsor;
    use crate::domain::person::{PersonId, State};

    #[test]
    fn only_members_with_access_answer() {
        let sponsor = |state, role| Sponsor {
            id: PersonId(Uuid::nil()),
            username: "ada".to_owned(),
            display_name: "Ada".to_owned(),
            state,
            role,
        };
        for role in [Role::User, Role::Admin] {
            assert!(sponsor(State::Active, role).answers());
            for state in [
                State::Invited,
                State::Suspended,
                State::Expired,
                State::Deleted,
            ] {
                assert!(!sponsor(state, role).answers(), "{state:?}");
            }
        }
        assert!(!sponsor(State::Active, Role::Guest).answers());
    }
}
