//! How many requests become a line and a span. Every request is counted; under load most leave no more than that, and
//! how many did is written down every few seconds, so nothing is dropped in silence.

use std::cell::Cell;
use std::rc::Rc;

use super::deadlines::Deadlines;

/// Lines a second, and twice as many at once.
const LINES: u64 = 100;
/// Lines a second about failures of ours or of an app's, beside the others.
const FAILURES: u64 = 20;
/// Spans a second.
const SPANS: u64 = 20;

/// What one worker may still write.
#[derive(Debug)]
pub(crate) struct Samples {
    clock: Rc<Deadlines>,
    lines: Bucket,
    failures: Bucket,
    spans: Bucket,
    left_out: Cell<u64>,
}

impl Samples {
    pub(crate) fn new(clock: Rc<Deadlines>) -> Self {
        Self {
            clock,
            lines: Bucket::new(LINES),
            failures: Bucket::new(FAILURES),
            spans: Bucket::new(SPANS),
            left_out: Cell::new(0),
        }
    }

    /// Whether a request becomes a line.
    pub(crate) fn line(&self, status: u16) -> bool {
        let now = self.clock.now();
        let written = self.lines.take(now) || (status >= 500 && self.failures.take(now));
        if !written {
            self.left_out.set(self.left_out.get() + 1);
        }
        written
    }

    /// Whether a request becomes a span.
    pub(crate) fn span(&self) -> bool {
        self.spans.take(self.clock.now())
    }

    /// How many requests have left no line since the last call.
    pub(crate) fn left_out(&self) -> u64 {
        self.left_out.take()
    }
}

/// A token bucket that holds two seconds' worth.
#[derive(Debug)]
struct Bucket {
    rate: u64,
    /// Thousandths of a token.
    level: Cell<u64>,
    at: Cell<u64>,
}

impl Bucket {
    fn new(rate: u64) -> Self {
        Self {
            rate,
            level: Cell::new(rate * 2000),
            at: Cell::new(0),
        }
    }

    fn take(&self, now: u64) -> bool {
        let passed = now.saturating_sub(self.at.replace(now));
        let level = self
            .level
            .get()
            .saturating_add(passed.saturating_mul(self.rate));
        let level = level.min(self.rate * 2000);
        let (left, taken) = match level.checked_sub(1000) {
            Some(left) => (left, true),
            None => (level, false),
        };
        self.level.set(left);
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_fills_up_again_and_not_beyond() {
        let bucket = Bucket::new(10);
        assert_eq!((0..100).filter(|_| bucket.take(0)).count(), 20);
        assert_eq!((0..100).filter(|_| bucket.take(500)).count(), 5);
        assert_eq!((0..100).filter(|_| bucket.take(1_000_000)).count(), 20);
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let samples = Samples::new(Deadlines::new());
        let written = (0..1000).filter(|_| samples.line(200)).count();
        assert_eq!(u64::try_from(1000 - written), Ok(samples.left_out()));
        assert_eq!(samples.left_out(), 0);
        assert!(samples.line(502), "failures have lines of their own");
    }
}
