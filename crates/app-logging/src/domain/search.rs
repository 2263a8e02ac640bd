//! What somebody looks for among logs and traces.

use jiff::{SignedDuration, Timestamp};

/// How far back a search looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Window {
    /// 15 minutes.
    Quarter,
    /// An hour.
    #[default]
    Hour,
    /// A day.
    Day,
    /// A week.
    Week,
}

impl Window {
    /// All windows, shortest first.
    pub const ALL: [Self; 4] = [Self::Quarter, Self::Hour, Self::Day, Self::Week];

    /// As it stands in a URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Quarter => "15m",
            Self::Hour => "1h",
            Self::Day => "24h",
            Self::Week => "7d",
        }
    }

    /// Reads [`Self::as_str`]; anything else is an hour.
    pub fn parse(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|window| window.as_str() == word)
            .unwrap_or_default()
    }

    /// Where it begins.
    pub fn start(self, now: Timestamp) -> Timestamp {
        let hours = match self {
            Self::Quarter => return now - SignedDuration::from_mins(15),
            Self::Hour => 1,
            Self::Day => 24,
            Self::Week => 24 * 7,
        };
        now - SignedDuration::from_hours(hours)
    }
}

/// Where a page of log records ended: the next one begins with what is older.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Time of the last record.
    pub at: Timestamp,
    /// Its id.
    pub id: i64,
}

impl Cursor {
    /// Before everything up to `now`.
    pub fn newest(now: Timestamp) -> Self {
        Self {
            at: now + SignedDuration::from_hours(2),
            id: i64::MAX,
        }
    }

    /// As it stands in a URL.
    pub fn token(self) -> String {
        format!("{}.{}", self.at.as_microsecond(), self.id)
    }

    /// Reads [`Self::token`].
    pub fn parse(token: &str) -> Option<Self> {
        let (at, id) = token.split_once('.')?;
        Some(Self {
            at: Timestamp::from_microsecond(at.parse().ok()?).ok()?,
            id: id.parse().ok()?,
        })
    }
}

/// A search among log records.
#[derive(Clone, Debug)]
pub struct LogSearch {
    /// Part of the text, without regard to case; empty finds all.
    pub text: String,
    /// Only of this service; empty finds all.
    pub service: String,
    /// Only of this severity and above.
    pub severity: i16,
    /// Only of this trace; empty finds all.
    pub trace_id: String,
    /// How far back.
    pub window: Window,
    /// Where to go on.
    pub cursor: Cursor,
}

/// A search among traces.
#[derive(Clone, Debug)]
pub struct TraceSearch {
    /// Only those that began in this service; empty finds all.
    pub service: String,
    /// Only those that took at least so many microseconds.
    pub least_us: i64,
    /// Only those whose first span failed.
    pub failed: bool,
    /// How far back.
    pub window: Window,
}

/// A pattern for SQL's LIKE that finds `text` itself anywhere.
pub fn containing(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for letter in text.chars() {
        if ['%', '_', '\\'].contains(&letter) {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::{Cursor, Window, containing};

    #[test]
    fn a_cursor_survives_the_url() {
        let cursor = Cursor {
            at: "2026-11-21T10:00:00.123456Z".parse().unwrap(),
            id: 42,
        };
        assert_eq!(Cursor::parse(&cursor.token()), Some(cursor));
        for wrong in ["", "x", "1", "1.x", "x.1", "99999999999999999999.1"] {
            assert_eq!(Cursor::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn wildcards_in_a_search_are_taken_literally() {
        assert_eq!(containing(r"100%_\"), r"%100\%\_\\%");
    }

    #[test]
    fn an_unknown_window_is_an_hour() {
        assert_eq!(Window::parse("7d"), Window::Week);
        assert_eq!(Window::parse("'; drop"), Window::Hour);
    }
}
