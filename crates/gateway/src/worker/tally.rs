//! What one worker has counted since it last handed it over: requests by route, method, outcome and duration.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::histogram::Histogram;
use crate::record::Verb;
use crate::table::Route;

/// What requests of one kind have in common.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    /// None for what went nowhere.
    pub(crate) route: Option<&'a Arc<Route>>,
    /// What the app calls the place below the route's prefix.
    pub(crate) template: Option<&'a Arc<str>>,
    pub(crate) verb: Verb,
    pub(crate) status: u16,
}

/// Counts of requests of one kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    /// Bytes of response bodies.
    pub(crate) bytes: u64,
    /// Microseconds from the head of a request to the last byte of its answer.
    pub(crate) durations: Histogram,
}

impl Counts {
    /// Adds what somebody else has counted.
    pub(crate) fn add(&mut self, other: &Self) {
        self.bytes += other.bytes;
        self.durations.add(&other.durations);
    }
}

/// A kind of request and what was counted of it.
pub(crate) struct Counted {
    pub(crate) route: Option<Arc<Route>>,
    pub(crate) template: Option<Arc<str>>,
    pub(crate) verb: Verb,
    /// First digit of the status; 0 for none there is.
    pub(crate) class: u8,
    pub(crate) counts: Counts,
}

/// Addresses of route and template, which are kept beside the counts and so stay their own; verb and class.
type Key = (usize, usize, Verb, u8);

/// Counts by kind.
#[derive(Default)]
pub(crate) struct Tally {
    kinds: RefCell<HashMap<Key, Counted>>,
}

impl Tally {
    /// Counts one request.
    pub(crate) fn count(&self, request: &Request<'_>, micros: u64, bytes: u64) {
        let Request {
            route,
            template,
            verb,
            status,
        } = *request;
        let class = match status / 100 {
            digit @ 1..=5 => u8::try_from(digit).unwrap_or(0),
            _ => 0,
        };
        let route_at = route.map_or(0, |route| Arc::as_ptr(route).addr());
        let template_at = template.map_or(0, |template| template.as_ptr().addr());
        let mut kinds = self.kinds.borrow_mut();
        let counted = kinds
            .entry((route_at, template_at, verb, class))
            .or_insert_with(|| Counted {
                route: route.cloned(),
                template: template.cloned(),
                verb,
                class,
                counts: Counts::default(),
            });
        counted.counts.bytes += bytes;
        counted.counts.durations.record(micros);
    }

    /// Hands over everything that was counted.
    pub(crate) fn take(&self) -> Vec<Counted> {
        self.kinds.take().into_values().collect()
    }
}
