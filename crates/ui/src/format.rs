//! Numbers, sizes and times as a language writes them.
//!
//! Only what the interface shows; no parsing, no currency.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};

use crate::language::Language;

const MONTHS_EN: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const MONTHS_DE: [&str; 12] = [
    "Jan.",
    "Feb.",
    "M\u{e4}rz",
    "Apr.",
    "Mai",
    "Juni",
    "Juli",
    "Aug.",
    "Sept.",
    "Okt.",
    "Nov.",
    "Dez.",
];

/// An integer with its digits grouped.
pub fn integer(value: i64, language: Language) -> String {
    let separator = match language {
        Language::English => ',',
        Language::German => '.',
    };
    let digits = value.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        out.push('\u{2212}');
    }
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// A decimal number with at least `least` and at most `most` digits behind the point.
pub fn decimal(value: f64, least: usize, most: usize, language: Language) -> String {
    let most = most.max(least).min(12);
    let rounded = format!("{value:.most$}");
    let (whole, fraction) = rounded.split_once('.').unwrap_or((&rounded, ""));
    let kept = fraction.trim_end_matches('0').len().max(least);
    let fraction = fraction.get(..kept).unwrap_or(fraction);
    // -0.4 has a whole part of zero and would lose its sign as an integer.
    let negative = whole.starts_with('-');
    let whole = whole
        .trim_start_matches('-')
        .parse::<i64>()
        .map_or_else(|_| whole.to_owned(), |number| integer(number, language));
    let sign = if negative { "\u{2212}" } else { "" };
    if fraction.is_empty() {
        return format!("{sign}{whole}");
    }
    let point = match language {
        Language::English => '.',
        Language::German => ',',
    };
    format!("{sign}{whole}{point}{fraction}")
}

/// A size in bytes, with decimal units.
#[allow(clippy::cast_precision_loss, reason = "shown with three digits")]
pub fn bytes(value: u64, language: Language) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if value < 1000 {
        return format!("{value}\u{a0}B");
    }
    let mut scaled = value as f64;
    let mut unit = "B";
    for next in UNITS {
        if scaled < 999.5 {
            break;
        }
        scaled /= 1000.0;
        unit = next;
    }
    let digits = usize::from(scaled < 9.95);
    format!("{}\u{a0}{unit}", decimal(scaled, 0, digits, language))
}

/// `3 Nov 2026` or `3. Nov. 2026`.
pub fn date(at: Timestamp, zone: &TimeZone, language: Language) -> String {
    let zoned = at.to_zoned(zone.clone());
    let month = usize::try_from(zoned.month() - 1).unwrap_or(0);
    match language {
        Language::English => {
            let name = MONTHS_EN.get(month).copied().unwrap_or_default();
            format!("{} {name} {}", zoned.day(), zoned.year())
        }
        Language::German => {
            let name = MONTHS_DE.get(month).copied().unwrap_or_default();
            format!("{}. {name} {}", zoned.day(), zoned.year())
        }
    }
}

/// Date and time of day with the zone's abbreviation.
pub fn date_time(at: Timestamp, zone: &TimeZone, language: Language) -> String {
    let zoned = at.to_zoned(zone.clone());
    format!(
        "{}, {}",
        date(at, zone, language),
        zoned.strftime("%H:%M:%S %Z")
    )
}

/// How far away a moment is, in the largest fitting unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Distance {
    /// How many of the unit.
    pub count: i64,
    /// The unit: second, minute, hour, day, month or year.
    pub unit: Unit,
    /// Whether the moment lies ahead.
    pub ahead: bool,
}

/// The distance between a moment and now, rounded down as people speak.
pub fn distance(at: Timestamp, now: Timestamp) -> Distance {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    const MONTH: i64 = 30 * DAY;
    const YEAR: i64 = 365 * DAY;
    let delta = at.as_second() - now.as_second();
    let seconds = delta.abs();
    let (size, unit) = match seconds {
        YEAR.. => (YEAR, Unit::Year),
        MONTH.. => (MONTH, Unit::Month),
        DAY.. => (DAY, Unit::Day),
        HOUR.. => (HOUR, Unit::Hour),
        MINUTE.. => (MINUTE, Unit::Minute),
        _ => (1, Unit::Second),
    };
    Distance {
        count: seconds / size,
        unit,
        ahead: delta > 0,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::{bytes, date, date_time, decimal, distance, integer};
    use crate::language::Language::{English, German};
    use jiff::tz::TimeZone;
    use jiff::{Timestamp, Unit};

    #[test]
    fn digits_are_grouped() {
        assert_eq!(integer(0, English), "0");
        assert_eq!(integer(999, English), "999");
        assert_eq!(integer(1000, English), "1,000");
        assert_eq!(integer(-1_234_567, German), "\u{2212}1.234.567");
        assert_eq!(
            integer(i64::MIN, English),
            "\u{2212}9,223,372,036,854,775,808"
        );
    }

    #[test]
    fn decimals_keep_what_matters() {
        assert_eq!(decimal(1234.5, 0, 2, English), "1,234.5");
        assert_eq!(decimal(1234.5, 2, 2, German), "1.234,50");
        assert_eq!(decimal(-0.4, 0, 1, English), "\u{2212}0.4");
        assert_eq!(decimal(3.0, 0, 2, English), "3");
    }

    #[test]
    fn sizes_climb_at_a_thousand() {
        assert_eq!(bytes(999, English), "999\u{a0}B");
        assert_eq!(bytes(1500, German), "1,5\u{a0}kB");
        assert_eq!(bytes(999_999, English), "1\u{a0}MB");
        assert_eq!(bytes(u64::MAX, English), "18\u{a0}EB");
    }

    #[test]
    fn dates_are_in_the_zone() {
        let at: Timestamp = "2026-11-03T23:30:00Z".parse().unwrap();
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(date(at, &berlin, English), "4 Nov 2026");
        assert_eq!(date_time(at, &berlin, German), "4. Nov. 2026, 00:30:00 CET");
    }

    #[test]
    fn distances_use_the_largest_unit() {
        let now: Timestamp = "2026-11-03T12:00:00Z".parse().unwrap();
        let cases = [
            ("2026-11-03T11:59:30Z", 30, Unit::Second, false),
            ("2026-11-03T11:00:01Z", 59, Unit::Minute, false),
            ("2026-11-03T15:00:00Z", 3, Unit::Hour, true),
            ("2026-10-30T12:00:00Z", 4, Unit::Day, false),
            ("2024-11-03T12:00:00Z", 2, Unit::Year, false),
        ];
        for (at, count, unit, ahead) in cases {
            let found = distance(at.parse().unwrap(), now);
            assert_eq!(
                (found.count, found.unit, found.ahead),
                (count, unit, ahead),
                "{at}"
            );
        }
    }
}
