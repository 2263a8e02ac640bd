//! The counters in the text format of Prometheus. Labels are prefixes and app ids, which the registry bounds; paths and
//! people do not occur.

use std::fmt::Write;

use crate::gateway::Gateway;
use crate::upstream::health::Standing;
use crate::worker::Counts;

/// The format's media type.
pub(super) const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Everything that is counted.
pub(super) fn render(gateway: &Gateway) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    match write(&mut out, gateway) {
        Ok(()) | Err(std::fmt::Error) => out,
    }
}

fn write(out: &mut String, gateway: &Gateway) -> std::fmt::Result {
    let sums = gateway.totals.sums();
    head(
        out,
        "gateway_requests_total",
        "counter",
        "Requests by route and first digit of the status.",
    )?;
    for (route, counts) in &sums.routes {
        for (class, count) in counts
            .classes
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
        {
            let route = label(route.as_deref());
            writeln!(
                out,
                "gateway_requests_total{{route=\"{route}\",class=\"{class}xx\"}} {count}"
            )?;
        }
    }
    head(
        out,
        "gateway_response_bytes_total",
        "counter",
        "Bytes of response bodies.",
    )?;
    for (route, counts) in &sums.routes {
        writeln!(
            out,
            "gateway_response_bytes_total{{route=\"{}\"}} {}",
            label(route.as_deref()),
            counts.bytes
        )?;
    }
    head(
        out,
        "gateway_request_duration_seconds",
        "histogram",
        "From the head of a request to the last byte of its answer.",
    )?;
    for (route, counts) in &sums.routes {
        durations(out, label(route.as_deref()), counts)?;
    }
    head(
        out,
        "gateway_request_duration_p99_seconds",
        "gauge",
        "What 99 of 100 requests did not exceed, since the start.",
    )?;
    for (route, counts) in &sums.routes {
        let p99 = seconds(counts.durations.per_mille(990));
        writeln!(
            out,
            "gateway_request_duration_p99_seconds{{route=\"{}\"}} {p99}",
            label(route.as_deref())
        )?;
    }
    let (open, refused) = gateway.places.count();
    gauge(
        out,
        "gateway_connections",
        "Open downstream connections.",
        open,
    )?;
    head(
        out,
        "gateway_connections_refused_total",
        "counter",
        "Connections refused because there were too many.",
    )?;
    writeln!(out, "gateway_connections_refused_total {refused}")?;
    head(
        out,
        "gateway_unlogged_requests_total",
        "counter",
        "Requests that left no line because there were too many.",
    )?;
    writeln!(out, "gateway_unlogged_requests_total {}", sums.unlogged)?;
    instances(out, gateway)
}

fn durations(out: &mut String, route: &str, counts: &Counts) -> std::fmt::Result {
    const NAME: &str = "gateway_request_duration_seconds";
    let histogram = &counts.durations;
    for (micros, seen) in histogram.cumulative() {
        writeln!(
            out,
            "{NAME}_bucket{{route=\"{route}\",le=\"{}\"}} {seen}",
            seconds(micros)
        )?;
    }
    let count = histogram.count();
    writeln!(
        out,
        "{NAME}_bucket{{route=\"{route}\",le=\"+Inf\"}} {count}"
    )?;
    writeln!(
        out,
        "{NAME}_sum{{route=\"{route}\"}} {}",
        seconds(histogram.sum())
    )?;
    writeln!(out, "{NAME}_count{{route=\"{route}\"}} {count}")
}

fn instances(out: &mut String, gateway: &Gateway) -> std::fmt::Result {
    let table = gateway.table.load();
    head(
        out,
        "gateway_instance_in_flight",
        "gauge",
        "Requests in flight to an instance.",
    )?;
    for upstream in table.upstreams() {
        let (app, instance) = (&upstream.entry.id, &upstream.entry.instance);
        let count = upstream.in_flight();
        writeln!(
            out,
            "gateway_instance_in_flight{{app=\"{app}\",instance=\"{instance}\"}} {count}"
        )?;
    }
    head(
        out,
        "gateway_instance_well",
        "gauge",
        "Whether an instance takes part: 1, or 0 while it rests.",
    )?;
    for upstream in table.upstreams() {
        let (app, instance) = (&upstream.entry.id, &upstream.entry.instance);
        let well = u8::from(upstream.health.standing() == Standing::Well);
        writeln!(
            out,
            "gateway_instance_well{{app=\"{app}\",instance=\"{instance}\"}} {well}"
        )?;
    }
    Ok(())
}

fn gauge(out: &mut String, name: &str, says: &str, value: usize) -> std::fmt::Result {
    head(out, name, "gauge", says)?;
    writeln!(out, "{name} {value}")
}

fn head(out: &mut String, name: &str, kind: &str, says: &str) -> std::fmt::Result {
    writeln!(out, "# HELP {name} {says}\n# TYPE {name} {kind}")
}

/// Prefixes are plain, so nothing has to be escaped.
fn label(prefix: Option<&str>) -> &str {
    prefix.unwrap_or("none")
}

#[expect(
    clippy::cast_precision_loss,
    reason = "durations far below 2^52 microseconds"
)]
fn seconds(micros: u64) -> f64 {
    micros as f64 / 1_000_000.0
}
