//! One line per call: which method, for whom, how it ended, how long it took and what it cost.

use std::sync::Arc;
use std::time::Duration;

use axum::response::Response;
use platform::http::meter::Meter;
use registry::AppId;
use tokio::time::Instant;
use uuid::Uuid;

use super::Caller;
use crate::outcome;

/// The line of one call. A stream is recorded when it opens.
pub(super) struct AccessLine {
    app: AppId,
    pub(super) method: String,
    caller: Option<AppId>,
    principal: Option<Uuid>,
    begun: Instant,
    meter: Arc<Meter>,
}

impl AccessLine {
    pub(super) fn open(app: &AppId, method: &str) -> Self {
        Self {
            app: app.clone(),
            method: method.to_owned(),
            caller: None,
            principal: None,
            begun: Instant::now(),
            meter: Arc::default(),
        }
    }

    /// Notes who calls, once that is proven.
    pub(super) fn caller(&mut self, caller: &Caller) {
        self.caller = Some(caller.app.clone());
        self.principal = caller.person.as_ref().map(|person| person.user_id);
    }

    pub(super) fn meter(&self) -> Arc<Meter> {
        Arc::clone(&self.meter)
    }

    /// Writes the line of a call that ends with `response`.
    pub(super) fn close(self, response: Response) -> Response {
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let code = header(outcome::KEY).and_then(|outcome| outcome.split_once(' '));
        tracing::info!(
            target: "access",
            app = self.app.as_str(),
            route = self.method,
            // Only an error is told in the headers; a good end comes after the message.
            grpc_status = header("grpc-status").unwrap_or("0"),
            code = code.map(|(_, code)| code),
            ms = milliseconds(self.begun.elapsed()),
            caller = self.caller.as_ref().map(AppId::as_str),
            principal = self.principal.map(tracing::field::display),
            queries = self.meter.queries(),
            query_ms = milliseconds(self.meter.time()),
            "call"
        );
        response
    }
}

/// Milliseconds with a tenth.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}
