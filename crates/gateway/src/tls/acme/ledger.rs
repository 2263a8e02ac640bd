//! What was ordered lately and what failed, kept with the certificates: a restart, or another leader, starts no count
//! anew.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::tls::domain::Domain;

/// The stretch of time over which orders are counted.
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Pauses after failures, as multiples of the first; the last repeats. With the first at a minute there are four
/// attempts in the first hour: Let's Encrypt bears five.
const PAUSES: [u32; 8] = [1, 5, 15, 60, 120, 240, 480, 720];
/// At least so many, when the authority says that it was asked too often.
const RATE_LIMITED: u32 = 60;
/// Longest reason that is kept.
const LONGEST: usize = 600;

/// The book of orders.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::tls) struct Ledger {
    /// When orders of the last hour were begun.
    orders: Vec<Timestamp>,
    failures: BTreeMap<String, Failure>,
}

/// The failures of one domain since it last went well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::tls) struct Failure {
    pub(in crate::tls) count: u32,
    pub(in crate::tls) at: Timestamp,
    pub(in crate::tls) retry_at: Timestamp,
    pub(in crate::tls) reason: String,
}

impl Ledger {
    /// The failures of a domain.
    pub(in crate::tls) fn failure(&self, domain: &Domain) -> Option<&Failure> {
        self.failures.get(domain.as_str())
    }

    /// Writes down that an order begins.
    pub(super) fn begin(&mut self, now: Timestamp) {
        self.orders.retain(|at| is_recent(*at, now));
        self.orders.push(now);
    }

    /// When the next order may begin; `None` when it may now.
    pub(super) fn room_at(&self, now: Timestamp, most: usize) -> Option<Timestamp> {
        let mut recent: Vec<Timestamp> = self
            .orders
            .iter()
            .copied()
            .filter(|at| is_recent(*at, now))
            .collect();
        recent.sort_unstable();
        let first_in_the_way = recent.len().checked_sub(most.max(1))?;
        let at = recent.get(first_in_the_way)?;
        at.saturating_add(HOUR).ok()
    }

    /// Writes down that an order went well.
    pub(super) fn succeed(&mut self, domain: &Domain) {
        self.failures.remove(domain.as_str());
    }

    /// Writes down that an order failed, and answers what was written: the reason, without what has no place in a log,
    /// and when to try again. Given last are the first pause, and whether the authority was asked too often.
    pub(super) fn fail(
        &mut self,
        domain: &Domain,
        now: Timestamp,
        reason: &str,
        (first, rate_limited): (Duration, bool),
    ) -> Failure {
        let count = self.failure(domain).map_or(0, |failure| failure.count);
        let step = usize::try_from(count).unwrap_or(usize::MAX);
        let steps = PAUSES.get(step).or(PAUSES.last()).copied().unwrap_or(1);
        let steps = if rate_limited {
            steps.max(RATE_LIMITED)
        } else {
            steps
        };
        // Up to a tenth more, so that many domains that failed together do not come back together.
        let pause = first.saturating_mul(steps).mul_f64(1.0 + 0.1 * draw());
        let pause = SignedDuration::try_from(pause).unwrap_or(HOUR);
        let retry_at = now.saturating_add(pause).unwrap_or(now);
        let reason = reason
            .chars()
            .filter(|letter| !letter.is_control())
            .take(LONGEST)
            .collect();
        let failure = Failure {
            count: count.saturating_add(1),
            at: now,
            retry_at,
            reason,
        };
        self.failures.insert(domain.to_string(), failure.clone());
        failure
    }
}

fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    // What lies in the future was written under another clock.
    at <= now && now.duration_since(at) < HOUR
}

/// Between 0 and 1.
fn draw() -> f64 {
    f64::from(getrandom::u32().unwrap_or(0)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + 60 * minutes).unwrap()
    }

    fn domain() -> Domain {
        "a.example.org".parse().unwrap()
    }

    #[test]
    fn an_hour_holds_so_many_orders_and_no_more() {
        let mut ledger = Ledger::default();
        for minute in [0, 10, 20] {
            assert_eq!(ledger.room_at(at(minute), 3), None, "{minute}");
            ledger.begin(at(minute));
        }
        assert_eq!(ledger.room_at(at(30), 3), Some(at(60)));
        assert_eq!(ledger.room_at(at(30), 2), Some(at(70)));
        assert_eq!(ledger.room_at(at(30), 4), None);
        assert_eq!(ledger.room_at(at(60), 3), None);
        ledger.begin(at(60));
        assert_eq!(ledger.room_at(at(60), 3), Some(at(70)));
        assert_eq!(ledger.orders.len(), 3, "older ones are forgotten");
    }

    #[test]
    fn pauses_grow_and_a_success_ends_them() {
        let mut ledger = Ledger::default();
        let mut minutes = Vec::new();
        for _ in 0..10 {
            let failure = ledger.fail(&domain(), at(0), "because", (MINUTE, false));
            minutes.push(failure.retry_at.duration_since(at(0)).as_mins());
        }
        let wanted = [1, 5, 15, 60, 120, 240, 480, 720, 720, 720];
        for (minutes, wanted) in minutes.iter().zip(wanted) {
            assert!(
                (wanted..=wanted + wanted / 10).contains(minutes),
                "{minutes}"
            );
        }
        assert_eq!(ledger.failure(&domain()).unwrap().count, 10);
        ledger.succeed(&domain());
        assert!(ledger.failure(&domain()).is_none());
    }

    #[test]
    fn an_authority_that_was_asked_too_often_is_left_alone_for_an_hour() {
        let mut ledger = Ledger::default();
        let failure = ledger.fail(&domain(), at(0), "a\nb", (MINUTE, true));
        let retry = failure.retry_at;
        assert!(retry >= at(60) && retry <= at(66), "{retry}");
        assert_eq!(failure.reason, "ab");
        assert_eq!(ledger.failure(&domain()), Some(&failure));
    }

    #[test]
    fn it_survives_being_written_down() {
        let mut ledger = Ledger::default();
        ledger.begin(at(0));
        ledger.fail(&domain(), at(0), "because", (MINUTE, false));
        let json = serde_json::to_vec(&ledger).unwrap();
        let again: Ledger = serde_json::from_slice(&json).unwrap();
        assert_eq!(again.failure(&domain()), ledger.failure(&domain()));
        assert_eq!(again.room_at(at(1), 1), Some(at(60)));
    }
}
