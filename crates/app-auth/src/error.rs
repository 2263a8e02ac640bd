//! What can go wrong, and how it travels. Expected refusals are outcomes of the services, not errors.

use std::time::Duration;

use platform::error::{Class, Classify};

/// Everything a use case of this crate can fail with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// More passwords wait to be checked than there is room for.
    #[error("the queue for password hashing is full")]
    Busy,
    /// Too many attempts.
    #[error("too many attempts")]
    Limited(Duration),
    /// Nobody has this id.
    #[error("no such person")]
    SubjectNotFound,
    /// No live session of this person has this id.
    #[error("no such session")]
    SessionNotFound,
    /// No passkey of this person has this id.
    #[error("no such passkey")]
    PasskeyNotFound,
    /// The platform's address cannot have passkeys.
    #[error("passkeys are not possible here")]
    NoPasskeys,
    /// A passkey or a challenge could not be read or written.
    #[error("a passkey ceremony failed")]
    Passkey,
    /// No key of this holder has this id.
    #[error("no such key")]
    KeyNotFound,
    /// The holder has as many working keys as there may be.
    #[error("there are 50 working keys already")]
    TooManyKeys,
    /// Another service account has this name.
    #[error("the name is taken")]
    NameTaken,
    /// No attempt to sign in has this id.
    #[error("no such attempt")]
    EventNotFound,
    /// No tool behind a proxy has this name.
    #[error("no such tool")]
    ToolNotFound,
    /// No service account has this id.
    #[error("no such service account")]
    AccountNotFound,
    /// An invitation was asked for somebody who has credentials.
    #[error("the person has credentials already")]
    HasCredentials,
    /// An invitation was asked for somebody who may not sign in.
    #[error("the person is disabled")]
    Disabled,
    /// No mail can be sent to this person.
    #[error("no mail can be sent to this person")]
    NoMail,
    /// A directory keeps the password of this person: it is reset there.
    #[error("a directory keeps the password of this person; reset it there")]
    KeptElsewhere,
    /// A service sent something it must not send.
    #[error("{0}")]
    InvalidRequest(&'static str),
    /// PostgreSQL.
    #[error("storage")]
    Storage(#[from] platform_pg::Error),
    /// A signing key could not be made, opened, sealed or published.
    #[error("signing keys")]
    Key(#[from] platform::identity::KeyError),
    /// Another service.
    #[error("notifications")]
    Notifications(#[from] rpc::Error),
    /// The operating system gave no random bytes.
    #[error("no random bytes")]
    Randomness,
    /// A hash could not be computed.
    #[error("hashing failed")]
    Hashing,
    /// A stored secret could not be sealed or opened.
    #[error("sealing failed")]
    Sealing,
    /// The set-up link could not be shown.
    #[error("the set-up link could not be written")]
    LinkFile(#[source] std::io::Error),
}

/// How long somebody should wait when the queue is full: about what it takes to work it off.
pub(crate) const BUSY_RETRY: Duration = Duration::from_secs(2);

impl Classify for Error {
    fn outcome(&self) -> (Class, &'static str) {
        match self {
            Self::Busy => (Class::Unavailable, "auth.busy"),
            Self::Limited(wait) => (Class::Throttled(*wait), "auth.limited"),
            Self::SubjectNotFound => (Class::NotFound, "auth.subject_not_found"),
            Self::SessionNotFound => (Class::NotFound, "auth.session_not_found"),
            Self::PasskeyNotFound => (Class::NotFound, "auth.passkey_not_found"),
            Self::NoPasskeys => (Class::NotFound, "auth.no_passkeys"),
            Self::KeyNotFound => (Class::NotFound, "auth.key_not_found"),
            Self::EventNotFound => (Class::NotFound, "auth.attempt_not_found"),
            Self::TooManyKeys => (Class::Conflict, "auth.too_many_keys"),
            Self::NameTaken => (Class::Conflict, "auth.name_taken"),
            Self::AccountNotFound => (Class::NotFound, "auth.service_account_not_found"),
            Self::ToolNotFound => (Class::NotFound, "auth.tool_not_found"),
            Self::HasCredentials => (Class::Conflict, "auth.has_credentials"),
            Self::Disabled => (Class::Conflict, "auth.disabled"),
            Self::NoMail => (Class::Conflict, "auth.no_mail"),
            Self::KeptElsewhere => (Class::Conflict, "auth.password_kept_elsewhere"),
            Self::InvalidRequest(_) => (Class::Invalid, "auth.invalid_request"),
            Self::Storage(error) => error.outcome(),
            Self::Key(error) => error.outcome(),
            Self::Notifications(error) => error.outcome(),
            Self::Passkey
            | Self::Randomness
            | Self::Hashing
            | Self::Sealing
            | Self::LinkFile(_) => (Class::Internal, "auth.internal"),
        }
    }

    fn detail(&self) -> Option<String> {
        match self {
            Self::InvalidRequest(what) => Some((*what).to_owned()),
            _ => None,
        }
    }
}

platform::impl_into_response!(Error);
