//! The durations of the last minute: a histogram for every ten seconds and route that had requests.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::time::Instant;

use super::Durations;
use crate::histogram::Histogram;

/// Seconds that are kept together.
const SLOT: u64 = 10;
/// Slots that make up a minute.
const SLOTS: u64 = 6;

/// A ring of histograms.
#[derive(Debug)]
pub(super) struct Recent {
    born: Instant,
    /// Each with its number, oldest first.
    slots: VecDeque<(u64, Durations)>,
}

impl Default for Recent {
    fn default() -> Self {
        Self {
            born: Instant::now(),
            slots: VecDeque::new(),
        }
    }
}

impl Recent {
    pub(super) fn add(&mut self, prefix: Option<Arc<str>>, durations: &Histogram) {
        self.add_at(self.slot(), prefix, durations);
    }

    /// Everything of the last minute, and up to ten seconds less.
    pub(super) fn sum(&mut self) -> Durations {
        self.sum_at(self.slot())
    }

    fn add_at(&mut self, slot: u64, prefix: Option<Arc<str>>, durations: &Histogram) {
        self.forget(slot);
        if self.slots.back().is_none_or(|(newest, _)| *newest != slot) {
            self.slots.push_back((slot, Durations::new()));
        }
        if let Some((_, newest)) = self.slots.back_mut() {
            newest.entry(prefix).or_default().add(durations);
        }
    }

    fn sum_at(&mut self, slot: u64) -> Durations {
        self.forget(slot);
        let mut sum = Durations::new();
        for (prefix, durations) in self.slots.iter().flat_map(|(_, slot)| slot) {
            sum.entry(prefix.clone()).or_default().add(durations);
        }
        sum
    }

    fn forget(&mut self, slot: u64) {
        while self
            .slots
            .front()
            .is_some_and(|(oldest, _)| oldest + SLOTS <= slot)
        {
            self.slots.pop_front();
        }
    }

    fn slot(&self) -> u64 {
        self.born.elapsed().as_secs() / SLOT
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn a_minute_is_remembered_and_no_more() {
        let mut recent = Recent::default();
        let prefix: Option<Arc<str>> = Some("/app/hello".into());
        let mut one = Histogram::default();
        one.record(1000);
        for slot in 0..=5 {
            recent.add_at(slot, prefix.clone(), &one);
            recent.add_at(slot, None, &one);
        }
        let count = |sum: &Durations| sum.get(&prefix).map(Histogram::count);
        assert_eq!(count(&recent.sum_at(5)), Some(6));
        assert_eq!(count(&recent.sum_at(6)), Some(5), "the first is forgotten");
        assert_eq!(count(&recent.sum_at(10)), Some(1));
        assert_eq!(count(&recent.sum_at(11)), None);
        assert!(recent.slots.is_empty(), "nothing is kept of what is over");
    }
}
