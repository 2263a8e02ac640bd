//! Short text in the languages the platform speaks.

use serde::{Deserialize, Serialize};

/// A short text that people read, in every language of the platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Label {
    /// English.
    pub en: String,
    /// German.
    pub de: String,
}

impl Label {
    /// A text in English and German.
    pub fn new(en: impl Into<String>, de: impl Into<String>) -> Self {
        Self {
            en: en.into(),
            de: de.into(),
        }
    }

    /// The text for a BCP 47 language tag; English when the language is not spoken or the text is missing.
    pub fn get(&self, language: &str) -> &str {
        let primary = language.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("de") && !self.de.is_empty() {
            &self.de
        } else {
            &self.en
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_falls_back_to_english() {
        let label = Label::new("People", "Personen");
        assert_eq!(label.get("de-AT"), "Personen");
        assert_eq!(label.get("fr"), "People");
        assert_eq!(Label::new("Files", "").get("de"), "Files");
    }
}
