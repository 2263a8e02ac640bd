//! Fourth phase: may this request come in at all? What can be refused by its head never reaches an app.

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, ORIGIN};
use http::{HeaderMap, HeaderValue};

use crate::exchange::Exchange;
use crate::gateway::Gateway;
use crate::reject::{Fault, Reject};

/// Refuses gRPC from outside, WebSockets of foreign pages, and bodies that say themselves that they are too large.
pub(crate) fn admit(gateway: &Gateway, exchange: &mut Exchange) -> Result<(), Reject> {
    let headers = &exchange.head.headers;
    let is_grpc = headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| starts_with(kind, b"application/grpc"));
    if is_grpc {
        return Err(Reject::client(Fault::Media));
    }
    if exchange.upgrade.is_some() && !is_own_origin(gateway, headers, &exchange.host) {
        return Err(Reject::client(Fault::Origin));
    }
    let limit = body_limit(gateway, exchange);
    if content_length(headers).is_some_and(|length| length > limit) {
        return Err(Reject::client(Fault::BodyTooLarge));
    }
    Ok(())
}

/// Largest body the route takes.
pub(crate) fn body_limit(gateway: &Gateway, exchange: &Exchange) -> u64 {
    let policy = exchange.route.as_ref().and_then(|route| route.policy.body);
    policy.unwrap_or(gateway.config.limits.body)
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn starts_with(value: &HeaderValue, prefix: &[u8]) -> bool {
    value
        .as_bytes()
        .get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Browsers open a WebSocket to anywhere, with cookies, and leave it to the server to look where the page is from.
fn is_own_origin(gateway: &Gateway, headers: &HeaderMap, host: &HeaderValue) -> bool {
    let mut origins = headers.get_all(ORIGIN).iter();
    let (Some(origin), None) = (origins.next(), origins.next()) else {
        // Not a browser, which always says one.
        return headers.get(ORIGIN).is_none();
    };
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    let same_host = origin
        .split_once("://")
        .is_some_and(|(_, authority)| authority.as_bytes().eq_ignore_ascii_case(host.as_bytes()));
    same_host || origin.eq_ignore_ascii_case(&gateway.origin)
}
