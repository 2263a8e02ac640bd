//! A histogram whose buckets grow with what they hold: eight to each power of two, so that every value is known to an
//! eighth of itself.

/// Buckets to each power of two, as a power of two.
const STEPS: u32 = 3;
/// Values from this power of two on share the last bucket: about an hour in microseconds.
const TOP: u32 = 32;
/// Buckets there are.
const BUCKETS: usize = ((TOP - STEPS + 1) << STEPS) as usize;

/// How often values of each size occurred.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Histogram {
    /// Empty until something is recorded.
    buckets: Vec<u64>,
    sum: u64,
}

impl Histogram {
    /// Counts a value.
    pub(crate) fn record(&mut self, value: u64) {
        if self.buckets.is_empty() {
            self.buckets.resize(BUCKETS, 0);
        }
        self.sum = self.sum.saturating_add(value);
        if let Some(count) = self.buckets.get_mut(bucket(value)) {
            *count += 1;
        }
    }

    /// Adds everything that another one holds.
    pub(crate) fn add(&mut self, other: &Self) {
        if self.buckets.is_empty() {
            self.buckets.clone_from(&other.buckets);
        } else {
            for (own, other) in self.buckets.iter_mut().zip(&other.buckets) {
                *own += other;
            }
        }
        self.sum = self.sum.saturating_add(other.sum);
    }

    /// Values counted.
    pub(crate) fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// Sum of the values counted.
    pub(crate) fn sum(&self) -> u64 {
        self.sum
    }

    /// The value that this many thousandths of all values do not exceed; 0 when there is none.
    pub(crate) fn per_mille(&self, per_mille: u64) -> u64 {
        let rank = self.count().saturating_mul(per_mille).div_ceil(1000).max(1);
        let mut seen = 0;
        for (place, count) in self.buckets.iter().enumerate() {
            seen += count;
            if seen >= rank {
                return upper(place);
            }
        }
        0
    }

    /// How many values lie above each bound up to the next one: one more than there are bounds, which ascend and are among
    /// those of [`bounds`].
    pub(crate) fn between(&self, bounds: &[u64]) -> Vec<u64> {
        let mut counts = vec![0; bounds.len() + 1];
        for (place, count) in self.buckets.iter().enumerate() {
            let above = bounds.partition_point(|bound| *bound < upper(place));
            if let Some(sum) = counts.get_mut(above) {
                *sum += count;
            }
        }
        counts
    }

    /// Upper bounds of the buckets that are not empty, each with how many values do not exceed it.
    pub(crate) fn cumulative(&self) -> impl Iterator<Item = (u64, u64)> {
        let mut seen = 0;
        let filled = self
            .buckets
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0);
        filled.map(move |(place, count)| {
            seen += count;
            (upper(place), seen)
        })
    }
}

/// Bounds of buckets, four to each power of two from an eighth of a millisecond to a minute when the values are
/// microseconds: fewer than there are, for where every bucket costs. Each is a bound of a bucket here, so that nothing
/// has to be guessed.
pub(crate) fn bounds() -> Vec<u64> {
    const FIRST: u32 = 7;
    const LAST: u32 = 26;
    let quarters = (FIRST..LAST).flat_map(|power| (4..8_u64).map(move |part| (part << power) / 4));
    quarters.map(|bound| bound - 1).collect()
}

/// The bucket of a value.
fn bucket(value: u64) -> usize {
    let value = value.min((1 << TOP) - 1);
    let magnitude = value.max(1).ilog2();
    let place = if magnitude < STEPS {
        value
    } else {
        let shift = magnitude - STEPS;
        (u64::from(shift + 1) << STEPS) + ((value >> shift) - (1 << STEPS))
    };
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// The largest value of a bucket.
fn upper(place: usize) -> u64 {
    let place = u64::try_from(place).unwrap_or(u64::MAX);
    let steps = 1 << STEPS;
    if place < steps {
        return place;
    }
    let shift = (place >> STEPS) - 1;
    ((steps + place % steps + 1) << shift) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_lies_within_its_bucket() {
        let mut before = 0;
        for value in (0..100_000).chain([1 << 20, (1 << 31) + 5, u64::MAX]) {
            let place = bucket(value);
            assert!(place < BUCKETS && place >= before, "{value}");
            let top = upper(place);
            assert!(top >= value.min((1 << TOP) - 1), "{value} above {top}");
            assert!(place == 0 || upper(place - 1) < value, "{value}");
            before = place;
        }
    }

    #[test]
    fn shares_are_known_to_an_eighth() {
        let mut histogram = Histogram::default();
        (1..=1000).for_each(|value| histogram.record(value));
        let middle = histogram.per_mille(500);
        assert!((500..=563).contains(&middle), "{middle}");
        assert_eq!(histogram.count(), 1000);
        assert_eq!(histogram.sum(), 500_500);
        let mut twice = histogram.clone();
        twice.add(&histogram);
        assert_eq!(twice.count(), 2000);
        assert_eq!(twice.cumulative().last().map(|(_, seen)| seen), Some(2000));
    }

    #[test]
    fn bounds_for_others_are_bounds_here() {
        let bounds = bounds();
        assert!(bounds.is_sorted() && bounds.len() == 76, "{}", bounds.len());
        for bound in &bounds {
            assert_eq!(upper(bucket(*bound)), *bound);
        }
        let mut histogram = Histogram::default();
        for value in [
            0,
            bounds[0],
            bounds[0] + 1,
            bounds[75],
            bounds[75] + 1,
            u64::MAX,
        ] {
            histogram.record(value);
        }
        let counts = histogram.between(&bounds);
        assert_eq!((counts[0], counts[1], counts[75], counts[76]), (2, 1, 1, 2));
        assert_eq!(counts.iter().sum::<u64>(), histogram.count());
    }

    #[test]
    fn nothing_has_no_share() {
        assert_eq!(Histogram::default().per_mille(990), 0);
    }
}
