//! What stands in front of every gRPC service: nothing passes that is not allowed by name.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use futures_util::FutureExt as _;
use http::HeaderMap;
use platform::http::meter;
use platform::identity::{self, Principal, Verifier};
use platform::{Boot, Class, Clock};
use registry::{AppId, Keyring};
use tonic::Status;
use tonic::service::Routes;
use tracing::Instrument as _;

use super::access_line::AccessLine;
use super::{Caller, deadline};
use crate::outcome;
use crate::trace;

/// Full method paths, each with the apps that may call it. An app may be `"*"`: any app, proven.
pub type Allow = &'static [(&'static str, &'static [&'static str])];

/// Verifies service assertions, admits by method, enforces deadlines, turns panics into `Internal` and
/// writes one access line per call.
#[derive(Clone)]
pub struct Guard {
    inner: Arc<Inner>,
}

struct Inner {
    app: AppId,
    keyring: Keyring,
    identity: Verifier,
    clock: Clock,
    allow: HashMap<&'static str, &'static [&'static str]>,
}

/// The guard of an app's gRPC services. What `allow` does not name is refused.
pub fn guard(boot: &Boot, allow: Allow) -> Guard {
    Guard {
        inner: Arc::new(Inner {
            app: boot.app.clone(),
            keyring: boot.config.app_secret.clone(),
            identity: boot.identity.clone(),
            clock: boot.clock.clone(),
            allow: allow.iter().copied().collect(),
        }),
    }
}

impl Guard {
    /// Puts the guard in front of services.
    pub fn protect(self, routes: Routes) -> Routes {
        Routes::from(
            routes
                .into_axum_router()
                .layer(from_fn_with_state(self, pass)),
        )
    }
}

/// One call from start to end.
async fn pass(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    let mut line = AccessLine::open(&guard.inner.app, request.uri().path());
    let span = tracing::info_span!(
        "rpc",
        app = guard.inner.app.as_str(),
        otel.name = line.method,
        otel.kind = "server",
        rpc.system = "grpc",
    );
    trace::continue_in(&span, request.headers());
    async {
        let caller = match guard.inner.admit(&line.method, request.headers()).await {
            Ok(caller) => caller,
            Err(refusal) => return line.close(refusal.into_http()),
        };
        line.caller(&caller);
        request.extensions_mut().insert(caller);
        let response = meter::scope(line.meter(), run(request, next, &line.method)).await;
        line.close(response)
    }
    .instrument(span)
    .await
}

/// Runs the handler within its deadline and contains its panic.
async fn run(request: Request, next: Next, method: &str) -> Response {
    let granted = deadline::granted(request.headers());
    let work = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(granted, work).await {
        Ok(Ok(response)) => response,
        Ok(Err(_panic)) => {
            // The panic hook has written message and place.
            tracing::error!(method, "handler panicked");
            refusal(Class::Internal, "internal").into_http()
        }
        Err(_elapsed) => refusal(Class::Timeout, "timeout").into_http(),
    }
}

impl Inner {
    async fn admit(&self, method: &str, headers: &HeaderMap) -> Result<Caller, Status> {
        let app = self.calling_app(headers)?;
        let admitted = self.allow.get(method).is_some_and(|apps| {
            apps.iter()
                .any(|name| *name == "*" || *name == app.as_str())
        });
        if !admitted {
            tracing::warn!(method, caller = %app, "call refused: not on the method's list");
            return Err(refusal(Class::Forbidden, "rpc.caller_refused"));
        }
        let person = self.person(&app, headers).await?;
        Ok(Caller { app, person })
    }

    fn calling_app(&self, headers: &HeaderMap) -> Result<AppId, Status> {
        let unknown = || refusal(Class::Unauthenticated, "rpc.caller_unknown");
        let token = headers
            .get(identity::service::HEADER)
            .and_then(|value| value.to_str().ok())
            .ok_or_else(unknown)?;
        identity::service::verify(&self.keyring, token, &self.app, self.clock.now()).map_err(
            |error| {
                tracing::warn!(%error, "service assertion refused");
                unknown()
            },
        )
    }

    /// The person's assertion was made out to the calling app, which hands it on as it came.
    async fn person(
        &self,
        caller: &AppId,
        headers: &HeaderMap,
    ) -> Result<Option<Principal>, Status> {
        let Some(token) = headers.get(identity::HEADER) else {
            return Ok(None);
        };
        let token = token.to_str().unwrap_or_default();
        match self.identity.verify(token, caller).await {
            Ok(person) => Ok(Some(person)),
            Err(identity::Refusal::KeysUnavailable) => {
                Err(refusal(Class::Unavailable, "identity.keys_unavailable"))
            }
            Err(error) => {
                tracing::warn!(%caller, %error, "person's assertion refused");
                Err(refusal(Class::Unauthenticated, "rpc.person_unproven"))
            }
        }
    }
}

/// A status made here and not by a service. Codes under `rpc.` speak about the calling service.
fn refusal(class: Class, code: &'static str) -> Status {
    let mut status = Status::new(class.grpc(), "");
    if let Ok(value) = outcome::encode(class, code).parse() {
        status.metadata_mut().insert(outcome::KEY, value);
    }
    status
}
