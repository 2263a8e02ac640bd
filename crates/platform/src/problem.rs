//! The problem document (RFC 9457) that every error response carries.
//!
//! Owns its shape and its rendering as JSON. Whether a person sees it as a page instead is decided
//! by the HTTP layers; what a 5xx problem may say is decided here: never the cause.

use std::borrow::Cow;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

use crate::error::{Class, Classify, FieldProblem};

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What went wrong, for the program or person at the other end.
///
/// Boxed, so that a `Result` with a problem in it stays small; its members are those of
/// [`Details`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Problem(Box<Details>);

/// The members of a problem document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Always `about:blank`: problems are told apart by `code`, not by a document on the web.
    #[serde(rename = "type")]
    pub kind: Cow<'static, str>,
    /// The meaning of the status in words.
    pub title: Cow<'static, str>,
    /// The HTTP status.
    pub status: u16,
    /// Stable identification of what happened: `account.email_taken`.
    pub code: Cow<'static, str>,
    /// A sentence about this occurrence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The request, as the access lines of every hop name it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub request_id: String,
    /// The fields at fault.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// Seconds after which the same request may succeed; travels as `Retry-After`.
    #[serde(skip)]
    pub retry_after: Option<u64>,
}

impl Problem {
    /// The problem of a classified error. The detail of an internal fault is withheld.
    pub fn of(error: &dyn Classify) -> Self {
        let (class, code) = error.outcome();
        let mut problem = Self::new(class, code);
        if class != Class::Internal {
            // Where trying again helps, that is worth saying even when the error says nothing.
            let general = problem.detail.take().filter(|_| class.retryable());
            problem.detail = error.detail().or(general);
            problem.errors = error.fields();
        }
        problem
    }

    /// A problem of a class, with its public code.
    pub fn new(class: Class, code: impl Into<Cow<'static, str>>) -> Self {
        let mut problem = Self::from_status(class.status());
        problem.code = code.into();
        problem.retry_after = class.retry_after().map(whole_seconds);
        problem
    }

    /// The problem behind a bare error status, for responses that say nothing else.
    pub fn from_status(status: StatusCode) -> Self {
        let (code, detail) = words(status);
        Self(Box::new(Details {
            kind: Cow::Borrowed("about:blank"),
            title: Cow::Borrowed(status.canonical_reason().unwrap_or("Error")),
            status: status.as_u16(),
            code: Cow::Borrowed(code),
            detail: (!detail.is_empty()).then(|| detail.to_owned()),
            request_id: String::new(),
            errors: Vec::new(),
            retry_after: None,
        }))
    }

    /// The same problem with a sentence about this occurrence.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The same problem with one more field at fault.
    #[must_use]
    pub fn field(mut self, field: FieldProblem) -> Self {
        self.errors.push(field);
        self
    }

    /// The status as a type; a number that is no status becomes 500.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The problem as a problem+json response, without a copy of itself in the extensions.
    pub(crate) fn render(&self) -> Response {
        // Serialising strings and numbers cannot fail; an empty body beats a panic all the same.
        let body = serde_json::to_vec(self).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl Deref for Problem {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Details {
        &mut self.0
    }
}

impl IntoResponse for Problem {
    /// A complete problem+json response that also carries the problem in its extensions, where the
    /// platform's layers find it to add the request id or to show a page instead.
    fn into_response(self) -> Response {
        let mut response = self.render();
        response.extensions_mut().insert(self);
        response
    }
}

fn whole_seconds(duration: Duration) -> u64 {
    // "0" would invite the client back at once.
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0 || duration.is_zero())
}

/// Code and remedy for statuses that arise outside any handler.
fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::BAD_REQUEST => ("request.invalid", "The request could not be understood."),
        StatusCode::UNAUTHORIZED => ("auth.sign_in_required", "Sign in first."),
        StatusCode::FORBIDDEN => ("auth.forbidden", "You may not do this."),
        StatusCode::NOT_FOUND => ("request.not_found", "There is nothing at this address."),
        StatusCode::METHOD_NOT_ALLOWED => (
            "request.method_not_allowed",
            "This address does not answer that method; the Allow header names the ones it does.",
        ),
        StatusCode::CONFLICT => ("request.conflict", ""),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "request.too_large",
            "The request is larger than this address accepts.",
        ),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("request.media_type", ""),
        StatusCode::UNPROCESSABLE_ENTITY => ("request.unprocessable", ""),
        StatusCode::TOO_MANY_REQUESTS => ("request.throttled", "Too many requests; wait a moment."),
        StatusCode::SERVICE_UNAVAILABLE => (
            "service.unavailable",
            "A part of the platform is away. Try again in a moment.",
        ),
        StatusCode::GATEWAY_TIMEOUT | StatusCode::REQUEST_TIMEOUT => (
            "service.timeout",
            "The answer took too long. Try again in a moment.",
        ),
        StatusCode::INTERNAL_SERVER_ERROR => (
            "service.internal",
            "Something went wrong on our side. It has been recorded under the request id.",
        ),
        _ if status.is_server_error() => ("service.error", ""),
        _ => ("request.refused", ""),
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("password=hunter2")]
    struct Leaky(Class);

    impl Classify for Leaky {
        fn outcome(&self) -> (Class, &'static str) {
            (self.0, "leaky.code")
        }
        fn detail(&self) -> Option<String> {
            Some("the detail".to_owned())
        }
        fn fields(&self) -> Vec<FieldProblem> {
            vec![FieldProblem::new(
                "name",
                "name.taken",
                "Choose another name.",
            )]
        }
    }

    #[test]
    fn a_problem_names_code_detail_and_fields() {
        let json = serde_json::to_value(Problem::of(&Leaky(Class::Conflict))).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "type": "about:blank", "title": "Conflict", "status": 409,
                "code": "leaky.code", "detail": "the detail",
                "errors": [{"field": "name", "code": "name.taken", "message": "Choose another name."}],
            })
        );
    }

    #[test]
    fn an_internal_problem_says_nothing_of_its_cause() {
        let problem = Problem::of(&Leaky(Class::Internal));
        assert_eq!(problem.code, "leaky.code");
        assert!(problem.errors.is_empty());
        assert!(
            !serde_json::to_string(&problem)
                .unwrap()
                .contains("the detail")
        );
    }

    #[test]
    fn retry_after_is_never_zero_and_rounds_up() {
        for (given, seconds) in [(0, "1"), (1, "1"), (1000, "1"), (1001, "2"), (60_000, "60")] {
            let class = Class::Throttled(Duration::from_millis(given));
            let response = Problem::new(class, "x").into_response();
            assert_eq!(response.headers()[RETRY_AFTER], seconds, "{given} ms");
        }
    }
}
