//! One log record, one span.

use jiff::Timestamp;
use serde_json::Value;

/// Longest text of a record that is kept, in bytes.
pub const MOST_BODY: usize = 8 * 1024;
/// Longest attributes of a record that are kept, in bytes of JSON.
pub const MOST_ATTRIBUTES: usize = 32 * 1024;

/// A log record, with the names of the OpenTelemetry log data model.
#[derive(Clone, Debug, PartialEq)]
pub struct LogRecord {
    /// When it was logged.
    pub at: Timestamp,
    /// Service that logged it.
    pub service: String,
    /// 1 to 24.
    pub severity: i16,
    /// Part of the service: the module.
    pub scope: String,
    /// What it says.
    pub body: String,
    /// 32 hexadecimal digits, or empty.
    pub trace_id: String,
    /// 16 hexadecimal digits, or empty.
    pub span_id: String,
    /// Everything else.
    pub attributes: Value,
}

/// A span of work.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// When it began.
    pub started_at: Timestamp,
    /// How long it took, in microseconds.
    pub duration_us: i64,
    /// Service that did it.
    pub service: String,
    /// What was done.
    pub name: String,
    /// `internal`, `server`, `client`, `producer` or `consumer`.
    pub kind: String,
    /// Whether it failed.
    pub failed: bool,
    /// 32 hexadecimal digits.
    pub trace_id: String,
    /// 16 hexadecimal digits.
    pub span_id: String,
    /// 16 hexadecimal digits, or empty for the first of a trace.
    pub parent_span_id: String,
    /// Everything else.
    pub attributes: Value,
}

/// Levels as people name them, with the least severity number of each.
pub const LEVELS: [(&str, i16); 5] = [
    ("trace", 1),
    ("debug", 5),
    ("info", 9),
    ("warn", 13),
    ("error", 17),
];

/// Name of the level a severity number belongs to.
pub fn level(severity: i16) -> &'static str {
    LEVELS
        .iter()
        .rev()
        .find(|(_, least)| severity >= *least)
        .map_or("trace", |(name, _)| name)
}

/// Cuts a text to at most `most` bytes at a character boundary. Says so at its end.
pub fn cut(text: String, most: usize) -> String {
    if text.len() <= most {
        return text;
    }
    let kept = text.floor_char_boundary(most);
    format!("{}…", text.get(..kept).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{cut, level};

    #[test]
    fn severities_have_levels() {
        assert_eq!(
            [1, 8, 9, 12, 13, 17, 24].map(level),
            ["trace", "debug", "info", "info", "warn", "error", "error"]
        );
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(cut("kurz".to_owned(), 10), "kurz");
        assert_eq!(cut("äöü".to_owned(), 3), "ä…");
    }
}
