//! How many requests may be sent a second time: a tenth of all, and a few to begin with.

use std::cell::Cell;

/// Tenths of a repeat that are there at the start and at most.
const MOST: u32 = 500;
/// What one request adds.
const EARNED: u32 = 1;
/// What one repeat takes.
const SPENT: u32 = 10;

/// The repeats one worker has left.
#[derive(Debug)]
pub(crate) struct Retries(Cell<u32>);

impl Retries {
    pub(crate) fn new() -> Self {
        Self(Cell::new(MOST))
    }

    /// A request has begun.
    pub(crate) fn earn(&self) {
        self.0.set((self.0.get() + EARNED).min(MOST));
    }

    /// Whether a request may be repeated.
    pub(crate) fn spend(&self) -> bool {
        match self.0.get().checked_sub(SPENT) {
            Some(left) => {
                self.0.set(left);
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_of_all_requests_may_be_repeated() {
        let retries = Retries::new();
        while retries.spend() {}
        let repeated = (0..1000).filter(|_| {
            retries.earn();
            retries.spend()
        });
        assert_eq!(repeated.count(), 100);
    }
}
