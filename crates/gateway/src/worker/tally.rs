//! What one worker has counted since it last handed it over: requests by route, outcome and duration.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::histogram::Histogram;
use crate::table::Route;

/// Counts of one route.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    /// Requests by the first digit of their status.
    pub(crate) classes: [u64; 6],
    /// Bytes of response bodies.
    pub(crate) bytes: u64,
    /// Microseconds from the head of a request to the last byte of its answer.
    pub(crate) durations: Histogram,
}

impl Counts {
    fn count(&mut self, status: u16, micros: u64, bytes: u64) {
        if let Some(class) = self.classes.get_mut(usize::from(status / 100)) {
            *class += 1;
        }
        self.bytes += bytes;
        self.durations.record(micros);
    }

    /// Adds what somebody else has counted.
    pub(crate) fn add(&mut self, other: &Self) {
        for (own, other) in self.classes.iter_mut().zip(other.classes) {
            *own += other;
        }
        self.bytes += other.bytes;
        self.durations.add(&other.durations);
    }
}

/// A route and what was counted for it.
pub(crate) type Counted = (Option<Arc<Route>>, Counts);

/// Counts by route; what went nowhere is counted under none.
#[derive(Default)]
pub(crate) struct Tally {
    routes: RefCell<HashMap<usize, Counted>>,
}

impl Tally {
    /// Counts one request.
    pub(crate) fn count(&self, route: Option<&Arc<Route>>, status: u16, micros: u64, bytes: u64) {
        // The route is kept beside its counts, so its address stays its own.
        let key = route.map_or(0, |route| Arc::as_ptr(route).addr());
        let mut routes = self.routes.borrow_mut();
        let (_, counts) = routes
            .entry(key)
            .or_insert_with(|| (route.cloned(), Counts::default()));
        counts.count(status, micros, bytes);
    }

    /// Hands over everything that was counted.
    pub(crate) fn take(&self) -> Vec<Counted> {
        self.routes.take().into_values().collect()
    }
}
