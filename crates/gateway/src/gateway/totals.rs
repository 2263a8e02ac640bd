//! What all workers have counted since the gateway began.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::histogram::Histogram;
use crate::table::Route;
use crate::worker::Counts;

mod recent;

use recent::Recent;

/// Prefixes that are counted apart; the rest is counted together.
const MOST: usize = 1000;

/// Sums by app and prefix.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    counted: Mutex<Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    sums: Sums,
    recent: Recent,
    interval: Interval,
}

/// What was counted since somebody last asked, of all routes together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interval {
    pub(crate) counts: Counts,
    /// Requests that left no line.
    pub(crate) unlogged: u64,
}

/// Durations by prefix.
pub(crate) type Durations = BTreeMap<Option<Arc<str>>, Histogram>;

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
        let mut all = self.lock();
        let Counted {
            sums,
            recent,
            interval,
        } = &mut *all;
        sums.unlogged += unlogged;
        interval.unlogged += unlogged;
        for (route, counts) in counted {
            let prefix = route.map(|route| Arc::clone(&route.prefix));
            let prefix = prefix.filter(|prefix| {
                sums.routes.len() < MOST || sums.routes.contains_key(&Some(Arc::clone(prefix)))
            });
            interval.counts.add(&counts);
            recent.add(prefix.clone(), &counts.durations);
            sums.routes.entry(prefix).or_default().add(&counts);
        }
    }

    /// The sums of the moment.
    pub(crate) fn sums(&self) -> Sums {
        self.lock().sums.clone()
    }

    /// The durations of the last minute.
    pub(crate) fn recent(&self) -> Durations {
        self.lock().recent.sum()
    }

    /// What was counted since the last call.
    pub(crate) fn take_interval(&self) -> Interval {
        std::mem::take(&mut self.lock().interval)
    }

    fn lock(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
