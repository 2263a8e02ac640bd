//! Walks every route as every kind of caller, through the real layers, and tells where the answer
//! differs from what the route's declared access promises.
//!
//! For the coverage test that each app has: a route that lost its access, or a page that answers
//! anonymous people with an error instead of the way to sign in, fails it. Expectations are
//! written down here, not computed by the code under test.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use registry::{AppId, Role};
use tower::ServiceExt as _;
use url::Url;
use uuid::Uuid;

use super::{RouteKind, RouteRecord, Routes};
use crate::access::{Access, Denial};
use crate::clock::Clock;
use crate::http::{StackConfig, stack};
use crate::identity::{Claims, HEADER, Jwks, KeyError, Principal, Signer, Verifier};

/// A kind of caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Nobody is signed in.
    Anonymous,
    /// Signed in as a guest.
    Guest,
    /// Signed in as a member.
    User,
    /// Signed in as an administrator.
    Admin,
    /// An administrator who signed in hours ago.
    StaleAdmin,
    /// An administrator's key, narrowed to a scope that no route has.
    NarrowedAdmin,
}

/// Where a route's answer differs from its declared access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The route.
    pub route: RouteRecord,
    /// The method used.
    pub method: Method,
    /// The caller.
    pub caller: Caller,
    /// What is wrong.
    pub finding: String,
}

/// A route could not be asked at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CoverageError {
    /// No key could be made to sign the callers' assertions.
    #[error("the callers could not be given an identity")]
    Identity(#[from] KeyError),
    /// The address made from a path template is none.
    #[error("the path {0} does not make an address")]
    Path(String),
    /// A constant of the walk is not valid.
    #[error("the walk is not set up correctly")]
    Setup,
}

const CALLERS: [Caller; 6] = [
    Caller::Anonymous,
    Caller::Guest,
    Caller::User,
    Caller::Admin,
    Caller::StaleAdmin,
    Caller::NarrowedAdmin,
];

const METHODS: [Method; 5] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

/// Asks every route with every method as every kind of caller. Callers who may not use a route
/// have to be refused by its access, whatever the method; callers who may are only ever given a
/// GET, because the handlers are real.
pub async fn check(routes: Routes) -> Result<Vec<Gap>, CoverageError> {
    let table = routes.table();
    let walk = Walk::new(routes)?;
    let mut gaps = duplicates(&table);
    gaps.extend(open_administration(&table));
    for route in table {
        for caller in CALLERS {
            for method in METHODS {
                if may(route.access, &method, caller) && method != Method::GET {
                    continue;
                }
                if let Some(finding) = walk.ask(&route, &method, caller).await? {
                    gaps.push(Gap {
                        route: route.clone(),
                        method,
                        caller,
                        finding,
                    });
                }
            }
        }
    }
    Ok(gaps)
}

/// The truth the routes are held against.
fn may(access: Access, method: &Method, caller: Caller) -> bool {
    use Caller::{Admin, Guest, StaleAdmin, User};
    match access {
        Access::Public => true,
        Access::SignedIn | Access::Role(Role::Guest) | Access::Scope(_) => {
            matches!(caller, Guest | User | Admin | StaleAdmin)
        }
        Access::Resource {
            role: Role::Guest, ..
        } => matches!(caller, Guest | User | Admin | StaleAdmin),
        Access::Role(Role::User)
        | Access::Resource {
            role: Role::User, ..
        } => matches!(caller, User | Admin | StaleAdmin),
        Access::Role(Role::Admin)
        | Access::Entrusted(_)
        | Access::Resource {
            role: Role::Admin, ..
        } => caller == Admin || (caller == StaleAdmin && method == Method::GET),
        Access::Sudo(Role::Guest) => matches!(caller, Guest | User | Admin),
        Access::Sudo(Role::User) => matches!(caller, User | Admin),
        Access::Sudo(Role::Admin) => caller == Admin,
    }
}

/// One path has one access; two rows could contradict each other.
fn duplicates(table: &[RouteRecord]) -> Vec<Gap> {
    let mut seen = std::collections::HashSet::new();
    table
        .iter()
        .filter(|route| !seen.insert(&route.path))
        .map(|route| Gap {
            route: route.clone(),
            method: Method::GET,
            caller: Caller::Anonymous,
            finding: "the path is registered twice".to_owned(),
        })
        .collect()
}

/// What lies below `/admin` is for administrators, whatever else it asks of them.
fn open_administration(table: &[RouteRecord]) -> impl Iterator<Item = Gap> {
    let inside = |route: &&RouteRecord| route.path == "/admin" || route.path.starts_with("/admin/");
    table
        .iter()
        .filter(inside)
        .filter(|route| may(route.access, &Method::GET, Caller::User))
        .map(|route| Gap {
            route: route.clone(),
            method: Method::GET,
            caller: Caller::User,
            finding: "the administration is open to others".to_owned(),
        })
}

struct Walk {
    router: Router,
    signer: Signer,
    app: AppId,
    clock: Clock,
}

impl Walk {
    fn new(routes: Routes) -> Result<Self, CoverageError> {
        let clock = Clock::system();
        let signer = Signer::generate()?;
        let verifier = Verifier::fixed(&Jwks::of([&signer]), clock.clone())?;
        let app = AppId::new("coverage").map_err(|_| CoverageError::Setup)?;
        let url = Url::parse("http://localhost:3000/").map_err(|_| CoverageError::Setup)?;
        let config = StackConfig::new(app.clone(), url, clock.clone(), verifier);
        Ok(Self {
            router: stack(routes, config),
            signer,
            app,
            clock,
        })
    }

    /// Asks once, and says what is wrong with the answer, if anything is.
    async fn ask(
        &self,
        route: &RouteRecord,
        method: &Method,
        caller: Caller,
    ) -> Result<Option<String>, CoverageError> {
        let path = concrete(&route.path);
        let mut request = Request::builder()
            .method(method)
            .uri(&path)
            .header(http::header::ACCEPT, "text/html");
        let now = self.clock.now();
        if let Some(principal) = principal(caller, now) {
            let token = self.signer.sign(&Claims::new(&principal, &self.app, now))?;
            request = request.header(HEADER, token);
        }
        let request = request
            .body(Body::empty())
            .map_err(|_| CoverageError::Path(path))?;
        let Ok(response) = self.router.clone().oneshot(request).await;
        let denial = response.extensions().get::<Denial>().copied();
        Ok(if may(route.access, method, caller) {
            welcome(response.status(), denial)
        } else {
            refused(route, &response, denial)
        })
    }
}

fn welcome(status: StatusCode, denial: Option<Denial>) -> Option<String> {
    if let Some(denial) = denial {
        return Some(format!("refused although allowed: {denial:?}"));
    }
    // 401 from inside a route that lets the caller in: its access is declared too wide.
    (status == StatusCode::UNAUTHORIZED || status.is_server_error())
        .then(|| format!("answered with {status} although allowed"))
}

fn refused(
    route: &RouteRecord,
    response: &axum::response::Response,
    denial: Option<Denial>,
) -> Option<String> {
    let status = response.status();
    let Some(denial) = denial else {
        return Some(format!("not refused: answered with {status}"));
    };
    let expected = match (route.kind, denial) {
        (RouteKind::Page, Denial::SignIn | Denial::Confirm | Denial::StepUp) => {
            StatusCode::SEE_OTHER
        }
        (_, Denial::SignIn) => StatusCode::UNAUTHORIZED,
        _ => StatusCode::FORBIDDEN,
    };
    (status != expected).then(|| format!("refused with {status} instead of {expected}"))
}

/// An address that a path template matches.
fn concrete(template: &str) -> String {
    template
        .split('/')
        .map(|segment| match segment.find('{') {
            Some(start) => format!(
                "{}{}",
                segment.get(..start).unwrap_or_default(),
                Uuid::nil().hyphenated()
            ),
            None => segment.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("/")
}

fn principal(caller: Caller, now: Timestamp) -> Option<Principal> {
    let role = match caller {
        Caller::Anonymous => return None,
        Caller::Guest => Role::Guest,
        Caller::User => Role::User,
        Caller::Admin | Caller::StaleAdmin | Caller::NarrowedAdmin => Role::Admin,
    };
    let hours = if caller == Caller::StaleAdmin { 3 } else { 0 };
    let scopes = if caller == Caller::NarrowedAdmin {
        vec!["coverage:nothing".to_owned()]
    } else {
        Vec::new()
    };
    Some(Principal {
        user_id: Uuid::from_u128(1),
        session_id: Uuid::from_u128(2),
        username: "coverage".to_owned(),
        display_name: "Coverage".to_owned(),
        email: String::new(),
        role,
        groups: Vec::new(),
        authenticated_at: now
            .checked_sub(SignedDuration::from_hours(hours))
            .unwrap_or(now),
        factors: vec!["pwd".to_owned()],
        owes_factor: false,
        scopes,
        is_service: false,
        locale: None,
        zone: None,
        theme: None,
        csrf_token: "coverage".to_owned(),
    })
}
