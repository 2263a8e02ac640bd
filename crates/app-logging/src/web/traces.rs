//! `/admin/logging/traces`: the newest traces by their first spans.

use axum::extract::State;
use axum::response::Response;
use platform::http::Query;
use serde::Deserialize;
use ui::{Choice, Shell};

use super::{service_choices, window_choices};
use crate::domain::record::Span;
use crate::domain::search::{TraceSearch, Window};
use crate::error::Error;
use crate::service::search::Search;

/// The search as the address has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TraceQuery {
    service: String,
    window: String,
    /// Milliseconds.
    least: String,
    failed: String,
}

#[derive(askama::Template)]
#[template(path = "logging/traces.html")]
struct TracesPage {
    shell: Shell,
    query: TraceQuery,
    services: Vec<Choice>,
    windows: Vec<Choice>,
    spans: Vec<Span>,
}

pub(super) async fn show(
    State(search): State<Search>,
    shell: Shell,
    Query(mut query): Query<TraceQuery>,
) -> Result<Response, Error> {
    // An address without a period means the usual one, and the form shows it.
    Window::parse(&query.window)
        .as_str()
        .clone_into(&mut query.window);
    let wanted = TraceSearch {
        service: query.service.clone(),
        least_us: query
            .least
            .trim()
            .parse::<i64>()
            .unwrap_or(0)
            .clamp(0, 86_400_000)
            * 1_000,
        failed: !query.failed.is_empty(),
        window: Window::parse(&query.window),
    };
    Ok(ui::page(TracesPage {
        spans: search.traces(&wanted).await?,
        services: service_choices(&search.services().await?),
        windows: window_choices(&shell),
        shell: shell.title("logging-traces").wide(),
        query,
    }))
}

/// A duration as people read it.
pub(super) fn duration(microseconds: i64) -> String {
    match microseconds {
        ..1_000 => format!("{microseconds} µs"),
        1_000..1_000_000 => format!("{}.{} ms", microseconds / 1_000, microseconds % 1_000 / 100),
        _ => format!(
            "{}.{:02} s",
            microseconds / 1_000_000,
            microseconds % 1_000_000 / 10_000
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_are_short() {
        assert_eq!(duration(999), "999 µs");
        assert_eq!(duration(12_345), "12.3 ms");
        assert_eq!(duration(1_234_567), "1.23 s");
    }
}
