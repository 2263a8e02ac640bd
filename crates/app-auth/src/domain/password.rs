//! Passwords: what may become one, and how what was typed is made comparable.
//!
//! Length and guessability only: no rules about kinds of characters, no expiry.

use std::fmt;

use breach_filter::{Filter, Key};
use serde::{Deserialize, Deserializer};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::domain::guessable::{fold, is_among_the_first, is_made_of};

/// Fewest characters.
pub(crate) const SHORTEST: usize = 8;
/// Fewest characters where the password is all there is (NIST SP 800-63B-4, section 3.1.1.2).
const SHORTEST_ALONE: usize = 15;
/// Most characters.
pub(crate) const LONGEST: usize = 128;

/// A password as typed, in NFC so that every keyboard produces the same bytes.
#[derive(Clone, Default)]
pub(crate) struct Password(Zeroizing<String>);

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        Ok(Self::typed(&text))
    }
}

impl Password {
    /// Takes what was typed. Nothing is trimmed or folded: a blank or a capital counts.
    pub(crate) fn typed(text: &str) -> Self {
        Self(Zeroizing::new(text.nfc().collect()))
    }

    /// The bytes to hash.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The text, for a directory that is asked about it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing was typed.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is long enough to be the only factor.
    pub(crate) fn stands_alone(&self) -> bool {
        self.0.chars().count() >= SHORTEST_ALONE
    }

    /// Whether anybody can have this password. Over-long input must never be cut and then compared.
    pub(crate) fn has_legal_length(&self) -> bool {
        (SHORTEST..=LONGEST).contains(&self.0.chars().count())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(..)")
    }
}

/// Why a text may not become a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PasswordProblem {
    /// Fewer than [`SHORTEST`] characters.
    TooShort,
    /// Fewer than [`SHORTEST_ALONE`] characters, and nothing beside it.
    TooShortAlone,
    /// More than [`LONGEST`] characters.
    TooLong,
    /// Among the first that anybody would try.
    Common,
    /// Made of the name of the person, the organisation or the product.
    Personal,
    /// In the list of leaked passwords.
    Leaked,
}

impl PasswordProblem {
    /// Key of the message for the person.
    pub(crate) fn message_key(self) -> &'static str {
        match self {
            Self::TooShort => "auth-password-too-short",
            Self::TooShortAlone => "auth-password-too-short-alone",
            Self::TooLong => "auth-password-too-long",
            Self::Common => "auth-password-common",
            Self::Personal => "auth-password-personal",
            Self::Leaked => "auth-password-leaked",
        }
    }
}

/// What stands beside a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    /// Nothing: it is the only factor.
    Nothing,
    /// A second factor.
    SecondFactor,
}

/// What a password is held against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules<'a> {
    /// Names that belong to the person and the organisation.
    pub(crate) names: &'a [String],
    /// What stands beside it.
    pub(crate) beside: Beside,
    /// Passwords known to have leaked, when a list was imported.
    pub(crate) leaked: Option<&'a Filter>,
}

impl Rules<'_> {
    /// Checks what somebody wants as their password.
    pub(crate) fn judge(self, password: &Password) -> Result<(), PasswordProblem> {
        let length = password.0.chars().count();
        if length < SHORTEST {
            return Err(PasswordProblem::TooShort);
        }
        if length > LONGEST {
            return Err(PasswordProblem::TooLong);
        }
        let folded = Zeroizing::new(fold(&password.0));
        // Before the lists, which hold names, too: the remedy is another one.
        if is_made_of(&folded, self.names) {
            return Err(PasswordProblem::Personal);
        }
        if is_among_the_first(&folded) {
            return Err(PasswordProblem::Common);
        }
        let is_leaked = |filter: &Filter| {
            filter.contains(Key::of(&password.0)) || filter.contains(Key::of(&folded))
        };
        if self.leaked.is_some_and(is_leaked) {
            return Err(PasswordProblem::Leaked);
        }
        if self.beside == Beside::Nothing && !password.stands_alone() {
            return Err(PasswordProblem::TooShortAlone);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    fn problem(text: &str) -> Option<PasswordProblem> {
        let names = [
            "ada.lovelace".to_owned(),
            "ada@engines.example".to_owned(),
            "Ada Lovelace".to_owned(),
            "Difference Works".to_owned(),
        ];
        let rules = Rules {
            names: &names,
            beside: Beside::SecondFactor,
            leaked: None,
        };
        rules.judge(&Password::typed(text)).err()
    }

    #[test]
    fn a_password_that_stands_alone_is_longer() {
        let rules = Rules {
            names: &[],
            beside: Beside::Nothing,
            leaked: None,
        };
        let alone = |text| rules.judge(&Password::typed(text)).err();
        assert_eq!(
            alone("vkqj zwpm xmht"),
            Some(PasswordProblem::TooShortAlone)
        );
        assert_eq!(alone("vkqj zwpm xmhtb"), None);
        assert_eq!(alone("seven7!"), Some(PasswordProblem::TooShort));
    }

    #[test]
    fn what_an_imported_list_holds_is_refused() {
        let mut filter = Filter::with_room_for(10, 0).unwrap();
        filter.insert(Key::of("Tr0ub4dor & three"));
        filter.insert(Key::of("nine lamps over wet gravel"));
        let judge = |leaked, text| {
            let rules = Rules {
                names: &[],
                beside: Beside::SecondFactor,
                leaked,
            };
            rules.judge(&Password::typed(text)).err()
        };
        for text in ["Tr0ub4dor & three", "NINE lamps over wet gravel"] {
            assert_eq!(judge(Some(&filter), text), Some(PasswordProblem::Leaked));
            assert_eq!(judge(None, text), None);
        }
        assert_eq!(judge(Some(&filter), "ten lamps over wet gravel"), None);
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(problem("seven7!"), Some(PasswordProblem::TooShort));
        assert_eq!(problem("eight8!x"), None);
        assert_eq!(problem("ö ü ä ß €"), None);
        assert_eq!(problem("🦀🌧🚲🎻🧊🪴🛶🧭"), None);
        assert_eq!(problem(&"korrekt pferd ".repeat(9)), None);
        assert_eq!(
            problem(&"korrekt pferd ".repeat(10)),
            Some(PasswordProblem::TooLong)
        );
        // Composed by NFC: seven letters, however many code points were typed.
        assert_eq!(
            problem("zoe\u{308}zoe\u{308}z"),
            Some(PasswordProblem::TooShort)
        );
    }

    #[test]
    fn composition_does_not_matter() {
        assert_eq!(problem("vkqjzwpmxhtbfgyrncsd"), None);
        assert_eq!(problem("vkqj zwpm"), None);
    }

    #[test]
    fn the_worst_are_refused() {
        for text in [
            "password",
            "PASSWORD",
            "p@$$w0rd!",
            "Swordfish",
            "dragonfly1",
            "refrigerator",
            "Password123!",
            "12345678",
            "123456789",
            "qwertyuiop",
            "qwertz123",
            "aaaaaaaa",
            "abababab",
            "abcdefgh",
            "87654321",
            "iloveyou",
            "passwort",
            "letmein1",
            "hallo123",
            "1q2w3e4r",
            "changeme",
            "monkeymonkey",
            "ｐａｓｓｗｏｒｄ",
        ] {
            assert_eq!(problem(text), Some(PasswordProblem::Common), "{text:?}");
        }
    }

    #[test]
    fn names_are_refused() {
        for text in [
            "cloud123",
            "ada.lovelace",
            "AdaLovelace",
            "lovelace1843",
            "engines!1",
            "Cloud-Ada-12",
            "ada@engines.example",
            "Difference12",
        ] {
            assert_eq!(problem(text), Some(PasswordProblem::Personal), "{text:?}");
        }
        assert_eq!(problem("canada trip by boat"), None);
        assert_eq!(problem("cloudberry jam jar"), None);
    }

    #[test]
    fn case_blanks_and_length_count() {
        let bytes = |text: &str| Password::typed(text).as_bytes().to_vec();
        assert_ne!(bytes("Correct horse"), bytes("correct horse"));
        assert_ne!(bytes("correct horse "), bytes("correct horse"));
        assert_eq!(bytes("zoe\u{308}"), bytes("zoë"));
        assert!(!Password::typed(&"x".repeat(129)).has_legal_length());
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(
            format!("{:?}", Password::typed("secret words")),
            "Password(..)"
        );
    }
}
