//! Counts of times in buckets that are 1.6 % wide at any size: memory does not grow with the number of samples.

use std::time::Duration;

/// Buckets per power of two.
const SUB: u64 = 64;
const SUB_BITS: u32 = SUB.trailing_zeros();
const BUCKETS: usize = 64 * 64;

/// A log-linear histogram of nanoseconds.
pub(crate) struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

impl Histogram {
    pub(crate) fn new() -> Self {
        Self {
            counts: vec![0; BUCKETS],
            total: 0,
        }
    }

    pub(crate) fn record(&mut self, time: Duration) {
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        if let Some(count) = self.counts.get_mut(bucket(nanoseconds)) {
            *count += 1;
            self.total += 1;
        }
    }

    pub(crate) fn clear(&mut self) {
        self.counts.fill(0);
        self.total = 0;
    }

    /// The time that `share` of all samples do not exceed, in microseconds; nothing without samples.
    pub(crate) fn quantile(&self, share: f64) -> Option<f64> {
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rank among fewer samples than 2^52, never negative"
        )]
        let rank = ((self.total as f64) * share).ceil().max(1.0) as u64;
        let mut seen = 0;
        for (index, count) in self.counts.iter().enumerate() {
            seen += count;
            if *count > 0 && seen >= rank {
                return Some(middle(index) / 1000.0);
            }
        }
        None
    }
}

fn bucket(value: u64) -> usize {
    let index = if value < SUB {
        value
    } else {
        let shift = value.ilog2() - SUB_BITS;
        // The leading bit is always set, so the first half of each row of `2 * SUB` is the row before.
        u64::from(shift) * SUB + (value >> shift)
    };
    usize::try_from(index).unwrap_or(usize::MAX)
}

#[allow(
    clippy::cast_precision_loss,
    reason = "a bucket is wider than the loss"
)]
fn middle(index: usize) -> f64 {
    let index = index as u64;
    if index < 2 * SUB {
        return index as f64;
    }
    let shift = index / SUB - 1;
    let low = (index - shift * SUB) << shift;
    low as f64 + ((1_u64 << shift) as f64) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_within_two_percent() {
        let mut histogram = Histogram::new();
        for microseconds in 1..=10_000 {
            histogram.record(Duration::from_micros(microseconds));
        }
        for (share, expected) in [(0.5, 5000.0), (0.99, 9900.0), (0.999, 9990.0)] {
            let found = histogram.quantile(share).unwrap();
            assert!(
                (found / expected - 1.0_f64).abs() < 0.02,
                "{share}: {found}"
            );
        }
    }

    #[test]
    fn every_size_has_a_bucket_that_holds_it() {
        for value in [0, 1, 63, 64, 127, 128, 1000, 1 << 20, (1 << 40) + 7] {
            let mut histogram = Histogram::new();
            histogram.record(Duration::from_nanos(value));
            let found = histogram.quantile(1.0).unwrap() * 1000.0;
            #[allow(clippy::cast_precision_loss, reason = "small enough")]
            let value = value as f64;
            assert!((found - value).abs() <= value * 0.016, "{value}: {found}");
        }
    }

    #[test]
    fn nothing_recorded_has_no_quantile() {
        assert_eq!(Histogram::new().quantile(0.5), None);
    }
}
