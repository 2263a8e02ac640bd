//! Which values a declaration admits, and how text becomes one.

use jiff::{Span, SpanRelativeTo};
use serde_json::Value;

use super::{SettingDeclaration, SettingKind, ValueFault};
use crate::Label;

/// Longest text where the declaration names no other limit, in characters.
const TEXT_MAX: u32 = 10_000;

/// Most values in a list.
const LIST_MAX: usize = 1_000;

impl SettingDeclaration {
    /// A setting with a key, a name, a kind and a default, and nothing else.
    pub fn new(key: &str, label: Label, kind: SettingKind, default: impl Into<Value>) -> Self {
        let secret = matches!(kind, SettingKind::Secret { .. });
        Self {
            key: key.to_owned(),
            kind,
            label,
            hint: Label::default(),
            default: default.into(),
            group: None,
            env: None,
            seed: None,
            secret,
        }
    }

    /// The same with an explanation.
    #[must_use]
    pub fn hint(mut self, hint: Label) -> Self {
        self.hint = hint;
        self
    }

    /// The same under a heading.
    #[must_use]
    pub fn group(mut self, group: Label) -> Self {
        self.group = Some(group);
        self
    }

    /// The same, seeded by an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str) -> Self {
        self.env = Some(name.to_owned());
        self
    }

    /// Whether values are stored encrypted and never shown.
    pub fn is_secret(&self) -> bool {
        self.secret || matches!(self.kind, SettingKind::Secret { .. })
    }

    /// Whether the setting may have no value at all: those whose default is none.
    pub fn is_optional(&self) -> bool {
        self.default.is_null()
    }

    /// The value of its environment variable, as `lookup` sees it. A variable that is not set or empty
    /// seeds nothing.
    pub fn read_seed(
        &self,
        lookup: impl FnOnce(&str) -> Option<String>,
    ) -> Result<Option<Value>, ValueFault> {
        let Some(text) = self.env.as_deref().and_then(lookup) else {
            return Ok(None);
        };
        if text.trim().is_empty() {
            return Ok(None);
        }
        // One line of an environment file cannot hold several lines.
        let text = match self.kind {
            SettingKind::List => text.replace(',', "\n"),
            _ => text,
        };
        self.parse(&text).map(Some)
    }

    /// The declaration as it may be registered: with the seed, unless it is a secret's.
    #[must_use]
    pub fn seeded(mut self, seed: Option<Value>) -> Self {
        self.seed = if self.is_secret() { None } else { seed };
        self
    }

    /// The value in force while nothing is stored.
    pub fn unset_value(&self) -> &Value {
        self.seed.as_ref().unwrap_or(&self.default)
    }

    /// Makes a value of text, as a form or an environment variable has it.
    pub fn parse(&self, text: &str) -> Result<Value, ValueFault> {
        let trimmed = text.trim();
        let value = match &self.kind {
            SettingKind::Text { multiline, .. } => {
                if *multiline {
                    Value::from(text.replace("\r\n", "\n"))
                } else {
                    Value::from(trimmed)
                }
            }
            SettingKind::Secret { .. } => Value::from(text),
            SettingKind::List => text
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .collect(),
            _ if trimmed.is_empty() => Value::Null,
            SettingKind::Integer { .. } => {
                Value::from(trimmed.parse::<i64>().map_err(|_| ValueFault::Number)?)
            }
            SettingKind::Boolean => Value::from(parse_boolean(trimmed)?),
            SettingKind::Choice { .. }
            | SettingKind::Url
            | SettingKind::Email
            | SettingKind::Duration => Value::from(trimmed),
        };
        self.check(&value)?;
        Ok(value)
    }

    /// Whether the declaration admits the value.
    pub fn check(&self, value: &Value) -> Result<(), ValueFault> {
        if value.is_null() {
            return if self.is_optional() {
                Ok(())
            } else {
                Err(ValueFault::Required)
            };
        }
        match &self.kind {
            SettingKind::Text {
                max_length,
                multiline,
            } => check_text(text(value)?, *max_length, *multiline),
            SettingKind::Secret { max_length } => check_secret(text(value)?, *max_length),
            SettingKind::Integer { min, max } => {
                check_integer(value.as_i64().ok_or(ValueFault::Type)?, *min, *max)
            }
            SettingKind::Boolean => value.as_bool().map(drop).ok_or(ValueFault::Type),
            SettingKind::Choice { options } => {
                let chosen = text(value)?;
                if options.iter().any(|option| option.value == chosen) {
                    Ok(())
                } else {
                    Err(ValueFault::Option)
                }
            }
            SettingKind::Url => check_url(text(value)?),
            SettingKind::Email => check_email(text(value)?),
            SettingKind::Duration => parse_duration(text(value)?).map(drop),
            SettingKind::List => check_list(value.as_array().ok_or(ValueFault::Type)?),
        }
    }
}

impl SettingKind {
    /// Reads the text of a [`SettingKind::Duration`].
    pub fn duration(text: &str) -> Result<std::time::Duration, ValueFault> {
        parse_duration(text)
    }
}

fn text(value: &Value) -> Result<&str, ValueFault> {
    value.as_str().ok_or(ValueFault::Type)
}

fn check_length(text: &str, max_length: Option<u32>) -> Result<(), ValueFault> {
    let max = max_length.unwrap_or(TEXT_MAX);
    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    if length > max {
        Err(ValueFault::TooLong(max))
    } else {
        Ok(())
    }
}

fn check_text(text: &str, max_length: Option<u32>, multiline: bool) -> Result<(), ValueFault> {
    check_length(text, max_length)?;
    let allowed = |c: char| !c.is_control() || (multiline && matches!(c, '\n' | '\t'));
    if text.chars().all(allowed) {
        Ok(())
    } else {
        Err(ValueFault::ControlCharacter)
    }
}

/// A secret may be a key of several lines; it must not be empty, because clearing it is another act.
fn check_secret(text: &str, max_length: Option<u32>) -> Result<(), ValueFault> {
    check_length(text, max_length)?;
    if text.is_empty() {
        Err(ValueFault::Required)
    } else if text.contains('\0') {
        Err(ValueFault::ControlCharacter)
    } else {
        Ok(())
    }
}

fn check_integer(number: i64, min: Option<i64>, max: Option<i64>) -> Result<(), ValueFault> {
    match (min, max) {
        (Some(min), _) if number < min => Err(ValueFault::BelowMinimum(min)),
        (_, Some(max)) if number > max => Err(ValueFault::AboveMaximum(max)),
        _ => Ok(()),
    }
}

fn parse_boolean(text: &str) -> Result<bool, ValueFault> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "on" | "yes" => Ok(true),
        "false" | "0" | "off" | "no" => Ok(false),
        _ => Err(ValueFault::Boolean),
    }
}

fn check_url(text: &str) -> Result<(), ValueFault> {
    check_text(text, Some(2_000), false)?;
    let url = url::Url::parse(text).map_err(|_| ValueFault::Url)?;
    if matches!(url.scheme(), "http" | "https") && url.host().is_some() {
        Ok(())
    } else {
        Err(ValueFault::Url)
    }
}

/// What can be delivered to at all: one `@`, something before it, a domain after it. More is for the mail
/// server to say.
fn check_email(text: &str) -> Result<(), ValueFault> {
    check_text(text, Some(254), false)?;
    let (local, domain) = text.rsplit_once('@').ok_or(ValueFault::Email)?;
    let plain =
        |c: char| !c.is_whitespace() && !matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | '@');
    let labels_hold = domain
        .split('.')
        .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    if local.is_empty()
        || local.len() > 64
        || !local.chars().all(plain)
        || !domain.chars().all(plain)
        || !labels_hold
    {
        Err(ValueFault::Email)
    } else {
        Ok(())
    }
}

fn parse_duration(text: &str) -> Result<std::time::Duration, ValueFault> {
    let span: Span = text.parse().map_err(|_| ValueFault::Duration)?;
    // Months and years have no fixed length and are refused here.
    let fixed = span
        .to_duration(SpanRelativeTo::days_are_24_hours())
        .map_err(|_| ValueFault::Duration)?;
    std::time::Duration::try_from(fixed).map_err(|_| ValueFault::Duration)
}

fn check_list(values: &[Value]) -> Result<(), ValueFault> {
    if values.len() > LIST_MAX {
        return Err(ValueFault::TooMany(LIST_MAX));
    }
    values
        .iter()
        .try_for_each(|value| check_text(text(value)?, None, false))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ChoiceOption;

    fn setting(kind: SettingKind, default: Value) -> SettingDeclaration {
        SettingDeclaration::new("key", Label::new("Key", "Schlüssel"), kind, default)
    }

    fn text_kind(max_length: Option<u32>, multiline: bool) -> SettingDeclaration {
        setting(
            SettingKind::Text {
                max_length,
                multiline,
            },
            json!(""),
        )
    }

    #[test]
    fn text_is_limited_and_plain() {
        let line = text_kind(Some(5), false);
        assert_eq!(line.parse("  häus "), Ok(json!("häus")));
        assert_eq!(line.parse("häuser"), Err(ValueFault::TooLong(5)));
        assert_eq!(line.parse("a\nb"), Err(ValueFault::ControlCharacter));
        assert_eq!(text_kind(None, true).parse("a\r\nb"), Ok(json!("a\nb")));
        assert_eq!(line.check(&json!(5)), Err(ValueFault::Type));
        assert_eq!(line.check(&Value::Null), Err(ValueFault::Required));
    }

    #[test]
    fn an_integer_keeps_its_bounds() {
        let kind = SettingKind::Integer {
            min: Some(1),
            max: Some(10),
        };
        let port = setting(kind, json!(5));
        assert_eq!(port.parse(" 7 "), Ok(json!(7)));
        assert_eq!(port.parse("0"), Err(ValueFault::BelowMinimum(1)));
        assert_eq!(port.parse("11"), Err(ValueFault::AboveMaximum(10)));
        assert_eq!(port.parse("7.5"), Err(ValueFault::Number));
        assert_eq!(port.parse("99999999999999999999"), Err(ValueFault::Number));
        assert_eq!(port.parse(""), Err(ValueFault::Required));
        assert_eq!(port.check(&json!(7.5)), Err(ValueFault::Type));
    }

    #[test]
    fn a_boolean_has_its_usual_words() {
        let flag = setting(SettingKind::Boolean, json!(false));
        for word in ["true", "1", "on", "YES"] {
            assert_eq!(flag.parse(word), Ok(json!(true)), "{word}");
        }
        assert_eq!(flag.parse("off"), Ok(json!(false)));
        assert_eq!(flag.parse("perhaps"), Err(ValueFault::Boolean));
        assert_eq!(flag.check(&json!("true")), Err(ValueFault::Type));
    }

    #[test]
    fn a_choice_is_one_of_its_options() {
        let options = vec![ChoiceOption {
            value: "en".to_owned(),
            label: Label::new("English", "Englisch"),
        }];
        let language = setting(SettingKind::Choice { options }, json!("en"));
        assert_eq!(language.parse("en"), Ok(json!("en")));
        assert_eq!(language.parse("fr"), Err(ValueFault::Option));
    }

    #[test]
    fn an_address_is_absolute() {
        let url = setting(SettingKind::Url, Value::Null);
        assert_eq!(
            url.parse("https://example.org/a"),
            Ok(json!("https://example.org/a"))
        );
        assert_eq!(url.parse(""), Ok(Value::Null));
        for bad in [
            "example.org",
            "/path",
            "ftp://example.org",
            "javascript:alert(1)",
            "http://",
        ] {
            assert_eq!(url.parse(bad), Err(ValueFault::Url), "{bad}");
        }
    }

    #[test]
    fn a_mail_address_can_be_delivered_to() {
        let email = setting(SettingKind::Email, Value::Null);
        for good in ["a@example.org", "a.b+c@localhost", "ö@example.org"] {
            assert_eq!(email.parse(good), Ok(json!(good)), "{good}");
        }
        for bad in [
            "a",
            "@example.org",
            "a@",
            "a@b@c",
            "a b@c.org",
            "<a@b.org>",
            "a@.org",
            "a@-b.org",
        ] {
            assert_eq!(email.parse(bad), Err(ValueFault::Email), "{bad}");
        }
    }

    #[test]
    fn a_duration_has_a_fixed_length() {
        let wait = setting(SettingKind::Duration, json!("15m"));
        for (text, seconds) in [
            ("PT15M", 900),
            ("7d", 604_800),
            ("1h 30m", 5_400),
            ("2w", 1_209_600),
        ] {
            assert_eq!(wait.parse(text), Ok(json!(text)), "{text}");
            assert_eq!(
                SettingKind::duration(text).unwrap().as_secs(),
                seconds,
                "{text}"
            );
        }
        for bad in ["soon", "P1M", "1 year", "-5m", "15"] {
            assert_eq!(wait.parse(bad), Err(ValueFault::Duration), "{bad}");
        }
    }

    #[test]
    fn a_list_has_one_value_per_line() {
        let list = setting(SettingKind::List, json!([]));
        assert_eq!(list.parse("a\r\n\n  b  \n"), Ok(json!(["a", "b"])));
        assert_eq!(list.parse(""), Ok(json!([])));
        assert_eq!(list.check(&json!(["a", 1])), Err(ValueFault::Type));
        assert_eq!(
            list.parse(&"a\n".repeat(1_001)),
            Err(ValueFault::TooMany(1_000))
        );
    }

    #[test]
    fn a_secret_keeps_every_character() {
        let secret = setting(SettingKind::Secret { max_length: None }, Value::Null);
        assert!(secret.is_secret());
        assert_eq!(secret.parse(" pass \n word "), Ok(json!(" pass \n word ")));
        assert_eq!(secret.parse(""), Err(ValueFault::Required));
    }

    #[test]
    fn a_seed_is_read_by_the_app_and_a_secrets_seed_stays_there() {
        let lookup = |name: &str| (name == "GREETING").then(|| "hello, world".to_owned());
        let text = text_kind(None, false).env("GREETING");
        assert_eq!(text.read_seed(lookup), Ok(Some(json!("hello, world"))));
        assert_eq!(
            text_kind(None, false).env("OTHER").read_seed(lookup),
            Ok(None)
        );
        assert_eq!(text.read_seed(|_| Some("  ".to_owned())), Ok(None));

        let list = setting(SettingKind::List, json!([])).env("GREETING");
        assert_eq!(list.read_seed(lookup), Ok(Some(json!(["hello", "world"]))));

        let number = setting(
            SettingKind::Integer {
                min: None,
                max: None,
            },
            json!(1),
        )
        .env("GREETING");
        assert_eq!(number.read_seed(lookup), Err(ValueFault::Number));

        let seed = Some(json!("hello"));
        assert_eq!(
            text.clone().seeded(seed.clone()).unset_value(),
            &json!("hello")
        );
        let secret = setting(SettingKind::Secret { max_length: None }, Value::Null);
        assert_eq!(secret.seeded(seed).seed, None);
    }
}
