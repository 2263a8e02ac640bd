//! `/admin/accounts`: people, groups and the audit trail, for administrators.

mod audit;
mod groups;
mod invite;
mod people;
mod person;

use axum::response::Response;
use axum::routing::{get, post};
use platform::{Access, Role, Routes};

use crate::Accounts;

/// The routes of the administration.
pub fn routes() -> Routes<Accounts> {
    let admin = Access::Role(Role::Admin);
    Routes::new()
        .page("/admin/accounts", admin, get(entrance))
        .page("/admin/accounts/people", admin, get(people::list))
        .page(
            "/admin/accounts/people/access",
            admin,
            post(people::set_access),
        )
        .page(
            "/admin/accounts/people/new",
            admin,
            get(invite::show).post(invite::invite),
        )
        .page(
            "/admin/accounts/people/{id}",
            admin,
            get(person::show).post(person::edit),
        )
        .page(
            "/admin/accounts/people/{id}/invitation",
            admin,
            post(invite::renew),
        )
        .page(
            "/admin/accounts/people/{id}/disable",
            admin,
            post(person::disable),
        )
        .page(
            "/admin/accounts/people/{id}/enable",
            admin,
            post(person::enable),
        )
        .page(
            "/admin/accounts/people/{id}/sessions/end",
            admin,
            post(person::end_sessions),
        )
        .page(
            "/admin/accounts/groups",
            admin,
            get(groups::list).post(groups::create),
        )
        .page("/admin/accounts/audit", admin, get(audit::list))
}

async fn entrance() -> Response {
    ui::see_other("/admin/accounts/people")
}
