//! Days, as partitions are cut.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// A day in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(Date);

impl Day {
    /// The day of a moment.
    pub fn of(at: Timestamp) -> Self {
        Self(at.to_zoned(TimeZone::UTC).date())
    }

    /// As part of a partition's name: `20261121`.
    pub fn stamp(self) -> String {
        self.0.strftime("%Y%m%d").to_string()
    }

    /// Reads [`Self::stamp`].
    pub fn from_stamp(stamp: &str) -> Option<Self> {
        Date::strptime("%Y%m%d", stamp).ok().map(Self)
    }

    /// As SQL writes it: `2026-11-21`.
    pub fn iso(self) -> String {
        self.0.to_string()
    }

    /// The day so many days later; the same at the end of time.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days.days()))
    }
}

/// How far a record's time may lie from now. Beyond it the sender's clock is wrong, or a partition is missing.
const PAST: SignedDuration = SignedDuration::from_hours(24);
const FUTURE: SignedDuration = SignedDuration::from_hours(1);

/// The time to keep a record under: its own, unless that is implausible.
pub fn plausible(at: Timestamp, now: Timestamp) -> Timestamp {
    if at < now - PAST || at > now + FUTURE {
        now
    } else {
        at
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, plausible};
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn days_turn_at_midnight_utc() {
        let late: Timestamp = "2026-11-21T23:59:59.999Z".parse().unwrap();
        assert_eq!(Day::of(late).stamp(), "20261121");
        assert_eq!(Day::of(late).plus(1).iso(), "2026-11-22");
        assert_eq!(Day::from_stamp("20261121"), Some(Day::of(late)));
        assert_eq!(Day::from_stamp("default"), None);
    }

    #[test]
    fn wrong_clocks_do_not_choose_the_partition() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let before = now - SignedDuration::from_mins(5);
        assert_eq!(plausible(before, now), before);
        assert_eq!(plausible(Timestamp::UNIX_EPOCH, now), now);
        assert_eq!(plausible(now + SignedDuration::from_hours(30), now), now);
    }
}
