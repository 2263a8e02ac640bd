//! `/api/accounts`: people and groups for programs, described by OpenAPI, and people for the pickers of pages.
//!
//! Sessions and keys come in alike: a key needs the scope `accounts:read` to read and `accounts:write` to change, and
//! the person behind it the role, as on the pages.

mod addresses;
mod audit;
mod created;
pub(crate) mod cursor;
mod declared_fields;
mod directories;
mod directory_runs;
mod entity_tag;
mod fields;
mod filters;
mod freeipa;
mod groups;
mod imports;
mod invitations;
mod life_cycle;
mod managing;
mod members;
mod offset;
mod people;
mod person_changes;
mod pickers;
mod purges;
mod refusals;
mod requests;
mod rules;
mod sponsors;
mod webhooks;

use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use platform::http::Json;
use platform::{Access, Role, Routes};
use utoipa::OpenApi;

use crate::Accounts;

/// Where the description is.
pub const OPENAPI: &str = "/api/accounts/openapi.json";

/// For administrators and their keys.
const ADMINISTRATOR: Access = Access::Resource {
    role: Role::Admin,
    read: "accounts:read",
    write: "accounts:write",
};

/// For members and their keys; the use cases ask whether they manage the group.
const MEMBER: Access = Access::Resource {
    role: Role::User,
    read: "accounts:read",
    write: "accounts:write",
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Cloud: people and groups",
        description = "People, groups, who is in them, and why. Errors are problem+json (RFC 9457)."
    ),
    paths(
        people::list,
        people::show,
        people::groups,
        person_changes::create,
        person_changes::change,
        person_changes::suspend,
        person_changes::resume,
        person_changes::trash,
        person_changes::restore,
        person_changes::invite,
        freeipa::show,
        freeipa::unlock,
        freeipa::enable,
        freeipa::disable,
        addresses::list,
        addresses::add,
        addresses::make_primary,
        addresses::remove,
        fields::show,
        fields::change,
        declared_fields::list,
        declared_fields::declare,
        declared_fields::show,
        declared_fields::redeclare,
        declared_fields::retire,
        declared_fields::restore,
        declared_fields::remove,
        groups::list,
        groups::create,
        groups::show,
        groups::change,
        groups::remove,
        members::people,
        members::groups,
        members::put_person,
        members::put_group,
        members::remove_person,
        members::remove_group,
        members::why,
        managing::managers,
        managing::put,
        managing::remove,
        managing::requests,
        managing::approve,
        managing::deny,
        requests::list,
        requests::approve,
        requests::deny,
        sponsors::list,
        sponsors::put,
        sponsors::remove,
        life_cycle::due,
        life_cycle::runs,
        life_cycle::run,
        life_cycle::begin,
        directories::list,
        directories::show,
        directory_runs::list,
        directory_runs::show,
        directory_runs::begin,
        directory_runs::approve,
        directory_runs::discard,
        invitations::list,
        invitations::resend,
        invitations::revoke,
        imports::list,
        imports::create,
        imports::show,
        imports::rows,
        imports::check,
        imports::run,
        imports::remove,
        audit::list,
        purges::list,
        rules::show,
        rules::preview,
        rules::put,
        rules::remove,
        filters::list,
        filters::create,
        filters::remove,
        webhooks::list,
        webhooks::create,
        webhooks::show,
        webhooks::change,
        webhooks::remove,
        webhooks::roll_secret,
        webhooks::test,
        webhooks::on,
        webhooks::off,
        webhooks::deliveries,
        webhooks::again,
    )
)]
struct Description;

async fn describe() -> Response {
    Json(Description::openapi()).into_response()
}

/// The routes of the API.
pub fn routes() -> Routes<Accounts> {
    let page = Access::Role(Role::User);
    Routes::new()
        .api(OPENAPI, Access::Public, get(describe))
        .api(SUGGESTIONS, page, get(pickers::suggest))
        .api(SEARCH, page, get(pickers::search))
        .api(GRANTEES, Access::SignedIn, get(pickers::grantees))
        .api("/api/accounts/requests", ADMINISTRATOR, get(requests::list))
        .api(
            "/api/accounts/requests/{request}/approve",
            ADMINISTRATOR,
            post(requests::approve),
        )
        .api(
            "/api/accounts/requests/{request}/deny",
            ADMINISTRATOR,
            post(requests::deny),
        )
        .api("/api/accounts/guests", ADMINISTRATOR, get(sponsors::list))
        .merge(routes_of_the_life_cycle())
        .merge(routes_of_directories())
        .merge(routes_of_invitations())
        .merge(routes_of_people())
        .merge(routes_of_groups())
        .merge(webhooks::routes())
        .merge(imports::routes())
        .merge(declared_fields::routes())
        .api("/api/accounts/audit", ADMINISTRATOR, get(audit::list))
        .api("/api/accounts/purges", ADMINISTRATOR, get(purges::list))
        .api(
            "/api/accounts/filters",
            ADMINISTRATOR,
            get(filters::list).post(filters::create),
        )
        .api(
            "/api/accounts/filters/{id}",
            ADMINISTRATOR,
            delete(filters::remove),
        )
}

const SUGGESTIONS: &str = "/api/accounts/people/suggestions";
const GRANTEES: &str = "/api/accounts/grantees/suggestions";
const SEARCH: &str = "/api/accounts/search";

fn routes_of_people() -> Routes<Accounts> {
    let step = |routes: Routes<Accounts>, name: &str, handler| {
        routes.api(
            &format!("/api/accounts/people/{{id}}/{name}"),
            ADMINISTRATOR,
            handler,
        )
    };
    let routes = Routes::new()
        .api(
            "/api/accounts/people",
            ADMINISTRATOR,
            get(people::list).post(person_changes::create),
        )
        .api(
            "/api/accounts/people/{id}",
            ADMINISTRATOR,
            get(people::show).patch(person_changes::change),
        );
    let routes = step(routes, "groups", get(people::groups));
    let routes = step(routes, "fields", get(fields::show).patch(fields::change));
    let list = get(addresses::list).post(addresses::add);
    let routes = step(routes, "addresses", list);
    let one = "addresses/{address}";
    let routes = step(routes, one, delete(addresses::remove));
    let make_primary = post(addresses::make_primary);
    let routes = step(routes, "addresses/{address}/primary", make_primary);
    let sponsor = put(sponsors::put).delete(sponsors::remove);
    let routes = step(routes, "sponsor", sponsor);
    let routes = step(routes, "suspend", post(person_changes::suspend));
    let routes = step(routes, "resume", post(person_changes::resume));
    let routes = step(routes, "trash", post(person_changes::trash));
    let routes = step(routes, "restore", post(person_changes::restore));
    let routes = step(routes, "freeipa", get(freeipa::show));
    let routes = step(routes, "freeipa/unlock", post(freeipa::unlock));
    let routes = step(routes, "freeipa/enable", post(freeipa::enable));
    let routes = step(routes, "freeipa/disable", post(freeipa::disable));
    step(routes, "invitation", post(person_changes::invite))
}

fn routes_of_the_life_cycle() -> Routes<Accounts> {
    Routes::new()
        .api(
            "/api/accounts/life-cycle/due",
            ADMINISTRATOR,
            get(life_cycle::due),
        )
        .api(
            "/api/accounts/life-cycle/runs",
            ADMINISTRATOR,
            get(life_cycle::runs).post(life_cycle::begin),
        )
        .api(
            "/api/accounts/life-cycle/runs/{id}",
            ADMINISTRATOR,
            get(life_cycle::run),
        )
}

fn routes_of_directories() -> Routes<Accounts> {
    let one = |rest: &str| format!("/api/accounts/directories/{{id}}{rest}");
    let runs = get(directory_runs::list).post(directory_runs::begin);
    Routes::new()
        .api(
            "/api/accounts/directories",
            ADMINISTRATOR,
            get(directories::list),
        )
        .api(&one(""), ADMINISTRATOR, get(directories::show))
        .api(&one("/runs"), ADMINISTRATOR, runs)
        .api(
            &one("/runs/{run}"),
            ADMINISTRATOR,
            get(directory_runs::show),
        )
        .api(
            &one("/runs/{run}/approve"),
            ADMINISTRATOR,
            post(directory_runs::approve),
        )
        .api(
            &one("/runs/{run}/discard"),
            ADMINISTRATOR,
            post(directory_runs::discard),
        )
}

fn routes_of_invitations() -> Routes<Accounts> {
    Routes::new()
        .api(
            "/api/accounts/invitations",
            ADMINISTRATOR,
            get(invitations::list),
        )
        .api(
            "/api/accounts/invitations/{id}",
            ADMINISTRATOR,
            delete(invitations::revoke),
        )
        .api(
            "/api/accounts/invitations/{id}/mail",
            ADMINISTRATOR,
            post(invitations::resend),
        )
}

fn routes_of_groups() -> Routes<Accounts> {
    let inside = |rest: &str| format!("/api/accounts/groups/{{id}}{rest}");
    Routes::new()
        .api(
            "/api/accounts/groups",
            ADMINISTRATOR,
            get(groups::list).post(groups::create),
        )
        .api(
            &inside(""),
            MEMBER,
            get(groups::show)
                .patch(groups::change)
                .delete(groups::remove),
        )
        .api(&inside("/people"), MEMBER, get(members::people))
        .api(
            &inside("/people/{person}"),
            MEMBER,
            put(members::put_person)
                .delete(members::remove_person)
                .get(members::why),
        )
        .api(&inside("/groups"), MEMBER, get(members::groups))
        .api(
            &inside("/groups/{member}"),
            MEMBER,
            put(members::put_group).delete(members::remove_group),
        )
        .api(&inside("/managers"), MEMBER, get(managing::managers))
        .api(
            &inside("/managers/{kind}/{manager}"),
            MEMBER,
            put(managing::put).delete(managing::remove),
        )
        .api(&inside("/requests"), MEMBER, get(managing::requests))
        .api(
            &inside("/requests/{request}/approve"),
            MEMBER,
            post(managing::approve),
        )
        .api(
            &inside("/requests/{request}/deny"),
            MEMBER,
            post(managing::deny),
        )
        .api(
            &inside("/rule"),
            ADMINISTRATOR,
            get(rules::show).put(rules::put).delete(rules::remove),
        )
        .api(
            &inside("/rule/preview"),
            ADMINISTRATOR,
            post(rules::preview),
        )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

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
            .filter(|path| ![OPENAPI, SUGGESTIONS, GRANTEES, SEARCH].contains(&path.as_str()))
            .collect();
        assert_eq!(described, served);
    }
}
