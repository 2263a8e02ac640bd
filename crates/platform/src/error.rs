//! How errors travel: the [`Class`] table, the [`Classify`] trait of every crate's error enum and
//! the [`Failure`] that turns one into a response.
//!
//! An error enum says *what happened*; its class says *how it travels* (status, gRPC code, log
//! level, retryability). That table exists once, here. Must not know any particular error.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::Write as _;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use tracing::Level;

use crate::problem::Problem;

/// How an error travels: one row of the table of statuses, gRPC codes and log levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The request is malformed: the client has to change it.
    Invalid,
    /// The request is well formed, but its values are refused.
    Unprocessable,
    /// Nobody is signed in, or the credential does not stand.
    Unauthenticated,
    /// Somebody is signed in who may not do this.
    Forbidden,
    /// The thing does not exist, or not for this person.
    NotFound,
    /// The state of the thing does not allow it: taken, changed meanwhile, still in use.
    Conflict,
    /// The request or one of its parts is larger than allowed.
    TooLarge,
    /// Too many requests; the duration says when to come back.
    Throttled(Duration),
    /// A dependency is away. Trying again later helps.
    Unavailable,
    /// The work took longer than it may.
    Timeout,
    /// A fault of ours.
    Internal,
}

/// How long a client should wait when a dependency is away and nobody knows better.
const UNAVAILABLE_RETRY: Duration = Duration::from_secs(5);

impl Class {
    /// The HTTP status of the class.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Invalid => StatusCode::BAD_REQUEST,
            Self::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The gRPC code of the class.
    pub fn grpc(self) -> tonic::Code {
        match self {
            Self::Invalid => tonic::Code::InvalidArgument,
            Self::Unprocessable => tonic::Code::FailedPrecondition,
            Self::Unauthenticated => tonic::Code::Unauthenticated,
            Self::Forbidden => tonic::Code::PermissionDenied,
            Self::NotFound => tonic::Code::NotFound,
            Self::Conflict => tonic::Code::AlreadyExists,
            Self::TooLarge => tonic::Code::OutOfRange,
            Self::Throttled(_) => tonic::Code::ResourceExhausted,
            Self::Unavailable => tonic::Code::Unavailable,
            Self::Timeout => tonic::Code::DeadlineExceeded,
            Self::Internal => tonic::Code::Internal,
        }
    }

    /// The class of a gRPC code that another service answered with.
    pub fn from_grpc(code: tonic::Code) -> Self {
        match code {
            tonic::Code::InvalidArgument => Self::Invalid,
            tonic::Code::FailedPrecondition => Self::Unprocessable,
            tonic::Code::Unauthenticated => Self::Unauthenticated,
            tonic::Code::PermissionDenied => Self::Forbidden,
            tonic::Code::NotFound => Self::NotFound,
            tonic::Code::AlreadyExists | tonic::Code::Aborted => Self::Conflict,
            tonic::Code::OutOfRange => Self::TooLarge,
            tonic::Code::ResourceExhausted => Self::Throttled(UNAVAILABLE_RETRY),
            tonic::Code::Unavailable | tonic::Code::Cancelled => Self::Unavailable,
            tonic::Code::DeadlineExceeded => Self::Timeout,
            _ => Self::Internal,
        }
    }

    /// The level at which the boundary logs an error of this class.
    pub fn level(self) -> Level {
        match self {
            Self::Internal => Level::ERROR,
            Self::Unavailable | Self::Timeout => Level::WARN,
            Self::Throttled(_) => Level::INFO,
            _ => Level::DEBUG,
        }
    }

    /// Whether the same request may succeed later without a change.
    pub fn retryable(self) -> bool {
        matches!(self, Self::Throttled(_) | Self::Unavailable | Self::Timeout)
    }

    /// When the client should come back, for the classes that say so with `Retry-After`.
    pub fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Throttled(after) => Some(after),
            Self::Unavailable => Some(UNAVAILABLE_RETRY),
            _ => None,
        }
    }
}

/// One field of the request that was refused, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    /// The field, as the client names it (`email`, `address.street`, `items[2].name`).
    pub field: String,
    /// Stable identification, `field.missing` or `accounts.email_taken`.
    pub code: Cow<'static, str>,
    /// What is wrong and how to put it right, in plain words.
    pub message: String,
}

impl FieldProblem {
    /// A problem with one field.
    pub fn new(
        field: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            field: field.into(),
            code: code.into(),
            message: message.into(),
        }
    }
}

/// What every error enum says about itself, so that it can be answered and logged.
pub trait Classify: Error {
    /// How the error travels, and its public code: `account.email_taken`.
    fn outcome(&self) -> (Class, &'static str);

    /// A sentence for the person or program at the other end. Never shown for [`Class::Internal`].
    fn detail(&self) -> Option<String> {
        None
    }

    /// The fields of the request that caused it.
    fn fields(&self) -> Vec<FieldProblem> {
        Vec::new()
    }
}

/// A classified error on its way to becoming a response: `Result<Response, Failure<Error>>`.
#[derive(Debug)]
pub struct Failure<E>(pub E);

impl<E: Classify> From<E> for Failure<E> {
    fn from(error: E) -> Self {
        Self(error)
    }
}

impl<E: Classify> IntoResponse for Failure<E> {
    fn into_response(self) -> Response {
        respond(&self.0)
    }
}

/// Logs the error with its chain, once, and answers it as a problem.
///
/// The response carries the [`Problem`] in its extensions; the platform's layers add the request
/// id and choose between problem+json and an error page.
pub fn respond(error: &dyn Classify) -> Response {
    log(error);
    Problem::of(error).into_response()
}

/// Logs a classified error with its chain at the level of its class.
pub fn log(error: &dyn Classify) {
    let (class, code) = error.outcome();
    match class.level() {
        Level::ERROR => tracing::error!(code, error = chain(error), "request failed"),
        Level::WARN => tracing::warn!(code, error = chain(error), "request failed"),
        Level::INFO => tracing::info!(code, error = chain(error), "request refused"),
        _ => tracing::debug!(code, error = chain(error), "request refused"),
    }
}

/// The messages of an error and of all its sources, joined by `: `.
pub fn chain(error: &(impl Error + ?Sized)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        // Writing into a String cannot fail.
        write!(text, ": {cause}").ok();
        source = cause.source();
    }
    text
}

/// Lets handlers return a crate's own error: `Result<Response, Error>`.
#[macro_export]
macro_rules! impl_into_response {
    ($error:ty) => {
        impl ::axum::response::IntoResponse for $error {
            fn into_response(self) -> ::axum::response::Response {
                $crate::error::respond(&self)
            }
        }
    };
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]
mod tests {
    use super::*;

    const ALL: [Class; 11] = [
        Class::Invalid,
        Class::Unprocessable,
        Class::Unauthenticated,
        Class::Forbidden,
        Class::NotFound,
        Class::Conflict,
        Class::TooLarge,
        Class::Throttled(UNAVAILABLE_RETRY),
        Class::Unavailable,
        Class::Timeout,
        Class::Internal,
    ];

    #[test]
    fn a_class_survives_the_way_through_grpc() {
        for class in ALL {
            assert_eq!(Class::from_grpc(class.grpc()), class);
        }
    }

    #[test]
    fn server_faults_are_logged_louder_than_client_faults() {
        for class in ALL {
            let loud = class.level() <= Level::WARN;
            assert_eq!(loud, class.status().is_server_error(), "{class:?}");
        }
    }

    #[test]
    fn retryable_classes_are_the_ones_where_waiting_helps() {
        let retryable: Vec<_> = ALL.into_iter().filter(|c| c.retryable()).collect();
        assert_eq!(
            retryable
                .iter()
                .map(|c| c.status().as_u16())
                .collect::<Vec<_>>(),
            [429, 503, 504]
        );
    }

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] std::io::Error);

    #[test]
    fn the_chain_names_every_source_once() {
        let error = Outer(std::io::Error::other("inner"));
        assert_eq!(chain(&error), "outer: inner");
    }
}
