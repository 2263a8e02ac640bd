//! Fourth phase: may this request go where it wants to?

use std::sync::Arc;

use crate::accept::Accepted;
use crate::forwarding::Client;
use crate::gateway::{Gateway, places};
use crate::grpc;
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
    entered: Option<Entered>,
    pub(crate) quota: Option<Quota>,
}

impl Admission {
    /// Takes a place among the requests the app takes at once, if there is one left.
    pub(crate) fn enter(&mut self, route: &Arc<Route>) -> Result<(), Reject> {
        self.entered = Some(route.enter().ok_or(Reject::upstream(Fault::Busy))?);
        Ok(())
    }
}

/// Refuses gRPC where the app has not asked for it, WebSockets of foreign pages, methods the app has not asked for, and
/// bodies that say themselves that they are too large.
pub(crate) fn admit(
    worker: &Worker,
    head: &Head<'_>,
    accepted: &Accepted<'_>,
    route: &Arc<Route>,
    (client, identity): (&Client, &Identity),
) -> Result<Admission, Reject> {
    let gateway = &worker.gateway;
    let quota = throttle(worker, client, identity)?;
    if !route.policy.grpc && grpc::is_call(head) {
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
    Ok(Admission {
        entered: None,
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
    route.policy.body_limit(worker.limits().body)
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
