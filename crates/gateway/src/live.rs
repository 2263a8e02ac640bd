//! What can change while the gateway runs: its limits, whom it believes, and what it serves over TLS. Replaced whole;
//! workers look for it with each connection and each tick, not with each request.

mod declare;
mod follow;

use std::sync::Arc;

use platform::config::Cidr;

use crate::config::{GatewayConfig, Limits};

pub(crate) use declare::seeded_limits;
pub(crate) use follow::{Own, start};

/// What is in force.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Live {
    pub(crate) limits: Limits,
    /// Whose forwarding headers are believed.
    pub(crate) trusted_proxies: Arc<[Cidr]>,
}

impl Live {
    /// What holds while nobody has said anything else.
    pub(crate) fn configured(config: &GatewayConfig) -> Self {
        Self {
            limits: config.limits,
            trusted_proxies: config.trusted_proxies.as_slice().into(),
        }
    }
}
