//! The HTTP layers around an app's routes.
//!
//! A request goes through phases, one file each: `request_id -> trace -> identify -> origin ->
//! limits -> (the app) -> respond -> headers -> access_line`. They are functions called in order by
//! [`exchange`], not a tower of middleware, so that the order can be read. Must not know any app.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use opentelemetry::metrics::Meter;
use registry::{AppId, PrefixPolicy};
use tower::Layer as _;
use tower::util::MapResponseLayer;
use tracing::Instrument as _;
use url::Url;

use crate::clock::Clock;
use crate::identity::Verifier;
use crate::problem::Problem;
use crate::routes::{RouteKind, Routes};
use crate::service::PageErrors;

mod access_line;
mod extract;
mod headers;
mod idempotency_key;
mod identify;
mod limits;
mod local_path;
pub mod meter;
mod network;
mod origin;
mod request_id;
mod respond;
mod trace;

use access_line::AccessLine;
pub use extract::{Form, Json, Path, Query};
pub use idempotency_key::IdempotencyKey;
pub(crate) use identify::IdentityUnavailable;
pub use local_path::{LocalPath, NotLocal};
pub use network::{budget_of, client_address, network_of};
pub use request_id::RequestId;

/// What a request may use where no policy says otherwise.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Longest request body, in bytes.
    pub body: u64,
    /// Longest time until the head of the response is there. Streamed bodies may take longer.
    pub timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            timeout: Duration::from_secs(30),
        }
    }
}

/// What the layers around an app need to know.
#[derive(Clone)]
pub struct StackConfig {
    /// The app; the audience of the identity assertions it accepts.
    pub app: AppId,
    /// Where people reach the platform; the only origin that may send forms.
    pub app_url: Url,
    /// The time.
    pub clock: Clock,
    /// Who checks identity assertions.
    pub verifier: Verifier,
    /// How errors of pages look; problem+json when absent.
    pub pages: Option<PageErrors>,
    /// Limits by prefix, over [`StackConfig::limits`].
    pub policies: Vec<PrefixPolicy>,
    /// Limits everywhere else.
    pub limits: Limits,
    /// Where durations are measured.
    pub meter: Meter,
}

impl StackConfig {
    /// A configuration without page errors or policies, with the usual limits.
    pub fn new(app: AppId, app_url: Url, clock: Clock, verifier: Verifier) -> Self {
        Self {
            app,
            app_url,
            clock,
            verifier,
            pages: None,
            policies: Vec::new(),
            limits: Limits::default(),
            meter: opentelemetry::global::meter("cloud.platform"),
        }
    }
}

/// What the rest of the platform may want to know while it answers a request. A request extension.
#[derive(Clone)]
pub struct Context {
    /// The time.
    pub clock: Clock,
    /// Where people reach the platform.
    pub app_url: Arc<Url>,
}

impl Context {
    /// The local path of a URL, if it is one of the platform's own.
    pub fn local_path(&self, url: &str) -> Option<LocalPath> {
        let url = Url::parse(url).ok()?;
        if url.origin() != self.app_url.origin() {
            return None;
        }
        LocalPath::parse(&url[url::Position::BeforePath..url::Position::AfterQuery]).ok()
    }
}

/// The configuration and what was worked out from it once.
struct Stack {
    config: StackConfig,
    context: Context,
    kinds: HashMap<String, RouteKind>,
    duration: opentelemetry::metrics::Histogram<f64>,
}

/// Where a request is going.
#[derive(Clone)]
struct Destination {
    /// The path template; empty when nothing answers at the path.
    template: String,
    kind: RouteKind,
}

/// Wraps an app's routes in all layers, in the right order.
pub fn stack(routes: Routes, config: StackConfig) -> Router {
    let (app, table) = routes.into_parts();
    let stack = Arc::new(Stack {
        context: Context {
            clock: config.clock.clone(),
            app_url: Arc::new(config.app_url.clone()),
        },
        kinds: table.into_iter().map(|row| (row.path, row.kind)).collect(),
        duration: trace::duration_histogram(&config.meter),
        config,
    });
    let app = app
        .fallback(not_found)
        // The limit of the phase `limits` holds for every body, also where no extractor reads it.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(stack, exchange));
    // The router adds headers after all layers, so the last word is spoken outside of it.
    let app = MapResponseLayer::new(headers::without_empty_allow).layer(app);
    Router::new().fallback_service(app)
}

async fn not_found() -> Response {
    Problem::from_status(StatusCode::NOT_FOUND).into_response()
}

/// One request and its response, phase by phase.
async fn exchange(State(stack): State<Arc<Stack>>, mut request: Request, next: Next) -> Response {
    let destination = stack.destination(&request);
    let id = RequestId::of(request.headers());
    request.extensions_mut().insert(id.clone());
    request.extensions_mut().insert(stack.context.clone());

    let line = AccessLine::open(&stack, &destination, &id, &request);
    let phases = answer(&stack, destination.kind, &line, request, next).instrument(line.span());
    let mut response = meter::scope(line.meter(), phases).await;

    headers::apply(response.headers_mut(), &destination, &id);
    line.attach(response)
}

/// Everything between the request id and the response headers.
async fn answer(
    stack: &Stack,
    kind: RouteKind,
    line: &AccessLine,
    mut request: Request,
    next: Next,
) -> Response {
    if kind != RouteKind::Asset {
        identify::identify(&stack.config, &mut request).await;
        line.principal(&request);
    }
    let reader = respond::Reader::of(stack, kind, &request);
    let response = match admit(stack, &mut request) {
        Err(problem) => problem.into_response(),
        Ok(timeout) => limits::within(timeout, respond::unwinding(next.run(request))).await,
    };
    reader.render(response, line.request_id())
}

/// What is refused before a handler runs; yields how long the handler may take.
fn admit(stack: &Stack, request: &mut Request) -> Result<Option<Duration>, Problem> {
    origin::check(request, &stack.config.app_url)?;
    let limits = limits::of(&stack.config, request.uri().path());
    limits::cap_body(request, limits.body)?;
    Ok(limits.timeout)
}

impl Stack {
    fn destination(&self, request: &Request) -> Destination {
        let template = request
            .extensions()
            .get::<MatchedPath>()
            .map_or("", MatchedPath::as_str);
        let kind = self.kinds.get(template).copied().unwrap_or_else(|| {
            if request.uri().path().starts_with("/api/") {
                RouteKind::Api
            } else {
                RouteKind::Page
            }
        });
        Destination {
            template: template.to_owned(),
            kind,
        }
    }
}
