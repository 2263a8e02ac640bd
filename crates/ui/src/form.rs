//! What a form says back: one message per field and one for the whole.

use serde::{Deserialize, Deserializer};
use std::borrow::Cow;

/// Messages for the fields of a form, in the order they were added.
///
/// Holds text already translated: the handler that refuses knows the shell and so the language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Errors(Vec<(Cow<'static, str>, String)>);

impl Errors {
    /// A form without complaints.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// A form with one complaint.
    pub fn one(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        let mut errors = Self::none();
        errors.add(field, message);
        errors
    }

    /// Adds a message to a field; the first of a field is the one shown.
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, message: impl Into<String>) {
        self.0.push((field.into(), message.into()));
    }

    /// Adds a message to the form as a whole.
    pub fn add_general(&mut self, message: impl Into<String>) {
        self.add("", message);
    }

    /// The message of a field, empty when there is none.
    pub fn of(&self, field: &str) -> &str {
        self.0
            .iter()
            .find(|(name, _)| name == field)
            .map_or("", |(_, message)| message)
    }

    /// The message of the form as a whole, empty when there is none.
    pub fn general(&self) -> &str {
        self.of("")
    }

    /// Whether the form may be accepted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All messages.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(field, message)| (field.as_ref(), message.as_str()))
    }
}

/// For `#[serde(default, deserialize_with = "ui::form::optional")]`: an empty field is none.
pub fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let value = Option::<String>::deserialize(deserializer)?;
    Ok(value
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty()))
}

/// For `#[serde(default, deserialize_with = "ui::form::checked")]`: a checkbox that is sent is on.
pub fn checked<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let value = Option::<String>::deserialize(deserializer)?;
    Ok(value.is_some_and(|text| !matches!(text.as_str(), "" | "0" | "false" | "off")))
}

/// Whether the name typed into a confirm dialog is the one shown; case and outer space are forgiven.
pub fn confirmed(typed: &str, name: &str) -> bool {
    typed.trim().to_lowercase() == name.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{Errors, confirmed};

    #[test]
    fn the_first_message_of_a_field_is_shown() {
        let mut errors = Errors::none();
        assert!(errors.is_empty());
        errors.add("name", "too short");
        errors.add("name", "too odd");
        errors.add_general("try again");
        assert_eq!(errors.of("name"), "too short");
        assert_eq!(errors.of("email"), "");
        assert_eq!(errors.general(), "try again");
    }

    #[test]
    fn confirmation_forgives_case_only() {
        assert!(confirmed(" Ada Lovelace ", "ada lovelace"));
        assert!(!confirmed("Ada", "Ada Lovelace"));
    }
}
