//! The counters in the text format of Prometheus. Labels are prefixes and app ids, which the registry bounds; paths and
//! people do not occur.

use std::fmt::Write;

use crate::gateway::{Gateway, Sums};
use crate::upstream::health::Standing;
use crate::worker::Counts;

/// The format's media type.
pub(super) const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

const DURATION: &str = "gateway_request_duration_seconds";

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
    requests(out, &sums)?;
    connections(out, gateway)?;
    counter(
        out,
        "gateway_unlogged_requests_total",
        "Requests that left no line because there were too many.",
        sums.unlogged,
    )?;
    instances(out, gateway)
}

fn requests(out: &mut String, sums: &Sums) -> std::fmt::Result {
    const COUNT: &str = "gateway_requests_total";
    const BYTES: &str = "gateway_response_bytes_total";
    const P99: &str = "gateway_request_duration_p99_seconds";
    head(
        out,
        COUNT,
        "counter",
        "Requests by route and first digit of the status.",
    )?;
    for (route, sum) in &sums.routes {
        let route = label(route.as_deref());
        for (class, count) in sum
            .classes
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
        {
            writeln!(
                out,
                "{COUNT}{{route=\"{route}\",class=\"{class}xx\"}} {count}"
            )?;
        }
    }
    head(out, BYTES, "counter", "Bytes of response bodies.")?;
    for (route, sum) in &sums.routes {
        let route = label(route.as_deref());
        writeln!(out, "{BYTES}{{route=\"{route}\"}} {}", sum.counts.bytes)?;
    }
    head(
        out,
        DURATION,
        "histogram",
        "From the head of a request to the last byte of its answer.",
    )?;
    for (route, sum) in &sums.routes {
        durations(out, label(route.as_deref()), &sum.counts)?;
    }
    head(
        out,
        P99,
        "gauge",
        "What 99 of 100 requests did not exceed, since the start.",
    )?;
    for (route, sum) in &sums.routes {
        let (route, p99) = (
            label(route.as_deref()),
            seconds(sum.counts.durations.per_mille(990)),
        );
        writeln!(out, "{P99}{{route=\"{route}\"}} {p99}")?;
    }
    Ok(())
}

fn connections(out: &mut String, gateway: &Gateway) -> std::fmt::Result {
    const REFUSED: &str = "gateway_connections_refused_total";
    let (open, refused) = gateway.places.count();
    head(
        out,
        "gateway_connections",
        "gauge",
        "Open downstream connections.",
    )?;
    writeln!(out, "gateway_connections {open}")?;
    counter(
        out,
        REFUSED,
        "Connections refused because there were too many.",
        refused,
    )
}

fn durations(out: &mut String, route: &str, counts: &Counts) -> std::fmt::Result {
    let histogram = &counts.durations;
    for (micros, seen) in histogram.cumulative() {
        writeln!(
            out,
            "{DURATION}_bucket{{route=\"{route}\",le=\"{}\"}} {seen}",
            seconds(micros)
        )?;
    }
    let count = histogram.count();
    writeln!(
        out,
        "{DURATION}_bucket{{route=\"{route}\",le=\"+Inf\"}} {count}"
    )?;
    writeln!(
        out,
        "{DURATION}_sum{{route=\"{route}\"}} {}",
        seconds(histogram.sum())
    )?;
    writeln!(out, "{DURATION}_count{{route=\"{route}\"}} {count}")
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

fn counter(out: &mut String, name: &str, says: &str, value: u64) -> std::fmt::Result {
    head(out, name, "counter", says)?;
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
