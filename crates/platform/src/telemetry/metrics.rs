//! Metrics: a meter per app, and what somebody has counted without one, all of it read and exported by one task.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_client::MetricsServiceClient;
use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::metrics::v1::{Metric, ResourceMetrics as Sent, ScopeMetrics};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{
    InstrumentKind, ManualReader, Pipeline, SdkMeterProvider, Temporality,
};

use super::otlp::Collector;

/// How often metrics are sent.
const INTERVAL: Duration = Duration::from_secs(30);
/// Name of the instrumentation, the same for every app.
const INSTRUMENTATION: &str = "cloud.platform";

/// Yields what somebody has counted until now, in the form in which it is sent.
pub type Source = Arc<dyn Fn() -> Vec<Metric> + Send + Sync>;

/// The meters of a process.
pub(super) struct Meters {
    collector: Collector,
    exporter: opentelemetry_otlp::MetricExporter,
    apps: Mutex<Vec<(SdkMeterProvider, SharedReader)>>,
    sources: Mutex<Vec<(Resource, Source)>>,
    /// The collector has no service for metrics; it is not asked again.
    refused: AtomicBool,
}

impl Meters {
    pub(super) fn new(collector: Collector) -> Option<Self> {
        let exporter = collector.metric_exporter()?;
        Some(Self {
            collector,
            exporter,
            apps: Mutex::default(),
            sources: Mutex::default(),
            refused: AtomicBool::new(false),
        })
    }

    /// A meter whose measurements are sent under the name that `resource` holds.
    pub(super) fn meter(&self, resource: Resource) -> Meter {
        let reader = SharedReader::default();
        let provider = SdkMeterProvider::builder()
            .with_resource(resource)
            .with_reader(reader.clone())
            .build();
        let meter = provider.meter(INSTRUMENTATION);
        self.apps
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((provider, reader));
        meter
    }

    /// Sends what `source` yields under the name that `resource` holds.
    pub(super) fn add_source(&self, resource: Resource, source: Source) {
        self.sources
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((resource, source));
    }

    /// Sends everything measured, again and again, for as long as it is polled.
    pub(super) async fn run(&self) {
        let mut tick = tokio::time::interval(INTERVAL);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            self.export().await;
        }
    }

    /// Sends everything measured until now.
    pub(super) async fn export(&self) {
        let readers: Vec<SharedReader> = {
            let apps = self.apps.lock().unwrap_or_else(PoisonError::into_inner);
            apps.iter().map(|(_, reader)| reader.clone()).collect()
        };
        for reader in readers {
            let mut measured = ResourceMetrics::default();
            if reader.collect(&mut measured).is_ok() && measured.scope_metrics().next().is_some() {
                let sent = async { self.exporter.export(&measured).await };
                self.send(sent).await;
            }
        }
        let sources = {
            let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
            sources.clone()
        };
        for (resource, source) in sources {
            let metrics = source();
            if !metrics.is_empty() {
                self.send(self.export_counted(&resource, metrics)).await;
            }
        }
    }

    async fn export_counted(&self, resource: &Resource, metrics: Vec<Metric>) -> OTelSdkResult {
        let sent = Sent {
            resource: Some(resource.into()),
            scope_metrics: vec![ScopeMetrics {
                scope: Some(InstrumentationScope {
                    name: INSTRUMENTATION.to_owned(),
                    ..InstrumentationScope::default()
                }),
                metrics,
                ..ScopeMetrics::default()
            }],
            ..Sent::default()
        };
        let request = ExportMetricsServiceRequest {
            resource_metrics: vec![sent],
        };
        let mut client = MetricsServiceClient::new(self.collector.channel());
        match client.export(request).await {
            Ok(_) => Ok(()),
            Err(status) => Err(OTelSdkError::InternalFailure(format!(
                "gRPC code: {:?}",
                status.code()
            ))),
        }
    }

    /// Waits until something was sent, and notes whether it arrived: it is sent again in any case.
    async fn send(&self, sent: impl Future<Output = OTelSdkResult>) {
        if self.refused.load(Ordering::Relaxed) {
            return;
        }
        let sent = sent.await;
        if sent.as_ref().is_err_and(is_unimplemented) {
            tracing::info!("the collector takes no metrics; none are sent");
            self.refused.store(true, Ordering::Relaxed);
            return;
        }
        let _observed = self.collector.observe(sent);
    }
}

/// Whether the collector has no service for metrics, as one for logs and traces alone. The exporter
/// tells the code by name only.
fn is_unimplemented(error: &OTelSdkError) -> bool {
    error.to_string().contains("gRPC code: Unimplemented")
}

impl fmt::Debug for Meters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Meters")
    }
}

/// A reader that its provider and the exporting task share.
#[derive(Clone, Debug, Default)]
struct SharedReader(Arc<ManualReader>);

impl MetricReader for SharedReader {
    fn register_pipeline(&self, pipeline: Weak<Pipeline>) {
        self.0.register_pipeline(pipeline);
    }

    fn collect(&self, measured: &mut ResourceMetrics) -> OTelSdkResult {
        self.0.collect(measured)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn temporality(&self, kind: InstrumentKind) -> Temporality {
        self.0.temporality(kind)
    }
}
