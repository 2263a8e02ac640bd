//! How well an instance does, learnt from the requests it was sent and from probes. One that fails rests, longer each
//! time; after its rest a single request tries it, and only when that succeeds does it take part again.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// Answers of 500 and above in a row after which an instance rests.
const MOST_ERRORS: u32 = 10;
/// First rest; each further one is twice as long.
const SHORTEST_REST: Duration = Duration::from_secs(1);
/// Longest rest.
const LONGEST_REST: Duration = Duration::from_secs(30);
/// A trial without an outcome counts as abandoned after this: its client may have left.
const TRIAL: Duration = Duration::from_secs(5);
/// How long a latency is remembered without a new one.
const REMEMBERED: Duration = Duration::from_secs(5);
/// Stands for no trial.
const NOBODY: u64 = u64::MAX;
/// Weight of the newest latency within the average: one eighth.
const WEIGHT: u64 = 8;

/// What an instance may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Requests.
    Well,
    /// One request, as a trial.
    Trial,
    /// Nothing, while there is anybody else.
    Resting,
}

/// What is known about an instance's health.
#[derive(Debug)]
pub(crate) struct Health {
    born: Instant,
    errors: AtomicU32,
    /// Rests in a row.
    rests: AtomicU32,
    /// Milliseconds since `born`.
    rests_until: AtomicU64,
    /// When the trial that is on began, in milliseconds since `born`; `NOBODY` when none is.
    trial: AtomicU64,
    unready: AtomicBool,
    /// Average, in microseconds.
    latency: AtomicU64,
    /// When it was learnt, by the clock of workers.
    latency_at: AtomicU64,
}

impl Health {
    pub(crate) fn new() -> Self {
        Self {
            born: Instant::now(),
            errors: AtomicU32::new(0),
            rests: AtomicU32::new(0),
            rests_until: AtomicU64::new(0),
            trial: AtomicU64::new(NOBODY),
            unready: AtomicBool::new(false),
            latency: AtomicU64::new(0),
            latency_at: AtomicU64::new(0),
        }
    }

    /// What it may be sent now.
    pub(crate) fn standing(&self) -> Standing {
        self.standing_at(self.age())
    }

    fn standing_at(&self, now: u64) -> Standing {
        if self.unready.load(Ordering::Relaxed) {
            return Standing::Resting;
        }
        if self.rests.load(Ordering::Relaxed) == 0 {
            return Standing::Well;
        }
        let is_over = self.rests_until.load(Ordering::Relaxed) <= now;
        if is_over && is_untried(self.trial.load(Ordering::Relaxed), now) {
            Standing::Trial
        } else {
            Standing::Resting
        }
    }

    /// Takes the trial; whether nobody else has.
    pub(crate) fn begin_trial(&self) -> bool {
        self.begin_trial_at(self.age())
    }

    fn begin_trial_at(&self, now: u64) -> bool {
        let begin = |trial| is_untried(trial, now).then_some(now);
        self.trial
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, begin)
            .is_ok()
    }

    /// It could not be reached.
    pub(crate) fn missed(&self) {
        self.rest_at(self.age());
    }

    /// It broke off in the middle.
    pub(crate) fn broke(&self) {
        self.failed();
    }

    /// It answered, with this status after this time. `now` is the worker's clock, in milliseconds.
    pub(crate) fn answered(&self, status: u16, micros: u64, now: u64) {
        self.took(micros, now);
        self.ended(status >= 500);
    }

    /// The head of an answer took this time; how the answer went is another matter.
    pub(crate) fn took(&self, micros: u64, now: u64) {
        let before = self.latency.load(Ordering::Relaxed);
        let average = if before == 0 {
            micros
        } else {
            (before * (WEIGHT - 1) + micros) / WEIGHT
        };
        self.latency.store(average.max(1), Ordering::Relaxed);
        self.latency_at.store(now, Ordering::Relaxed);
    }

    /// An answer has ended.
    pub(crate) fn ended(&self, has_failed: bool) {
        if has_failed {
            self.failed();
        } else if self.errors.load(Ordering::Relaxed) != 0
            || self.rests.load(Ordering::Relaxed) != 0
        {
            self.errors.store(0, Ordering::Relaxed);
            self.rests.store(0, Ordering::Relaxed);
            self.trial.store(NOBODY, Ordering::Relaxed);
        }
    }

    /// What a probe of `/ready` has found.
    pub(crate) fn probed(&self, ready: bool) {
        self.unready.store(!ready, Ordering::Relaxed);
    }

    /// Average time to an answer's head, in microseconds; 0 when nothing has been learnt lately. One that was slow
    /// and is asked no more would else be slow for ever.
    pub(crate) fn latency_micros(&self, now: u64) -> u64 {
        let age = now.saturating_sub(self.latency_at.load(Ordering::Relaxed));
        if u128::from(age) > REMEMBERED.as_millis() {
            0
        } else {
            self.latency.load(Ordering::Relaxed)
        }
    }

    /// Average time to an answer's head however long ago, in microseconds; 0 before the first.
    pub(crate) fn average_micros(&self) -> u64 {
        self.latency.load(Ordering::Relaxed)
    }

    /// Whether it said of itself that it is not ready.
    pub(crate) fn is_unready(&self) -> bool {
        self.unready.load(Ordering::Relaxed)
    }

    fn failed(&self) {
        if self.errors.fetch_add(1, Ordering::Relaxed) + 1 >= MOST_ERRORS {
            self.errors.store(0, Ordering::Relaxed);
            self.rest_at(self.age());
        } else {
            self.trial.store(NOBODY, Ordering::Relaxed);
        }
    }

    fn rest_at(&self, now: u64) {
        let before = self.rests.fetch_add(1, Ordering::Relaxed).min(5);
        let rest = (SHORTEST_REST * (1 << before)).min(LONGEST_REST);
        let until = now.saturating_add(u64::try_from(rest.as_millis()).unwrap_or(u64::MAX));
        self.rests_until.store(until, Ordering::Relaxed);
        self.trial.store(NOBODY, Ordering::Relaxed);
    }

    fn age(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

fn is_untried(trial: u64, now: u64) -> bool {
    trial == NOBODY || u128::from(now.saturating_sub(trial)) > TRIAL.as_millis()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_that_cannot_be_reached_rests_and_is_tried_once() {
        let health = Health::new();
        assert_eq!(health.standing_at(0), Standing::Well);
        health.rest_at(0);
        assert_eq!(health.standing_at(999), Standing::Resting);
        assert_eq!(health.standing_at(1000), Standing::Trial);
        assert!(health.begin_trial_at(1000) && !health.begin_trial_at(1001));
        assert_eq!(
            health.standing_at(1001),
            Standing::Resting,
            "one trial at a time"
        );
        health.rest_at(1001);
        assert_eq!(
            health.standing_at(3000),
            Standing::Resting,
            "the second rest is longer"
        );
        assert_eq!(health.standing_at(3001), Standing::Trial);
        health.answered(200, 10, 0);
        assert_eq!(health.standing_at(3001), Standing::Well);
    }

    #[test]
    fn a_trial_that_nobody_ended_does_not_last_for_ever() {
        let health = Health::new();
        health.rest_at(0);
        assert!(health.begin_trial_at(1000));
        assert!(!health.begin_trial_at(6000));
        assert!(health.begin_trial_at(6001));
    }

    #[test]
    fn errors_in_a_row_count_and_one_success_forgives_them() {
        let health = Health::new();
        (1..MOST_ERRORS).for_each(|_| health.answered(500, 10, 0));
        health.answered(200, 10, 0);
        (1..MOST_ERRORS).for_each(|_| health.answered(503, 10, 0));
        assert_eq!(health.standing(), Standing::Well);
        health.broke();
        assert_eq!(health.standing(), Standing::Resting);
    }

    #[test]
    fn one_that_says_it_is_not_ready_is_left_alone_until_it_is() {
        let health = Health::new();
        health.probed(false);
        assert_eq!(health.standing(), Standing::Resting);
        health.probed(true);
        assert_eq!(health.standing(), Standing::Well);
    }
}
