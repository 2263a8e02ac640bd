//! What can go wrong with Redis, without keys or values.

use fred::error::ErrorKind;
use platform::error::{Class, Classify};

/// A failed command.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server could not be reached, or did not answer in time.
    #[error("Redis is unavailable ({0})")]
    Unavailable(&'static str),
    /// The server refused the command.
    #[error("Redis refused the command ({0})")]
    Refused(String),
    /// A message could not be written as JSON.
    #[error("the message cannot be written as JSON")]
    Encode(#[source] serde_json::Error),
}

impl From<fred::error::Error> for Error {
    fn from(error: fred::error::Error) -> Self {
        match error.kind() {
            ErrorKind::IO
            | ErrorKind::Timeout
            | ErrorKind::Canceled
            | ErrorKind::Routing
            | ErrorKind::Backpressure
            | ErrorKind::Cluster
            | ErrorKind::Sentinel
            | ErrorKind::Tls => Self::Unavailable(error.kind().to_str()),
            // The first word of a Redis error is its code; what follows may repeat arguments.
            _ => Self::Refused(
                error
                    .details()
                    .split_whitespace()
                    .next()
                    .unwrap_or("unknown")
                    .to_owned(),
            ),
        }
    }
}

impl Classify for Error {
    fn outcome(&self) -> (Class, &'static str) {
        match self {
            Self::Unavailable(_) => (Class::Unavailable, "redis.unavailable"),
            Self::Refused(_) => (Class::Internal, "redis.refused"),
            Self::Encode(_) => (Class::Internal, "redis.encode"),
        }
    }
}
