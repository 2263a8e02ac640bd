//! Export over OTLP: one bounded batch pipeline per signal for the whole process, sorted by app
//! only when a batch leaves, so that each app arrives under its own `service.name`.
//!
//! A collector that is away costs dropped telemetry and one warning, never a wait.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use opentelemetry::logs::{AnyValue, LogRecord as _};
use opentelemetry::trace::Span as _;
use opentelemetry::{Context, InstrumentationScope, Key, KeyValue};
use opentelemetry_otlp::{RetryPolicy, WithExportConfig, WithTonicConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::logs::{LogBatch, LogExporter, LogProcessor, SdkLogRecord};
use opentelemetry_sdk::trace::{Span, SpanData, SpanExporter, SpanProcessor};
use tonic::transport::{Channel, Endpoint};

use super::scope::app_of;

/// Attribute that carries the app from the moment of recording to the export.
const APP: Key = Key::from_static_str("cloud.app");
/// One export may take this long.
const EXPORT_LIMIT: Duration = Duration::from_secs(5);
const CONNECT_LIMIT: Duration = Duration::from_secs(2);

/// How to reach the collector and how the senders are named there.
#[derive(Clone)]
pub(super) struct Collector {
    channel: Channel,
    process: Resource,
    apps: Arc<RwLock<HashMap<Arc<str>, Resource>>>,
    away: Arc<AtomicBool>,
}

impl Collector {
    /// A collector at `endpoint`; connects when the first batch is sent. Needs a tokio runtime.
    pub(super) fn new(
        endpoint: &url::Url,
        process: Resource,
    ) -> Result<Self, tonic::transport::Error> {
        let channel = Endpoint::from_shared(endpoint.as_str().to_owned())?
            .connect_timeout(CONNECT_LIMIT)
            .timeout(EXPORT_LIMIT)
            .connect_lazy();
        Ok(Self {
            channel,
            process,
            apps: Arc::default(),
            away: Arc::default(),
        })
    }

    /// Says how an app is named; what it recorded before goes out under the process's name.
    pub(super) fn add(&self, app: Arc<str>, resource: Resource) {
        self.apps
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(app, resource);
    }

    /// The connection, for what is sent without an exporter.
    pub(super) fn channel(&self) -> Channel {
        self.channel.clone()
    }

    fn resource(&self, app: Option<&Arc<str>>) -> Resource {
        let apps = self.apps.read().unwrap_or_else(PoisonError::into_inner);
        app.and_then(|app| apps.get(app))
            .unwrap_or(&self.process)
            .clone()
    }

    /// How every exporter sends: over the one channel, in bounded time, once.
    fn reached_by<B: WithTonicConfig + WithExportConfig>(&self, exporter: B) -> B {
        exporter
            .with_channel(self.channel.clone())
            .with_timeout(EXPORT_LIMIT)
            .with_retry_policy(RetryPolicy::disabled())
    }

    fn span_exporter(&self, resource: &Resource) -> Option<opentelemetry_otlp::SpanExporter> {
        let builder = opentelemetry_otlp::SpanExporter::builder().with_tonic();
        let mut exporter = self.reached_by(builder).build().ok()?;
        exporter.set_resource(resource);
        Some(exporter)
    }

    fn log_exporter(&self, resource: &Resource) -> Option<opentelemetry_otlp::LogExporter> {
        let builder = opentelemetry_otlp::LogExporter::builder().with_tonic();
        let mut exporter = self.reached_by(builder).build().ok()?;
        exporter.set_resource(resource);
        Some(exporter)
    }

    pub(super) fn metric_exporter(&self) -> Option<opentelemetry_otlp::MetricExporter> {
        let builder = opentelemetry_otlp::MetricExporter::builder().with_tonic();
        self.reached_by(builder).build().ok()
    }

    /// Logs when the collector goes away and when it is back, and passes the result on.
    pub(super) fn observe(&self, result: OTelSdkResult) -> OTelSdkResult {
        let away = result.is_err();
        if self.away.swap(away, Ordering::Relaxed) != away {
            if let Err(error) = &result {
                tracing::warn!(%error, "telemetry is dropped: the collector does not take it");
            } else {
                tracing::info!("the collector takes telemetry again");
            }
        }
        result
    }
}

impl fmt::Debug for Collector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Collector")
    }
}

/// Notes on every span and log record which app it belongs to.
#[derive(Debug)]
pub(super) struct Tagger;

impl SpanProcessor for Tagger {
    fn on_start(&self, span: &mut Span, context: &Context) {
        if let Some(app) = app_of(context) {
            span.set_attribute(KeyValue::new(APP, app));
        }
    }

    fn on_end(&self, _span: SpanData) {}

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl LogProcessor for Tagger {
    fn emit(&self, record: &mut SdkLogRecord, _scope: &InstrumentationScope) {
        if let Some(app) = Context::map_current(app_of) {
            record.add_attribute(APP, AnyValue::String(app.into()));
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// One exporter per app, made when the app's first batch leaves.
struct Exporters<E> {
    collector: Collector,
    made: Mutex<HashMap<Option<Arc<str>>, Arc<E>>>,
    make: fn(&Collector, &Resource) -> Option<E>,
}

impl<E> Exporters<E> {
    fn new(collector: Collector, make: fn(&Collector, &Resource) -> Option<E>) -> Self {
        Self {
            collector,
            made: Mutex::default(),
            make,
        }
    }

    fn of(&self, app: Option<&Arc<str>>) -> Result<Arc<E>, OTelSdkError> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(exporter) = made.get(&app.cloned()) {
            return Ok(Arc::clone(exporter));
        }
        let exporter =
            (self.make)(&self.collector, &self.collector.resource(app)).ok_or_else(|| {
                OTelSdkError::InternalFailure("the exporter cannot be built".to_owned())
            })?;
        let exporter = Arc::new(exporter);
        made.insert(app.cloned(), Arc::clone(&exporter));
        Ok(exporter)
    }
}

impl<E> fmt::Debug for Exporters<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exporters")
    }
}

/// Exports spans, each app's under its own name.
#[derive(Debug)]
pub(super) struct SpansByApp(Exporters<opentelemetry_otlp::SpanExporter>);

impl SpansByApp {
    pub(super) fn new(collector: Collector) -> Self {
        Self(Exporters::new(collector, Collector::span_exporter))
    }

    async fn send(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let mut by_app: BTreeMap<Option<Arc<str>>, Vec<SpanData>> = BTreeMap::new();
        for mut span in batch {
            let tag = span
                .attributes
                .iter()
                .position(|attribute| attribute.key == APP);
            let app = tag.map(|at| Arc::from(&*span.attributes.swap_remove(at).value.as_str()));
            by_app.entry(app).or_default().push(span);
        }
        for (app, spans) in by_app {
            self.0.of(app.as_ref())?.export(spans).await?;
        }
        Ok(())
    }
}

impl SpanExporter for SpansByApp {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.collector.observe(self.send(batch).await)
    }
}

/// Exports log records, each app's under its own name.
#[derive(Debug)]
pub(super) struct LogsByApp(Exporters<opentelemetry_otlp::LogExporter>);

impl LogsByApp {
    pub(super) fn new(collector: Collector) -> Self {
        Self(Exporters::new(collector, Collector::log_exporter))
    }

    async fn send(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        let mut by_app: BTreeMap<Option<Arc<str>>, Vec<_>> = BTreeMap::new();
        for (record, scope) in batch.iter() {
            let tag = record.attributes_iter().find(|(key, _)| *key == APP);
            let app = tag.and_then(|(_, value)| match value {
                AnyValue::String(app) => Some(Arc::from(app.as_str())),
                _ => None,
            });
            by_app.entry(app).or_default().push((record, scope));
        }
        for (app, records) in by_app {
            self.0
                .of(app.as_ref())?
                .export(LogBatch::new(&records))
                .await?;
        }
        Ok(())
    }
}

impl LogExporter for LogsByApp {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        self.0.collector.observe(self.send(batch).await)
    }
}
