//! What a gateway has counted arrives at a real collector of the OpenTelemetry protocol.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::Stdio;
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
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{AggregationTemporality, HistogramDataPoint, Metric};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio_stream::wrappers::TcpListenerStream;
use tokio_util::task::TaskTracker;
use tonic::{Request, Response, Status};

use crate::given::{Platform, client};

/// What arrived.
#[derive(Clone, Default)]
struct Received {
    /// The metrics that arrived last, by sender and name.
    metrics: Arc<Mutex<BTreeMap<(String, String), Metric>>>,
    /// Routes with their requests, from all events about traffic.
    traffic: Arc<Mutex<BTreeMap<Option<String>, u64>>>,
}

#[tonic::async_trait]
impl LogsService for Received {
    async fn export(
        &self,
        request: Request<ExportLogsServiceRequest>,
    ) -> Result<Response<ExportLogsServiceResponse>, Status> {
        let batches = request.into_inner().resource_logs.into_iter();
        let scopes = batches.flat_map(|batch| batch.scope_logs);
        for record in scopes.flat_map(|scope| scope.log_records) {
            let Some(routes) = text(&record.attributes, "routes") else {
                continue;
            };
            let routes: Vec<serde_json::Value> = serde_json::from_str(&routes).unwrap();
            for row in routes {
                assert!(row["p50_ms"].as_f64() <= row["p99_ms"].as_f64(), "{row}");
                let route = row["route"].as_str().map(str::to_owned);
                let mut traffic = self.traffic.lock().unwrap();
                *traffic.entry(route).or_default() += row["requests"].as_u64().unwrap();
            }
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
            let resource = batch.resource.unwrap_or_default();
            let sender = text(&resource.attributes, "service.name").unwrap_or_default();
            assert!(text(&resource.attributes, "service.instance.id").is_some());
            for metric in batch
                .scope_metrics
                .into_iter()
                .flat_map(|scope| scope.metrics)
            {
                let key = (sender.clone(), metric.name.clone());
                self.metrics.lock().unwrap().insert(key, metric);
            }
        }
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}

impl Received {
    async fn listen() -> (Self, SocketAddr) {
        let received = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tonic::transport::Server::builder()
            .add_service(MetricsServiceServer::new(received.clone()))
            .add_service(LogsServiceServer::new(received.clone()))
            .serve_with_incoming(TcpListenerStream::new(listener));
        TaskTracker::new().spawn(server);
        (received, address)
    }

    fn metric(&self, name: &str) -> Metric {
        let all = self.metrics.lock().unwrap();
        let found = all.get(&("gateway".to_owned(), name.to_owned()));
        found
            .unwrap_or_else(|| panic!("{name} among {:?}", all.keys()))
            .clone()
    }

    /// What was measured of the requests with these attributes.
    fn durations(&self, wanted: &[(&str, &str)]) -> Option<HistogramDataPoint> {
        let metric = self.metric("http.server.request.duration");
        assert_eq!(metric.unit, "s");
        let Some(Data::Histogram(histogram)) = metric.data else {
            panic!("a histogram, not {:?}", metric.data)
        };
        let cumulative = i32::from(AggregationTemporality::Cumulative);
        assert_eq!(histogram.aggregation_temporality, cumulative);
        histogram.data_points.into_iter().find(|point| {
            wanted
                .iter()
                .all(|(key, value)| text(&point.attributes, key).as_deref() == Some(*value))
        })
    }
}

fn text(attributes: &[KeyValue], key: &str) -> Option<String> {
    let found = attributes.iter().find(|attribute| attribute.key == key)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        _ => None,
    }
}

/// A gateway in a process of its own that sends its metrics to a collector.
async fn gateway(platform: &Platform, collector: SocketAddr) -> (Child, SocketAddr) {
    let address = {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
        free.local_addr().unwrap()
    };
    let child = Command::new(env!("CARGO_BIN_EXE_gateway"))
        .env_clear()
        .envs([
            ("APP_SECRET", testkit::SECRET),
            ("CLOUD_ENV", "dev"),
            ("REDIS_URL", &platform.redis.url),
        ])
        .env("PORT", address.port().to_string())
        .env("GATEWAY_STATE_DIR", platform.state.path())
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{collector}"))
        .kill_on_drop(true)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    testkit::eventually("the gateway serves", async || {
        let asked = client()
            .get(format!("http://{address}/app/hello/first"))
            .send()
            .await;
        asked.is_ok_and(|answer| answer.status() == 200)
    })
    .await;
    (child, address)
}

#[tokio::test]
async fn a_collector_is_told_of_every_route_by_its_template() {
    let platform = Platform::new().await;
    let app = platform.app("hello").await;
    let (received, collector) = Received::listen().await;
    let (mut child, address) = gateway(&platform, collector).await;
    let client = client();
    let get = async |path: &str, template: &str| {
        let request = client.get(format!("http://{address}{path}"));
        let answer = request.header("x-report", template).send().await.unwrap();
        assert!(!answer.headers().contains_key("cloud-route"), "{answer:?}");
        answer.status()
    };
    for item in 0..20 {
        let path = format!("/app/hello/items/{item}");
        assert_eq!(get(&path, "/app/hello/items/{id}").await, 200);
    }
    // What an app says of another's paths counts for nothing.
    assert_eq!(get("/app/hello/a", "/app/other/{id}").await, 200);
    assert_eq!(get("/nowhere", "").await, 404);
    let posted = client
        .post(format!("http://{address}/app/hello/held"))
        .send();
    let posted = async { posted.await.unwrap().status() };
    let release = async {
        testkit::eventually("the request is there", async || app.requests() >= 22).await;
        app.shared.release.notify_one();
    };
    assert_eq!(tokio::join!(posted, release).0, 200);

    // It sends what is left before it ends.
    let id = child.id().unwrap().to_string();
    let told = Command::new("kill").args(["-TERM", &id]).status().await;
    assert!(told.unwrap().success());
    assert!(child.wait().await.unwrap().success());

    let items = [
        ("http.route", "/app/hello/items/{id}"),
        ("http.request.method", "GET"),
        ("http.response.status_class", "2xx"),
    ];
    let point = received.durations(&items).unwrap();
    assert_eq!(point.count, 20);
    assert_eq!(point.bucket_counts.iter().sum::<u64>(), 20);
    assert_eq!(point.bucket_counts.len(), point.explicit_bounds.len() + 1);
    assert!(point.explicit_bounds.is_sorted() && point.explicit_bounds[0] < 0.001);
    let sum = point.sum.unwrap();
    assert!(sum > 0.0 && sum < 3600.0, "in seconds: {sum}");
    assert!(point.start_time_unix_nano > 0 && point.time_unix_nano >= point.start_time_unix_nano);

    let at_prefix = [
        ("http.route", "/app/hello"),
        ("http.request.method", "POST"),
    ];
    assert_eq!(received.durations(&at_prefix).unwrap().count, 1);
    assert_eq!(
        received.durations(&[("http.route", "/app/other/{id}")]),
        None
    );
    let nowhere = received
        .durations(&[("http.response.status_class", "4xx")])
        .unwrap();
    assert_eq!(text(&nowhere.attributes, "http.route"), None);

    for (name, unit) in [
        ("gateway.response.body.io", "By"),
        ("gateway.connections", "{connection}"),
        ("gateway.connections.refused", "{connection}"),
        ("gateway.requests.unlogged", "{request}"),
        ("gateway.instance.active_requests", "{request}"),
        ("gateway.instance.well", "1"),
        ("process.cpu.time", "s"),
        ("process.memory.usage", "By"),
        ("process.thread.count", "{thread}"),
        ("process.unix.file_descriptor.count", "{file_descriptor}"),
    ] {
        assert_eq!(received.metric(name).unit, unit, "{name}");
    }

    // And what went through in each interval, in events that name the routes.
    let traffic = received.traffic.lock().unwrap();
    let requests = |route: &str| traffic.get(&Some(route.to_owned())).copied();
    assert_eq!(requests("/app/hello/items/{id}"), Some(20));
    assert!(traffic.contains_key(&None) && requests("/app/other/{id}").is_none());
}
