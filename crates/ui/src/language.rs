//! The languages of the interface and how one is chosen.

use unic_langid::{LanguageIdentifier, langid};

/// A language every catalogue is complete in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English, the default.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// All, in the order of menus.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// The code for `lang` attributes, cookies and files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// Its name in itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// The language of a code such as `de` or `de-AT`.
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next()?;
        Self::ALL
            .into_iter()
            .find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// The best language for an `Accept-Language` header: the one we have with the highest quality.
    pub fn negotiate(accept: &str) -> Self {
        let mut best: Option<(Self, f32)> = None;
        for item in accept.split(',') {
            let mut parts = item.split(';').map(str::trim);
            let language = parts.next().and_then(Self::from_code);
            let quality = parts
                .find_map(|part| part.strip_prefix("q="))
                .map_or(Some(1.0), |q| q.parse::<f32>().ok())
                .unwrap_or(0.0);
            let Some(language) = language else { continue };
            // Of equal qualities the first counts.
            if quality > best.map_or(0.0, |(_, quality)| quality) {
                best = Some((language, quality));
            }
        }
        best.map_or_else(Self::default, |(language, _)| language)
    }

    /// The identifier Fluent wants.
    pub(crate) fn identifier(self) -> LanguageIdentifier {
        match self {
            Self::English => langid!("en"),
            Self::German => langid!("de"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_first_accepted_language_we_have_wins() {
        assert_eq!(
            Language::negotiate("fr, de;q=0.8, en;q=0.5"),
            Language::German
        );
        assert_eq!(
            Language::negotiate("en-GB,en;q=0.9,de;q=0.1"),
            Language::English
        );
        assert_eq!(Language::negotiate("de-AT"), Language::German);
        assert_eq!(Language::negotiate("en;q=0.2, de;q=0.7"), Language::German);
        assert_eq!(Language::negotiate("de;q=0"), Language::English);
        assert_eq!(Language::negotiate("fr"), Language::English);
        assert_eq!(Language::negotiate(";;;,\u{0}"), Language::English);
    }

    #[test]
    fn codes_carry_regions() {
        assert_eq!(Language::from_code("de_CH"), Some(Language::German));
        assert_eq!(Language::from_code("xx"), None);
    }
}
