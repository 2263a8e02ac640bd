//! What answers on a listener before any app does: `/health` and `/ready`.
//!
//! They bypass the app's layers on purpose: a probe needs no identity, leaves no access line and
//! must be answered while the app is not ready.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CACHE_CONTROL};
use http::{HeaderValue, Method, Request, StatusCode};
use hyper::body::Incoming;
use opentelemetry::context::FutureExt;
use serde::Serialize;
use tower::Service as _;

use super::server::Peer;
use super::unread::Unread;
use crate::boot::Boot;
use crate::health::{Health, Status};
use crate::lifecycle::Lifecycle;
use crate::telemetry::context_of;

/// The outermost service of a listener.
#[derive(Clone)]
pub(super) struct Front {
    router: Router,
    health: Option<Health>,
}

/// A front that knows who is at the other end of one connection.
#[derive(Clone)]
pub(super) struct Connected {
    pub(super) front: Front,
    pub(super) peer: Peer,
    pub(super) lifecycle: Lifecycle,
}

#[derive(Serialize)]
struct Readiness {
    status: &'static str,
}

impl Front {
    /// For HTTP: health and readiness, then the app.
    pub(super) fn http(router: Router, boot: &Boot) -> Self {
        Self {
            router,
            health: Some(boot.health.clone()),
        }
    }

    /// For gRPC: the services alone.
    pub(super) fn grpc(router: Router) -> Self {
        Self {
            router,
            health: None,
        }
    }

    async fn answer(self, request: Request<Body>) -> Response {
        if let Some(health) = &self.health {
            match request.uri().path() {
                "/health" => return probe(request.method(), health_of(health)).await,
                "/ready" => return probe(request.method(), async { ready_of(health) }).await,
                _ => {}
            }
        }
        // The span of the request is opened by the app's layers, inside of this context.
        let context = context_of(request.headers());
        let mut router = self.router;
        router
            .call(request)
            .with_context(context)
            .await
            .into_response()
    }
}

impl hyper::service::Service<Request<Incoming>> for Connected {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let mut request = Unread::of(request, &self.lifecycle);
        request.extensions_mut().insert(self.peer.clone());
        let front = self.front.clone();
        Box::pin(async move { Ok(front.answer(request).await) })
    }
}

async fn probe(method: &Method, answer: impl Future<Output = Response>) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    let mut response = answer.await;
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn health_of(health: &Health) -> Response {
    let report = health.report().await;
    let status = match report.status {
        Status::Healthy => StatusCode::OK,
        Status::Unhealthy => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, axum::Json(report)).into_response()
}

fn ready_of(health: &Health) -> Response {
    if health.is_ready() {
        axum::Json(Readiness { status: "ready" }).into_response()
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            axum::Json(Readiness { status: "unready" }),
        )
            .into_response()
    }
}
