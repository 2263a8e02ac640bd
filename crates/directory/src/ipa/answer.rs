//! What an answer of the JSON interface says. Values are lists as a rule, one value at times, and moments and names of
//! other kinds than text are wrapped (`{"__datetime__": "20260215120000Z"}`).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::refusal::{NotDone, Refusal};
use crate::error::{Error, Step, Why};

/// What a command answers, with what it says besides its result (`failed`, `completed`).
pub(super) struct Said(Map<String, Value>);

impl Said {
    /// Reads the whole of an answer.
    ///
    /// # Errors
    /// It is a refusal, or no answer of FreeIPA.
    pub(super) fn read(step: Step, body: &[u8]) -> Result<Self, NotDone> {
        let unreadable = || NotDone::from(Error::new(step, Why::Malformed, "no answer of FreeIPA"));
        let mut whole: Map<String, Value> =
            serde_json::from_slice(body).map_err(|_| unreadable())?;
        match (whole.remove("error"), whole.remove("result")) {
            (Some(Value::Object(error)), _) => Err(NotDone::Refused(Refusal::of(&error))),
            (None | Some(Value::Null), Some(Value::Object(said))) => Ok(Self(said)),
            _ => Err(unreadable()),
        }
    }

    /// The entry that the command is about.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn entry(&self, step: Step) -> Result<Entry<'_>, NotDone> {
        let entry = self.0.get("result").and_then(Value::as_object);
        let none = || Error::new(step, Why::Malformed, "an answer without an entry");
        Ok(entry.map(Entry).ok_or_else(none)?)
    }

    /// The entries that it is about.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let entries = self.0.get("result").and_then(Value::as_array);
        let objects = entries.into_iter().flatten().filter_map(Value::as_object);
        objects.map(Entry)
    }

    /// How many it did something with.
    pub(super) fn completed(&self) -> u64 {
        let completed = self.0.get("completed").and_then(Value::as_u64);
        completed.unwrap_or_default()
    }

    /// Why it left out the first of those that it left out as members of that kind.
    pub(super) fn failed(&self, kind: &str) -> Option<&str> {
        let failed = self.0.get("failed")?.get("member")?.get(kind)?;
        let first = failed.as_array()?.first()?;
        first.get(1).and_then(Value::as_str)
    }
}

/// An entry of an answer.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a>(&'a Map<String, Value>);

impl Entry<'_> {
    /// The first value of an attribute as text.
    pub(super) fn text(self, name: &str) -> Option<String> {
        match first(self.0.get(name)?)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(is_true) => Some(is_true.to_string()),
            Value::Object(wrapped) => {
                let inside = wrapped.values().next().and_then(Value::as_str);
                inside.map(str::to_owned)
            }
            Value::Null | Value::Array(_) => None,
        }
    }

    /// Whether it says yes, in any of the ways there are.
    pub(super) fn flag(self, name: &str) -> bool {
        let text = self.text(name);
        text.is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    pub(super) fn number(self, name: &str) -> Option<i64> {
        self.text(name)?.trim().parse().ok()
    }

    /// A moment, written as LDAP does or as RFC 3339 has it.
    pub(super) fn time(self, name: &str) -> Option<Timestamp> {
        let text = self.text(name)?;
        if let Ok(time) = text.parse() {
            return Some(time);
        }
        let digits = text.strip_suffix('Z')?;
        let time = DateTime::strptime("%Y%m%d%H%M%S", digits).ok()?;
        Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
    }
}

fn first(value: &Value) -> Option<&Value> {
    match value {
        Value::Array(values) => values.first(),
        value => Some(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Said, NotDone> {
        Said::read(Step::People, body.as_bytes())
    }

    #[test]
    fn values_are_read_in_every_form_they_come_in() {
        let said = read(
            r#"{"result": {"result": {"uid": ["ada"], "nsaccountlock": true, "off": ["FALSE"], "count": ["3"],
                "krbpasswordexpiration": [{"__datetime__": "20260215120000Z"}], "last": ["2026-02-15T12:00:00Z"],
                "empty": [], "none": null}, "value": "ada"}, "error": null, "id": 0}"#,
        )
        .unwrap();
        let entry = said.entry(Step::People).unwrap();
        assert_eq!(entry.text("uid").as_deref(), Some("ada"));
        assert!(entry.flag("nsaccountlock") && !entry.flag("off") && !entry.flag("missing"));
        assert_eq!(entry.number("count"), Some(3));
        let noon = "2026-02-15T12:00:00Z".parse().ok();
        assert_eq!(entry.time("krbpasswordexpiration"), noon);
        assert_eq!(entry.time("last"), noon);
        for name in ["empty", "none", "missing"] {
            assert_eq!(entry.text(name), None, "{name}");
        }
    }

    #[test]
    fn what_is_no_answer_is_not_believed() {
        for body in [
            "",
            "<html></html>",
            "[]",
            "{}",
            r#"{"result": null, "error": null}"#,
            r#"{"result": "yes", "error": null}"#,
            r#"{"result": {"result": {}}, "error": "no"}"#,
        ] {
            let Err(NotDone::Away(error)) = read(body) else {
                panic!("{body} is believed");
            };
            assert_eq!(error.why, Why::Malformed, "{body}");
        }
    }
}
