//! Export over OTLP to a real receiver: under the right names, and without harm when it is away.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::collector::logs::v1::logs_service_server::{
    LogsService, LogsServiceServer,
};
use opentelemetry_proto::tonic::collector::logs::v1::{
    ExportLogsServiceRequest, ExportLogsServiceResponse,
};
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use rustix::process::Signal;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

use crate::process::{Specimen, enough};

/// What arrived: the name of the sender, and what it sent.
#[derive(Clone, Default)]
struct Received(Arc<Mutex<Vec<(String, Record)>>>);

#[derive(Debug, Clone, PartialEq)]
enum Record {
    Span {
        name: String,
        trace: String,
        parent: String,
        attributes: Vec<String>,
    },
    Log(String),
    Metric(String),
}

impl Received {
    fn keep(&self, resource: Option<&Resource>, records: impl Iterator<Item = Record>) {
        let sender = resource.and_then(|resource| text(&resource.attributes, "service.name"));
        let sender = sender.unwrap_or_default();
        self.0
            .lock()
            .unwrap()
            .extend(records.map(|record| (sender.clone(), record)));
    }

    fn of(&self, sender: &str) -> Vec<Record> {
        let all = self.0.lock().unwrap();
        all.iter()
            .filter(|(from, _)| from == sender)
            .map(|(_, record)| record.clone())
            .collect()
    }

    fn senders(&self) -> Vec<String> {
        let mut senders: Vec<_> = self
            .0
            .lock()
            .unwrap()
            .iter()
            .map(|(from, _)| from.clone())
            .collect();
        senders.sort_unstable();
        senders.dedup();
        senders
    }
}

fn text(attributes: &[KeyValue], key: &str) -> Option<String> {
    let found = attributes.iter().find(|attribute| attribute.key == key)?;
    string(found.value.as_ref()?)
}

fn string(value: &AnyValue) -> Option<String> {
    match value.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

#[tonic::async_trait]
impl TraceService for Received {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        for batch in request.into_inner().resource_spans {
            let spans = batch.scope_spans.into_iter().flat_map(|scope| scope.spans);
            let records = spans.map(|span| Record::Span {
                name: span.name,
                trace: hex(&span.trace_id),
                parent: hex(&span.parent_span_id),
                attributes: span
                    .attributes
                    .into_iter()
                    .map(|attribute| attribute.key)
                    .collect(),
            });
            self.keep(batch.resource.as_ref(), records);
        }
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl LogsService for Received {
    async fn export(
        &self,
        request: Request<ExportLogsServiceRequest>,
    ) -> Result<Response<ExportLogsServiceResponse>, Status> {
        for batch in request.into_inner().resource_logs {
            let logs = batch
                .scope_logs
                .into_iter()
                .flat_map(|scope| scope.log_records);
            let records =
                logs.map(|log| Record::Log(log.body.as_ref().and_then(string).unwrap_or_default()));
            self.keep(batch.resource.as_ref(), records);
        }
        Ok(Response::new(ExportLogsServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl MetricsService for Received {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        for batch in request.into_inner().resource_metrics {
            let metrics = batch
                .scope_metrics
                .into_iter()
                .flat_map(|scope| scope.metrics);
            self.keep(
                batch.resource.as_ref(),
                metrics.map(|metric| Record::Metric(metric.name)),
            );
        }
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}

async fn receiver() -> (Received, SocketAddr) {
    let received = Received::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tonic::transport::Server::builder()
        .add_service(TraceServiceServer::new(received.clone()))
        .add_service(LogsServiceServer::new(received.clone()))
        .add_service(MetricsServiceServer::new(received.clone()))
        .serve_with_incoming(TcpListenerStream::new(listener));
    tokio::spawn(server);
    (received, address)
}

fn exporting(redis: &str, receiver: SocketAddr) -> Vec<(&'static str, String)> {
    let mut variables = enough(redis);
    variables.push(("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{receiver}")));
    // The libraries below the exporter at their loudest: none of it may be exported.
    variables.push((
        "LOG_LEVEL",
        "debug,h2=trace,hyper=trace,tower=trace,tonic=trace".to_owned(),
    ));
    variables
}

#[tokio::test]
async fn two_apps_of_one_process_arrive_under_their_own_names() {
    let redis = testkit::redis().await;
    let (received, address) = receiver().await;
    let mut variables = exporting(&redis.url, address);
    variables.push(("SPECIMEN_SECOND", "yes".to_owned()));
    let mut specimen = Specimen::start(&variables);
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    for app in ["specimen", "second"] {
        let url = specimen.ready_as(app).await;
        let request = reqwest::Client::new().get(format!("{url}/app/{app}"));
        let response = request.header("traceparent", parent).send().await.unwrap();
        assert_eq!(response.status(), 200);
    }
    specimen.signal(Signal::TERM);
    assert_eq!(specimen.ended().await, 0);

    // Nothing is awaited here: telemetry leaves before the process does.
    for app in ["specimen", "second"] {
        let records = received.of(app);
        let has_log = |message: &str| records.contains(&Record::Log(message.to_owned()));
        assert!(
            has_log("app is ready") && has_log("app has stopped"),
            "{app}: {records:#?}"
        );
        assert!(has_log("ran an errand"), "{app}: {records:#?}");
        assert!(records.contains(&Record::Metric("http.server.request.duration".to_owned())));
        let span = format!("GET /app/{app}");
        let spans: Vec<_> = records
            .iter()
            .filter_map(|record| match record {
                Record::Span {
                    name,
                    trace,
                    parent,
                    attributes,
                } if *name == span => Some((trace.as_str(), parent.as_str(), attributes)),
                _ => None,
            })
            .collect();
        let [(trace, parent, attributes)] = spans[..] else {
            panic!("one span of that name from {app}, not {spans:?}")
        };
        assert_eq!(
            (trace, parent),
            ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
        );
        assert!(
            !attributes.contains(&"cloud.app".to_owned()),
            "{attributes:?}"
        );
        // A record with a field that promises a secret does not leave the process.
        assert!(!has_log("greeted"), "{records:#?}");
    }
    assert_eq!(received.senders(), ["cloud", "second", "specimen"]);
    let own = received.of("cloud");
    let spans: Vec<_> = own
        .iter()
        .filter(|record| matches!(record, Record::Span { .. }))
        .collect();
    assert!(
        spans.is_empty(),
        "the exporter's own spans were exported: {spans:#?}"
    );
}

#[tokio::test]
async fn a_collector_that_is_away_costs_nothing_but_telemetry() {
    let redis = testkit::redis().await;
    let away: SocketAddr = "127.0.0.1:1".parse().unwrap();
    let mut specimen = Specimen::start(&exporting(&redis.url, away));
    let url = specimen.ready().await;
    for _ in 0..50 {
        assert_eq!(
            reqwest::get(format!("{url}/app/specimen"))
                .await
                .unwrap()
                .status(),
            200
        );
    }
    specimen.signal(Signal::TERM);
    assert_eq!(specimen.ended().await, 0);
    let told = specimen.all("telemetry is dropped: the collector does not take it");
    assert_eq!(told.len(), 1, "{told:?}");
}
