//! How often one address and one person may ask: a steady rate with some room for bursts, by the generic cell rate
//! algorithm. A counter is one number, the time at which the next request would be on time.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

/// Parts of the memory, each with its own lock.
const SHARDS: usize = 16;
/// Counters per part. Past it those that are on time are dropped; they say nothing.
const MOST: usize = 8192;

/// A rate with its burst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Requests a second.
    pub per_second: u32,
    /// Requests at once.
    pub burst: u32,
}

impl Rate {
    /// Nanoseconds from one request to the next.
    fn step(self) -> u64 {
        1_000_000_000 / u64::from(self.per_second.max(1))
    }

    /// Nanoseconds by which a request may come too soon.
    fn slack(self) -> u64 {
        self.step().saturating_mul(u64::from(self.burst.max(1)))
    }
}

/// What is counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Whose {
    Address(IpAddr),
    Person(Uuid),
}

/// What is left of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    /// Requests that may come at once now.
    pub(crate) requests: u64,
    /// When all of the burst will be there again; for one that was refused, when the next may come.
    pub(crate) reset: Duration,
}

/// A rate and what is left of it (draft-ietf-httpapi-ratelimit-headers-10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    pub(crate) rate: Rate,
    pub(crate) left: Left,
}

impl Quota {
    /// Whether a client should be told: when it has used up more than half of what it may at once.
    pub(crate) fn runs_low(&self) -> bool {
        self.left.requests < u64::from(self.rate.burst / 2)
    }

    /// The fields that say how much is left, and of how much.
    pub(crate) fn emit(&self, mut emit: impl FnMut(&str, &[u8])) {
        let window = u64::from(self.rate.burst.div_ceil(self.rate.per_second.max(1)));
        let policy = format!("\"default\";q={};w={window}", self.rate.burst);
        emit("ratelimit-policy", policy.as_bytes());
        let seconds = self.left.reset.as_millis().div_ceil(1000);
        let left = format!("\"default\";r={};t={seconds}", self.left.requests);
        emit("ratelimit", left.as_bytes());
    }
}

/// The counters of all workers.
pub(crate) struct Rates {
    begun: Instant,
    hasher: RandomState,
    shards: [Mutex<HashMap<Whose, u64>>; SHARDS],
}

impl Rates {
    pub(crate) fn new() -> Self {
        Self {
            begun: Instant::now(),
            hasher: RandomState::new(),
            shards: std::array::from_fn(|_| Mutex::default()),
        }
    }

    /// Counts a request: what is left, or as an error, what was left when it was refused.
    pub(crate) fn take(&self, whose: Whose, rate: Rate) -> Result<Left, Left> {
        let now = u64::try_from(self.begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.take_at(whose, rate, now)
    }

    fn take_at(&self, whose: Whose, rate: Rate, now: u64) -> Result<Left, Left> {
        let (step, slack) = (rate.step(), rate.slack());
        let [first, ..] = &self.shards;
        let index = usize::try_from(self.hasher.hash_one(whose) >> 32).unwrap_or(0) % SHARDS;
        let shard = self.shards.get(index).unwrap_or(first);
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if shard.len() >= MOST {
            shard.retain(|_, due| *due > now);
            if shard.len() >= MOST {
                // More askers than can be told apart. Nobody is refused for what others do.
                shard.clear();
            }
        }
        let due = shard.entry(whose).or_insert(now);
        let next = (*due).max(now).saturating_add(step);
        let ahead = next - now;
        if ahead > slack {
            return Err(Left {
                requests: 0,
                reset: Duration::from_nanos(ahead - slack),
            });
        }
        *due = next;
        Ok(Left {
            requests: (slack - ahead) / step,
            reset: Duration::from_nanos(ahead),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        per_second: 10,
        burst: 5,
    };
    const SECOND: u64 = 1_000_000_000;

    fn address(last: u8) -> Whose {
        Whose::Address(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn a_burst_passes_and_then_the_steady_rate() {
        let rates = Rates::new();
        let take = |now| rates.take_at(address(1), RATE, now);
        for left in (0..5).rev() {
            assert_eq!(take(0).map(|left| left.requests), Ok(left));
        }
        assert_eq!(
            take(0),
            Err(Left {
                requests: 0,
                reset: Duration::from_millis(100)
            })
        );
        let passed = (0..100)
            .filter(|tenth| take(SECOND + tenth * SECOND / 20).is_ok())
            .count();
        assert!((50..=56).contains(&passed), "{passed}");
    }

    #[test]
    fn everybody_has_a_rate_of_their_own() {
        let rates = Rates::new();
        while rates.take_at(address(1), RATE, 0).is_ok() {}
        assert!(rates.take_at(address(2), RATE, 0).is_ok());
        assert!(rates.take_at(Whose::Person(Uuid::nil()), RATE, 0).is_ok());
    }

    #[test]
    fn the_memory_is_bounded() {
        let rates = Rates::new();
        for number in 0..400_000_u32 {
            let whose = Whose::Address(IpAddr::from(number.to_be_bytes()));
            assert!(rates.take_at(whose, RATE, 0).is_ok());
        }
        let kept: usize = rates
            .shards
            .iter()
            .map(|shard| shard.lock().map_or(0, |shard| shard.len()))
            .sum();
        assert!(kept <= SHARDS * MOST, "{kept}");
    }
}
