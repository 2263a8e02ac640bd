//! Trace context across processes: `traceparent` in, `traceparent` out.
//!
//! Works the same whether telemetry is exported or not: without an exporter the incoming context
//! is passed on as it came, and a request that brings none gets one, so that the log lines of all
//! hops share a trace id.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::Context;
use opentelemetry::context::FutureExt;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing::instrument::Instrument;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Whether spans of this process are recorded, and so make trace contexts themselves.
static RECORDING: AtomicBool = AtomicBool::new(false);

pub(super) fn set_recording() {
    RECORDING.store(true, Ordering::Relaxed);
}

/// Runs the handling of a request in `span`, as a continuation of the trace its headers name.
pub fn continue_trace<F: Future>(
    headers: &HeaderMap,
    span: Span,
    handling: F,
) -> impl Future<Output = F::Output> + use<F> {
    let context = context_of(headers);
    // Fails only when nothing records spans, and then there is no parent to set.
    let _recorded = span.set_parent(context.clone());
    handling.instrument(span).with_context(context)
}

/// Writes the trace context of the work that runs here and now into the headers of an outgoing
/// request, in place of any they had.
pub fn inject(headers: &mut HeaderMap) {
    for name in ["traceparent", "tracestate"] {
        headers.remove(name);
    }
    let context = Context::current();
    TraceContextPropagator::new().inject_context(&context, &mut Outgoing(headers));
}

/// The trace id of the work that runs here and now.
pub fn trace_id() -> Option<String> {
    Context::map_current(|context| {
        let span = context.span();
        let span = span.span_context();
        span.is_valid().then(|| span.trace_id().to_string())
    })
}

/// The context a request came with. It keeps the app of the current scope.
pub(crate) fn context_of(headers: &HeaderMap) -> Context {
    let current = Context::current();
    let context = TraceContextPropagator::new().extract_with_context(&current, &Incoming(headers));
    if context.span().span_context().is_valid() || RECORDING.load(Ordering::Relaxed) {
        return context;
    }
    current.with_remote_span_context(fresh())
}

/// A new trace, marked as sampled so that hops that do record are not told otherwise.
fn fresh() -> SpanContext {
    SpanContext::new(
        TraceId::from_bytes(rand::random()),
        SpanId::from_bytes(rand::random()),
        TraceFlags::SAMPLED,
        true,
        TraceState::NONE,
    )
}

struct Incoming<'a>(&'a HeaderMap);

impl Extractor for Incoming<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

struct Outgoing<'a>(&'a mut HeaderMap);

impl Injector for Outgoing<'_> {
    fn set(&mut self, key: &str, value: String) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(key), HeaderValue::try_from(value))
            && !value.is_empty()
        {
            self.0.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn headers(traceparent: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(
            HeaderName::from_static("traceparent"),
            HeaderValue::from_static(traceparent),
        )])
    }

    async fn outgoing(incoming: &HeaderMap) -> HeaderMap {
        continue_trace(incoming, Span::none(), async {
            tokio::task::yield_now().await;
            let mut headers = headers("00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-01");
            inject(&mut headers);
            headers
        })
        .await
    }

    #[tokio::test]
    async fn a_trace_goes_on_through_a_process_that_records_nothing() {
        let headers = outgoing(&headers(PARENT)).await;
        assert_eq!(headers.get("traceparent").unwrap(), PARENT);
    }

    #[tokio::test]
    async fn a_request_without_a_trace_or_with_a_broken_one_starts_one() {
        for incoming in [HeaderMap::new(), headers("00-zz-zz-01"), headers("")] {
            let headers = outgoing(&incoming).await;
            let traceparent = headers.get("traceparent").unwrap().to_str().unwrap();
            assert_eq!(traceparent.len(), PARENT.len(), "{traceparent}");
            assert!(!traceparent.contains("ffffffff"), "{traceparent}");
        }
    }

    #[tokio::test]
    async fn the_app_of_the_scope_survives() {
        let scope = super::super::Scope::app(&registry::AppId::new("hello").unwrap());
        let incoming = headers(PARENT);
        let app = scope.run(continue_in(&incoming)).await;
        assert_eq!(app.as_deref(), Some("hello"));
    }

    async fn continue_in(incoming: &HeaderMap) -> Option<std::sync::Arc<str>> {
        continue_trace(incoming, Span::none(), async {
            super::super::Scope::current_app()
        })
        .await
    }
}
