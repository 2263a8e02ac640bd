//! A sender that speaks OTLP.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::logs::v1::logs_service_client::LogsServiceClient;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use testkit::TestApp;
use tonic::Status;

/// Trace id of everything sent here.
pub(crate) const TRACE: &str = "0102030405060708090a0b0c0d0e0f10";

fn text(text: &str) -> AnyValue {
    AnyValue {
        value: Some(Value::StringValue(text.to_owned())),
    }
}

fn attribute(key: &str, value: &str) -> KeyValue {
    KeyValue {
        key: key.to_owned(),
        value: Some(text(value)),
        ..KeyValue::default()
    }
}

fn resource(service: &str) -> Resource {
    Resource {
        attributes: vec![attribute("service.name", service)],
        ..Resource::default()
    }
}

fn trace_id() -> Vec<u8> {
    (1..=16).collect()
}

/// One log record at this moment.
pub(crate) fn record(app: &TestApp, severity: i32, body: &str) -> LogRecord {
    let now = app.world.clock.now().as_nanosecond();
    LogRecord {
        time_unix_nano: u64::try_from(now).unwrap(),
        severity_number: severity,
        body: Some(text(body)),
        attributes: vec![attribute("module", "it")],
        trace_id: trace_id(),
        span_id: vec![1; 8],
        ..LogRecord::default()
    }
}

/// Sends records of a service.
pub(crate) async fn send(
    app: &TestApp,
    service: &str,
    log_records: Vec<LogRecord>,
) -> Result<(), Status> {
    let scope_logs = vec![ScopeLogs {
        log_records,
        ..ScopeLogs::default()
    }];
    let resource_logs = vec![ResourceLogs {
        resource: Some(resource(service)),
        scope_logs,
        ..ResourceLogs::default()
    }];
    let mut client = LogsServiceClient::connect(app.grpc()).await.unwrap();
    client
        .export(ExportLogsServiceRequest { resource_logs })
        .await
        .map(|_| ())
}

/// Sends a trace of two spans: a request of 20 ms and a query of 5 ms within.
pub(crate) async fn send_trace(app: &TestApp, service: &str) {
    let start = u64::try_from(app.world.clock.now().as_nanosecond()).unwrap();
    let span = |id: u8, parent: Vec<u8>, name: &str, milliseconds: u64| Span {
        trace_id: trace_id(),
        span_id: vec![id; 8],
        parent_span_id: parent,
        name: name.to_owned(),
        start_time_unix_nano: start,
        end_time_unix_nano: start + milliseconds * 1_000_000,
        ..Span::default()
    };
    let spans = vec![
        span(1, vec![], "GET /app/x", 20),
        span(2, vec![1; 8], "SELECT people", 5),
    ];
    let scope_spans = vec![ScopeSpans {
        spans,
        ..ScopeSpans::default()
    }];
    let resource_spans = vec![ResourceSpans {
        resource: Some(resource(service)),
        scope_spans,
        ..ResourceSpans::default()
    }];
    let mut client = TraceServiceClient::connect(app.grpc()).await.unwrap();
    client
        .export(ExportTraceServiceRequest { resource_spans })
        .await
        .unwrap();
}
