//! The pages.

mod activity;
mod addresses;
pub mod admin;
mod archive;
pub(crate) mod asking;
mod avatar;
mod custom_fields;
mod directory;
mod export;
mod extend;
pub(crate) mod form;
pub(crate) mod group;
mod my_groups;
mod organisation;
mod profile;
mod register;
mod widgets;

use axum::routing::{get, post};
use platform::{Access, Role, Routes};

use crate::Accounts;
pub(crate) use widgets::{ENDING as ENDING_WIDGET, REQUESTS as REQUESTS_WIDGET};

/// The routes of the pages.
pub fn routes() -> Routes<Accounts> {
    let member = Access::Role(Role::User);
    Routes::new()
        .page(
            "/app/accounts",
            Access::SignedIn,
            get(profile::show).post(profile::change),
        )
        .page(
            "/app/accounts/fields",
            Access::SignedIn,
            post(custom_fields::change),
        )
        .page(
            "/app/accounts/avatar",
            Access::SignedIn,
            post(avatar::upload),
        )
        .page(
            "/app/accounts/avatar/remove",
            Access::SignedIn,
            post(avatar::remove),
        )
        .page(
            "/app/accounts/activity",
            Access::SignedIn,
            get(activity::list),
        )
        .page("/app/accounts/people", member, get(directory::list))
        .page("/app/accounts/people/{id}", member, get(directory::show))
        .page("/app/accounts/organisation", member, get(organisation::all))
        .page(
            "/app/accounts/organisation/{id}",
            member,
            get(organisation::below),
        )
        .page(
            "/app/accounts/people/{id}/avatar",
            Access::SignedIn,
            get(avatar::show),
        )
        .merge(addresses::routes())
        .merge(admin::routes())
        .merge(archive::routes())
        .merge(extend::routes())
        .merge(group::routes())
        .merge(my_groups::routes())
        .merge(register::routes())
        .merge(widgets::routes())
}

/// For pickers whose suggestions all come from the API.
const NO_CHOICES: &[ui::Choice] = &[];
