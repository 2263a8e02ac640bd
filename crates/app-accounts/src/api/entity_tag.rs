//! Versions as entity tags: what is changed has to be what was read (RFC 9110 sections 8.8.3 and 13.1.1).

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{ETAG, IF_MATCH};
use http::request::Parts;
use platform::http::Json;
use platform::{FieldProblem, Problem};
use serde::Serialize;

/// A version that nothing has.
const NONE: i64 = -1;

/// What a change expects to find.
pub(super) enum IfMatch {
    /// Whatever there is.
    Any,
    /// This version; one that nothing has for a tag that is none of ours.
    Version(i64),
}

impl IfMatch {
    /// The version that was named; `None` for whatever there is.
    pub(super) fn stated(&self) -> Option<i64> {
        match self {
            Self::Any => None,
            Self::Version(version) => Some(*version),
        }
    }

    /// The version to change, where the thing has version `current`.
    pub(super) fn version(&self, current: i64) -> i64 {
        match self {
            Self::Any => current,
            Self::Version(version) => *version,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(tag) = parts.headers.get(IF_MATCH) else {
            let remedy = "Send the ETag of what you read, or * for whatever there is.";
            return Err(Problem::from_status(StatusCode::PRECONDITION_REQUIRED)
                .detail("Name the version that is changed in If-Match.")
                .field(FieldProblem::new("If-Match", "field.missing", remedy)));
        };
        Ok(match tag.to_str() {
            Ok("*") => Self::Any,
            Ok(tag) => Self::Version(version_of(tag).unwrap_or(NONE)),
            Err(_) => Self::Version(NONE),
        })
    }
}

/// The version in an entity tag of ours; lists and weak tags match nothing.
fn version_of(tag: &str) -> Option<i64> {
    tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

/// Something with its version as entity tag.
pub(super) fn tagged(version: i64, body: impl Serialize) -> Response {
    ([(ETAG, format!("\"{version}\""))], Json(body)).into_response()
}

/// Somebody changed it since it was read.
pub(super) fn stale() -> Problem {
    Problem::from_status(StatusCode::PRECONDITION_FAILED)
        .detail("It was changed meanwhile. Read it again, and repeat the change with the new ETag.")
}
