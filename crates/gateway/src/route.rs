//! Second phase: which app is asked?

use std::sync::Arc;

use crate::exchange::Exchange;
use crate::gateway::Gateway;
use crate::reject::{Fault, Reject};

/// Finds the route of the target.
pub(crate) fn route(gateway: &Gateway, exchange: &mut Exchange) -> Result<(), Reject> {
    let table = gateway.table.load();
    let Some(route) = table.route(exchange.target.path()) else {
        // Before the first table nobody can say what exists.
        return Err(if table.is_loaded {
            Reject::client(Fault::NotFound)
        } else {
            Reject::gateway(Fault::AppDown)
        });
    };
    exchange.record.route(route);
    exchange.route = Some(Arc::clone(route));
    if route.is_served() {
        Ok(())
    } else {
        Err(Reject::upstream(Fault::AppDown))
    }
}
