//! Fourth phase: may this request go where it wants to?

use crate::accept::Accepted;
use crate::gateway::Gateway;
use crate::reject::{Fault, Reject};
use crate::table::Route;
use crate::wire::Length;
use crate::wire::request::Head;

/// Refuses gRPC from outside, WebSockets of foreign pages, methods the app has not asked for, and bodies that say
/// themselves that they are too large.
pub(crate) fn admit(
    gateway: &Gateway,
    head: &Head<'_>,
    accepted: &Accepted<'_>,
    route: &Route,
) -> Result<(), Reject> {
    let is_grpc = head.survey.content_type.is_some_and(|kind| starts_with(kind, b"application/grpc"));
    if is_grpc {
        return Err(Reject::client(Fault::Media));
    }
    if accepted.websocket && !is_own_origin(gateway, head, accepted.host) {
        return Err(Reject::client(Fault::Origin));
    }
    if !route.policy.allows(head.method) {
        return Err(Reject::client(Fault::Method));
    }
    let limit = body_limit(gateway, route);
    if matches!(accepted.length, Length::Known(length) if length > limit) {
        return Err(Reject::client(Fault::BodyTooLarge));
    }
    if route.is_served() {
        Ok(())
    } else {
        Err(Reject::upstream(Fault::AppDown))
    }
}

/// Largest body the route takes.
pub(crate) fn body_limit(gateway: &Gateway, route: &Route) -> u64 {
    route.policy.body.unwrap_or(gateway.config.limits.body)
}

fn starts_with(value: &[u8], prefix: &[u8]) -> bool {
    value.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Browsers open a WebSocket to anywhere, with cookies, and leave it to the server to look where the page is from.
fn is_own_origin(gateway: &Gateway, head: &Head<'_>, host: &str) -> bool {
    let Some(origin) = head.survey.origin else {
        // Not a browser, which always says one.
        return true;
    };
    let Ok(origin) = std::str::from_utf8(origin) else {
        return false;
    };
    let same_host = origin
        .split_once("://")
        .is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host));
    head.survey.origins == 1 && (same_host || origin.eq_ignore_ascii_case(&gateway.origin))
}
