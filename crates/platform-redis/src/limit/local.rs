//! Sliding windows in this process: a bounded memory of the calls that were allowed.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use super::Decision;

/// How many calls are remembered over all keys, about 4 MiB at most.
const CAPACITY: usize = 50_000;
/// Looking through all of them costs a millisecond, which a flood must not buy with every call.
const SWEEP_PAUSE: Duration = Duration::from_secs(1);

/// The windows of all keys of one limit.
pub(super) struct Windows {
    window: Duration,
    keys: HashMap<String, VecDeque<Call>>,
    calls: usize,
    capacity: usize,
    /// When the memory was full and everything was looked through; not again right away.
    swept_at: Option<Instant>,
}

#[derive(Clone, Copy)]
struct Call {
    at: Instant,
    /// Redis knows of it.
    shared: bool,
}

impl Windows {
    pub(super) fn new(window: Duration) -> Self {
        Self {
            window,
            keys: HashMap::new(),
            calls: 0,
            capacity: CAPACITY,
            swept_at: None,
        }
    }

    /// Allows a call if fewer than `limit` are in the window, and remembers it as unknown to Redis.
    pub(super) fn take(&mut self, key: &str, limit: u32, now: Instant) -> Decision {
        self.expire(key, now);
        let calls = self.keys.get(key);
        let used = calls.map_or(0, VecDeque::len);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        if used >= limit {
            // Enough calls must leave for one to fit: with a share below the quota that may be more than one.
            let leaving = calls
                .and_then(|calls| calls.get(used - limit))
                .map(|call| call.at);
            return Decision::Limited {
                retry_after: self.until_left(leaving, now),
            };
        }
        if !self.make_room(now) {
            return Decision::Limited {
                retry_after: self.window,
            };
        }
        self.remember(
            key,
            Call {
                at: now,
                shared: false,
            },
        );
        let oldest = self
            .keys
            .get(key)
            .and_then(|calls| calls.front())
            .map(|call| call.at);
        let remaining = u32::try_from(limit - used - 1).unwrap_or(u32::MAX);
        Decision::Allowed {
            remaining,
            reset: self.until_left(oldest, now),
        }
    }

    /// Remembers a call that Redis allowed, if there is room.
    pub(super) fn note_shared(&mut self, key: &str, now: Instant) {
        self.expire(key, now);
        if self.make_room(now) {
            self.remember(
                key,
                Call {
                    at: now,
                    shared: true,
                },
            );
        }
    }

    /// How many calls in the window were allowed without Redis, and by Redis.
    pub(super) fn counts(&mut self, key: &str, now: Instant) -> (usize, usize) {
        self.expire(key, now);
        let Some(calls) = self.keys.get(key) else {
            return (0, 0);
        };
        let shared = calls.iter().filter(|call| call.shared).count();
        (calls.len() - shared, shared)
    }

    pub(super) fn forget(&mut self, key: &str) {
        if let Some(calls) = self.keys.remove(key) {
            self.calls -= calls.len();
        }
    }

    fn remember(&mut self, key: &str, call: Call) {
        self.keys.entry(key.to_owned()).or_default().push_back(call);
        self.calls += 1;
    }

    fn until_left(&self, call: Option<Instant>, now: Instant) -> Duration {
        call.map_or(self.window, |at| {
            (at + self.window).saturating_duration_since(now)
        })
    }

    fn expire(&mut self, key: &str, now: Instant) {
        let Some(calls) = self.keys.get_mut(key) else {
            return;
        };
        self.calls -= drop_expired(calls, self.window, now);
        if calls.is_empty() {
            self.keys.remove(key);
        }
    }

    /// Whether one more call can be remembered, after forgetting what left its window.
    fn make_room(&mut self, now: Instant) -> bool {
        if self.calls < self.capacity {
            return true;
        }
        if self
            .swept_at
            .is_some_and(|swept| now.saturating_duration_since(swept) < SWEEP_PAUSE)
        {
            return false;
        }
        self.swept_at = Some(now);
        let window = self.window;
        let mut dropped = 0;
        self.keys.retain(|_, calls| {
            dropped += drop_expired(calls, window, now);
            !calls.is_empty()
        });
        self.calls -= dropped;
        self.calls < self.capacity
    }
}

fn drop_expired(calls: &mut VecDeque<Call>, window: Duration, now: Instant) -> usize {
    let expired = calls
        .iter()
        .take_while(|call| now.saturating_duration_since(call.at) >= window)
        .count();
    calls.drain(..expired).count()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests fail by panicking")]
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[test]
    fn a_call_counts_until_it_leaves_the_window() {
        let mut windows = Windows::new(MINUTE);
        let start = Instant::now();
        assert_eq!(
            windows.take("a", 2, start),
            Decision::Allowed {
                remaining: 1,
                reset: MINUTE
            }
        );
        let later = start + MINUTE / 2;
        assert_eq!(
            windows.take("a", 2, later),
            Decision::Allowed {
                remaining: 0,
                reset: MINUTE / 2
            }
        );
        assert_eq!(
            windows.take("a", 2, later),
            Decision::Limited {
                retry_after: MINUTE / 2
            }
        );
        assert!(windows.take("a", 2, start + MINUTE).is_allowed());
        assert!(!windows.take("a", 2, start + MINUTE).is_allowed());
        assert!(windows.take("b", 2, start).is_allowed());
    }

    #[test]
    fn a_share_below_what_is_used_waits_for_enough_calls_to_leave() {
        let mut windows = Windows::new(MINUTE);
        let start = Instant::now();
        for second in 0..3 {
            windows.note_shared("a", start + Duration::from_secs(second));
        }
        let decision = windows.take("a", 1, start + Duration::from_secs(3));
        assert_eq!(
            decision,
            Decision::Limited {
                retry_after: Duration::from_secs(59)
            }
        );
    }

    #[test]
    fn what_redis_granted_counts_here_and_what_is_granted_here_counts_there() {
        let mut windows = Windows::new(MINUTE);
        let now = Instant::now();
        windows.note_shared("a", now);
        assert_eq!(windows.counts("a", now), (0, 1));
        assert_eq!(
            windows.take("a", 2, now),
            Decision::Allowed {
                remaining: 0,
                reset: MINUTE
            }
        );
        assert_eq!(windows.counts("a", now), (1, 1));
        assert!(!windows.take("a", 2, now).is_allowed());
    }

    #[test]
    fn a_full_memory_refuses_the_unknown_and_recovers() {
        let mut windows = Windows {
            capacity: 2,
            ..Windows::new(MINUTE)
        };
        let now = Instant::now();
        assert!(windows.take("a", 10, now).is_allowed());
        assert!(windows.take("b", 10, now).is_allowed());
        assert!(!windows.take("c", 10, now).is_allowed());
        windows.forget("a");
        assert!(windows.take("c", 10, now).is_allowed());
        assert!(windows.take("d", 10, now + MINUTE).is_allowed());
        assert_eq!(windows.calls, 1);
    }
}
