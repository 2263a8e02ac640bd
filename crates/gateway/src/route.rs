//! Second phase: which app is it for?

use std::sync::Arc;

use crate::gateway::Gateway;
use crate::reject::{Fault, Reject};
use crate::table::Route;

/// Finds the route of a path.
pub(crate) fn route(gateway: &Gateway, path: &str) -> Result<Arc<Route>, Reject> {
    let table = gateway.table.load();
    match table.route(path) {
        Some(route) => Ok(Arc::clone(route)),
        // Before the first table nobody can say what exists.
        None if table.is_loaded => Err(Reject::client(Fault::NotFound)),
        None => Err(Reject::gateway(Fault::AppDown)),
    }
}
