//! Last phase: one line per request, written when its last byte has left or the client has gone. It names the route,
//! not the path, and of a person only the id.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response};
use http_body::{Body, Frame, SizeHint};
use tracing::Span;
use uuid::Uuid;

use crate::body::{Answer, Broken};
use crate::exchange::Exchange;
use crate::headers;
use crate::reject::{Reject, Source};
use crate::serve::Busy;
use crate::table::Route;

/// What nginx writes for a client that left before the answer: no status was ever sent.
const CLIENT_GONE: u16 = 499;
const TRACE_FIELDS: [HeaderName; 2] = [
    HeaderName::from_static("traceparent"),
    HeaderName::from_static("tracestate"),
];

/// The name of a request: new, or the one that a trusted proxy has given.
pub(crate) fn request_id(fields: &HeaderMap, trusted: bool) -> HeaderValue {
    let given = fields
        .get(headers::REQUEST_ID)
        .filter(|id| trusted && is_plain(id));
    if let Some(given) = given {
        return given.clone();
    }
    let mut text = [0; 32];
    let text = Uuid::now_v7().simple().encode_lower(&mut text);
    // Hexadecimal digits are a header value.
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

fn is_plain(id: &HeaderValue) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (8..=64).contains(&id.len()) && id.as_bytes().iter().all(plain)
}

/// The fields that carry a trace.
pub(crate) fn trace_fields(fields: &HeaderMap) -> HeaderMap {
    let mut trace = HeaderMap::new();
    for name in TRACE_FIELDS {
        if let Some(value) = fields.get(&name) {
            trace.insert(name, value.clone());
        }
    }
    trace
}

/// What will be written about one request. Writes itself when dropped.
pub(crate) struct Record {
    begun: Instant,
    method: Method,
    id: HeaderValue,
    route: Option<Arc<Route>>,
    principal: Option<Uuid>,
    reject: Option<Reject>,
    status: u16,
    bytes: u64,
    complete: bool,
    span: Span,
    _busy: Busy,
}

impl Record {
    /// Begins the record of a request.
    pub(crate) fn open(method: &Method, id: &HeaderValue, busy: Busy) -> Self {
        let span = tracing::info_span!(
            "gateway",
            request_id = id.to_str().unwrap_or_default(),
            otel.kind = "server",
            otel.name = tracing::field::Empty,
            otel.status_code = tracing::field::Empty,
            http.request.method = method.as_str(),
            http.route = tracing::field::Empty,
            http.response.status_code = tracing::field::Empty,
        );
        Self {
            begun: Instant::now(),
            method: method.clone(),
            id: id.clone(),
            route: None,
            principal: None,
            reject: None,
            status: CLIENT_GONE,
            bytes: 0,
            complete: false,
            span,
            _busy: busy,
        }
    }

    pub(crate) fn span(&self) -> &Span {
        &self.span
    }

    pub(crate) fn route(&mut self, route: &Arc<Route>) {
        self.span.record("http.route", &*route.prefix);
        self.route = Some(Arc::clone(route));
    }

    pub(crate) fn principal(&mut self, user_id: Uuid) {
        self.principal = Some(user_id);
    }

    pub(crate) fn reject(&mut self, reject: Reject) {
        self.reject = Some(reject);
    }

    fn write(&self) {
        let source = self.reject.map(|reject| match reject.source {
            Source::Client => "client",
            Source::Gateway => "gateway",
            Source::Upstream => "app",
        });
        tracing::info!(
            target: "access",
            app = "gateway",
            method = self.method.as_str(),
            route = self.route.as_ref().map(|route| &*route.prefix),
            to = self.route.as_ref().map(|route| route.app.as_str()),
            status = self.status,
            ms = milliseconds(self.begun.elapsed()),
            bytes = self.bytes,
            complete = self.complete,
            principal = self.principal.map(tracing::field::display),
            request_id = self.id.to_str().unwrap_or_default(),
            code = self.reject.map(|reject| reject.fault.code()),
            source,
            retryable = self.reject.map(Reject::retryable),
            "request"
        );
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        self.span.record("http.response.status_code", self.status);
        if self.status >= 500 {
            self.span.record("otel.status_code", "ERROR");
        }
        let span = self.span.clone();
        span.in_scope(|| self.write());
    }
}

/// Milliseconds with a tenth, as the apps write them.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}

/// Lets the record follow the response's body to its end.
pub(crate) fn record(exchange: Exchange) -> Response<Recorded> {
    let Exchange {
        response,
        mut record,
        ..
    } = exchange;
    let response = response.unwrap_or_else(|| {
        let mut response = Response::new(Answer::Empty);
        *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
        response
    });
    record.status = response.status().as_u16();
    response.map(|answer| {
        record.complete = answer.is_end_stream();
        Recorded { answer, record }
    })
}

/// A body that is counted while it leaves.
pub(crate) struct Recorded {
    answer: Answer,
    record: Record,
}

impl Body for Recorded {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let polled = Pin::new(&mut self.answer).poll_frame(cx);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                let length = frame.data_ref().map_or(0, Bytes::len);
                self.record.bytes += u64::try_from(length).unwrap_or(u64::MAX);
                self.record.complete = self.answer.is_end_stream();
            }
            Poll::Ready(None) => self.record.complete = true,
            Poll::Ready(Some(Err(_))) | Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.answer.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.answer.size_hint()
    }
}
