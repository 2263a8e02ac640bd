//! What can go wrong where an app asks who may do what.

use platform::grants::{Level, NotAResource};
use platform::{Class, Classify};

/// Why there is no yes.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// They may do nothing with it: for them it does not exist.
    #[error("this does not exist, or is not shared with you")]
    NotFound,
    /// Nobody is signed in, and it is not for everybody.
    #[error("this is not for everybody; sign in")]
    SignIn,
    /// They may see it, but not this.
    #[error("this takes the level {0}; ask somebody who shares it with you")]
    Denied(Level),
    /// No thing can have this name.
    #[error(transparent)]
    NotAResource(#[from] NotAResource),
    /// A look-up asks for too many.
    #[error("at most 200 things can be asked about at once")]
    TooManyAtOnce,
    /// Accounts cannot say.
    #[error("who may do what cannot be asked right now")]
    Unavailable(#[source] crate::Error),
    /// Accounts has an answer that is no error of its own.
    #[error("accounts refuses")]
    Refused(#[source] crate::Error),
}

/// Whatever is not an answer is an absence: neither a no, nor a fault of the person.
impl From<crate::Error> for Error {
    fn from(error: crate::Error) -> Self {
        match error.outcome().0 {
            Class::Unavailable | Class::Timeout | Class::Internal => Self::Unavailable(error),
            _ => Self::Refused(error),
        }
    }
}

impl Classify for Error {
    fn outcome(&self) -> (Class, &'static str) {
        match self {
            // No thing of that name exists either.
            Self::NotFound | Self::NotAResource(_) => (Class::NotFound, "grants.not_found"),
            Self::SignIn => (Class::Unauthenticated, "auth.sign_in_required"),
            Self::Denied(_) => (Class::Forbidden, "grants.denied"),
            Self::TooManyAtOnce => (Class::Invalid, "grants.too_many_at_once"),
            Self::Unavailable(_) => (Class::Unavailable, "grants.unavailable"),
            Self::Refused(error) => error.outcome(),
        }
    }

    fn detail(&self) -> Option<String> {
        match self {
            Self::NotFound | Self::NotAResource(_) => {
                Some("It does not exist, or is not shared with you.".to_owned())
            }
            Self::SignIn => Some("Sign in first.".to_owned()),
            Self::Denied(_) => Some(
                "You may see this, but not do that with it. Ask somebody who shares it with you."
                    .to_owned(),
            ),
            Self::TooManyAtOnce => Some("Ask about at most 200 things at once.".to_owned()),
            Self::Unavailable(_) => Some(
                "Who may see and change this cannot be asked right now. Try again in a moment."
                    .to_owned(),
            ),
            Self::Refused(error) => error.detail(),
        }
    }
}

platform::impl_into_response!(Error);
