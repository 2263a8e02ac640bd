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

/// What other services ask by the clock. As long as it goes well, the question is not worth a line among those of
/// what people do.
const POLLED: &[&str] = &["/cloud.notifications.v1.NotificationsService/GetMailReadiness"];

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
        // Only an error is told in the headers; a good end comes after the message.
        let status = header("grpc-status").unwrap_or("0");
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    target: "access",
                    app = self.app.as_str(),
                    route = self.method,
                    grpc_status = status,
                    code = code.map(|(_, code)| code),
                    ms = milliseconds(self.begun.elapsed()),
                    caller = self.caller.as_ref().map(AppId::as_str),
                    principal = self.principal.map(tracing::field::display),
                    queries = self.meter.queries(),
                    query_ms = milliseconds(self.meter.time()),
                    "call"
                )
            };
        }
        if is_worth_a_line(&self.method, status) {
            line!(info);
        } else {
            line!(debug);
        }
        response
    }
}

fn is_worth_a_line(method: &str, status: &str) -> bool {
    status != "0" || !POLLED.contains(&method)
}

/// Milliseconds with a tenth.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_by_the_clock_is_told_when_it_fails() {
        let polled = rpc_path("GetMailReadiness");
        assert!(!is_worth_a_line(&polled, "0"));
        assert!(is_worth_a_line(&polled, "14"));
        assert!(is_worth_a_line(&rpc_path("SendMail"), "0"));
    }

    fn rpc_path(method: &str) -> String {
        format!("/cloud.notifications.v1.NotificationsService/{method}")
    }
}
