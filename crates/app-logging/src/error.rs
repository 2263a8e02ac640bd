//! What can go wrong in this app.

use std::time::Duration;

use platform::{Class, Classify};

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No span of this trace is kept.
    #[error("the trace does not exist")]
    TraceNotFound,
    /// More arrives than can be written; the sender keeps it and tries again.
    #[error("the receiver is busy")]
    Busy,
    /// The writer stopped before it could say whether the batch was written.
    #[error("the receiver is stopping")]
    Stopping,
    /// PostgreSQL.
    #[error("storage")]
    Storage(#[from] platform_pg::Error),
    /// PostgreSQL, told to everybody whose records were in the batch.
    #[error("storage")]
    Batch(#[source] std::sync::Arc<platform_pg::Error>),
}

impl Classify for Error {
    fn outcome(&self) -> (Class, &'static str) {
        match self {
            Self::TraceNotFound => (Class::NotFound, "logging.trace_not_found"),
            Self::Busy => (Class::Throttled(Duration::from_secs(1)), "logging.busy"),
            Self::Stopping => (Class::Unavailable, "logging.stopping"),
            Self::Storage(error) => error.outcome(),
            Self::Batch(error) => error.outcome(),
        }
    }
}

platform::impl_into_response!(Error);
