//! How often something may be tried: so many times at once, then ever more slowly. Pure rules; who counts what is the
//! business of the service.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::domain::session::later;

/// Blocks grow no further after this many.
const MOST_STRIKES: u32 = 16;

/// What may be tried how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rule {
    /// As stored.
    pub(crate) kind: &'static str,
    /// Tries within a window before anything happens.
    pub(crate) free: u32,
    /// How long a try counts.
    pub(crate) window: SignedDuration,
    /// How long the first block lasts; each further one twice as long.
    pub(crate) first_block: SignedDuration,
    /// No block lasts longer, and after this long without one all is forgiven.
    pub(crate) longest_block: SignedDuration,
}

/// What was spent of a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Since when tries are counted.
    pub(crate) window_started_at: Timestamp,
    /// Tries counted.
    pub(crate) spent: u32,
    /// Blocks so far.
    pub(crate) strikes: u32,
    /// Until when nothing may be tried.
    pub(crate) blocked_until: Option<Timestamp>,
}

/// A try that may not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused {
    /// For how long.
    pub(crate) wait: Duration,
    /// Whether the block begins with this try.
    pub(crate) begins: bool,
}

impl Budget {
    /// Untouched.
    pub(crate) fn fresh(now: Timestamp) -> Self {
        Self {
            window_started_at: now,
            spent: 0,
            strikes: 0,
            blocked_until: None,
        }
    }

    /// How long nothing may be tried.
    pub(crate) fn blocked_for(&self, now: Timestamp) -> Option<Duration> {
        let left = self.blocked_until?.duration_since(now);
        Duration::try_from(left).ok().filter(|left| !left.is_zero())
    }

    /// Counts a try, or refuses it. A refused try costs nothing: whoever hammers at a block does not prolong it.
    pub(crate) fn spend(&mut self, rule: &Rule, now: Timestamp) -> Result<(), Refused> {
        if let Some(wait) = self.blocked_for(now) {
            return Err(Refused {
                wait,
                begins: false,
            });
        }
        if now >= later(self.window_started_at, rule.window) {
            self.window_started_at = now;
            let lately = self
                .blocked_until
                .is_some_and(|until| now < later(until, rule.longest_block));
            if lately {
                // Whoever was blocked lately has one try, not a whole budget.
                self.spent = self.spent.max(rule.free.saturating_sub(1));
            } else {
                *self = Self::fresh(now);
            }
        }
        if self.spent < rule.free {
            self.spent += 1;
            return Ok(());
        }
        let doubled = 1_i32 << self.strikes.min(MOST_STRIKES);
        let block = rule
            .first_block
            .checked_mul(doubled)
            .map_or(rule.longest_block, |block| block.min(rule.longest_block));
        self.strikes = (self.strikes + 1).min(MOST_STRIKES);
        self.blocked_until = Some(later(now, block));
        self.spent = rule.free.saturating_sub(1);
        Err(Refused {
            wait: Duration::try_from(block).unwrap_or(Duration::from_secs(1)),
            begins: true,
        })
    }

    /// Gives a try back that turned out to be right, where only wrong ones count.
    pub(crate) fn give_back(&mut self) {
        self.spent = self.spent.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule {
        kind: "test",
        free: 3,
        window: SignedDuration::from_mins(10),
        first_block: SignedDuration::from_mins(1),
        longest_block: SignedDuration::from_hours(1),
    };

    fn at(seconds: i64) -> Timestamp {
        later(Timestamp::UNIX_EPOCH, SignedDuration::from_secs(seconds))
    }

    #[test]
    fn blocks_double_up_to_a_limit_and_one_try_is_free_after_each() {
        let (mut now, mut budget, mut waits) = (0, Budget::fresh(at(0)), Vec::new());
        for _ in 0..3 {
            assert!(budget.spend(&RULE, at(now)).is_ok());
        }
        for _ in 0..8 {
            if let Err(refused) = budget.spend(&RULE, at(now)) {
                assert!(refused.begins);
                waits.push(refused.wait.as_secs());
                now += i64::try_from(refused.wait.as_secs()).unwrap_or(0);
            }
            assert!(budget.spend(&RULE, at(now)).is_ok(), "one after {waits:?}");
        }
        assert_eq!(waits, [60, 120, 240, 480, 960, 1920, 3600, 3600]);
    }

    #[test]
    fn hammering_at_a_block_does_not_prolong_it() {
        let mut budget = Budget::fresh(at(0));
        for _ in 0..3 {
            assert!(budget.spend(&RULE, at(0)).is_ok());
        }
        assert!(budget.spend(&RULE, at(0)).is_err());
        for second in 1..60 {
            let refused = budget.spend(&RULE, at(second)).err();
            let left = u64::try_from(60 - second).unwrap_or(0);
            assert_eq!(refused.map(|refused| refused.wait.as_secs()), Some(left));
        }
        assert!(budget.spend(&RULE, at(60)).is_ok());
    }

    #[test]
    fn a_quiet_time_forgives() {
        let mut budget = Budget::fresh(at(0));
        for _ in 0..4 {
            let _counted = budget.spend(&RULE, at(0));
        }
        assert!(budget.spend(&RULE, at(60 + 3600)).is_ok());
        assert_eq!((budget.spent, budget.strikes), (1, 0));
    }

    #[test]
    fn within_the_quiet_time_the_next_block_is_longer() {
        let mut budget = Budget::fresh(at(0));
        for _ in 0..4 {
            let _counted = budget.spend(&RULE, at(0));
        }
        assert!(budget.spend(&RULE, at(700)).is_ok());
        let refused = budget.spend(&RULE, at(700)).err();
        assert_eq!(refused.map(|refused| refused.wait.as_secs()), Some(120));
    }
}
