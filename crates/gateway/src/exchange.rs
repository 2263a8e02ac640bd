//! One request and its answer, on the way through the phases, and the order of the phases.

use std::net::IpAddr;
use std::sync::Arc;

use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Request, Response};
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use platform::telemetry::continue_trace;

use crate::body::Answer;
use crate::forwarding::Client;
use crate::gateway::Gateway;
use crate::record::{Record, Recorded};
use crate::reject::Reject;
use crate::serve::{Busy, Line};
use crate::table::Route;
use crate::{accept, admit, forward, forwarding, health, identify, pages, record, respond, route};

/// A request in progress. Each phase reads what earlier ones have found and adds its own.
pub(crate) struct Exchange {
    /// The head as the client sent it. Never sent on as it is.
    pub(crate) head: Parts,
    /// The body, until it is on its way to an app.
    pub(crate) body: Option<Incoming>,
    /// The downstream connection.
    pub(crate) line: Arc<Line>,
    /// The name of the request at every hop.
    pub(crate) id: HeaderValue,
    /// Who is at the other end.
    pub(crate) client: Client,
    /// The connection itself, once the client has it switched to another protocol.
    pub(crate) upgrade: Option<OnUpgrade>,
    /// From `accept`: the one reading of the target.
    pub(crate) target: PathAndQuery,
    /// From `accept`: the host asked for.
    pub(crate) host: HeaderValue,
    /// From `route`: where it goes.
    pub(crate) route: Option<Arc<Route>>,
    /// From `identify`: cookies an app may see.
    pub(crate) cookies: Option<HeaderValue>,
    /// From `identify`: who is asking, as the app is told.
    pub(crate) assertion: Option<HeaderValue>,
    /// From `forward`: the answer.
    pub(crate) response: Option<Response<Answer>>,
    /// What is written down at the end.
    pub(crate) record: Record,
}

impl Exchange {
    fn new(gateway: &Gateway, line: Arc<Line>, request: Request<Incoming>) -> Self {
        let (head, body) = request.into_parts();
        let peer: IpAddr = line.peer;
        let client = forwarding::client(peer, &head.headers, &gateway.config.trusted_proxies);
        let id = record::request_id(&head.headers, client.through_proxy);
        let target = head.uri.path_and_query().cloned();
        Self {
            record: Record::open(&head.method, &id, Busy::new(Arc::clone(&line))),
            body: Some(body),
            line,
            id,
            client,
            upgrade: None,
            target: target.unwrap_or_else(|| PathAndQuery::from_static("/")),
            host: HeaderValue::from_static(""),
            route: None,
            cookies: None,
            assertion: None,
            response: None,
            head,
        }
    }

    /// Whether people reach the platform, or at least its proxy, over https.
    pub(crate) fn is_secure(&self, gateway: &Gateway) -> bool {
        gateway.is_secure || self.client.https
    }
}

/// Answers a request.
pub(crate) async fn handle(
    gateway: &Gateway,
    line: Arc<Line>,
    request: Request<Incoming>,
) -> Response<Recorded> {
    let mut exchange = Exchange::new(gateway, line, request);
    let span = exchange.record.span().clone();
    // A trace begins here, unless somebody trusted has begun it.
    let context = if exchange.client.through_proxy {
        record::trace_fields(&exchange.head.headers)
    } else {
        HeaderMap::new()
    };
    continue_trace(&context, span, async {
        if let Err(reject) = phases(gateway, &mut exchange).await {
            exchange.record.reject(reject);
            exchange.response = Some(pages::answer(&exchange, reject));
        }
        respond::respond(gateway, &mut exchange);
        record::record(exchange)
    })
    .await
}

async fn phases(gateway: &Gateway, exchange: &mut Exchange) -> Result<(), Reject> {
    accept::accept(exchange)?;
    if health::answer(gateway, exchange).await {
        return Ok(());
    }
    route::route(gateway, exchange)?;
    identify::identify(gateway, exchange).await?;
    admit::admit(gateway, exchange)?;
    forward::forward(gateway, exchange).await
}
