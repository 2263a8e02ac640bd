//! The routes of an app: each registered with its path, its kind and who may use it.
//!
//! Owns the route table, which the coverage test walks. There is no way to add a handler without
//! saying who may use it.

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, Route};
use std::convert::Infallible;
use tower::{Layer, Service};

use crate::access::{Access, Gate, enforce};

pub mod coverage;

/// What a route answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteKind {
    /// HTML for a person. Errors are pages, and people who are not signed in are sent to sign in.
    Page,
    /// JSON for a program. Errors are problem+json.
    Api,
    /// A file that is the same for everybody; nobody looks who is asking.
    Asset,
}

/// One row of the route table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteRecord {
    /// The path template: `/app/accounts/people/{id}`.
    pub path: String,
    /// Who may use it.
    pub access: Access,
    /// What it answers with.
    pub kind: RouteKind,
}

/// The routes of an app. Paths are whole, with the app's prefix.
#[must_use]
pub struct Routes<S = ()> {
    router: Router<S>,
    table: Vec<RouteRecord>,
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No routes yet.
    pub fn new() -> Self {
        Self {
            router: Router::new(),
            table: Vec::new(),
        }
    }

    /// Adds a page, with all its methods: one path has one access.
    pub fn page(self, path: &str, access: Access, methods: MethodRouter<S>) -> Self {
        self.add(path, access, RouteKind::Page, methods)
    }

    /// Adds an API resource, with all its methods: one path has one access.
    pub fn api(self, path: &str, access: Access, methods: MethodRouter<S>) -> Self {
        self.add(path, access, RouteKind::Api, methods)
    }

    /// Adds public files.
    pub fn asset(self, path: &str, methods: MethodRouter<S>) -> Self {
        self.add(path, Access::Public, RouteKind::Asset, methods)
    }

    fn add(
        mut self,
        path: &str,
        access: Access,
        kind: RouteKind,
        methods: MethodRouter<S>,
    ) -> Self {
        let gate = from_fn_with_state(Gate { access, kind }, enforce);
        // `layer`, not `route_layer`: whoever may not use a path does not learn its methods either.
        self.router = self.router.route(path, methods.layer(gate));
        self.table.push(RouteRecord {
            path: path.to_owned(),
            access,
            kind,
        });
        self
    }

    /// Adds all routes of another table.
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.table.extend(other.table);
        self
    }

    /// Wraps all routes added so far. The layer sees who is asking; it runs before access is
    /// enforced and cannot get around it.
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.router = self.router.layer(layer);
        self
    }

    /// Changes the router as a whole; for layers that were collected before the routes were there.
    pub(crate) fn wrap(mut self, change: impl FnOnce(Router<S>) -> Router<S>) -> Self {
        self.router = change(self.router);
        self
    }

    /// Gives the handlers their state.
    pub fn with_state<S2>(self, state: S) -> Routes<S2> {
        Routes {
            router: self.router.with_state(state),
            table: self.table,
        }
    }

    /// The route table.
    pub fn table(&self) -> Vec<RouteRecord> {
        self.table.clone()
    }

    pub(crate) fn into_parts(self) -> (Router<S>, Vec<RouteRecord>) {
        (self.router, self.table)
    }
}
