//! `/admin/auth`: sessions, attempts, networks, keys and service accounts of everybody, for administrators.

mod accounts;
mod factor_policy;
mod keys;
mod networks;
mod passwords;
mod people;
mod reset;
mod sessions;
mod sign_ins;
mod tool_form;
mod tools;

use axum::response::Response;
use axum::routing::{get, post};
use platform::access::Access;
use platform::identity::Principal;
use platform::routes::Routes;
use registry::Role;
use ui::{Shell, Tab};

use super::Web;
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::web::security::acting;

/// The routes of the administration.
pub(super) fn routes() -> Routes<Web> {
    let admin = Access::Role(Role::Admin);
    Routes::new()
        .page("/admin/auth", admin, get(entrance))
        .page("/admin/auth/sessions", admin, get(sessions::list))
        .page(
            "/admin/auth/people/{id}/sessions/end",
            admin,
            post(sessions::end_all),
        )
        .page(
            "/admin/auth/people/{id}/sessions/{session}/end",
            admin,
            post(sessions::end),
        )
        .page(
            "/admin/auth/people/{id}/reset",
            Access::Sudo(Role::Admin),
            get(reset::show).post(reset::start),
        )
        .page("/admin/auth/sign-ins", admin, get(sign_ins::list))
        .page("/admin/auth/sign-ins/{id}", admin, get(sign_ins::explain))
        .page("/admin/auth/policy", admin, get(factor_policy::show))
        .page(
            "/admin/auth/policy/roles",
            Access::Sudo(Role::Admin),
            post(factor_policy::set_roles),
        )
        .page(
            "/admin/auth/policy/groups",
            Access::Sudo(Role::Admin),
            post(factor_policy::set_group),
        )
        .page("/admin/auth/people", admin, get(people::list))
        .page("/admin/auth/people/{id}/factors", admin, get(people::show))
        .page(
            "/admin/auth/people/{id}/factors/reset",
            Access::Sudo(Role::Admin),
            post(people::reset),
        )
        .page(
            "/admin/auth/people/{id}/factors/unlock",
            Access::Sudo(Role::Admin),
            post(people::unlock),
        )
        .page(
            "/admin/auth/people/{id}/factors/require",
            Access::Sudo(Role::Admin),
            post(people::require),
        )
        .page("/admin/auth/networks", admin, get(networks::list))
        .page(
            "/admin/auth/networks/forgive",
            admin,
            post(networks::forgive),
        )
        .page("/admin/auth/passwords", admin, get(passwords::show))
        .page("/admin/auth/keys", admin, get(keys::list))
        .page("/admin/auth/keys/{id}/revoke", admin, post(keys::revoke))
        .merge(account_routes())
        .merge(tool_routes())
}

/// Service accounts and their keys.
fn account_routes() -> Routes<Web> {
    let admin = Access::Role(Role::Admin);
    Routes::new()
        .page(
            "/admin/auth/service-accounts",
            admin,
            get(accounts::list).post(accounts::create),
        )
        .page(
            "/admin/auth/service-accounts/{id}",
            admin,
            get(accounts::show),
        )
        .page(
            "/admin/auth/service-accounts/{id}/owner",
            admin,
            post(accounts::hand_over),
        )
        .page(
            "/admin/auth/service-accounts/{id}/switch",
            admin,
            post(accounts::switch),
        )
        .page(
            "/admin/auth/service-accounts/{id}/keys",
            Access::Sudo(Role::Admin),
            get(accounts::ask_key).post(accounts::make_key),
        )
}

/// Tools behind proxies. Changing them asks who it is again.
fn tool_routes() -> Routes<Web> {
    let admin = Access::Role(Role::Admin);
    Routes::new()
        .page("/admin/auth/tools", admin, get(tools::list))
        .page(
            "/admin/auth/tools/new",
            Access::Sudo(Role::Admin),
            get(tools::ask).post(tools::create),
        )
        .page("/admin/auth/tools/{id}", admin, get(tools::show))
        .page("/admin/auth/tools/{id}/test", admin, post(tools::test))
        .page(
            "/admin/auth/tools/{id}/edit",
            Access::Sudo(Role::Admin),
            get(tools::edit).post(tools::save),
        )
        .page(
            "/admin/auth/tools/{id}/remove",
            Access::Sudo(Role::Admin),
            post(tools::remove),
        )
}

async fn entrance() -> Response {
    ui::see_other("/admin/auth/sessions")
}

/// The parts of the administration, each a page.
fn tabs(shell: &Shell, here: &str) -> Vec<Tab> {
    [
        ("auth-admin-sessions", "/admin/auth/sessions"),
        ("auth-admin-sign-ins", "/admin/auth/sign-ins"),
        ("auth-admin-people", "/admin/auth/people"),
        ("auth-admin-policy", "/admin/auth/policy"),
        ("auth-admin-networks", "/admin/auth/networks"),
        ("auth-admin-passwords", "/admin/auth/passwords"),
        ("auth-admin-keys", "/admin/auth/keys"),
        ("auth-admin-accounts", "/admin/auth/service-accounts"),
        ("auth-admin-tools", "/admin/auth/tools"),
    ]
    .map(|(label, path)| Tab::new(shell.t(label), path, here))
    .into()
}

fn audit(action: &'static str, who: &Principal, client: &Client) -> Audit {
    Audit::success(action)
        .actor(acting(who).user_id)
        .client(client)
}
