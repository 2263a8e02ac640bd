//! Table `spans`.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};

use crate::domain::record::Span;
use crate::domain::search::TraceSearch;

/// Adds spans.
pub async fn span_insert(client: &impl GenericClient, spans: &[Span]) -> Result<(), Error> {
    fn column<'a, T>(spans: &'a [Span], value: impl FnMut(&'a Span) -> T) -> Vec<T> {
        spans.iter().map(value).collect()
    }
    client
        .execute(
            include_str!("../../sql/insert_spans.sql"),
            &[
                &column(spans, |span| span.started_at),
                &column(spans, |span| span.duration_us),
                &column(spans, |span| span.service.as_str()),
                &column(spans, |span| span.name.as_str()),
                &column(spans, |span| span.kind.as_str()),
                &column(spans, |span| span.failed),
                &column(spans, |span| span.trace_id.as_str()),
                &column(spans, |span| span.span_id.as_str()),
                &column(spans, |span| span.parent_span_id.as_str()),
                &column(spans, |span| &span.attributes),
            ],
        )
        .await?;
    Ok(())
}

/// The first spans of traces, newest first.
pub async fn trace_list(
    client: &impl GenericClient,
    search: &TraceSearch,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Span>, Error> {
    let service = (!search.service.is_empty()).then_some(search.service.as_str());
    let rows = client
        .query(
            include_str!("../../sql/list_traces.sql"),
            &[
                &search.window.start(now),
                &now,
                &service,
                &search.least_us,
                &search.failed,
                &limit,
            ],
        )
        .await?;
    rows.iter().map(span).collect()
}

/// The spans of one trace, in the order they began; at most 1,000.
pub async fn trace_find(client: &impl GenericClient, trace_id: &str) -> Result<Vec<Span>, Error> {
    let rows = client
        .query(include_str!("../../sql/find_trace.sql"), &[&trace_id])
        .await?;
    rows.iter().map(span).collect()
}

fn span(row: &Row) -> Result<Span, Error> {
    Ok(Span {
        started_at: row.try_get("started_at")?,
        duration_us: row.try_get("duration_us")?,
        service: row.try_get("service")?,
        name: row.try_get("name")?,
        kind: row.try_get("kind")?,
        failed: row.try_get("failed")?,
        trace_id: row.try_get("trace_id")?,
        span_id: row.try_get("span_id")?,
        parent_span_id: row.try_get("parent_span_id")?,
        attributes: row.try_get("attributes")?,
    })
}
