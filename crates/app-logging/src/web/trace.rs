//! `/admin/logging/traces/{id}`: one trace as a waterfall, and what was logged meanwhile.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::Response;
use platform::http::Path;
use ui::Shell;

use super::logs::tone;
use super::traces::duration;
use crate::domain::record::{LogRecord, Span, level};
use crate::error::Error;
use crate::service::search::Search;

/// Deeper spans are indented no further.
const DEEPEST: usize = 12;

#[derive(askama::Template)]
#[template(path = "logging/trace.html")]
struct TracePage {
    shell: Shell,
    bars: Vec<Bar>,
    records: Vec<LogRecord>,
    total: String,
}

/// One span in the waterfall.
struct Bar {
    span: Span,
    depth: usize,
    /// Where it begins and how wide it is, in hundredths of the whole.
    x: f64,
    width: f64,
    attributes: String,
}

pub(super) async fn show(
    State(search): State<Search>,
    shell: Shell,
    Path(trace_id): Path<String>,
) -> Result<Response, Error> {
    let trace = search.trace(&trace_id.to_lowercase()).await?;
    let title = trace
        .spans
        .first()
        .map_or_else(|| trace_id.clone(), |first| first.name.clone());
    let (bars, total) = waterfall(trace.spans);
    let traces = shell.t("logging-traces").into_owned();
    Ok(ui::page(TracePage {
        bars,
        records: trace
            .records
            .into_iter()
            .rev()
            .map(|found| found.record)
            .collect(),
        total: duration(total),
        shell: shell
            .titled(title)
            .subtitled(trace_id)
            .crumb(traces, "/admin/logging/traces")
            .wide(),
    }))
}

/// Lays the spans out over the time from the first beginning to the last end, in microseconds.
fn waterfall(spans: Vec<Span>) -> (Vec<Bar>, i64) {
    let start = spans
        .iter()
        .map(|span| span.started_at.as_microsecond())
        .min()
        .unwrap_or(0);
    let end = spans
        .iter()
        .map(|span| span.started_at.as_microsecond() + span.duration_us)
        .max()
        .unwrap_or(0);
    let total = (end - start).max(1);
    let parents: HashMap<String, String> = spans
        .iter()
        .map(|span| (span.span_id.clone(), span.parent_span_id.clone()))
        .collect();
    let bars = spans
        .into_iter()
        .map(|span| Bar {
            depth: depth(&span, &parents),
            x: share(span.started_at.as_microsecond() - start, total),
            width: share(span.duration_us, total).max(0.4),
            attributes: serde_json::to_string_pretty(&span.attributes).unwrap_or_default(),
            span,
        })
        .collect();
    (bars, total)
}

#[allow(
    clippy::cast_precision_loss,
    reason = "a picture of a few hundred pixels"
)]
fn share(part: i64, total: i64) -> f64 {
    (part as f64 / total as f64 * 100.0).clamp(0.0, 100.0)
}

fn depth(span: &Span, parents: &HashMap<String, String>) -> usize {
    let ancestors = std::iter::successors(parents.get(&span.parent_span_id), |parent| {
        parents.get(*parent)
    });
    ancestors.take(DEEPEST).count()
}
