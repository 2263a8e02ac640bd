//! Errors of page routes as pages, in the same look.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::header::RETRY_AFTER;
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use platform::problem::Problem;
use std::sync::Arc;

use crate::context::Context;
use crate::cookies::Jar;
use crate::shell::Shell;

/// What an error page says.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The status as a number.
    pub status: u16,
    /// The key of the sentence that says what to do.
    pub advice: &'static str,
    /// The icon above the heading.
    pub icon: &'static str,
    /// The public code, for people who ask for help.
    pub code: String,
    /// The request, for the log.
    pub request_id: String,
    /// Whether trying again may help.
    pub retry: bool,
    /// Seconds after which the page tries again by itself.
    pub retry_after: u64,
}

#[derive(Template)]
#[template(path = "ui/error.html")]
struct ErrorPage {
    shell: Shell,
    fault: Fault,
}

#[derive(Template)]
#[template(path = "ui/error_plain.html")]
struct PlainErrorPage {
    shell: Shell,
    fault: Fault,
}

/// Shows a problem as a page: within the frame for a person who is signed in, without it for a visitor.
///
/// The platform asks for it outside of the layer that pages run in, so the cookies are poured here.
pub(crate) fn respond(context: &Arc<Context>, problem: &Problem, parts: &Parts) -> Response {
    let status = problem.status();
    let jar = Jar::default();
    let shell = Shell::of(Arc::clone(context), parts, jar.clone());
    // What was sent must not be sent again by itself.
    let html = html(shell, problem, parts.method.is_safe());
    let mut response = (status, Html(html)).into_response();
    if let Some(seconds) = problem.retry_after {
        let seconds = HeaderValue::from(seconds);
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    jar.pour(response.headers_mut());
    response
}

/// The page: within the frame for a person who is signed in, without it for a visitor.
pub(crate) fn html(shell: Shell, problem: &Problem, repeatable: bool) -> String {
    let status = problem.status();
    let (heading, advice, icon) = match words(status, &problem.code) {
        (heading, "ui-error-503-advice", icon) if !repeatable => {
            (heading, "ui-error-503-sent-advice", icon)
        }
        words => words,
    };
    let request_id = if problem.request_id.is_empty() {
        shell.request_id().to_owned()
    } else {
        problem.request_id.clone()
    };
    let fault = Fault {
        status: status.as_u16(),
        advice,
        icon,
        code: problem.code.to_string(),
        request_id,
        retry: repeatable && (status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()),
        retry_after: problem.retry_after.unwrap_or(5),
    };
    let shell = shell.title(heading).narrow();
    let rendered = if shell.principal().is_some() {
        ErrorPage { shell, fault }.render()
    } else {
        PlainErrorPage { shell, fault }.render()
    };
    rendered.unwrap_or_else(|error| {
        tracing::error!(%error, "the error page failed to render");
        status.to_string()
    })
}

/// Heading, advice and icon.
fn words(status: StatusCode, code: &str) -> (&'static str, &'static str, &'static str) {
    if code.starts_with("csrf.") {
        return ("ui-error-form", "ui-error-form-advice", "refresh");
    }
    match status {
        StatusCode::NOT_FOUND => ("ui-error-404", "ui-error-404-advice", "map-question"),
        StatusCode::UNAUTHORIZED => ("ui-error-401", "ui-error-401-advice", "lock"),
        StatusCode::FORBIDDEN => ("ui-error-403", "ui-error-403-advice", "lock"),
        StatusCode::CONFLICT => ("ui-error-409", "ui-error-409-advice", "git-merge"),
        StatusCode::PAYLOAD_TOO_LARGE => ("ui-error-413", "ui-error-413-advice", "package"),
        StatusCode::TOO_MANY_REQUESTS => ("ui-error-429", "ui-error-429-advice", "hourglass"),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => {
            ("ui-error-503", "ui-error-503-advice", "plug-connected-x")
        }
        status if status.is_server_error() => ("ui-error-500", "ui-error-500-advice", "bug"),
        _ => ("ui-error-400", "ui-error-400-advice", "alert-circle"),
    }
}
