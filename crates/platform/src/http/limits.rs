//! What one request may use: bytes of its body, time until it is answered.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_LENGTH;
use http_body_util::Limited;
use registry::PrefixPolicy;

use super::StackConfig;
use crate::error::Class;
use crate::problem::Problem;

/// The limits of one path.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Applied {
    pub(super) body: u64,
    /// None: as long as it takes.
    pub(super) timeout: Option<Duration>,
}

/// The limits of a path: those of the longest prefix with a policy, else the usual ones.
pub(super) fn of(config: &StackConfig, path: &str) -> Applied {
    let policy = config
        .policies
        .iter()
        .filter(|policy| covers(policy, path))
        .max_by_key(|policy| policy.prefix.len());
    let body = policy.and_then(|policy| policy.body_limit);
    let timeout = policy.and_then(|policy| policy.request_timeout_ms);
    Applied {
        body: body.unwrap_or(config.limits.body),
        timeout: match timeout {
            Some(0) => None,
            Some(ms) => Some(Duration::from_millis(ms)),
            None => Some(config.limits.timeout),
        },
    }
}

/// Whole segments: `/app/files` covers `/app/files/x`, not `/app/filesystem`.
fn covers(policy: &PrefixPolicy, path: &str) -> bool {
    path.strip_prefix(policy.prefix.trim_end_matches('/'))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Refuses a body that says it is too long, and cuts off one that does not say so.
pub(super) fn cap_body(request: &mut Request, limit: u64) -> Result<(), Problem> {
    let declared = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    }
    let body = std::mem::take(request.body_mut());
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    *request.body_mut() = Body::new(Limited::new(body, limit));
    Ok(())
}

/// The refusal of a body over the limit.
fn too_large(limit: u64) -> Problem {
    Problem::new(Class::TooLarge, "request.too_large").detail(format!(
        "The body may be at most {limit} bytes long. Send less, or in parts."
    ))
}

/// Waits for a response as long as it may take.
pub(super) async fn within(
    limit: Option<Duration>,
    response: impl Future<Output = Response>,
) -> Response {
    let Some(limit) = limit else {
        return response.await;
    };
    if let Ok(response) = tokio::time::timeout(limit, response).await {
        return response;
    }
    tracing::warn!(
        limit_ms = limit.as_millis(),
        "the handler took too long and was stopped"
    );
    Problem::from_status(Class::Timeout.status()).into_response()
}
