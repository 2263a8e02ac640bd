//! Who may use a route. Declared where the route is registered, denied by default.
//!
//! Owns the decision; `refusal` owns the shape of a no. Must not know how a person was identified: it
//! reads the [`Principal`] that the HTTP layers put there, and without those layers it lets nobody
//! through but to public routes.

mod refusal;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;
use jiff::{SignedDuration, Timestamp};
use registry::Role;

pub use self::refusal::{CONFIRM, HELD_FORMS, MOST_HELD, SIGN_IN};
use crate::http::{Context, IdentityUnavailable};
use crate::identity::Principal;
use crate::routes::RouteKind;

/// How recent an authentication has to be for a route behind [`Access::Sudo`].
pub const SUDO_WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody, signed in or not.
    Public,
    /// Everybody who is signed in.
    SignedIn,
    /// People of at least this role. Administrators whose session proved less than policy asks prove more first, and
    /// what is for administrators is changed (every method but the safe ones) as behind [`Access::Sudo`].
    Role(Role),
    /// Credentials that have this scope. A browser session has all.
    Scope(&'static str),
    /// People of at least this role, with a browser session or a credential narrowed to a scope: one to read (`GET`
    /// and `HEAD`), one for every other method. Browser sessions of administrators as with [`Access::Role`].
    Resource {
        /// Least role of the person behind the credential.
        role: Role,
        /// Scope that reads.
        read: &'static str,
        /// Scope that changes. It does not read.
        write: &'static str,
    },
    /// A power of administrators that they also hand to programs: administrators, with a browser session or a key of
    /// this scope, and service accounts whose key has it. Browser sessions as with [`Access::Role`].
    Entrusted(&'static str),
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
    /// The credential is narrowed to other scopes than this one; without one, no narrowed credential opens the route.
    Scope(Option<&'static str>),
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
        let scope = self.scope(method);
        if principal.is_narrowed() && !scope.is_some_and(|scope| has(principal, scope)) {
            return Err(Denial::Scope(scope));
        }
        match self {
            Self::Role(role) | Self::Resource { role, .. } | Self::Sudo(role)
                if principal.role < role =>
            {
                Err(Denial::Role)
            }
            // Whoever makes a key of their own names its scopes: only where administrators do is the scope enough.
            Self::Entrusted(_) if principal.is_service && principal.is_narrowed() => Ok(()),
            Self::Entrusted(_) if principal.role < Role::Admin => Err(Denial::Role),
            Self::Role(Role::Admin)
            | Self::Resource {
                role: Role::Admin, ..
            }
            | Self::Entrusted(_)
            | Self::Sudo(_)
                if principal.owes_factor =>
            {
                Err(Denial::StepUp)
            }
            _ if self.asks_again(method, principal) && !principal.proved_lately(now) => {
                Err(Denial::Confirm)
            }
            _ => Ok(()),
        }
    }

    /// Whether a person has to have proved lately who they are. A key cannot prove anything again: it was narrowed to
    /// what it may do when it was made.
    fn asks_again(self, method: &Method, principal: &Principal) -> bool {
        match self {
            Self::Sudo(_) => true,
            Self::Role(Role::Admin)
            | Self::Entrusted(_)
            | Self::Resource {
                role: Role::Admin, ..
            } => !method.is_safe() && !principal.is_narrowed(),
            _ => false,
        }
    }

    /// The scope that a narrowed credential needs; none opens what is declared for people.
    fn scope(self, method: &Method) -> Option<&'static str> {
        match self {
            Self::Scope(scope) | Self::Entrusted(scope) => Some(scope),
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
        Err(denial) => refusal::refuse(denial, gate.kind, &request),
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
