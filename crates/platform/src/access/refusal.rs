//! How somebody is told that they may not use a route, and sent where they can do something about it.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, InvalidHeaderValue, LOCATION};
use http::{HeaderName, HeaderValue, Method, StatusCode};

use super::Denial;
use crate::error::Class;
use crate::http::{Context, LocalPath};
use crate::problem::Problem;
use crate::routes::RouteKind;

/// Where people sign in.
pub const SIGN_IN: &str = "/auth/sign-in";

/// Where people confirm who they are before an act that needs it.
pub const CONFIRM: &str = "/auth/sudo";

/// Where a submitted form is kept until its sender has confirmed who they are, so that nothing typed is lost. It gets
/// there as it was sent (307, RFC 9110 section 15.4.8), with `action`, where it was sent to, and `return_to`, the page
/// it stands on, in the query.
pub const HELD_FORMS: &str = "/auth/held-forms";

/// Longest form that is kept, in bytes of its body.
pub const MOST_HELD: u64 = 64 * 1024;

const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const HX_REQUEST: HeaderName = HeaderName::from_static("hx-request");
const HX_REDIRECT: HeaderName = HeaderName::from_static("hx-redirect");
const HX_CURRENT_URL: HeaderName = HeaderName::from_static("hx-current-url");

impl Denial {
    /// The problem that tells of the refusal.
    pub fn problem(self) -> Problem {
        let (class, code, detail) = match self {
            Self::SignIn => (
                Class::Unauthenticated,
                "auth.sign_in_required",
                "Sign in first.",
            ),
            Self::Role => (
                Class::Forbidden,
                "auth.role_required",
                "Your role does not allow this. An administrator can change it.",
            ),
            Self::Scope(None) => (
                Class::Forbidden,
                "auth.scope_required",
                "No key opens this. Sign in with a browser.",
            ),
            Self::Scope(Some(scope)) => {
                let detail = format!("This key may not do this. Use one with the scope {scope}.");
                return Problem::new(Class::Forbidden, "auth.scope_required").detail(detail);
            }
            Self::Confirm => (
                Class::Forbidden,
                "auth.confirmation_required",
                "Confirm who you are by signing in again, then repeat this.",
            ),
            Self::StepUp => (
                Class::Forbidden,
                "auth.step_up_required",
                "Sign in again with the second factor that is asked of you, then repeat this.",
            ),
            Self::Unknown => (
                Class::Unavailable,
                "identity.unavailable",
                "It cannot be checked right now who you are. Try again in a moment.",
            ),
        };
        Problem::new(class, code).detail(detail)
    }

    /// Where a page sends people who are refused, if there is something they can do about it.
    fn remedy(self) -> Option<&'static str> {
        match self {
            Self::SignIn => Some(SIGN_IN),
            Self::Confirm | Self::StepUp => Some(CONFIRM),
            Self::Role | Self::Scope(_) | Self::Unknown => None,
        }
    }
}

/// The answer to somebody who may not use a route.
pub(super) fn refuse(denial: Denial, kind: RouteKind, request: &Request) -> Response {
    let mut response = denial.problem().into_response();
    if kind == RouteKind::Page
        && let Some(remedy) = denial.remedy()
    {
        let back = return_to(request);
        if request.headers().contains_key(&HX_REQUEST) {
            // htmx would swap a followed redirect's page into a fragment: it has to move the
            // whole window instead.
            if let Ok(target) = target(remedy, &back) {
                response.headers_mut().insert(HX_REDIRECT, target);
            }
        } else if let Some(target) = held_form(denial, request, &back) {
            // The browser sends the form along.
            response = redirect(StatusCode::TEMPORARY_REDIRECT, target);
        } else if let Ok(target) = target(remedy, &back) {
            response = redirect(StatusCode::SEE_OTHER, target);
        }
    }
    response.extensions_mut().insert(denial);
    response
}

fn target(remedy: &str, back: &LocalPath) -> Result<HeaderValue, InvalidHeaderValue> {
    HeaderValue::from_str(&format!("{remedy}?return_to={}", back.encoded()))
}

fn redirect(status: StatusCode, target: HeaderValue) -> Response {
    (status, [(LOCATION, target)]).into_response()
}

/// Where a form goes that only waits for its sender to confirm who they are. None: it is no form, or too long.
fn held_form(denial: Denial, request: &Request, back: &LocalPath) -> Option<HeaderValue> {
    let header = |name: HeaderName| request.headers().get(name)?.to_str().ok();
    // A script that posts gets no page to show.
    let is_form = request.method() == Method::POST
        && header(SEC_FETCH_MODE).is_none_or(|mode| mode == "navigate")
        && header(CONTENT_TYPE)?.starts_with("application/x-www-form-urlencoded");
    let length: u64 = header(CONTENT_LENGTH)?.parse().ok()?;
    if denial != Denial::Confirm || !is_form || length > MOST_HELD {
        return None;
    }
    let action = LocalPath::parse(request.uri().path_and_query()?.as_str()).ok()?;
    let target = format!(
        "{HELD_FORMS}?action={}&return_to={}",
        action.encoded(),
        back.encoded()
    );
    HeaderValue::from_str(&target).ok()
}

/// The page to come back to: the one that was asked for, or, where that was a fragment or a
/// submitted form, the one it stands on.
fn return_to(request: &Request) -> LocalPath {
    let headers = request.headers();
    let page = if headers.contains_key(&HX_REQUEST) {
        headers.get(&HX_CURRENT_URL)
    } else if request.method().is_safe() {
        None
    } else {
        headers.get(http::header::REFERER)
    };
    let context = request.extensions().get::<Context>();
    page.zip(context)
        .and_then(|(url, context)| context.local_path(url.to_str().ok()?))
        .or_else(|| LocalPath::parse(request.uri().path_and_query()?.as_str()).ok())
        .or_else(|| LocalPath::parse(request.uri().path()).ok())
        .unwrap_or_default()
}
