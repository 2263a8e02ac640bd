//! Fifth phase: ask an instance of the app. One that cannot be reached is passed over for the next, whatever the
//! method, because it was sent nothing; what was sent is repeated only where repeating is harmless.

use std::sync::Arc;
use std::time::Duration;

use http::header::{CONNECTION, COOKIE, HOST, UPGRADE};
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, Version};
use hyper::body::Incoming;
use platform::identity;
use platform::telemetry::inject;
use tokio::time::{Instant, timeout_at};

use crate::body::{Answer, Progress, Relayed, RequestBody};
use crate::exchange::Exchange;
use crate::gateway::Gateway;
use crate::reject::{Fault, Reject};
use crate::upstream::{Borrowed, SendError, Upstream};
use crate::{admit, headers, tunnel};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// How often a request that broke off is sent once more.
const REPEATS: u32 = 2;

/// Gets the head of a response, and has its body follow.
pub(crate) async fn forward(gateway: &Gateway, exchange: &mut Exchange) -> Result<(), Reject> {
    let Some(route) = exchange.route.clone() else {
        return Err(Reject::gateway(Fault::Internal));
    };
    let limits = &gateway.config.limits;
    let body = match exchange.body.take() {
        Some(incoming) => {
            let limit = admit::body_limit(gateway, exchange);
            RequestBody::new(incoming, limit, limits.request_idle)
        }
        None => RequestBody::empty(),
    };
    let progress = body.progress();
    let mut attempts = Attempts {
        gateway,
        exchange,
        response_limit: route.policy.response.unwrap_or(limits.response),
        repeats: if progress.is_done() && is_repeatable(&exchange.head.method) {
            REPEATS
        } else {
            0
        },
        progress,
    };
    let (response, connection) = attempts.run(&route.order(), body).await?;
    let idle = route.policy.idle.unwrap_or(limits.response_idle);
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return switch(gateway, exchange, (response, connection), idle);
    }
    let response =
        response.map(|incoming| Answer::App(Box::new(Relayed::new(incoming, connection, idle))));
    exchange.response = Some(response);
    Ok(())
}

/// Methods whose effect is the same once or twice.
fn is_repeatable(method: &Method) -> bool {
    method.is_idempotent()
}

/// The tries of one exchange.
struct Attempts<'a> {
    gateway: &'a Gateway,
    exchange: &'a Exchange,
    progress: Arc<Progress>,
    response_limit: Duration,
    repeats: u32,
}

/// What one instance made of the request.
enum Outcome {
    Answered(Response<Incoming>, Borrowed),
    /// It was sent nothing.
    Unreached(Request<RequestBody>),
    /// It may have been sent something, and the connection broke.
    Broken,
}

impl Attempts<'_> {
    async fn run(
        &mut self,
        instances: &[Arc<Upstream>],
        body: RequestBody,
    ) -> Result<(Response<Incoming>, Borrowed), Reject> {
        let mut request = self.request(body);
        let mut broke = false;
        for instance in instances {
            match self.ask(instance, request).await? {
                Outcome::Answered(response, connection) => return Ok((response, connection)),
                Outcome::Unreached(back) => {
                    instance.rest();
                    self.gateway.missed(instance);
                    request = back;
                }
                Outcome::Broken => {
                    broke = true;
                    if self.repeats == 0 {
                        break;
                    }
                    self.repeats -= 1;
                    request = self.request(RequestBody::empty());
                }
            }
        }
        Err(Reject::upstream(if broke {
            Fault::BadGateway
        } else {
            Fault::AppDown
        }))
    }

    /// Asks one instance: over idle connections while there are any, then over a new one.
    async fn ask(
        &mut self,
        instance: &Arc<Upstream>,
        mut request: Request<RequestBody>,
    ) -> Result<Outcome, Reject> {
        let mut trusts_idle = true;
        loop {
            let idle = if trusts_idle {
                instance.idle().await
            } else {
                None
            };
            let mut connection = match idle {
                Some(connection) => connection,
                None => match instance.connect().await {
                    Ok(connection) => connection,
                    Err(error) => {
                        tracing::debug!(%error, app = %instance.entry.id, "an instance was not reached");
                        return Ok(Outcome::Unreached(request));
                    }
                },
            };
            match self.within(connection.send(request)).await? {
                Ok(response) => return Ok(Outcome::Answered(response, connection)),
                Err(SendError::Unsent(back)) => {
                    request = *back;
                    if !connection.is_reused() {
                        return Ok(Outcome::Unreached(request));
                    }
                }
                Err(SendError::Broken(error)) => {
                    if let Some(fault) = self.progress.fault() {
                        return Err(Reject::client(fault));
                    }
                    tracing::debug!(%error, app = %instance.entry.id, "an exchange broke off");
                    if self.repeats == 0 || !connection.is_reused() {
                        return Ok(Outcome::Broken);
                    }
                    // A kept connection that had died: the instance itself may be fine.
                    self.repeats -= 1;
                    trusts_idle = false;
                    request = self.request(RequestBody::empty());
                }
            }
        }
    }

    /// Waits for the head of the response for as long as the route allows, counted from the last part of the body.
    async fn within<F: Future>(&self, answer: F) -> Result<F::Output, Reject> {
        let mut answer = std::pin::pin!(answer);
        loop {
            let deadline = self.progress.last() + self.response_limit;
            if let Ok(answer) = timeout_at(deadline, answer.as_mut()).await {
                return Ok(answer);
            }
            if self.progress.last() + self.response_limit <= Instant::now() {
                return Err(Reject::upstream(Fault::GatewayTimeout));
            }
        }
    }

    /// The request as the app sees it.
    fn request(&self, body: RequestBody) -> Request<RequestBody> {
        let exchange = self.exchange;
        let mut request = Request::new(body);
        *request.method_mut() = exchange.head.method.clone();
        *request.uri_mut() = Uri::from(exchange.target.clone());
        *request.version_mut() = Version::HTTP_11;
        let fields = request.headers_mut();
        fields.reserve(exchange.head.headers.len() + 8);
        fields.insert(HOST, exchange.host.clone());
        headers::copy_request(&exchange.head.headers, fields);
        if let Some(cookies) = &exchange.cookies {
            fields.insert(COOKIE, cookies.clone());
        }
        if let Some(assertion) = &exchange.assertion {
            fields.insert(identity::HEADER, assertion.clone());
        }
        fields.insert(headers::REQUEST_ID, exchange.id.clone());
        fields.insert(FORWARDED_HOST, exchange.host.clone());
        let proto = if exchange.is_secure(self.gateway) {
            "https"
        } else {
            "http"
        };
        fields.insert(FORWARDED_PROTO, HeaderValue::from_static(proto));
        if let Ok(address) = HeaderValue::try_from(exchange.client.address.to_string()) {
            fields.insert(FORWARDED_FOR, address);
        }
        if exchange.upgrade.is_some() {
            fields.insert(CONNECTION, HeaderValue::from_static("upgrade"));
            fields.insert(UPGRADE, HeaderValue::from_static("websocket"));
        }
        inject(fields);
        request
    }
}

/// The app has agreed to another protocol: from here on both connections belong together.
fn switch(
    gateway: &Gateway,
    exchange: &mut Exchange,
    (mut response, connection): (Response<Incoming>, Borrowed),
    idle: Duration,
) -> Result<(), Reject> {
    let Some(downstream) = exchange.upgrade.take() else {
        return Err(Reject::upstream(Fault::BadGateway));
    };
    let upstream = hyper::upgrade::on(&mut response);
    exchange.line.becomes_opaque();
    gateway.lifecycle.spawn_contained("tunnel", async move {
        tunnel::run(downstream, upstream, idle).await;
        drop(connection);
    });
    exchange.response = Some(response.map(|_| Answer::Empty));
    Ok(())
}
