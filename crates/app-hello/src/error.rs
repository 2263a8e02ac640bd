//! What can go wrong in this app.

use platform::{Class, Classify};

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The greeting did not reach the inbox.
    #[error("notifications")]
    Notifications(#[from] rpc::Error),
}

impl Classify for Error {
    fn outcome(&self) -> (Class, &'static str) {
        match self {
            Self::Notifications(error) => error.outcome(),
        }
    }
}

platform::impl_into_response!(Error);
