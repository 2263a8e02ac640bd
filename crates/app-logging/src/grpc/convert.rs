//! From the wire to records. Bounded: whatever is longer than is kept is cut.

use jiff::Timestamp;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as AnyValue;
use opentelemetry_proto::tonic::common::v1::{AnyValue as Any, KeyValue};
use opentelemetry_proto::tonic::logs::v1::LogRecord as WireRecord;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::Span as WireSpan;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use serde_json::{Map, Value, json};

use crate::domain::day::plausible;
use crate::domain::record::{LogRecord, MOST_ATTRIBUTES, MOST_BODY, Span, cut};

/// Deepest nesting of an attribute that is kept.
const MOST_DEPTH: u8 = 8;

/// The log records of a request.
pub(super) fn logs(request: ExportLogsServiceRequest, now: Timestamp) -> Vec<LogRecord> {
    let mut records = Vec::new();
    for resource in request.resource_logs {
        let service = service_name(resource.resource.as_ref());
        for scope in resource.scope_logs {
            let name = scope.scope.map(|scope| scope.name).unwrap_or_default();
            records.extend(
                scope
                    .log_records
                    .into_iter()
                    .map(|record| log(record, &service, &name, now)),
            );
        }
    }
    records
}

fn log(record: WireRecord, service: &str, scope: &str, now: Timestamp) -> LogRecord {
    let nanoseconds = if record.time_unix_nano == 0 {
        record.observed_time_unix_nano
    } else {
        record.time_unix_nano
    };
    let body = match record.body.and_then(|body| body.value) {
        None => String::new(),
        Some(AnyValue::StringValue(text)) => text,
        Some(other) => value(other, 0).to_string(),
    };
    LogRecord {
        at: plausible(timestamp(nanoseconds, now), now),
        service: service.to_owned(),
        severity: i16::try_from(record.severity_number.clamp(1, 24)).unwrap_or(9),
        scope: clean(scope.to_owned(), 256),
        body: clean(body, MOST_BODY),
        trace_id: hex(&record.trace_id),
        span_id: hex(&record.span_id),
        attributes: attributes(record.attributes),
    }
}

/// The spans of a request.
pub(super) fn spans(request: ExportTraceServiceRequest, now: Timestamp) -> Vec<Span> {
    let mut spans = Vec::new();
    for resource in request.resource_spans {
        let service = service_name(resource.resource.as_ref());
        for scope in resource.scope_spans {
            spans.extend(
                scope
                    .spans
                    .into_iter()
                    .map(|each| span(each, &service, now)),
            );
        }
    }
    spans
}

fn span(span: WireSpan, service: &str, now: Timestamp) -> Span {
    let duration = span
        .end_time_unix_nano
        .saturating_sub(span.start_time_unix_nano)
        / 1_000;
    let kind = match span.kind() {
        SpanKind::Server => "server",
        SpanKind::Client => "client",
        SpanKind::Producer => "producer",
        SpanKind::Consumer => "consumer",
        SpanKind::Internal | SpanKind::Unspecified => "internal",
    };
    let failed = span
        .status
        .as_ref()
        .is_some_and(|status| status.code() == StatusCode::Error);
    Span {
        started_at: plausible(timestamp(span.start_time_unix_nano, now), now),
        duration_us: i64::try_from(duration).unwrap_or(i64::MAX),
        service: service.to_owned(),
        name: clean(span.name, 256),
        kind: kind.to_owned(),
        failed,
        trace_id: hex(&span.trace_id),
        span_id: hex(&span.span_id),
        parent_span_id: hex(&span.parent_span_id),
        attributes: attributes(span.attributes),
    }
}

fn service_name(resource: Option<&Resource>) -> String {
    let attributes = resource
        .map(|resource| resource.attributes.as_slice())
        .unwrap_or_default();
    let name = attributes
        .iter()
        .find(|attribute| attribute.key == "service.name");
    match name.and_then(|name| name.value.as_ref()?.value.as_ref()) {
        Some(AnyValue::StringValue(name)) if !name.is_empty() => clean(name.clone(), 64),
        _ => "unknown".to_owned(),
    }
}

fn timestamp(nanoseconds: u64, now: Timestamp) -> Timestamp {
    Timestamp::from_nanosecond(i128::from(nanoseconds)).unwrap_or(now)
}

/// PostgreSQL's text cannot hold NUL.
fn clean(text: String, most: usize) -> String {
    let text = if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    };
    cut(text, most)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    if bytes.len() > 16 || bytes.iter().all(|byte| *byte == 0) {
        return String::new();
    }
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a string cannot fail.
            let _written = write!(text, "{byte:02x}");
            text
        })
}

fn attributes(pairs: Vec<KeyValue>) -> Value {
    let attributes = Value::Object(object(pairs, 0));
    let size = attributes.to_string().len();
    if size > MOST_ATTRIBUTES {
        json!({ "cloud.dropped_attribute_bytes": size })
    } else {
        attributes
    }
}

fn object(pairs: Vec<KeyValue>, depth: u8) -> Map<String, Value> {
    pairs
        .into_iter()
        .map(|pair| (clean(pair.key, 256), any(pair.value, depth)))
        .collect()
}

fn any(any: Option<Any>, depth: u8) -> Value {
    any.and_then(|any| any.value)
        .map_or(Value::Null, |inner| value(inner, depth))
}

fn value(value: AnyValue, depth: u8) -> Value {
    match value {
        _ if depth > MOST_DEPTH => Value::Null,
        AnyValue::StringValue(text) => Value::String(clean(text, MOST_BODY)),
        AnyValue::BoolValue(flag) => Value::Bool(flag),
        AnyValue::IntValue(number) => json!(number),
        AnyValue::DoubleValue(number) => json!(number),
        AnyValue::BytesValue(bytes) => json!({ "bytes": bytes.len() }),
        AnyValue::ArrayValue(list) => Value::Array(
            list.values
                .into_iter()
                .map(|each| any(Some(each), depth + 1))
                .collect(),
        ),
        AnyValue::KvlistValue(list) => Value::Object(object(list.values, depth + 1)),
        // A reference into a table that logs and traces do not carry.
        AnyValue::StringValueStrindex(_) => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::{clean, hex};

    #[test]
    fn ids_are_hexadecimal_or_empty() {
        assert_eq!(hex(&[0xab, 0x01]), "ab01");
        assert_eq!(hex(&[0; 16]), "");
        assert_eq!(hex(&[1; 17]), "");
    }

    #[test]
    fn texts_fit_into_the_database() {
        assert_eq!(clean("a\0b".to_owned(), 10), "a\u{fffd}b");
        assert_eq!(clean("abc".to_owned(), 2), "ab…");
    }
}
