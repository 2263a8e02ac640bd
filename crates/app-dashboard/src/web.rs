//! The pages: home, its launchpad, and what the administration shows of apps and gateways.

mod gateway;
mod home;
mod overview;

use axum::extract::FromRef;
use axum::routing::get;
use platform::{Access, Role, Routes};
use registry::Watch;

use crate::gateways::Gateways;

/// What the pages read.
#[derive(Clone, Debug)]
pub(crate) struct Sources {
    pub(crate) registry: Watch,
    pub(crate) gateways: Gateways,
}

impl FromRef<Sources> for Watch {
    fn from_ref(sources: &Sources) -> Self {
        sources.registry.clone()
    }
}

impl FromRef<Sources> for Gateways {
    fn from_ref(sources: &Sources) -> Self {
        sources.gateways.clone()
    }
}

/// All routes, each with who may use it.
pub(crate) fn routes(sources: Sources) -> Routes {
    Routes::new()
        .page("/", Access::SignedIn, get(home::show))
        .page(
            "/app/dashboard/launchpad",
            Access::SignedIn,
            get(home::launchpad),
        )
        .page("/admin", Access::Role(Role::Admin), get(overview::show))
        .page(
            "/admin/gateway",
            Access::Role(Role::Admin),
            get(gateway::show),
        )
        .page(
            "/app/dashboard/gateway",
            Access::Role(Role::Admin),
            get(gateway::refresh),
        )
        .with_state(sources)
}
