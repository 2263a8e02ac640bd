//! What all workers have counted since the gateway began.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::table::Route;
use crate::worker::Counts;

/// Prefixes that are counted apart; the rest is counted together.
const MOST: usize = 1000;

/// Sums by app and prefix.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    sums: Mutex<Sums>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Sums {
    /// By prefix; what went nowhere is under none.
    pub(crate) routes: BTreeMap<Option<Arc<str>>, Counts>,
    /// Requests that left no line.
    pub(crate) unlogged: u64,
}

impl Totals {
    /// Adds what a worker has counted.
    pub(crate) fn add(&self, counted: Vec<(Option<Arc<Route>>, Counts)>, unlogged: u64) {
        if counted.is_empty() && unlogged == 0 {
            return;
        }
        let mut sums = self.sums.lock().unwrap_or_else(PoisonError::into_inner);
        sums.unlogged += unlogged;
        for (route, counts) in counted {
            let prefix = route.map(|route| Arc::clone(&route.prefix));
            let prefix = prefix.filter(|prefix| {
                sums.routes.len() < MOST || sums.routes.contains_key(&Some(Arc::clone(prefix)))
            });
            sums.routes.entry(prefix).or_default().add(&counts);
        }
    }

    /// The sums of the moment.
    pub(crate) fn sums(&self) -> Sums {
        self.sums
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
