//! Tells logging every five seconds what went through: one event for all requests, with the sums of each route within,
//! so that the figures are whole even where lines were left out.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::time::MissedTickBehavior;

use super::Gateway;
use super::totals::{OTHERS, Sum};

/// Between two events.
const EVERY: Duration = Duration::from_secs(5);
/// Routes that are named in one event, those with the most requests; the rest is summed up. With the longest names they
/// stay below the 8 KiB that logging keeps of a field.
const NAMED: usize = 30;

/// Tells until the gateway stops; says nothing about a time in which nothing happened.
pub(crate) async fn tell(gateway: Arc<Gateway>) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stop = gateway.lifecycle.hard().clone();
    while stop.run_until_cancelled(tick.tick()).await.is_some() {
        tell_once(&gateway);
    }
}

/// Tells what there was since the last time.
pub(crate) fn tell_once(gateway: &Gateway) {
    let (connections, refused) = gateway.places.count();
    let interval = gateway.totals.take_interval(refused);
    let mut all = Sum::default();
    interval.routes.values().for_each(|sum| all.add(sum));
    let requests = all.requests();
    if requests == 0 && interval.unlogged == 0 && interval.refused == 0 {
        return;
    }
    let [
        other,
        informed,
        succeeded,
        redirected,
        client_errors,
        server_errors,
    ] = all.classes;
    tracing::info!(
        target: "gateway.traffic",
        requests,
        status_1xx = informed,
        status_2xx = succeeded,
        status_3xx = redirected,
        status_4xx = client_errors,
        status_5xx = server_errors,
        status_other = other,
        p50_ms = milliseconds(all.counts.durations.per_mille(500)),
        p95_ms = milliseconds(all.counts.durations.per_mille(950)),
        p99_ms = milliseconds(all.counts.durations.per_mille(990)),
        bytes = all.counts.bytes,
        routes = routes(interval.routes),
        unlogged = interval.unlogged,
        connections,
        refused = interval.refused,
        "traffic"
    );
}

/// One route within an event. What is nought is left out.
#[derive(Serialize)]
struct Row<'a> {
    /// None for what went nowhere.
    route: Option<&'a str>,
    requests: u64,
    #[serde(rename = "1xx", skip_serializing_if = "is_nought")]
    informed: u64,
    #[serde(rename = "2xx", skip_serializing_if = "is_nought")]
    succeeded: u64,
    #[serde(rename = "3xx", skip_serializing_if = "is_nought")]
    redirected: u64,
    #[serde(rename = "4xx", skip_serializing_if = "is_nought")]
    client_errors: u64,
    #[serde(rename = "5xx", skip_serializing_if = "is_nought")]
    server_errors: u64,
    p50_ms: f64,
    p95_ms: f64,
    p99_ms: f64,
    bytes: u64,
}

impl<'a> Row<'a> {
    fn new(route: Option<&'a str>, sum: &Sum) -> Self {
        let [
            _,
            informed,
            succeeded,
            redirected,
            client_errors,
            server_errors,
        ] = sum.classes;
        let share = |per_mille| milliseconds(sum.counts.durations.per_mille(per_mille));
        Self {
            route,
            requests: sum.requests(),
            informed,
            succeeded,
            redirected,
            client_errors,
            server_errors,
            p50_ms: share(500),
            p95_ms: share(950),
            p99_ms: share(990),
            bytes: sum.counts.bytes,
        }
    }
}

/// The routes as a list in JSON, those with the most requests first.
fn routes(routes: BTreeMap<Option<Arc<str>>, Sum>) -> String {
    let mut all: Vec<(Option<Arc<str>>, Sum)> = routes.into_iter().collect();
    all.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.requests()));
    let mut rest = Sum::default();
    for (_, sum) in all.drain(NAMED.min(all.len())..) {
        rest.add(&sum);
    }
    if rest.requests() > 0 {
        all.push((Some(OTHERS.into()), rest));
    }
    let rows: Vec<Row<'_>> = all
        .iter()
        .map(|(route, sum)| Row::new(route.as_deref(), sum))
        .collect();
    // Text and numbers are always JSON.
    serde_json::to_string(&rows).unwrap_or_default()
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn is_nought(count: &u64) -> bool {
    *count == 0
}

#[expect(
    clippy::cast_precision_loss,
    reason = "durations far below 2^52 microseconds"
)]
fn milliseconds(micros: u64) -> f64 {
    micros as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use crate::worker::Counts;

    fn sum(requests: u64) -> Sum {
        let mut counts = Counts {
            bytes: 7 * requests,
            ..Counts::default()
        };
        (0..requests).for_each(|_| counts.durations.record(2000));
        Sum {
            classes: [0, 0, requests, 0, 0, 0],
            counts,
        }
    }

    #[test]
    fn the_busiest_routes_are_named_and_the_rest_is_summed_up() {
        let many = (1..=100).map(|number| (Some(format!("/a/{number}").into()), sum(number)));
        let all: BTreeMap<Option<Arc<str>>, Sum> = many.chain([(None, sum(1000))]).collect();
        let rows: Vec<serde_json::Value> = serde_json::from_str(&routes(all)).unwrap();
        assert_eq!(rows.len(), NAMED + 1);
        assert_eq!(rows[0]["route"], serde_json::Value::Null);
        assert_eq!(rows[1]["route"], "/a/100");
        assert_eq!(
            (&rows[1]["2xx"], &rows[1]["bytes"]),
            (&100.into(), &700.into())
        );
        assert_eq!(rows[1].get("5xx"), None);
        assert_eq!(rows[NAMED]["route"], OTHERS);
        let counted: u64 = rows
            .iter()
            .map(|row| row["requests"].as_u64().unwrap())
            .sum();
        assert_eq!(counted, 1000 + (1..=100).sum::<u64>());
    }
}
