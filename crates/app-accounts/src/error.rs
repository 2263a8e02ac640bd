//! What can go wrong in this app.

use platform::{Class, Classify};

use crate::domain::group::GroupId;
use crate::domain::name::Unfit;
use crate::domain::person::PersonId;
use crate::domain::token::NoRandomness;

/// What went wrong. Expected refusals are outcomes of the use cases instead.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such person, or none this caller may know of.
    #[error("person {0} does not exist")]
    PersonNotFound(PersonId),
    /// No such group.
    #[error("group {0} does not exist")]
    GroupNotFound(GroupId),
    /// The group is neither theirs to manage nor to look into.
    #[error("only managers of the group and administrators may do this")]
    NotManager,
    /// Only administrators may do this.
    #[error("only administrators may do this")]
    NotAdministrator,
    /// Another group has this name.
    #[error("the name of the group is taken")]
    GroupNameTaken,
    /// A membership is to end before now.
    #[error("ends_at must lie in the future")]
    EndPast,
    /// A place in a list that this list did not name.
    #[error("after must be the next of a former page")]
    NotACursor,
    /// No such request, or none of theirs.
    #[error("the request does not exist")]
    RequestNotFound,
    /// A look-up asks for too many.
    #[error("at most 500 people can be looked up at once")]
    TooManyAtOnce,
    /// An identifier is not a UUID.
    #[error("{0} is not a UUID")]
    NotAnId(&'static str),
    /// Nobody signs in with this.
    #[error("nobody has this user name or mail address")]
    LoginNotFound,
    /// Another person has this user name.
    #[error("the user name is taken")]
    UsernameTaken,
    /// Another person has this mail address.
    #[error("the mail address is taken")]
    EmailTaken,
    /// A field holds something that does not do.
    #[error("{0} {1}")]
    Unfit(&'static str, Unfit),
    /// No secret could be made.
    #[error("randomness")]
    Randomness(#[from] NoRandomness),
    /// PostgreSQL.
    #[error("storage")]
    Storage(#[from] platform_pg::Error),
    /// Another service.
    #[error("another service")]
    Service(#[from] rpc::Error),
}

impl Classify for Error {
    fn outcome(&self) -> (Class, &'static str) {
        match self {
            Self::PersonNotFound(_) => (Class::NotFound, "accounts.person_not_found"),
            Self::GroupNotFound(_) => (Class::NotFound, "accounts.group_not_found"),
            Self::NotManager => (Class::Forbidden, "accounts.not_manager"),
            Self::NotAdministrator => (Class::Forbidden, "accounts.not_administrator"),
            Self::GroupNameTaken => (Class::Conflict, "accounts.group_name_taken"),
            Self::EndPast => (Class::Unprocessable, "accounts.end_past"),
            Self::NotACursor => (Class::Invalid, "accounts.not_a_cursor"),
            Self::RequestNotFound => (Class::NotFound, "accounts.request_not_found"),
            Self::TooManyAtOnce => (Class::Invalid, "accounts.too_many_at_once"),
            Self::NotAnId(_) => (Class::Invalid, "accounts.not_an_id"),
            Self::LoginNotFound => (Class::NotFound, "accounts.login_not_found"),
            Self::UsernameTaken => (Class::Conflict, "accounts.username_taken"),
            Self::EmailTaken => (Class::Conflict, "accounts.email_taken"),
            Self::Unfit(..) => (Class::Invalid, "accounts.unfit"),
            Self::Randomness(_) => (Class::Internal, "accounts.randomness"),
            Self::Storage(error) => error.outcome(),
            Self::Service(error) => error.outcome(),
        }
    }
}

platform::impl_into_response!(Error);
