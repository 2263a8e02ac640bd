//! The gateway's own `/health` and `/ready`. They need no identity and no route.

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Method, Response, StatusCode};
use platform::health::Status;

use crate::body::Answer;
use crate::exchange::Exchange;
use crate::gateway::Gateway;

/// Answers a probe of the gateway itself; whether it was one.
pub(crate) async fn answer(gateway: &Gateway, exchange: &mut Exchange) -> bool {
    let is_health = match exchange.target.path() {
        "/health" => true,
        "/ready" => false,
        _ => return false,
    };
    let method = &exchange.head.method;
    let mut response = if *method != Method::GET && *method != Method::HEAD {
        let mut refused = Response::new(Answer::Empty);
        *refused.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        refused
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        refused
    } else if is_health {
        let report = gateway.health.report().await;
        json(
            report.status == Status::Healthy,
            serde_json::to_vec(&report).unwrap_or_default(),
        )
    } else {
        let is_ready = gateway.table.load().is_loaded && !gateway.lifecycle.soft().is_cancelled();
        let text = if is_ready { "ready" } else { "unready" };
        json(is_ready, format!("{{\"status\":\"{text}\"}}").into_bytes())
    };
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    exchange.response = Some(response);
    true
}

fn json(is_well: bool, text: Vec<u8>) -> Response<Answer> {
    let mut response = Response::new(Answer::Own(Some(Bytes::from(text))));
    if !is_well {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
