//! Metrics: a meter per app, all of them read and exported by one task.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use opentelemetry::metrics::{Meter, MeterProvider};
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

/// The meters of a process.
pub(super) struct Meters {
    collector: Collector,
    exporter: opentelemetry_otlp::MetricExporter,
    apps: Mutex<Vec<(SdkMeterProvider, SharedReader)>>,
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
            if self.refused.load(Ordering::Relaxed) {
                return;
            }
            let mut measured = ResourceMetrics::default();
            if reader.collect(&mut measured).is_err() || measured.scope_metrics().next().is_none() {
                continue;
            }
            let sent = self.exporter.export(&measured).await;
            if sent.as_ref().is_err_and(is_unimplemented) {
                tracing::info!("the collector takes no metrics; none are sent");
                self.refused.store(true, Ordering::Relaxed);
                return;
            }
            // Whether it arrived has been noted; metrics are sent again in any case.
            let _observed = self.collector.observe(sent);
        }
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
