//! The span of a request, continued from the caller's trace, and its duration as a metric.

use axum::extract::Request;
use http::StatusCode;
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Histogram, Meter};
use opentelemetry::propagation::Extractor;
use registry::AppId;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::{Destination, RequestId};

struct Headers<'a>(&'a http::HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

/// The span of a request; a child of the gateway's when that sent `traceparent`.
pub(super) fn span(
    app: &AppId,
    destination: &Destination,
    id: &RequestId,
    request: &Request,
) -> Span {
    let method = request.method();
    let span = tracing::info_span!(
        "request",
        app = app.as_str(),
        request_id = id.as_str(),
        otel.name = format!("{method} {}", destination.template),
        otel.kind = "server",
        otel.status_code = tracing::field::Empty,
        http.request.method = method.as_str(),
        http.route = destination.template,
        http.response.status_code = tracing::field::Empty,
    );
    if request.headers().contains_key("traceparent") {
        let parent = opentelemetry::global::get_text_map_propagator(|propagator| {
            propagator.extract(&Headers(request.headers()))
        });
        // Fails where nothing exports traces; then there is no trace to continue.
        span.set_parent(parent).ok();
    }
    span
}

/// Notes the outcome on the span.
pub(super) fn finish(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}

/// The metric every request's duration is added to.
pub(super) fn duration_histogram(meter: &Meter) -> Histogram<f64> {
    meter
        .f64_histogram("http.server.request.duration")
        .with_unit("s")
        .with_description("Time from the head of a request to the end of its response")
        .with_boundaries(vec![
            0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
        ])
        .build()
}

/// The attributes of a request's duration.
pub(super) fn attributes(
    app: &AppId,
    method: &http::Method,
    route: &str,
    status: u16,
) -> [KeyValue; 4] {
    [
        KeyValue::new("app", app.as_str().to_owned()),
        KeyValue::new("http.request.method", method.as_str().to_owned()),
        KeyValue::new("http.route", route.to_owned()),
        KeyValue::new("http.response.status_code", i64::from(status)),
    ]
}
