//! Tells logging every five seconds what went through: one event for all requests, so that the figures are whole even
//! where lines were left out.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::MissedTickBehavior;

use super::Gateway;

/// Between two events.
const EVERY: Duration = Duration::from_secs(5);

/// Tells until the gateway stops; says nothing about a time in which nothing happened.
pub(crate) async fn tell(gateway: Arc<Gateway>) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stop = gateway.lifecycle.hard().clone();
    let mut refused_before = 0;
    while stop.run_until_cancelled(tick.tick()).await.is_some() {
        refused_before = event(&gateway, refused_before);
    }
}

fn event(gateway: &Gateway, refused_before: u64) -> u64 {
    let interval = gateway.totals.take_interval();
    let (connections, refused) = gateway.places.count();
    let counts = &interval.counts;
    let requests: u64 = counts.classes.iter().sum();
    let refused_now = refused.saturating_sub(refused_before);
    if requests == 0 && interval.unlogged == 0 && refused_now == 0 {
        return refused;
    }
    let [
        other,
        informed,
        succeeded,
        redirected,
        client_errors,
        server_errors,
    ] = counts.classes;
    tracing::info!(
        target: "gateway.traffic",
        requests,
        status_1xx = informed,
        status_2xx = succeeded,
        status_3xx = redirected,
        status_4xx = client_errors,
        status_5xx = server_errors,
        status_other = other,
        p50_ms = milliseconds(counts.durations.per_mille(500)),
        p99_ms = milliseconds(counts.durations.per_mille(990)),
        bytes = counts.bytes,
        unlogged = interval.unlogged,
        connections,
        refused = refused_now,
        "traffic"
    );
    refused
}

#[expect(
    clippy::cast_precision_loss,
    reason = "durations far below 2^52 microseconds"
)]
fn milliseconds(micros: u64) -> f64 {
    micros as f64 / 1000.0
}
