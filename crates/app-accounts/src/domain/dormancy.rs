//! When people were last seen, and which accounts nobody has used for long.

use jiff::{SignedDuration, Timestamp};
use platform::Role;

use super::person::PersonId;

/// Longest time that can be asked for, in days: ten years.
pub const MOST_DAYS: u16 = 3_650;

/// Knowledge older than this is worth a word: auth is asked once an hour.
const OLD_AFTER: SignedDuration = SignedDuration::from_hours(3);

/// Who was not seen after this moment was not seen for so many days.
pub fn unseen_since(now: Timestamp, days: u16) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(24 * i64::from(days)))
        .unwrap_or(Timestamp::MIN)
}

/// Reads a number of days as addresses and programs write it.
pub fn days(text: &str) -> Option<u16> {
    let days = text.parse().ok()?;
    (1..=MOST_DAYS).contains(&days).then_some(days)
}

/// An active person who was not seen for long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dormant {
    /// Who.
    pub person: PersonId,
    /// Name to sign in with.
    pub username: String,
    /// Name to show.
    pub display_name: String,
    /// What they may do.
    pub role: Role,
    /// When they were last seen; never, where nobody remembers it.
    pub seen_at: Option<Timestamp>,
    /// From when their absence is counted: from then, or from the day they were added.
    pub counted_from: Timestamp,
}

/// Part of the report: whoever is away longest comes first.
#[derive(Clone, Debug)]
pub struct Report {
    /// For how many days they were not seen.
    pub days: u16,
    /// These.
    pub people: Vec<Dormant>,
    /// How many there are in all.
    pub total: i64,
    /// Where the next part begins; none on the last.
    pub next: Option<(PersonId, Timestamp)>,
    /// Up to when it is known who was seen; not at all, before auth answered for the first time.
    pub known_at: Option<Timestamp>,
}

impl Report {
    /// Whether auth has not answered for so long that people may have been here whom the report does not know of.
    pub fn is_old(&self, now: Timestamp) -> bool {
        self.known_at
            .is_none_or(|at| now.duration_since(at) > OLD_AFTER)
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_DAYS, days, unseen_since};

    #[test]
    fn days_are_counted_back_from_now_and_bounded() {
        let now: jiff::Timestamp = "2026-11-20T08:00:00Z".parse().unwrap_or_default();
        assert_eq!(unseen_since(now, 1).to_string(), "2026-11-19T08:00:00Z");
        for (text, expected) in [
            ("1", Some(1)),
            ("3650", Some(MOST_DAYS)),
            ("0", None),
            ("3651", None),
            ("-1", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(days(text), expected, "{text}");
        }
    }
}
