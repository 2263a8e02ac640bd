//! What can go wrong in this app.

use platform::{Class, Classify};

use crate::domain::mail::Unmailable;
use crate::domain::notification::Unsendable;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// This person has no such notification.
    #[error("the notification does not exist")]
    NotFound,
    /// A sender's request does not do.
    #[error(transparent)]
    Unsendable(#[from] Unsendable),
    /// A sender's mail does not do.
    #[error(transparent)]
    Unmailable(#[from] Unmailable),
    /// No mail server is set: the caller has to offer another way.
    #[error("no mail server is set")]
    MailUnconfigured,
    /// A mail that was checked could not be written down.
    #[error("the mail could not be composed")]
    Composition,
    /// A mail could not be encrypted.
    #[error("mail cannot be encrypted")]
    Sealing(#[from] platform::SealError),
    /// The folder for mail cannot be read; development only.
    #[error("the folder for mail cannot be read")]
    Outbox(#[from] std::io::Error),
    /// A person has as many live pages open as are served.
    #[error("too many live connections")]
    TooManyStreams,
    /// PostgreSQL.
    #[error("storage")]
    Storage(#[from] platform_pg::Error),
}

impl Classify for Error {
    fn outcome(&self) -> (Class, &'static str) {
        match self {
            Self::NotFound => (Class::NotFound, "notifications.not_found"),
            Self::Unsendable(_) => (Class::Invalid, "notifications.unsendable"),
            Self::Unmailable(_) => (Class::Invalid, "notifications.unmailable"),
            Self::MailUnconfigured => (Class::Unprocessable, "notifications.mail_unconfigured"),
            Self::Composition => (Class::Internal, "notifications.mail_composition"),
            Self::Sealing(_) => (Class::Internal, "notifications.mail_sealing"),
            Self::Outbox(_) => (Class::Internal, "notifications.mail_outbox"),
            Self::TooManyStreams => (
                Class::Throttled(std::time::Duration::from_secs(30)),
                "notifications.too_many_streams",
            ),
            Self::Storage(error) => error.outcome(),
        }
    }

    fn detail(&self) -> Option<String> {
        match self {
            Self::Unsendable(unsendable) => Some(unsendable.to_string()),
            Self::Unmailable(unmailable) => Some(unmailable.to_string()),
            _ => None,
        }
    }
}

platform::impl_into_response!(Error);
