//! Tells administrators what this gateway sees: a signed report in Redis every two seconds, for as long as Redis is
//! there. Nothing waits for it, and a gateway without Redis simply is not seen.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use fred::clients::Client;
use fred::interfaces::ClientLike;
use jiff::Timestamp;
use registry::{InstanceId, Watch, edge};
use tokio::time::MissedTickBehavior;

use super::Gateway;
use crate::run::Edge;

mod issues;
mod report;

/// Between two reports.
const EVERY: Duration = Duration::from_secs(2);

/// Who a gateway is.
struct Identity {
    instance: InstanceId,
    host: String,
    address: SocketAddr,
    started_at: Timestamp,
}

/// Publishes until the gateway stops, then takes the report away.
pub(crate) fn start(
    gateway: &Arc<Gateway>,
    edge: &Edge,
    (instance, address): (InstanceId, SocketAddr),
) {
    let identity = Identity {
        instance,
        host: host(),
        address,
        started_at: edge.clock.now(),
    };
    let publishing = publish(
        Arc::clone(gateway),
        edge.redis.clone(),
        edge.registry.clone(),
        identity,
    );
    gateway.lifecycle.spawn("snapshots", publishing);
}

async fn publish(gateway: Arc<Gateway>, redis: Client, watch: Watch, identity: Identity) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stop = gateway.lifecycle.soft().clone();
    let mut has_failed = false;
    while stop.run_until_cancelled(tick.tick()).await.is_some() {
        if !redis.is_connected() {
            continue;
        }
        let report = report::of(&gateway, &watch.snapshot(), &identity);
        match edge::publish(&redis, &gateway.config.keyring, report).await {
            Ok(()) => has_failed = false,
            Err(error) if has_failed => tracing::debug!(%error, "the snapshot was not published"),
            Err(error) => {
                has_failed = true;
                tracing::warn!(%error, "the snapshot was not published");
            }
        }
    }
    if redis.is_connected()
        && let Err(error) = edge::withdraw(&redis, &identity.instance).await
    {
        tracing::debug!(%error, "the snapshot runs out by itself");
    }
}

/// What the machine calls itself; nothing where that is not to be had.
fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname");
    name.map(|name| name.trim().chars().take(100).collect())
        .unwrap_or_default()
}
