//! What all workers have counted since the gateway began.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::histogram::Histogram;
use crate::record::Verb;
use crate::worker::{Counted, Counts};

mod recent;

use recent::Recent;

/// Prefixes that are counted apart; the rest is counted together.
const MOST: usize = 1000;
/// Kinds of requests that are counted apart. One more than these is counted without its template, and when there is no
/// room for that either, under [`OTHERS`].
const MOST_KINDS: usize = 1000;
/// Routes of one interval that are counted apart.
const MOST_ROUTES: usize = 200;
/// The route of what there was no room for.
pub(crate) const OTHERS: &str = "(others)";

/// Sums by app and prefix.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    counted: Mutex<Summed>,
}

#[derive(Debug, Default)]
struct Summed {
    sums: Sums,
    kinds: BTreeMap<Kind, Counts>,
    recent: Recent,
    interval: Interval,
    /// Connections that were refused, up to the last interval.
    refused: u64,
}

/// What requests are counted apart by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kind {
    /// The template, or else the prefix; none for what went nowhere.
    pub(crate) route: Option<Arc<str>>,
    pub(crate) verb: Verb,
    /// First digit of the status; 0 for none there is.
    pub(crate) class: u8,
}

/// What was counted since somebody last asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interval {
    /// By template, or else by prefix; what went nowhere is under none.
    pub(crate) routes: BTreeMap<Option<Arc<str>>, Sum>,
    /// Requests that left no line.
    pub(crate) unlogged: u64,
    /// Connections that were refused.
    pub(crate) refused: u64,
}

/// Durations by prefix.
pub(crate) type Durations = BTreeMap<Option<Arc<str>>, Histogram>;

/// Counts of one route, whatever the method.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sum {
    /// Requests by the first digit of their status.
    pub(crate) classes: [u64; 6],
    pub(crate) counts: Counts,
}

impl Sum {
    /// Adds what somebody else has counted.
    pub(crate) fn add(&mut self, other: &Self) {
        for (own, other) in self.classes.iter_mut().zip(other.classes) {
            *own += other;
        }
        self.counts.add(&other.counts);
    }

    fn count(&mut self, class: u8, counts: &Counts) {
        if let Some(requests) = self.classes.get_mut(usize::from(class)) {
            *requests += counts.durations.count();
        }
        self.counts.add(counts);
    }

    /// Requests there were.
    pub(crate) fn requests(&self) -> u64 {
        self.classes.iter().sum()
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Sums {
    /// By prefix; what went nowhere is under none.
    pub(crate) routes: BTreeMap<Option<Arc<str>>, Sum>,
    /// Requests that left no line.
    pub(crate) unlogged: u64,
}

impl Totals {
    /// Adds what a worker has counted.
    pub(crate) fn add(&self, counted: Vec<Counted>, unlogged: u64) {
        if counted.is_empty() && unlogged == 0 {
            return;
        }
        let mut all = self.lock();
        all.sums.unlogged += unlogged;
        all.interval.unlogged += unlogged;
        for counted in counted {
            all.add(counted);
        }
    }

    /// The sums of the moment.
    pub(crate) fn sums(&self) -> Sums {
        self.lock().sums.clone()
    }

    /// The sums of the moment by all that is counted apart.
    pub(crate) fn kinds(&self) -> BTreeMap<Kind, Counts> {
        self.lock().kinds.clone()
    }

    /// The durations of the last minute.
    pub(crate) fn recent(&self) -> Durations {
        self.lock().recent.sum()
    }

    /// What was counted since the last call. `refused`: connections that were refused so far.
    pub(crate) fn take_interval(&self, refused: u64) -> Interval {
        let mut all = self.lock();
        let before = std::mem::replace(&mut all.refused, refused);
        Interval {
            refused: refused.saturating_sub(before),
            ..std::mem::take(&mut all.interval)
        }
    }

    fn lock(&self) -> MutexGuard<'_, Summed> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Summed {
    fn add(&mut self, counted: Counted) {
        let Counted {
            route,
            template,
            verb,
            class,
            counts,
        } = counted;
        let prefix = route.map(|route| Arc::clone(&route.prefix));
        let label = template.or_else(|| prefix.clone());

        let routes = &mut self.interval.routes;
        let has_room = routes.len() < MOST_ROUTES || routes.contains_key(&label);
        let route = if has_room {
            label.clone()
        } else {
            Some(OTHERS.into())
        };
        routes.entry(route).or_default().count(class, &counts);

        let kind = |route| Kind { route, verb, class };
        let others = || Some(Arc::from(OTHERS));
        let mut fitting = [label, prefix.clone()].map(kind).into_iter();
        let fitting =
            fitting.find(|kind| self.kinds.len() < MOST_KINDS || self.kinds.contains_key(kind));
        let fitting = fitting.unwrap_or_else(|| kind(others()));
        self.kinds.entry(fitting).or_default().add(&counts);

        let routes = &mut self.sums.routes;
        let prefix = prefix
            .filter(|prefix| routes.len() < MOST || routes.contains_key(&Some(Arc::clone(prefix))));
        self.recent.add(prefix.clone(), &counts.durations);
        routes.entry(prefix).or_default().count(class, &counts);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn counted(template: &str, class: u8) -> Counted {
        let mut counts = Counts {
            bytes: 10,
            ..Counts::default()
        };
        counts.durations.record(1000);
        Counted {
            route: None,
            template: Some(template.into()),
            verb: Verb::of("GET"),
            class,
            counts,
        }
    }

    #[test]
    fn there_is_an_end_to_what_is_counted_apart_and_nothing_is_lost() {
        let totals = Totals::default();
        let many = 3 * u64::try_from(MOST_KINDS).unwrap();
        let all = (0..many).map(|number| counted(&format!("/a/{number}"), 2));
        totals.add(all.collect(), 0);
        let kinds = totals.kinds();
        assert!(kinds.len() <= MOST_KINDS + 4, "{}", kinds.len());
        let seen: u64 = kinds.values().map(|counts| counts.durations.count()).sum();
        assert_eq!(seen, many);

        let interval = totals.take_interval(7);
        assert_eq!(interval.refused, 7);
        assert!(interval.routes.len() <= MOST_ROUTES + 1);
        assert_eq!(
            interval.routes.values().map(Sum::requests).sum::<u64>(),
            many
        );
        let next = totals.take_interval(9);
        assert_eq!((next.routes.len(), next.refused), (0, 2));
    }

    #[test]
    fn classes_are_summed_by_route() {
        let totals = Totals::default();
        let (fine, failed) = (counted("/a/{id}", 2), counted("/a/{id}", 5));
        totals.add(vec![fine, failed], 3);
        let interval = totals.take_interval(0);
        let route: Option<Arc<str>> = Some("/a/{id}".into());
        let sum = &interval.routes[&route];
        assert_eq!(sum.classes, [0, 0, 1, 0, 0, 1]);
        assert_eq!((sum.counts.bytes, interval.unlogged), (20, 3));
        assert_eq!(totals.kinds().len(), 2);
    }
}
