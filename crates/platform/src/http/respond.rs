//! Gives every error response its final form: problem+json, or the app's error page.
//!
//! Owns the safety net below the handlers: a panic, a bare status or axum's own plain-text
//! rejection leave as problems, too, and none of them says why.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use http::header::{ACCEPT, ALLOW, CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};

use super::{RequestId, Stack};
use crate::access::Denial;
use crate::problem::Problem;
use crate::routes::RouteKind;
use crate::service::PageErrors;

/// Who reads the response: a program, or a person who is shown a page.
pub(super) enum Reader {
    Program,
    Person(PageErrors, Box<Parts>),
}

impl Reader {
    /// Tells from the route and from what the client accepts.
    pub(super) fn of(stack: &Stack, kind: RouteKind, request: &Request) -> Self {
        match &stack.config.pages {
            Some(pages) if kind != RouteKind::Api && accepts_html(request.headers()) => {
                // The request is gone by the time an error is known.
                Self::Person(pages.clone(), Box::new(head(request)))
            }
            _ => Self::Program,
        }
    }

    /// Renders an error response for its reader; passes on everything else.
    pub(super) fn render(self, mut response: Response, id: &RequestId) -> Response {
        if response.extensions().get::<Denial>().is_some() {
            // Whoever may not use a path does not learn its methods: the router would add them
            // where there is no such header. An empty one keeps it from that, and is taken away again
            // by `headers::without_empty_allow`.
            let none = HeaderValue::from_static("");
            response.headers_mut().insert(ALLOW, none);
        }
        let Some(mut problem) = problem_of(&mut response) else {
            return response;
        };
        id.as_str().clone_into(&mut problem.request_id);
        let mut rendered = match self {
            Self::Program => problem.render(),
            Self::Person(pages, parts) => pages(&problem, &parts),
        };
        *rendered.status_mut() = problem.status();
        carry_over(&mut response, &mut rendered);
        rendered.extensions_mut().insert(problem);
        rendered
    }
}

/// The problem a response carries, or the one a bare error status stands for.
fn problem_of(response: &mut Response) -> Option<Problem> {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return Some(problem);
    }
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    // A handler that renders its own page or document for an error status means it.
    let is_bare = response
        .headers()
        .get(CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    (is_error && is_bare).then(|| Problem::from_status(status))
}

/// Takes over what the replaced response said beside its body: cookies, `Allow`, `HX-Redirect`.
fn carry_over(from: &mut Response, to: &mut Response) {
    let own: HeaderMap = std::mem::take(to.headers_mut());
    let mut headers = std::mem::take(from.headers_mut());
    headers.remove(CONTENT_TYPE);
    headers.remove(CONTENT_LENGTH);
    for name in own.keys() {
        // The rendered value wins, but cookies of both are set.
        if name != http::header::SET_COOKIE {
            headers.remove(name);
        }
    }
    for (name, value) in &own {
        headers.append(name, value.clone());
    }
    *to.headers_mut() = headers;
    *to.extensions_mut() = std::mem::take(from.extensions_mut());
}

fn accepts_html(headers: &HeaderMap) -> bool {
    headers.contains_key("hx-request")
        || headers.get_all(ACCEPT).iter().any(|value| {
            value
                .to_str()
                .is_ok_and(|accept| accept.contains("text/html"))
        })
}

fn head(request: &Request) -> Parts {
    let mut copy = http::Request::new(());
    request.method().clone_into(copy.method_mut());
    request.uri().clone_into(copy.uri_mut());
    request.headers().clone_into(copy.headers_mut());
    request.extensions().clone_into(copy.extensions_mut());
    copy.into_parts().0
}

/// Turns a panic of a handler into a response, so that it costs one request and not a connection.
pub(super) async fn unwinding(response: impl Future<Output = Response>) -> Response {
    match AssertUnwindSafe(response).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            tracing::error!(panic = message(&*panic), "a handler panicked");
            Problem::from_status(StatusCode::INTERNAL_SERVER_ERROR).into_response()
        }
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(not a text)")
}
