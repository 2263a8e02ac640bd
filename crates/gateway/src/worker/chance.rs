//! Cheap random numbers of one worker, for choices nobody can profit from guessing. Nothing secret is made of them.

use std::cell::Cell;

/// A generator of Marsaglia's xorshift family (xorshift64*).
#[derive(Debug)]
pub(crate) struct Chance(Cell<u64>);

impl Chance {
    /// A generator that begins somewhere else in each worker.
    pub(crate) fn new() -> Self {
        let seed = uuid::Uuid::new_v4().as_u64_pair().1;
        Self(Cell::new(seed | 1))
    }

    /// The next number.
    pub(crate) fn next(&self) -> u64 {
        let mut state = self.0.get();
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        self.0.set(state);
        state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `limit`; 0 when the limit is 0.
    pub(crate) fn below(&self, limit: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(limit);
        u64::try_from(wide >> 64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_below_the_limit_comes_up() {
        let chance = Chance::new();
        let mut seen = [0; 5];
        for _ in 0..1000 {
            seen[usize::try_from(chance.below(5)).unwrap_or(9)] += 1;
        }
        assert!(seen.iter().all(|count| *count > 100), "{seen:?}");
        assert_eq!(chance.below(0), 0);
    }
}
