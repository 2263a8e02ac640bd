//! The gateway's own `/health` and `/ready`. They need no identity and no route.

use http::StatusCode;
use platform::health::Status;

use crate::gateway::Gateway;
use crate::respond::Own;

/// A question about the gateway itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Probe {
    /// Is everything well that it needs?
    Health,
    /// Should it be sent requests?
    Ready,
    /// With a method that asks for nothing.
    Refused,
}

impl Probe {
    /// Whether a request is about the gateway itself.
    pub(crate) fn of(path: &str, method: &str) -> Option<Self> {
        let probe = match path {
            "/health" => Self::Health,
            "/ready" => Self::Ready,
            _ => return None,
        };
        Some(if matches!(method, "GET" | "HEAD") {
            probe
        } else {
            Self::Refused
        })
    }

    /// Answers it.
    pub(crate) async fn answer(self, gateway: &Gateway) -> Own {
        let (status, body) = match self {
            Self::Health => {
                let report = gateway.health.report().await;
                let status = status(report.status == Status::Healthy);
                (status, serde_json::to_vec(&report).unwrap_or_default())
            }
            Self::Ready => {
                let is_ready =
                    gateway.table.load().is_loaded && !gateway.lifecycle.soft().is_cancelled();
                let word = if is_ready { "ready" } else { "unready" };
                (
                    status(is_ready),
                    format!("{{\"status\":\"{word}\"}}").into_bytes(),
                )
            }
            Self::Refused => (StatusCode::METHOD_NOT_ALLOWED, Vec::new()),
        };
        let mut fields = vec![("cache-control", "no-store".into())];
        match self {
            Self::Refused => fields.push(("allow", "GET, HEAD".into())),
            Self::Health | Self::Ready => fields.push(("content-type", "application/json".into())),
        }
        Own {
            status,
            fields,
            body,
            closes: false,
        }
    }
}

fn status(is_well: bool) -> StatusCode {
    if is_well {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}
