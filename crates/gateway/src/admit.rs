//! Fourth phase: may this request go where it wants to?

use std::sync::Arc;

use crate::accept::Accepted;
use crate::forwarding::Client;
use crate::gateway::{Gateway, places};
use crate::identify::Identity;
use crate::rates::{Quota, Whose};
use crate::reject::{Fault, Reject};
use crate::table::{Entered, Route};
use crate::wire::Length;
use crate::wire::request::Head;
use crate::worker::Worker;

/// What the request may use up.
pub(crate) struct Admission {
    /// Its place among those the app takes at once.
    pub(crate) _entered: Entered,
    pub(crate) quota: Option<Quota>,
}

/// Refuses gRPC from outside, WebSockets of foreign pages, methods the app has not asked for, and bodies that say
/// themselves that they are too large.
pub(crate) fn admit(
    worker: &Worker,
    head: &Head<'_>,
    accepted: &Accepted<'_>,
    route: &Arc<Route>,
    (client, identity): (&Client, &Identity),
) -> Result<Admission, Reject> {
    let gateway = &worker.gateway;
    let quota = throttle(worker, client, identity)?;
    let is_grpc = head
        .survey
        .content_type
        .is_some_and(|kind| starts_with(kind, b"application/grpc"));
    if is_grpc {
        return Err(Reject::client(Fault::Media));
    }
    if head.survey.has_via && gateway.via.is_named(head) {
        return Err(Reject::client(Fault::Loop));
    }
    if accepted.websocket && !is_own_origin(gateway, head, accepted.host) {
        return Err(Reject::client(Fault::Origin));
    }
    if !route.policy.allows(head.method) {
        return Err(Reject::client(Fault::Method));
    }
    let limit = body_limit(worker, route);
    if matches!(accepted.length, Length::Known(length) if length > limit) {
        return Err(Reject::client(Fault::BodyTooLarge));
    }
    if !route.is_served() {
        return Err(Reject::upstream(Fault::AppDown));
    }
    let entered = route.enter().ok_or(Reject::upstream(Fault::Busy))?;
    Ok(Admission {
        _entered: entered,
        quota,
    })
}

/// Counts the request for the person who asks, or where nobody is known, for the address.
fn throttle(
    worker: &Worker,
    client: &Client,
    identity: &Identity,
) -> Result<Option<Quota>, Reject> {
    let limits = worker.limits();
    let (whose, rate) = match identity {
        Identity::Somebody { user_id, .. } => (Whose::Person(*user_id), limits.rate_per_person),
        // This machine itself may be a proxy that has one address for everybody.
        Identity::Anonymous if client.address.is_loopback() => return Ok(None),
        Identity::Anonymous => (
            Whose::Address(places::network(client.address)),
            limits.rate_per_address,
        ),
    };
    match worker.gateway.rates.take(whose, rate) {
        Ok(left) => Ok(Some(Quota { rate, left })),
        Err(left) => Err(Reject::throttled(left.reset)),
    }
}

/// Largest body the route takes.
pub(crate) fn body_limit(worker: &Worker, route: &Route) -> u64 {
    route.policy.body.unwrap_or(worker.limits().body)
}

fn starts_with(value: &[u8], prefix: &[u8]) -> bool {
    value
        .get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
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
