//! `/admin/accounts`: people, groups and the audit trail, for administrators.

mod addresses;
mod audit;
mod cycle;
mod directories;
mod dormant;
mod fields;
mod filters;
mod freeipa;
mod groups;
mod guests;
mod imports;
mod invitations;
mod invite;
mod life_cycle;
mod people;
mod person;
mod purges;
mod requests;
mod webhooks;

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
            "/admin/accounts/people/access/{step}",
            admin,
            post(life_cycle::several),
        )
        .page(
            "/admin/accounts/people/undo/{request}",
            admin,
            post(life_cycle::undo),
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
            "/admin/accounts/people/{id}/access/{step}",
            admin,
            post(life_cycle::one),
        )
        .page(
            "/admin/accounts/people/{id}/fields",
            admin,
            post(person::fill),
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
        .page("/admin/accounts/purges", admin, get(purges::list))
        .page(
            "/admin/accounts/people/{id}/purge",
            Access::Sudo(Role::Admin),
            post(purges::purge),
        )
        .merge(addresses::routes())
        .merge(directories::routes())
        .merge(dormant::routes())
        .merge(fields::routes())
        .merge(filters::routes())
        .merge(freeipa::routes())
        .merge(cycle::routes())
        .merge(guests::routes())
        .merge(imports::routes())
        .merge(invitations::routes())
        .merge(requests::routes())
        .merge(webhooks::routes())
        .page("/admin/accounts/audit/export", admin, get(audit::export))
        .page("/admin/accounts/people/export", admin, get(people::export))
}

async fn entrance() -> Response {
    ui::see_other("/admin/accounts/people")
}
