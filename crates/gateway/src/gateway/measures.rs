//! What is counted, as metrics of the OpenTelemetry protocol. Names by its semantic conventions where there are any:
//! https://opentelemetry.io/docs/specs/semconv/http/http-metrics/. Instead of each status there is its class, because
//! every further attribute multiplies what has to be kept.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Gauge, Histogram, HistogramDataPoint, Metric, NumberDataPoint, Sum,
};

use super::Gateway;
use super::totals::{Kind, OTHERS};
use crate::histogram;
use crate::upstream::health::Standing;
use crate::worker::Counts;

/// Yields what has been counted since `began`, whenever it is asked.
pub(crate) fn source(gateway: Arc<Gateway>, began: Timestamp) -> platform::telemetry::Source {
    Arc::new(move || {
        let span = Span {
            began: nanoseconds(began),
            now: nanoseconds(gateway.clock.now()),
        };
        metrics(&gateway, span)
    })
}

/// From when to when something was counted.
#[derive(Clone, Copy)]
struct Span {
    began: u64,
    now: u64,
}

fn metrics(gateway: &Gateway, span: Span) -> Vec<Metric> {
    let kinds = gateway.totals.kinds();
    let bounds = histogram::bounds();
    let durations = kinds
        .iter()
        .map(|(kind, counts)| duration(kind, counts, &bounds, span));
    let bytes = kinds
        .iter()
        .map(|(kind, counts)| span.point(counts.bytes, of_kind(kind)));
    let (open, refused) = gateway.places.count();
    let table = gateway.table.load();
    let instances: Vec<_> = table.upstreams().collect();
    let name = |upstream: &crate::upstream::Upstream| {
        let entry = &upstream.entry;
        vec![
            text("cloud.app", entry.id.as_str()),
            text("cloud.instance", entry.instance.as_str()),
        ]
    };
    let in_flight = instances
        .iter()
        .map(|one| span.point(wide(one.in_flight()), name(one)));
    let well = instances.iter().map(|one| {
        let is_well = one.health.standing() == Standing::Well;
        span.point(u64::from(is_well), name(one))
    });
    vec![
        metric(
            ("http.server.request.duration", "s"),
            "From the head of a request to the last byte of its answer",
            Data::Histogram(Histogram {
                data_points: durations.collect(),
                aggregation_temporality: AggregationTemporality::Cumulative.into(),
            }),
        ),
        counter(
            ("gateway.response.body.io", "By"),
            "Bytes of response bodies",
            bytes.collect(),
        ),
        counter(
            ("gateway.requests.unlogged", "{request}"),
            "Requests that left no line because there were too many",
            vec![span.point(gateway.totals.sums().unlogged, Vec::new())],
        ),
        gauge(
            ("gateway.connections", "{connection}"),
            "Open downstream connections",
            vec![span.point(wide(open), Vec::new())],
        ),
        counter(
            ("gateway.connections.refused", "{connection}"),
            "Connections refused because there were too many",
            vec![span.point(refused, Vec::new())],
        ),
        gauge(
            ("gateway.instance.active_requests", "{request}"),
            "Requests in flight to an instance",
            in_flight.collect(),
        ),
        gauge(
            ("gateway.instance.well", "1"),
            "Whether an instance takes part: 1, or 0 while it rests",
            well.collect(),
        ),
    ]
}

impl Span {
    fn point(self, value: u64, attributes: Vec<KeyValue>) -> NumberDataPoint {
        NumberDataPoint {
            attributes,
            start_time_unix_nano: self.began,
            time_unix_nano: self.now,
            value: Some(Number::AsInt(i64::try_from(value).unwrap_or(i64::MAX))),
            ..NumberDataPoint::default()
        }
    }
}

fn duration(kind: &Kind, counts: &Counts, bounds: &[u64], span: Span) -> HistogramDataPoint {
    let durations = &counts.durations;
    HistogramDataPoint {
        attributes: of_kind(kind),
        start_time_unix_nano: span.began,
        time_unix_nano: span.now,
        count: durations.count(),
        sum: Some(seconds(durations.sum())),
        bucket_counts: durations.between(bounds),
        explicit_bounds: bounds.iter().copied().map(seconds).collect(),
        ..HistogramDataPoint::default()
    }
}

fn of_kind(kind: &Kind) -> Vec<KeyValue> {
    // The conventions name what is not known so, and what there was no room for otherwise.
    let mut attributes = vec![
        text("http.request.method", kind.verb.known().unwrap_or("_OTHER")),
        text(
            "http.response.status_class",
            &match kind.class {
                0 => "other".to_owned(),
                digit => format!("{digit}xx"),
            },
        ),
    ];
    match kind.route.as_deref() {
        Some(OTHERS) => attributes.push(KeyValue {
            key: "otel.metric.overflow".to_owned(),
            value: Some(AnyValue {
                value: Some(Value::BoolValue(true)),
            }),
            ..KeyValue::default()
        }),
        Some(route) => attributes.push(text("http.route", route)),
        None => {}
    }
    attributes
}

fn text(key: &str, value: &str) -> KeyValue {
    KeyValue {
        key: key.to_owned(),
        value: Some(AnyValue {
            value: Some(Value::StringValue(value.to_owned())),
        }),
        ..KeyValue::default()
    }
}

fn counter(names: (&str, &str), says: &str, data_points: Vec<NumberDataPoint>) -> Metric {
    metric(
        names,
        says,
        Data::Sum(Sum {
            data_points,
            aggregation_temporality: AggregationTemporality::Cumulative.into(),
            is_monotonic: true,
        }),
    )
}

fn gauge(names: (&str, &str), says: &str, data_points: Vec<NumberDataPoint>) -> Metric {
    metric(names, says, Data::Gauge(Gauge { data_points }))
}

fn metric((name, unit): (&str, &str), says: &str, data: Data) -> Metric {
    Metric {
        name: name.to_owned(),
        description: says.to_owned(),
        unit: unit.to_owned(),
        data: Some(data),
        ..Metric::default()
    }
}

fn nanoseconds(at: Timestamp) -> u64 {
    let since = SystemTime::from(at).duration_since(SystemTime::UNIX_EPOCH);
    u64::try_from(since.unwrap_or(Duration::ZERO).as_nanos()).unwrap_or(u64::MAX)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "durations far below 2^52 microseconds"
)]
fn seconds(micros: u64) -> f64 {
    micros as f64 / 1_000_000.0
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
