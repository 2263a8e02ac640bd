//! Last phase: one record per request, closed when its last byte has left or the client has gone. It counts always; it
//! becomes a line and a span while there are not too many. It names the route, by the template the app reports or else
//! by the prefix, never the path, and of a person only the id.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::Span;
use uuid::Uuid;

use crate::grpc;
use crate::reject::{Reject, Source};
use crate::table::Route;
use crate::wire::request::Head;
use crate::worker::{Request, Worker};

pub(crate) mod id;

use id::{RequestId, Trace};

/// What nginx writes for a client that left before the answer: no status was ever sent.
const CLIENT_GONE: u16 = 499;

/// What will be written about one request.
pub(crate) struct Record {
    pub(crate) id: RequestId,
    pub(crate) trace: Trace,
    begun: Instant,
    method: Verb,
    route: Option<Arc<Route>>,
    template: Option<Arc<str>>,
    principal: Option<Uuid>,
    reject: Option<Reject>,
    /// It is a gRPC call, and is answered as one.
    is_call: bool,
    grpc_status: Option<u8>,
    status: u16,
    bytes: u64,
    complete: bool,
    span: Option<Span>,
}

/// The method of a request. Those that nobody has heard of are not written down: there is no end to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Verb(u8);

impl Verb {
    const KNOWN: [&str; 8] = [
        "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT",
    ];

    pub(crate) fn of(method: &str) -> Self {
        let place = Self::KNOWN.iter().position(|known| *known == method);
        Self(
            place
                .and_then(|place| u8::try_from(place).ok())
                .unwrap_or(u8::MAX),
        )
    }

    pub(crate) fn as_str(self) -> &'static str {
        self.known().unwrap_or("OTHER")
    }

    /// The method, if it is one that is known.
    pub(crate) fn known(self) -> Option<&'static str> {
        Self::KNOWN.get(usize::from(self.0)).copied()
    }

    /// Whether its effect is the same once or twice (RFC 9110, 9.2.2).
    pub(crate) fn is_idempotent(self) -> bool {
        matches!(self.as_str(), "GET" | "HEAD" | "PUT" | "DELETE" | "OPTIONS")
    }
}

impl Record {
    /// Begins the record of a request. `believed`: what the head says about id and trace comes from a trusted proxy.
    pub(crate) fn open(worker: &Worker, head: &Head<'_>, believed: bool) -> Self {
        let id = RequestId::of(head.survey.request_id.filter(|_| believed), &worker.chance);
        let method = Verb::of(head.method);
        let span = worker.samples.span().then(|| {
            tracing::info_span!(
                "gateway",
                request_id = id.as_str(),
                otel.kind = "server",
                otel.name = tracing::field::Empty,
                otel.status_code = tracing::field::Empty,
                http.request.method = method.as_str(),
                http.route = tracing::field::Empty,
                http.response.status_code = tracing::field::Empty,
                rpc.grpc.status_code = tracing::field::Empty,
            )
        });
        let trace = Trace::of(head, believed, span.as_ref(), &worker.chance);
        Self::new(id, trace, method, span)
    }

    /// The record of something that could not be read.
    pub(crate) fn unread(worker: &Worker) -> Self {
        Self::new(
            RequestId::of(None, &worker.chance),
            Trace::fresh(&worker.chance),
            Verb::of(""),
            None,
        )
    }

    fn new(id: RequestId, trace: Trace, method: Verb, span: Option<Span>) -> Self {
        Self {
            id,
            trace,
            begun: Instant::now(),
            method,
            route: None,
            template: None,
            principal: None,
            reject: None,
            is_call: false,
            grpc_status: None,
            status: CLIENT_GONE,
            bytes: 0,
            complete: false,
            span,
        }
    }

    pub(crate) fn method(&self) -> Verb {
        self.method
    }

    pub(crate) fn route(&mut self, route: &Arc<Route>) {
        self.route = Some(Arc::clone(route));
    }

    /// Notes what the app calls the place that was asked for.
    pub(crate) fn reported(&mut self, template: Option<&[u8]>) {
        if let (Some(route), Some(template)) = (&self.route, template) {
            self.template = route.template(template);
        }
    }

    /// The template, or else the prefix.
    fn label(&self) -> Option<&str> {
        let prefix = || self.route.as_ref().map(|route| &*route.prefix);
        self.template.as_deref().or_else(prefix)
    }

    pub(crate) fn principal(&mut self, user_id: Uuid) {
        self.principal = Some(user_id);
    }

    pub(crate) fn reject(&mut self, reject: Reject) {
        self.reject = Some(reject);
    }

    pub(crate) fn rejected(&self) -> Option<Reject> {
        self.reject
    }

    /// It is a gRPC call.
    pub(crate) fn call(&mut self) {
        self.is_call = true;
    }

    pub(crate) fn is_call(&self) -> bool {
        self.is_call
    }

    /// How a gRPC call has ended.
    pub(crate) fn grpc_status(&mut self, value: &[u8]) {
        self.grpc_status = grpc::status(value);
    }

    /// Whether it is a call that the app has not answered well, although HTTP calls it 200.
    pub(crate) fn has_failed(&self) -> bool {
        self.grpc_status.is_some_and(grpc::is_failure)
    }

    pub(crate) fn status(&mut self, status: u16) {
        self.status = status;
    }

    /// Bytes of the response's body that have left.
    pub(crate) fn sent(&mut self, bytes: usize) {
        self.bytes += u64::try_from(bytes).unwrap_or(u64::MAX);
    }

    /// The whole response has left.
    pub(crate) fn complete(&mut self) {
        self.complete = true;
    }

    /// Microseconds since the request began.
    pub(crate) fn micros(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Writes the record.
    pub(crate) fn close(self, worker: &Worker) {
        let elapsed = self.begun.elapsed();
        let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
        let request = Request {
            route: self.route.as_ref(),
            template: self.template.as_ref(),
            verb: self.method,
            status: self.status,
        };
        worker.tally.count(&request, micros, self.bytes);
        if let Some(span) = &self.span {
            if let Some(route) = self.label() {
                span.record("http.route", route);
                span.record("otel.name", format!("{} {route}", self.method.as_str()));
            }
            span.record("http.response.status_code", self.status);
            if let Some(status) = self.grpc_status {
                span.record("rpc.grpc.status_code", status);
            }
            if self.status >= 500 || self.has_failed() {
                span.record("otel.status_code", "ERROR");
            }
        }
        if worker.samples.line(self.status) {
            match &self.span {
                Some(span) => span.in_scope(|| self.write(elapsed)),
                None => self.write(elapsed),
            }
        }
    }

    fn write(&self, elapsed: Duration) {
        let source = self.reject.map(|reject| match reject.source {
            Source::Client => "client",
            Source::Gateway => "gateway",
            Source::Upstream => "app",
        });
        tracing::info!(
            target: "access",
            app = "gateway",
            method = self.method.as_str(),
            route = self.label(),
            to = self.route.as_ref().map(|route| route.app.as_str()),
            status = self.status,
            grpc_status = self.grpc_status,
            ms = milliseconds(elapsed),
            bytes = self.bytes,
            complete = self.complete,
            principal = self.principal.map(tracing::field::display),
            request_id = self.id.as_str(),
            code = self.reject.map(|reject| reject.fault.code()),
            source,
            retryable = self.reject.map(Reject::retryable),
            "request"
        );
    }
}

/// Milliseconds with a tenth, as the apps write them.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}
