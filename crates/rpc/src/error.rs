//! What can go wrong with a call, as the caller sees it.

use std::time::Duration;

use platform::{Class, Classify};
use tonic::{Code, Status};

use crate::outcome;

/// Codes of the guard in front of a callee: they speak about the calling service, never about the person
/// it serves, and must not become a 401 or 403 of theirs.
pub(crate) const GUARD_PREFIX: &str = "rpc.";

/// Why a call has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The registry knows no ready instance of the callee.
    #[error("no live instance of {callee}")]
    NoInstance {
        /// The app called.
        callee: String,
    },
    /// The deadline passed.
    #[error("{callee} did not answer within {deadline:?}")]
    Deadline {
        /// The app called.
        callee: String,
        /// The deadline of the call.
        deadline: Duration,
    },
    /// No connection, or it broke before the answer.
    #[error("{callee} could not be reached")]
    Unreachable {
        /// The app called.
        callee: String,
        /// What the transport said.
        source: Box<Status>,
    },
    /// The callee answered with an error of its own.
    #[error("{callee} answered {code}")]
    Refused {
        /// The app called.
        callee: String,
        /// The callee's class.
        class: Class,
        /// The callee's code, such as `account.email_taken`.
        code: &'static str,
        /// What the callee tells people; empty when nothing.
        detail: String,
    },
    /// The callee does not know the method, does not let this app call it, or answered nonsense.
    #[error("{callee} does not keep the contract of {method}")]
    Contract {
        /// The app called.
        callee: String,
        /// The method called.
        method: &'static str,
        /// What it answered.
        source: Box<Status>,
    },
}

impl Error {
    /// The callee's domain code, when the callee refused: compare it to tell expected refusals apart.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Refused { code, .. } => Some(code),
            _ => None,
        }
    }

    /// Reads an error status of `callee`.
    pub(crate) fn from_status(
        callee: &str,
        method: &'static str,
        deadline: Duration,
        status: Status,
    ) -> Self {
        let callee = callee.to_owned();
        let outcome = status
            .metadata()
            .get(outcome::KEY)
            .and_then(|value| value.to_str().ok())
            .and_then(outcome::decode);
        match outcome {
            Some((_, code)) if code.starts_with(GUARD_PREFIX) => Self::Contract {
                callee,
                method,
                source: Box::new(status),
            },
            Some((class, code)) => Self::Refused {
                callee,
                class,
                code,
                detail: status.message().to_owned(),
            },
            None if std::error::Error::source(&status).is_some() => {
                Self::from_transport(callee, deadline, status)
            }
            None => match status.code() {
                Code::DeadlineExceeded => Self::Deadline { callee, deadline },
                Code::Unavailable | Code::Cancelled => Self::Unreachable {
                    callee,
                    source: Box::new(status),
                },
                _ => Self::Contract {
                    callee,
                    method,
                    source: Box::new(status),
                },
            },
        }
    }

    /// A status that this side made of a transport failure: its code says little, its sources say more.
    fn from_transport(callee: String, deadline: Duration, status: Status) -> Self {
        let mut source = std::error::Error::source(&status);
        while let Some(cause) = source {
            if cause.is::<tonic::TimeoutExpired>() {
                return Self::Deadline { callee, deadline };
            }
            source = cause.source();
        }
        Self::Unreachable {
            callee,
            source: Box::new(status),
        }
    }

    /// Whether another instance may do better: nothing was refused, somebody was just not there.
    pub(crate) fn is_unavailable(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. }
                | Self::Refused {
                    class: Class::Unavailable,
                    ..
                }
        )
    }

    /// Whether the connection itself is in doubt.
    pub(crate) fn doubts_connection(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Deadline { .. })
    }
}

impl Classify for Error {
    fn outcome(&self) -> (Class, &'static str) {
        match self {
            Self::NoInstance { .. } => (Class::Unavailable, "rpc.no_instance"),
            Self::Deadline { .. } => (Class::Timeout, "rpc.deadline"),
            Self::Unreachable { .. } => (Class::Unavailable, "rpc.unreachable"),
            Self::Refused { class, code, .. } => (*class, code),
            Self::Contract { .. } => (Class::Internal, "rpc.contract"),
        }
    }

    fn detail(&self) -> Option<String> {
        match self {
            Self::Refused { detail, .. } if !detail.is_empty() => Some(detail.clone()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: Status) -> Error {
        Error::from_status("auth", "/x/Y", Duration::from_secs(1), status)
    }

    fn with_code(mut status: Status, code: &'static str) -> Status {
        status.metadata_mut().insert(
            outcome::KEY,
            tonic::metadata::MetadataValue::from_static(code),
        );
        status
    }

    #[test]
    fn a_domain_refusal_keeps_class_code_and_detail() {
        let error = read(with_code(
            Status::already_exists("taken"),
            "conflict account.email_taken",
        ));
        assert_eq!(error.code(), Some("account.email_taken"));
        assert!(matches!(error.outcome().0, Class::Conflict));
        assert_eq!(error.detail().as_deref(), Some("taken"));
        assert!(!error.is_unavailable());
    }

    #[test]
    fn a_refusal_of_the_guard_is_our_fault_and_not_the_persons() {
        let error = read(with_code(
            Status::permission_denied(""),
            "forbidden rpc.caller_refused",
        ));
        assert!(matches!(error.outcome().0, Class::Internal));
    }

    #[test]
    fn transport_failures_are_unavailable_and_lateness_is_a_timeout() {
        assert!(read(Status::unavailable("connection refused")).is_unavailable());
        assert!(matches!(
            read(Status::deadline_exceeded("")).outcome().0,
            Class::Timeout
        ));
        assert!(matches!(
            read(Status::unimplemented("")).outcome().0,
            Class::Internal
        ));
    }
}
