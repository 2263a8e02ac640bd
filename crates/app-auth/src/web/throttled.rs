//! A form that is shown again because there was no time for it, or nobody to take it: with the status and the header
//! programs look at, and the sentence people read.

use std::time::Duration;

use askama::Template;
use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use platform::error::{self, Class, Classify as _};

use crate::error::Error;

/// When to come back while something is away and does not say for how long.
pub(super) const AWAY_RETRY: Duration = Duration::from_secs(5);

/// Too many attempts.
pub(super) fn limited(view: &impl Template, wait: Duration) -> Response {
    with(StatusCode::TOO_MANY_REQUESTS, view, wait)
}

/// Too much work at once, or something away.
pub(super) fn busy(view: &impl Template, wait: Duration) -> Response {
    with(StatusCode::SERVICE_UNAVAILABLE, view, wait)
}

/// For how long to wait when `error` says that something is away; every other error is handed back. Told to the log
/// here, because whoever shows a form again answers no error.
pub(super) fn away(error: Error) -> Result<Duration, Error> {
    let (class, _) = error.outcome();
    match class {
        Class::Unavailable | Class::Timeout => {
            error::log(&error);
            Ok(class.retry_after().unwrap_or(AWAY_RETRY))
        }
        _ => Err(error),
    }
}

fn with(status: StatusCode, view: &impl Template, wait: Duration) -> Response {
    let mut response = ui::page::render(status, view);
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from(seconds(wait)));
    response
}

/// Whole seconds, at least one: what is announced must not be too early.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0 || wait.is_zero())
}

/// Whole minutes, at least one, for people.
pub(super) fn minutes(wait: Duration) -> u64 {
    seconds(wait).div_ceil(60)
}
