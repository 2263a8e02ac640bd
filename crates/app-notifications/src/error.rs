//! What can go wrong in this app.

use platform::{Class, Classify};

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
            _ => None,
        }
    }
}

platform::impl_into_response!(Error);
