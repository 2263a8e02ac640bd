//! `/api/auth`: keys, service accounts and sessions for programs, described by OpenAPI. A key may ask who it is, read the
//! list of keys where its scopes say so, and give itself back; it makes and ends no other: what is declared for people
//! refuses every narrowed credential.

mod device;
mod identity;
mod keys;
mod service_accounts;
mod sessions;

use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get, post};
use http::Method;
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
        device::begin,
        device::token,
        device::revoke,
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
        .api("/api/auth/device", Access::Public, post(device::begin))
        .api(
            "/api/auth/device/token",
            Access::Public,
            post(device::token),
        )
        .api("/api/auth/revoke", Access::Public, post(device::revoke))
        .api(
            "/api/auth/keys",
            // A key with the scope sees the list; making one refuses it in the handler.
            Access::Scope("keys:read"),
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
        .api(
            "/api/auth/keys/{id}/roll",
            Access::Sudo(Role::Guest),
            post(keys::roll),
        )
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
    Access::Sudo(Role::Guest).check(&Method::POST, Some(who), now)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Which methods each has is compared where the app runs, in `tests/it/openapi.rs`.
    #[test]
    fn what_is_served_is_described_and_the_other_way_round() {
        let described: BTreeSet<String> =
            Description::openapi().paths.paths.keys().cloned().collect();
        let served: BTreeSet<String> = routes()
            .table()
            .into_iter()
            .map(|route| route.path)
            .filter(|path| path != OPENAPI)
            .collect();
        assert_eq!(described, served);
    }

    #[test]
    fn a_key_reaches_its_identity_and_the_list_and_whoever_has_none_as_much_as_programs_need() {
        let expected = [
            (OPENAPI, Access::Public),
            ("/api/auth/device", Access::Public),
            ("/api/auth/device/token", Access::Public),
            ("/api/auth/identity", Access::Scope("identity:read")),
            ("/api/auth/keys", Access::Scope("keys:read")),
            ("/api/auth/keys/report-leak", Access::Public),
            ("/api/auth/revoke", Access::Public),
        ];
        let open: BTreeMap<String, Access> = routes()
            .table()
            .into_iter()
            .filter(|route| matches!(route.access, Access::Scope(_) | Access::Public))
            .map(|route| (route.path, route.access))
            .collect();
        let expected = expected.map(|(path, access)| (path.to_owned(), access));
        assert_eq!(open, BTreeMap::from(expected));
    }
}
