//! The pages of the administration: all apps, one app's form, its secrets, its history.

mod author;
mod fields;
mod form;
mod history;
mod overview;
mod secret;
mod words;

use axum::routing::{get, post};
use platform::access::Access;
use platform::routes::Routes;
use registry::{Role, Watch};

use crate::service::Settings;

/// What the pages work with.
#[derive(Clone)]
struct Pages {
    settings: Settings,
    registry: Watch,
}

/// All pages, each with who may use it.
pub(crate) fn routes(settings: Settings, registry: Watch) -> Routes {
    let admin = Access::Role(Role::Admin);
    Routes::new()
        .page("/admin/settings", admin, get(overview::show))
        .page(
            "/admin/settings/{app}",
            admin,
            get(form::show).post(form::save),
        )
        .page(
            "/admin/settings/{app}/secrets/{key}",
            admin,
            post(secret::change),
        )
        .page("/admin/settings/{app}/history", admin, get(history::show))
        .with_state(Pages { settings, registry })
}

/// Address of an app's form.
fn app_path(app: &str) -> String {
    format!("/admin/settings/{app}")
}
