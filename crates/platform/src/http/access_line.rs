//! The one line per request: what was asked, how it ended, how long it took and what it cost.
//!
//! Written when the last byte has left, or when the client has gone. Must not name paths (they hold
//! ids), only templates, and nothing of a person but the id.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::OnceLock;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::Response;
use http::Method;
use http_body::{Body as HttpBody, Frame, SizeHint};
use opentelemetry::metrics::Histogram;
use registry::AppId;
use tracing::Span;
use uuid::Uuid;

use super::meter::{self, Meter};
use super::{Destination, RequestId, Stack, trace};
use crate::identity::Principal;

/// What nginx writes for a client that left before the answer: no status was ever sent.
const CLIENT_GONE: u16 = 499;

/// A line that writes itself when dropped.
pub(super) struct AccessLine {
    app: AppId,
    method: Method,
    route: String,
    id: RequestId,
    principal: OnceLock<Uuid>,
    begun: Instant,
    meter: Arc<Meter>,
    duration: Histogram<f64>,
    span: Span,
    status: u16,
    bytes: u64,
    complete: bool,
}

impl AccessLine {
    /// Begins the line of a request.
    pub(super) fn open(
        stack: &Stack,
        destination: &Destination,
        id: &RequestId,
        request: &Request,
    ) -> Self {
        let span = trace::span(&stack.config.app, destination, id, request);
        Self {
            app: stack.config.app.clone(),
            method: request.method().clone(),
            route: destination.template.clone(),
            id: id.clone(),
            principal: OnceLock::new(),
            begun: Instant::now(),
            meter: Arc::default(),
            duration: stack.duration.clone(),
            span,
            status: CLIENT_GONE,
            bytes: 0,
            complete: false,
        }
    }

    /// Notes who is asking, once that is known.
    pub(super) fn principal(&self, request: &Request) {
        if let Some(principal) = request.extensions().get::<Principal>() {
            // Called once; a second call would say the same.
            self.principal.set(principal.user_id).ok();
        }
    }

    pub(super) fn request_id(&self) -> &RequestId {
        &self.id
    }

    /// The span of the request.
    pub(super) fn span(&self) -> Span {
        self.span.clone()
    }

    pub(super) fn meter(&self) -> Arc<Meter> {
        Arc::clone(&self.meter)
    }

    /// Lets the line follow the response's body to its end.
    pub(super) fn attach(mut self, response: Response) -> Response {
        self.status = response.status().as_u16();
        trace::finish(&self.span, response.status());
        response.map(|body| {
            self.complete = body.is_end_stream();
            Body::new(Recorded { body, line: self })
        })
    }

    fn write(&self) {
        let took = self.begun.elapsed();
        self.duration.record(
            took.as_secs_f64(),
            &trace::attributes(&self.app, &self.method, &self.route, self.status),
        );
        tracing::info!(
            target: "access",
            app = self.app.as_str(),
            method = self.method.as_str(),
            route = self.route,
            status = self.status,
            ms = milliseconds(took),
            bytes = self.bytes,
            complete = self.complete,
            principal = self.principal.get().map(tracing::field::display),
            request_id = self.id.as_str(),
            queries = self.meter.queries(),
            query_ms = milliseconds(self.meter.time()),
            "request"
        );
    }
}

impl Drop for AccessLine {
    fn drop(&mut self) {
        // The line belongs to the request's trace, whoever drops it.
        let span = self.span.clone();
        span.in_scope(|| self.write());
    }
}

/// Milliseconds with a tenth: enough to tell a cache from a query, and short in a log.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}

/// A body that counts what leaves, in the request's span and on its meter.
struct Recorded {
    body: Body,
    line: AccessLine,
}

impl HttpBody for Recorded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        let polled = {
            let _entered = this.line.span.enter();
            let body = Pin::new(&mut this.body);
            meter::sync_scope(&this.line.meter, || body.poll_frame(context))
        };
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                let length = frame.data_ref().map_or(0, Bytes::len);
                this.line.bytes += u64::try_from(length).unwrap_or(u64::MAX);
                this.line.complete = this.body.is_end_stream();
            }
            Poll::Ready(None) => this.line.complete = true,
            Poll::Ready(Some(Err(_))) | Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
