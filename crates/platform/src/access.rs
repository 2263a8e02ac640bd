//! Who may use a route. Declared where the route is registered, denied by default.
//!
//! Owns the decision and the shape of a refusal. Must not know how a person was identified: it
//! reads the [`Principal`] that the HTTP layers put there, and without those layers it lets nobody
//! through but to public routes.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::LOCATION;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use registry::Role;

use crate::error::Class;
use crate::http::{Context, IdentityUnavailable, LocalPath};
use crate::identity::Principal;
use crate::problem::Problem;
use crate::routes::RouteKind;

/// How recent an authentication has to be for a route behind [`Access::Sudo`].
pub const SUDO_WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// Where people sign in.
pub const SIGN_IN: &str = "/auth/sign-in";

/// Where people confirm who they are before an act that needs it.
pub const CONFIRM: &str = "/auth/sudo";

const HX_REQUEST: HeaderName = HeaderName::from_static("hx-request");
const HX_REDIRECT: HeaderName = HeaderName::from_static("hx-redirect");
const HX_CURRENT_URL: HeaderName = HeaderName::from_static("hx-current-url");

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody, signed in or not.
    Public,
    /// Everybody who is signed in.
    SignedIn,
    /// People of at least this role. Administrators whose session proved less than policy asks prove more first.
    Role(Role),
    /// Credentials that have this scope. A browser session has all.
    Scope(&'static str),
    /// People of at least this role, with a browser session or a credential narrowed to a scope: one to read (`GET`
    /// and `HEAD`), one for every other method.
    Resource {
        /// Least role of the person behind the credential.
        role: Role,
        /// Scope that reads.
        read: &'static str,
        /// Scope that changes. It does not read.
        write: &'static str,
    },
    /// People of at least this role who authenticated within [`SUDO_WINDOW`].
    Sudo(Role),
}

/// Why somebody may not use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// Nobody is signed in.
    SignIn,
    /// The role is too low.
    Role,
    /// The credential is narrowed to other scopes.
    Scope,
    /// The last authentication is too long ago.
    Confirm,
    /// Less was proven in the session than policy asks for this.
    StepUp,
    /// It cannot be told right now who is asking.
    Unknown,
}

impl Access {
    /// Decides whether a person, or nobody, may use a route with some method.
    ///
    /// A credential narrowed to scopes opens the routes of those scopes and nothing else: a key
    /// for reading files must not open the administration because its owner may.
    pub fn check(
        self,
        method: &Method,
        principal: Option<&Principal>,
        now: Timestamp,
    ) -> Result<(), Denial> {
        if self == Self::Public {
            return Ok(());
        }
        let principal = principal.ok_or(Denial::SignIn)?;
        if principal.is_narrowed()
            && !self
                .scope(method)
                .is_some_and(|scope| has(principal, scope))
        {
            return Err(Denial::Scope);
        }
        match self {
            Self::Role(role) | Self::Resource { role, .. } | Self::Sudo(role)
                if principal.role < role =>
            {
                Err(Denial::Role)
            }
            Self::Role(Role::Admin)
            | Self::Resource {
                role: Role::Admin, ..
            }
            | Self::Sudo(_)
                if principal.owes_factor =>
            {
                Err(Denial::StepUp)
            }
            Self::Sudo(_) if !is_recent(principal.authenticated_at, now) => Err(Denial::Confirm),
            _ => Ok(()),
        }
    }

    /// The scope that a narrowed credential needs; none opens what is declared for people.
    fn scope(self, method: &Method) -> Option<&'static str> {
        match self {
            Self::Scope(scope) => Some(scope),
            Self::Resource { read, .. } if matches!(*method, Method::GET | Method::HEAD) => {
                Some(read)
            }
            Self::Resource { write, .. } => Some(write),
            _ => None,
        }
    }
}

fn has(principal: &Principal, scope: &str) -> bool {
    principal.scopes.iter().any(|have| have == scope)
}

fn is_recent(authenticated_at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(authenticated_at) <= SUDO_WINDOW
}

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
            Self::Scope => (
                Class::Forbidden,
                "auth.scope_required",
                "The credential does not have the scope for this.",
            ),
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
            Self::Role | Self::Scope | Self::Unknown => None,
        }
    }
}

/// What the layer on each route enforces.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gate {
    pub(crate) access: Access,
    pub(crate) kind: RouteKind,
}

/// The layer on each route: runs after the person was identified, before the handler.
pub(crate) async fn enforce(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    match decide(gate.access, &request) {
        Ok(()) => next.run(request).await,
        Err(denial) => refuse(denial, gate.kind, &request),
    }
}

fn decide(access: Access, request: &Request) -> Result<(), Denial> {
    if access == Access::Public {
        return Ok(());
    }
    let extensions = request.extensions();
    // Without the layers nobody has looked who is asking.
    let context = extensions.get::<Context>().ok_or(Denial::Unknown)?;
    let principal = extensions.get::<Principal>();
    match access.check(request.method(), principal, context.clock.now()) {
        Err(Denial::SignIn) if extensions.get::<IdentityUnavailable>().is_some() => {
            Err(Denial::Unknown)
        }
        decision => decision,
    }
}

fn refuse(denial: Denial, kind: RouteKind, request: &Request) -> Response {
    let mut response = denial.problem().into_response();
    if kind == RouteKind::Page
        && let Some(remedy) = denial.remedy()
    {
        let target = format!("{remedy}?return_to={}", return_to(request).encoded());
        if let Ok(target) = HeaderValue::from_str(&target) {
            if request.headers().contains_key(&HX_REQUEST) {
                // htmx would swap a followed redirect's page into a fragment: it has to move the
                // whole window instead.
                response.headers_mut().insert(HX_REDIRECT, target);
            } else {
                response = StatusCode::SEE_OTHER.into_response();
                response.headers_mut().insert(LOCATION, target);
            }
        }
    }
    response.extensions_mut().insert(denial);
    response
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt as _;

    #[tokio::test]
    async fn without_the_layers_only_public_routes_answer() {
        let (router, _) = crate::routes::Routes::new()
            .api("/public", Access::Public, get(|| async {}))
            .api("/admin", Access::Role(Role::Admin), get(|| async {}))
            .into_parts();
        for (path, status) in [("/public", 200), ("/admin", 503)] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status().as_u16(), status, "{path}");
        }
    }
}
