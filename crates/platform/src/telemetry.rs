//! Logs, traces and metrics of a process: on the console always, over OTLP when a collector is
//! configured.
//!
//! Owns the global subscriber, the redaction of fields and the naming of apps that share a
//! process. Never blocks work for telemetry's sake: what cannot be delivered is dropped.

mod console;
mod metrics;
mod otlp;
mod process;
mod propagation;
mod redact;
mod scope;

use std::backtrace::{Backtrace, BacktraceStatus};
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry::trace::TracerProvider;
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use registry::{AppId, InstanceId};
use tracing::Metadata;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

pub use self::metrics::Source;
pub(crate) use self::propagation::context_of;
pub use self::propagation::{continue_trace, inject, trace_id};
pub use self::scope::{Scope, suppressed};

use self::console::Console;
use self::metrics::Meters;
use self::otlp::{Collector, LogsByApp, SpansByApp, Tagger};
use crate::config::CoreConfig;
use crate::lifecycle::Lifecycle;

/// Libraries whose chatter helps nobody (a lost Redis is told by those who notice its absence); `LOG_LEVEL` may still name them to hear it. The SDK's own
/// complaints about a missing collector are replaced by one warning of ours.
const QUIET: &str = "h2=warn,hyper=warn,hyper_util=warn,tonic=warn,tower=warn,fred=error,rustls=warn,\
    tokio_postgres=warn,refinery_core=warn,opentelemetry=off,opentelemetry_sdk=off,opentelemetry-otlp=off,\
    opentelemetry_otlp=off";

/// Crates below the exporter: what they trace must not be exported, or exports would beget exports.
const BELOW_EXPORTER: [&str; 6] = [
    "h2",
    "hyper",
    "hyper_util",
    "tonic",
    "tower",
    "opentelemetry",
];

/// Everything must have left within this time when the process ends.
const FLUSH_LIMIT: Duration = Duration::from_secs(3);

/// The telemetry of a process. Cheap to clone. The default one exports nothing.
#[derive(Clone, Debug, Default)]
pub struct Telemetry {
    export: Option<Arc<Export>>,
}

/// What exists only when a collector is configured.
#[derive(Debug)]
struct Export {
    collector: Collector,
    traces: SdkTracerProvider,
    logs: SdkLoggerProvider,
    meters: Meters,
}

impl Telemetry {
    /// Starts telemetry for a process that is called `service` where no app is concerned. Only the
    /// first start in a process decides where logs go. Needs a tokio runtime.
    pub fn start(service: &str, config: &CoreConfig) -> Self {
        let export = config
            .otlp_endpoint
            .as_ref()
            .map(|endpoint| Export::new(endpoint, of_process(service)))
            .transpose();
        let (export, problem) = match export {
            Ok(export) => (export.map(Arc::new), None),
            Err(problem) => (None, Some(problem)),
        };
        let telemetry = Self { export };
        telemetry.install(config);
        // Only now is there anywhere to log it.
        if let Some(problem) = problem {
            tracing::error!(error = problem, "telemetry is not exported");
        }
        telemetry
    }

    fn install(&self, config: &CoreConfig) {
        let filter = EnvFilter::builder()
            .parse(format!("{QUIET},{}", config.log_filter))
            .unwrap_or_else(|_| EnvFilter::new("info"));
        // Other crates write and read trace contexts through the global propagator.
        opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
        let traces = self.export.as_ref().map(|export| {
            tracing_opentelemetry::layer()
                .with_tracer(export.traces.tracer("cloud.platform"))
                .with_threads(false)
                .with_location(false)
                .with_tracked_inactivity(false)
                .with_filter(filter_fn(may_leave))
        });
        let logs = self.export.as_ref().map(|export| {
            OpenTelemetryTracingBridge::new(&export.logs).with_filter(filter_fn(may_leave))
        });
        let installed = tracing_subscriber::registry()
            .with(filter)
            .with(traces)
            .with(logs)
            .with(Console::new(config.env))
            .try_init()
            .is_ok();
        if installed {
            log_panics();
            if self.export.is_some() {
                propagation::set_recording();
            }
        }
    }

    /// Makes an app known by name, and gives it a meter.
    pub fn add_app(&self, app: &AppId, version: &str, instance: &InstanceId) -> Meter {
        let Some(export) = &self.export else {
            // Without a reader nothing is kept: measuring costs next to nothing.
            return SdkMeterProvider::default().meter("cloud.platform");
        };
        let resource = resource(app.as_str(), version, instance);
        export
            .collector
            .add(Arc::from(app.as_str()), resource.clone());
        export.meters.meter(resource)
    }

    /// Makes something known by name that counts without a meter: what `source` yields is sent with the metrics of the
    /// others, where they are sent at all.
    pub fn add_source(&self, app: &AppId, version: &str, instance: &InstanceId, source: Source) {
        let Some(export) = &self.export else {
            return;
        };
        let resource = resource(app.as_str(), version, instance);
        export
            .collector
            .add(Arc::from(app.as_str()), resource.clone());
        export.meters.add_source(resource, source);
    }

    /// Starts the task that sends metrics. A [`Host`](crate::Host) does so by itself.
    pub fn send_metrics(&self, lifecycle: &Lifecycle) {
        if let Some(export) = self.export.clone() {
            let stop = lifecycle.hard().clone();
            lifecycle.spawn(
                "metrics export",
                suppressed(async move {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = export.meters.run() => {}
                    }
                }),
            );
        }
    }

    /// Sends what is left and ends; the last thing a process does.
    pub async fn shutdown(&self) {
        let Some(export) = self.export.clone() else {
            return;
        };
        let flush = async {
            suppressed(export.meters.export()).await;
            // Shutting down waits for threads of the SDK.
            let providers = Arc::clone(&export);
            let ended = tokio::task::spawn_blocking(move || {
                let logs = providers.logs.shutdown_with_timeout(FLUSH_LIMIT);
                let traces = providers.traces.shutdown_with_timeout(FLUSH_LIMIT);
                logs.and(traces)
            });
            ended.await
        };
        // What has not left by now is lost, and there is nobody left to be told.
        let _flushed = tokio::time::timeout(FLUSH_LIMIT, flush).await;
    }
}

impl Export {
    fn new(endpoint: &url::Url, process: Resource) -> Result<Self, String> {
        let collector =
            Collector::new(endpoint, process.clone()).map_err(|error| error.to_string())?;
        let meters = Meters::new(collector.clone()).ok_or("the exporter cannot be built")?;
        process::measure(&meters.meter(process.clone()));
        let traces = SdkTracerProvider::builder()
            .with_resource(process.clone())
            .with_span_processor(Tagger)
            .with_batch_exporter(SpansByApp::new(collector.clone()))
            .build();
        let logs = SdkLoggerProvider::builder()
            .with_resource(process)
            .with_log_processor(Tagger)
            .with_batch_exporter(LogsByApp::new(collector.clone()))
            .build();
        Ok(Self {
            collector,
            traces,
            logs,
            meters,
        })
    }
}

/// Whether an event or span may be exported.
fn may_leave(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    let krate = target.split("::").next().unwrap_or(target);
    let below = BELOW_EXPORTER.contains(&krate) || krate.starts_with("opentelemetry");
    !below && !redact::carries_secret(metadata)
}

fn resource(service: &str, version: &str, instance: &InstanceId) -> Resource {
    Resource::builder()
        .with_service_name(service.to_owned())
        .with_attributes([
            KeyValue::new("service.namespace", "cloud"),
            KeyValue::new("service.version", version.to_owned()),
            KeyValue::new("service.instance.id", instance.to_string()),
        ])
        .build()
}

/// The process itself, told from others of the same name by a number of its own.
fn of_process(service: &str) -> Resource {
    let version = env!("CARGO_PKG_VERSION");
    resource(service, version, &InstanceId::random())
}

/// Panics become log lines like everything else, with their place.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or("no message");
        let location = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        // Taken when RUST_BACKTRACE asks for it.
        let backtrace = Backtrace::capture();
        if backtrace.status() == BacktraceStatus::Captured {
            tracing::error!(location, %backtrace, "panic: {message}");
        } else {
            tracing::error!(location, "panic: {message}");
        }
    }));
}
