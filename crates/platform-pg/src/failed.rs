//! Why a handler of an event or a job did not succeed, and whether trying again can help.

use platform::error::{Class, Classify, chain};

/// A handler's failure. `?` makes one of every classified error: what is wrong with the input itself is permanent,
/// everything else is tried again with growing pauses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    pub(crate) reason: String,
    pub(crate) permanent: bool,
}

impl Failed {
    /// Trying again cannot help. The reason is stored: it must not hold personal data.
    pub fn permanent(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            permanent: true,
        }
    }

    /// Trying again may help. The reason is stored: it must not hold personal data.
    pub fn transient(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            permanent: false,
        }
    }
}

impl<E: Classify> From<E> for Failed {
    fn from(error: E) -> Self {
        let (class, code) = error.outcome();
        let permanent = matches!(
            class,
            Class::Invalid | Class::Unprocessable | Class::TooLarge
        );
        Self {
            reason: format!("{code}: {}", chain(&error)),
            permanent,
        }
    }
}

/// Runs a handler; a panic in it is a failure like any other.
pub(crate) async fn caught(
    handler: impl Future<Output = Result<(), Failed>>,
) -> Result<(), Failed> {
    use futures_util::FutureExt;
    match std::panic::AssertUnwindSafe(handler).catch_unwind().await {
        Ok(result) => result,
        Err(_) => Err(Failed::transient("the handler panicked")),
    }
}
