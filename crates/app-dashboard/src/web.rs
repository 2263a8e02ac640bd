//! The pages: home, its launchpad, and the overview of the administration.

mod home;
mod overview;

use axum::routing::get;
use platform::{Access, Role, Routes};
use registry::Watch;

/// All routes, each with who may use it.
pub(crate) fn routes(registry: Watch) -> Routes {
    Routes::new()
        .page("/", Access::SignedIn, get(home::show))
        .page(
            "/app/dashboard/launchpad",
            Access::SignedIn,
            get(home::launchpad),
        )
        .page("/admin", Access::Role(Role::Admin), get(overview::show))
        .with_state(registry)
}
