//! Log lines on standard error: readable in development, one JSON object each in production.
//!
//! A line carries the fields of the spans around it, the app and the trace, so that it can be
//! understood alone. Fields that promise a secret are shown redacted.

use std::fmt::{Debug, Write as _};
use std::io::{IsTerminal as _, Write as _};

use opentelemetry::Context as OtelContext;
use opentelemetry::trace::TraceContextExt;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, Scope};

use super::redact::{REDACTED, is_secret};
use super::scope;
use crate::clock::Clock;
use crate::config::Mode;
use crate::error::chain;

/// Writes every event it sees.
pub(super) struct Console {
    mode: Mode,
    clock: Clock,
    colours: bool,
}

/// The fields of a span, kept beside it.
struct SpanFields(Map<String, Value>);

/// Everything one line says.
struct Line {
    level: Level,
    target: String,
    fields: Map<String, Value>,
    trace: Option<(String, String)>,
}

impl Console {
    pub(super) fn new(mode: Mode) -> Self {
        Self {
            mode,
            clock: Clock::system(),
            colours: std::io::stderr().is_terminal(),
        }
    }

    fn render(&self, line: Line) -> String {
        match self.mode {
            Mode::Dev => self.readable(&line),
            Mode::Production => self.json(line),
        }
    }

    fn json(&self, line: Line) -> String {
        let mut object = Map::new();
        object.insert("timestamp".to_owned(), self.clock.now().to_string().into());
        object.insert(
            "level".to_owned(),
            line.level.as_str().to_ascii_lowercase().into(),
        );
        if let Some(app) = scope::Scope::current_app() {
            object.insert("app".to_owned(), (&*app).into());
        }
        object.insert("target".to_owned(), line.target.into());
        if let Some((trace, span)) = line.trace {
            object.insert("trace_id".to_owned(), trace.into());
            object.insert("span_id".to_owned(), span.into());
        }
        for (name, value) in line.fields {
            // A field named like one of ours must not be able to forge it.
            object.entry(name).or_insert(value);
        }
        let mut text = Value::Object(object).to_string();
        text.push('\n');
        text
    }

    fn readable(&self, line: &Line) -> String {
        let mut text = self.clock.now().strftime("%H:%M:%S%.3f").to_string();
        let app = scope::Scope::current_app();
        let level = self.coloured(line.level);
        // Writing into a String cannot fail.
        let _written = write!(text, " {level} {}", app.as_deref().unwrap_or(&line.target));
        if let Some(message) = line.fields.get("message") {
            let _written = write!(text, "  {}", plain(message));
        }
        for (name, value) in &line.fields {
            // Said already, or of use to programs only.
            if name == "message" || name == "app" || name.starts_with("http.") {
                continue;
            }
            let _written = write!(text, "  {name}={}", plain(value));
        }
        text.push('\n');
        text
    }

    fn coloured(&self, level: Level) -> String {
        let text = format!("{:>5}", level.as_str());
        let colour = match level {
            Level::ERROR => "31",
            Level::WARN => "33",
            Level::INFO => "32",
            _ => "90",
        };
        if self.colours {
            format!("\u{1b}[{colour}m{text}\u{1b}[0m")
        } else {
            text
        }
    }
}

/// A value on one line: control characters escaped, so that input cannot forge lines.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => {
            text.chars()
                .fold(String::with_capacity(text.len()), |mut out, c| {
                    if c.is_control() {
                        out.extend(c.escape_default());
                    } else {
                        out.push(c);
                    }
                    out
                })
        }
        other => other.to_string(),
    }
}

impl<S> Layer<S> for Console
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields(Map::new());
            attributes.record(&mut fields);
            span.extensions_mut().insert(SpanFields(fields.0));
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(SpanFields(known)) = span.extensions_mut().get_mut()
        {
            let mut fields = Fields(std::mem::take(known));
            values.record(&mut fields);
            *known = fields.0;
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields(Map::new());
        for span in context
            .event_scope(event)
            .into_iter()
            .flat_map(Scope::from_root)
        {
            if let Some(SpanFields(known)) = span.extensions().get() {
                fields.0.extend(known.clone());
            }
        }
        event.record(&mut fields);
        let target = fields.true_target(event.metadata().target());
        let line = self.render(Line {
            level: *event.metadata().level(),
            target,
            fields: fields.0,
            trace: trace(),
        });
        // Nothing is left to tell it to when standard error is closed.
        let _written = std::io::stderr().lock().write_all(line.as_bytes());
    }
}

fn trace() -> Option<(String, String)> {
    OtelContext::map_current(|context| {
        let span = context.span();
        let span = span.span_context();
        span.is_valid()
            .then(|| (span.trace_id().to_string(), span.span_id().to_string()))
    })
}

/// Collects fields by name, the secret ones redacted.
struct Fields(Map<String, Value>);

impl Fields {
    /// Where an event comes from. Libraries that use `log` arrive under that crate's name and say
    /// their own in fields.
    fn true_target(&mut self, target: &str) -> String {
        if target != "log" {
            return target.to_owned();
        }
        let own = self.0.get("log.target").and_then(Value::as_str);
        let own = own.unwrap_or(target).to_owned();
        self.0.retain(|name, _| !name.starts_with("log."));
        own
    }

    fn put(&mut self, field: &Field, value: impl FnOnce() -> Value) {
        // Instructions to the exporter, which says the same in other words.
        if field.name().starts_with("otel.") {
            return;
        }
        let value = if is_secret(field.name()) {
            Value::from(REDACTED)
        } else {
            value()
        };
        self.0.insert(field.name().to_owned(), value);
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put(field, || format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, || value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, || value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, || value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, || value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, || value.into());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.put(field, || chain(value).into());
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "tests fail by panicking"
    )]
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    /// Collects what the visitor sees, in place of standard error.
    #[derive(Clone, Default)]
    struct Seen(Arc<Mutex<Vec<Map<String, Value>>>>);

    impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Seen {
        fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
            let mut fields = Fields(Map::new());
            event.record(&mut fields);
            self.0.lock().unwrap().push(fields.0);
        }
    }

    #[test]
    fn secrets_are_redacted_by_the_name_of_their_field() {
        let seen = Seen::default();
        tracing::subscriber::with_default(
            tracing_subscriber::registry().with(seen.clone()),
            || {
                tracing::info!(user = "ada", password = "hunter2", api_token = 7, set_cookie = ?"hunter2", "signed in");
            },
        );
        let seen = seen.0.lock().unwrap();
        let printed = Value::Object(seen[0].clone()).to_string();
        assert!(
            !printed.contains("hunter2") && !printed.contains('7'),
            "{printed}"
        );
        assert_eq!(seen[0]["user"], "ada");
    }

    fn line(fields: Value) -> Line {
        let Value::Object(fields) = fields else {
            unreachable!()
        };
        Line {
            level: Level::INFO,
            target: "t".to_owned(),
            fields,
            trace: None,
        }
    }

    #[test]
    fn input_cannot_forge_a_line() {
        let console = Console::new(Mode::Dev);
        let text = console.render(line(
            serde_json::json!({"message": "a\nb", "path": "\u{1b}[31m\r\nINFO forged"}),
        ));
        assert_eq!(text.matches('\n').count(), 1, "{text:?}");
        assert!(!text.contains('\u{1b}'), "{text:?}");
    }

    #[test]
    fn json_lines_keep_their_own_fields() {
        let console = Console::new(Mode::Production);
        let text = console.render(line(
            serde_json::json!({"message": "m", "level": "forged", "status": 200}),
        ));
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["level"], "info");
        assert_eq!(value["status"], 200);
    }
}
