//! What an app's start returns: its routes, its gRPC services and how its errors look as pages.
//!
//! Owns the bundle only. Listening and the layers around the routes are the host's and `http`'s.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::Route;

use crate::problem::Problem;
use crate::routes::Routes;

/// Renders a problem as an HTML page, for people who followed a link or submitted a form.
pub type PageErrors = Arc<dyn Fn(&Problem, &http::request::Parts) -> Response + Send + Sync>;

type Wrap = Box<dyn FnOnce(Router) -> Router + Send>;

/// A started app, ready to be served.
#[must_use = "a service is served when the app's start returns it"]
pub struct Service {
    pub(crate) routes: Routes<()>,
    pub(crate) grpc: Option<tonic::service::Routes>,
    pub(crate) pages: Option<PageErrors>,
    pub(crate) layers: Vec<Wrap>,
}

impl Service {
    /// A service of these routes, which have their state already.
    pub fn new(routes: Routes<()>) -> Self {
        Self {
            routes,
            grpc: None,
            pages: None,
            layers: Vec::new(),
        }
    }

    /// Also answers gRPC, on a port of its own.
    pub fn grpc(mut self, routes: tonic::service::Routes) -> Self {
        self.grpc = Some(routes);
        self
    }

    /// Shows errors of page routes as HTML.
    pub fn pages(mut self, pages: PageErrors) -> Self {
        self.pages = Some(pages);
        self
    }

    /// Wraps the routes in a layer, inside of the platform's own layers. The last one added is the
    /// outermost.
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: tower::Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: tower::Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as tower::Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as tower::Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as tower::Service<Request>>::Future: Send + 'static,
    {
        self.layers
            .push(Box::new(move |router| router.layer(layer)));
        self
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service")
            .field("grpc", &self.grpc.is_some())
            .field("pages", &self.pages.is_some())
            .field("layers", &self.layers.len())
            .finish_non_exhaustive()
    }
}
