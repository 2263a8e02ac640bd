//! `/api/auth`: keys, service accounts and sessions for programs, described by OpenAPI. A key may use none of it but
//! ask who it is: what is declared for people refuses every narrowed credential.

mod identity;
mod keys;
mod service_accounts;
mod sessions;

use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get, post};
use platform::access::{Access, Denial};
use platform::http::Json;
use platform::identity::Principal;
use platform::routes::Routes;
use registry::Role;
use utoipa::OpenApi;

use crate::web::Web;

/// Where the description is.
pub(crate) const OPENAPI: &str = "/api/auth/openapi.json";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Cloud: sign-in",
        description = "Keys, service accounts and sessions. Errors are problem+json (RFC 9457)."
    ),
    paths(
        identity::show,
        keys::list,
        keys::create,
        keys::revoke,
        keys::roll,
        keys::report_leak,
        service_accounts::list,
        service_accounts::create,
        sessions::list,
        sessions::end,
        sessions::end_others,
    )
)]
struct Description;

/// All resources, each with who may use it.
pub(crate) fn routes() -> Routes<Web> {
    let admin = Access::Role(Role::Admin);
    Routes::new()
        .api(OPENAPI, Access::Public, get(describe))
        .api(
            "/api/auth/identity",
            Access::Scope("identity:read"),
            get(identity::show),
        )
        .api(
            "/api/auth/keys",
            Access::SignedIn,
            get(keys::list).post(keys::create),
        )
        .api(
            "/api/auth/keys/report-leak",
            Access::Public,
            post(keys::report_leak),
        )
        .api(
            "/api/auth/keys/{id}",
            Access::SignedIn,
            delete(keys::revoke),
        )
        .api("/api/auth/keys/{id}/roll", Access::Sudo, post(keys::roll))
        .api(
            "/api/auth/service-accounts",
            admin,
            get(service_accounts::list).post(service_accounts::create),
        )
        .api(
            "/api/auth/sessions",
            Access::SignedIn,
            get(sessions::list).delete(sessions::end_others),
        )
        .api(
            "/api/auth/sessions/{id}",
            Access::SignedIn,
            delete(sessions::end),
        )
}

async fn describe() -> Response {
    Json(Description::openapi()).into_response()
}

/// Refuses whoever did not prove lately who they are; for a method of a path whose others are open.
fn recent(who: &Principal, now: jiff::Timestamp) -> Result<(), Denial> {
    Access::Sudo.check(Some(who), now)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn every_api_route_is_described() {
        let described: Vec<String> = Description::openapi().paths.paths.keys().cloned().collect();
        for route in routes().table() {
            assert!(
                route.path == OPENAPI || described.contains(&route.path),
                "{} is not described",
                route.path
            );
        }
    }

    #[test]
    fn a_key_reaches_only_its_own_identity() {
        for route in routes().table() {
            let open = matches!(route.access, Access::Scope(_) | Access::Public);
            let expected = [OPENAPI, "/api/auth/identity", "/api/auth/keys/report-leak"];
            assert_eq!(
                open,
                expected.contains(&route.path.as_str()),
                "{}",
                route.path
            );
        }
    }
}
