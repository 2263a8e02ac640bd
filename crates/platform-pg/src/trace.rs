//! The trace that an event or a job was made in, so that what follows from it belongs to the same trace.

use std::collections::HashMap;

use opentelemetry::propagation::{Extractor, Injector};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

const HEADER: &str = "traceparent";

struct Carrier(HashMap<String, String>);

impl Injector for Carrier {
    fn set(&mut self, key: &str, value: String) {
        self.0.insert(key.to_owned(), value);
    }
}

impl Extractor for Carrier {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}

/// The current trace in W3C form; none where nothing is traced.
pub(crate) fn current() -> Option<String> {
    // The current span's, or the caller's where nothing records spans.
    let context = opentelemetry::Context::current();
    let mut carrier = Carrier(HashMap::new());
    opentelemetry::global::get_text_map_propagator(|propagator| {
        propagator.inject_context(&context, &mut carrier);
    });
    carrier.0.remove(HEADER)
}

/// Makes `span` a part of a trace that was kept with [`current`].
pub(crate) fn continue_in(span: &Span, traceparent: Option<&str>) {
    let Some(traceparent) = traceparent else {
        return;
    };
    let carrier = Carrier(HashMap::from([(HEADER.to_owned(), traceparent.to_owned())]));
    let parent =
        opentelemetry::global::get_text_map_propagator(|propagator| propagator.extract(&carrier));
    // Fails where nothing exports traces; then there is no trace to continue.
    span.set_parent(parent).ok();
}
