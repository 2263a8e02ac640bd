//! The gRPC side of a listener: what surrounds every service, whoever wrote it.
//!
//! Authentication, deadlines and access lines belong to the `rpc` crate's guard.

use std::panic::AssertUnwindSafe;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use futures_util::FutureExt;

use crate::telemetry::suppressed;

/// Services that receive telemetry. Recording their calls would be exported to them again.
const COLLECTORS: &str = "/opentelemetry.proto.collector.";

/// Wraps the services of an app.
pub(super) fn surround(routes: tonic::service::Routes) -> Router {
    routes.prepare().into_axum_router().layer(from_fn(call))
}

async fn call(request: Request, next: Next) -> Response {
    let collects = request.uri().path().starts_with(COLLECTORS);
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    let answer = if collects {
        suppressed(answer).await
    } else {
        answer.await
    };
    answer.unwrap_or_else(|_| {
        // The panic hook has logged it, with its place.
        tonic::Status::internal("internal error").into_http()
    })
}
