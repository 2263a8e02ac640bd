//! Routes by prefix: a table that is asked once for each segment of a path, the longest prefix first. With many prefixes
//! it takes a tenth of a tree's memory, is built at once, and a match touches few places of it.

use std::collections::HashMap;
use std::sync::Arc;

use super::Route;

/// Routes by prefix.
#[derive(Default)]
pub(super) struct Prefixes {
    /// Places in the list, by prefix without a slash at its end; the root is the empty one.
    places: HashMap<Arc<str>, usize>,
    all: Vec<Arc<Route>>,
    /// Segments of the prefix that has most: a path is not looked at any deeper.
    deepest: usize,
}

impl Prefixes {
    /// None yet, with room for this many.
    pub(super) fn with_capacity(count: usize) -> Self {
        Self {
            places: HashMap::with_capacity(count),
            all: Vec::with_capacity(count),
            deepest: 0,
        }
    }

    /// Adds a route. Its prefix covers itself, itself with a slash, and everything below.
    pub(super) fn insert(&mut self, route: Route) {
        let route = Arc::new(route);
        let base = route.prefix.trim_end_matches('/');
        let key = if base.len() == route.prefix.len() {
            Arc::clone(&route.prefix)
        } else {
            base.into()
        };
        // Each prefix is held by one app, so this cannot happen; were it to, the first one stands.
        if self.places.contains_key(&key) {
            tracing::error!(prefix = &*route.prefix, app = %route.app, "a route was not added");
            return;
        }
        self.deepest = self.deepest.max(base.matches('/').count());
        self.places.insert(key, self.all.len());
        self.all.push(route);
    }

    /// The route with the longest prefix of whole segments.
    pub(super) fn longest(&self, path: &str) -> Option<&Arc<Route>> {
        if !path.starts_with('/') {
            return None;
        }
        let mut ends = memchr::memchr_iter(b'/', path.as_bytes()).skip(1);
        let end = ends
            .nth(self.deepest.saturating_sub(1))
            .unwrap_or(path.len());
        let mut candidate = path.get(..end)?;
        loop {
            if let Some(place) = self.places.get(candidate) {
                return self.all.get(*place);
            }
            candidate = candidate.get(..candidate.rfind('/')?)?;
        }
    }

    /// Every route.
    pub(super) fn all(&self) -> &[Arc<Route>] {
        &self.all
    }
}
