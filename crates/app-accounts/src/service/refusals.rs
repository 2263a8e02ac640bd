//! What programs and operators are told when a change of a person is refused.

use platform::Class;

use super::people::Change;

impl Change {
    /// How the refusal travels, its code, and the field it is about; empty for none.
    pub fn refusal(self) -> (Class, &'static str, &'static str) {
        match self {
            Self::UsernameTaken => (Class::Conflict, "accounts.username_taken", "username"),
            Self::EmailTaken => (Class::Conflict, "accounts.email_taken", "email"),
            Self::Stale => (Class::Conflict, "accounts.stale", ""),
            Self::LastAdministrator => (Class::Conflict, "accounts.last_administrator", ""),
            Self::Oneself => (Class::Forbidden, "accounts.oneself", ""),
            Self::NotAccepted => (Class::Conflict, "accounts.not_accepted", ""),
            Self::InTrash => (Class::Conflict, "accounts.in_trash", ""),
            Self::NotInTrash => (Class::Conflict, "accounts.not_in_trash", ""),
            Self::EndPassed => (Class::Unprocessable, "accounts.end_passed", "ends_on"),
            Self::AdministratorEnds => (
                Class::Unprocessable,
                "accounts.administrator_ends",
                "ends_on",
            ),
            Self::ManagerGone => (Class::Unprocessable, "accounts.manager_gone", "manager_id"),
            Self::ManagerBelow => (Class::Unprocessable, "accounts.manager_below", "manager_id"),
            Self::Forbidden => (Class::Forbidden, "accounts.not_administrator", ""),
            Self::Done | Self::Unchanged => (Class::Internal, "accounts.done", ""),
        }
    }

    /// What happened, and what to do about it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::UsernameTaken => "Another person has this user name. Choose another.",
            Self::EmailTaken => "Another person has this mail address. Choose another.",
            Self::Stale => "Somebody changed the person meanwhile. Read them again.",
            Self::LastAdministrator => {
                "Nobody would be left to administer the platform. Make somebody else an administrator first."
            }
            Self::Oneself => {
                "People do not change their own role or access. Ask another administrator."
            }
            Self::NotAccepted => {
                "The person has not accepted the invitation yet; accepting it is what gives access."
            }
            Self::InTrash => "The person is in the trash. Restore them first.",
            Self::NotInTrash => "The person is not in the trash.",
            Self::EndPassed => "The last day is over already. Choose today or a later day.",
            Self::AdministratorEnds => {
                "Administrators have no last day. Leave it out, or choose another role."
            }
            Self::ManagerGone => {
                "Nobody has this id, or they are in the trash. Choose somebody who is there."
            }
            Self::ManagerBelow => {
                "The person would report to themselves, or to somebody who reports to them. Choose somebody else."
            }
            Self::Forbidden => "Only administrators may do this. Ask one of them.",
            Self::Done | Self::Unchanged => "It is so.",
        }
    }
}
