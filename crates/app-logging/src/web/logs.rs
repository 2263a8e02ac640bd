//! `/admin/logging`: search among log records. All of the search is in the address.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use platform::http::{Context, Query};
use serde::Deserialize;
use ui::{Choice, Shell};

use super::{service_choices, window_choices};
use crate::domain::record::{LEVELS, LogRecord, level};
use crate::domain::search::{Cursor, LogSearch, Window};
use crate::error::Error;
use crate::service::search::Search;

/// The search as the address has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LogQuery {
    q: String,
    service: String,
    level: String,
    window: String,
    trace: String,
    before: String,
}

#[derive(askama::Template)]
#[template(path = "logging/logs.html")]
struct LogsPage {
    shell: Shell,
    query: LogQuery,
    services: Vec<Choice>,
    levels: Vec<Choice>,
    windows: Vec<Choice>,
    rows: Vec<Row>,
    /// Address of the older records; empty when there are none.
    older: String,
    newest: String,
}

/// One record as shown.
struct Row {
    record: LogRecord,
    level: &'static str,
    tone: &'static str,
    attributes: String,
}

pub(super) async fn show(
    State(search): State<Search>,
    Extension(context): Extension<Context>,
    shell: Shell,
    Query(mut query): Query<LogQuery>,
) -> Result<Response, Error> {
    // An address without a period means the usual one, and the form shows it.
    Window::parse(&query.window)
        .as_str()
        .clone_into(&mut query.window);
    let page = search.logs(&wanted(&query, context.clock.now())).await?;
    let older = page
        .older
        .map(|cursor| address(&query, &cursor.token()))
        .unwrap_or_default();
    Ok(ui::page(LogsPage {
        services: service_choices(&search.services().await?),
        levels: levels(&shell),
        windows: window_choices(&shell),
        rows: page
            .records
            .into_iter()
            .map(|found| row(found.record))
            .collect(),
        older,
        newest: address(&query, ""),
        shell: shell.title("logging-title").wide(),
        query,
    }))
}

fn wanted(query: &LogQuery, now: jiff::Timestamp) -> LogSearch {
    let severity = LEVELS
        .iter()
        .find(|(name, _)| *name == query.level)
        .map_or(0, |(_, least)| *least);
    LogSearch {
        text: query.q.trim().chars().take(200).collect(),
        service: query.service.clone(),
        severity,
        trace_id: query.trace.trim().to_lowercase(),
        window: Window::parse(&query.window),
        cursor: Cursor::parse(&query.before).unwrap_or_else(|| Cursor::newest(now)),
    }
}

fn address(query: &LogQuery, before: &str) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    let fields = [
        ("q", query.q.as_str()),
        ("service", &query.service),
        ("level", &query.level),
        ("window", &query.window),
        ("trace", &query.trace),
        ("before", before),
    ];
    for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
        pairs.append_pair(name, value);
    }
    format!("/admin/logging?{}", pairs.finish())
}

fn levels(shell: &Shell) -> Vec<Choice> {
    let labels = [
        "logging-level-trace",
        "logging-level-debug",
        "logging-level-info",
        "logging-level-warn",
        "logging-level-error",
    ];
    LEVELS
        .iter()
        .zip(labels)
        .map(|((name, _), label)| Choice::new(*name, shell.t(label)))
        .collect()
}

pub(super) fn tone(severity: i16) -> &'static str {
    match level(severity) {
        "error" => "danger",
        "warn" => "warning",
        "info" => "accent",
        _ => "neutral",
    }
}

fn row(record: LogRecord) -> Row {
    let attributes = serde_json::to_string_pretty(&record.attributes).unwrap_or_default();
    Row {
        level: level(record.severity),
        tone: tone(record.severity),
        attributes,
        record,
    }
}
