//! Passwords: what may become one, and how what was typed is made comparable.
//!
//! Length and guessability only: no rules about kinds of characters, no expiry.

use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;
use zxcvbn::matching::patterns::MatchPattern;
use zxcvbn::zxcvbn;

/// Fewest characters.
pub(crate) const SHORTEST: usize = 8;
/// Fewest characters where the password is all there is (NIST SP 800-63B-4, section 3.1.1.2).
const SHORTEST_ALONE: usize = 15;
/// Most characters.
pub(crate) const LONGEST: usize = 128;

/// Words everybody here might think of.
const PRODUCT_WORDS: &[&str] = &["cloud"];

/// The worst passwords, folded.
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("common_passwords.txt")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
});

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

    /// Whether nothing was typed.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
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
    /// Made of the person's or the product's name.
    Personal,
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

/// Checks what somebody wants as their password. `context` holds names that belong to them.
pub(crate) fn acceptable(
    password: &Password,
    context: &[String],
    beside: Beside,
) -> Result<(), PasswordProblem> {
    let length = password.0.chars().count();
    if length < SHORTEST {
        return Err(PasswordProblem::TooShort);
    }
    if length > LONGEST {
        return Err(PasswordProblem::TooLong);
    }
    let folded = Zeroizing::new(fold(&password.0));
    if is_common(&folded) {
        return Err(PasswordProblem::Common);
    }
    if is_personal(&folded, context) {
        return Err(PasswordProblem::Personal);
    }
    if beside == Beside::Nothing && length < SHORTEST_ALONE {
        return Err(PasswordProblem::TooShortAlone);
    }
    Ok(())
}

fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

fn is_common(folded: &str) -> bool {
    let core = folded.trim_matches(|c: char| !c.is_alphabetic());
    let is_listed = |word: &str| COMMON.contains(word) || is_leaked(word);
    let padding = folded.chars().count() - core.chars().count();
    is_listed(folded)
        || (padding <= 6 && is_listed(core))
        || is_repetition(folded)
        || is_sequence(folded)
}

/// Whether all of it is one word of a list, in whatever spelling: of passwords found in leaks, of names, of English.
/// The lists are those of the crate `zxcvbn`, thirty thousand passwords among them.
fn is_leaked(word: &str) -> bool {
    let found = zxcvbn(word, &[]);
    matches!(found.sequence(), [only] if matches!(only.pattern, MatchPattern::Dictionary(_)))
}

/// One listed word or one or two characters over and over.
fn is_repetition(folded: &str) -> bool {
    let distinct: HashSet<char> = folded.chars().collect();
    if distinct.len() <= 2 {
        return true;
    }
    (3..=folded.len() / 2).any(|size| {
        folded
            .get(..size)
            .is_some_and(|word| COMMON.contains(word) && folded.replace(word, "").is_empty())
    })
}

/// Every character the successor (or every one the predecessor) of the one before.
fn is_sequence(folded: &str) -> bool {
    let points: Vec<i64> = folded.chars().map(|c| i64::from(u32::from(c))).collect();
    let steps: HashSet<i64> = points
        .iter()
        .zip(points.iter().skip(1))
        .map(|(a, b)| b - a)
        .collect();
    steps.len() == 1 && steps.iter().all(|step| step.abs() == 1)
}

/// Whether too little is left once the words around the person are taken out.
fn is_personal(folded: &str, context: &[String]) -> bool {
    let mut words: Vec<String> = PRODUCT_WORDS
        .iter()
        .map(|word| (*word).to_owned())
        .collect();
    for text in context {
        let text = fold(text);
        words.extend(
            text.split(|c: char| !c.is_alphanumeric())
                .map(str::to_owned),
        );
        words.push(text);
    }
    words.retain(|word| word.chars().count() >= 3);
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let mut rest = Zeroizing::new(folded.to_owned());
    for word in &words {
        rest = Zeroizing::new(rest.replace(word.as_str(), ""));
    }
    let letters = rest.chars().filter(|c| c.is_alphabetic()).count();
    rest.len() < folded.len() && letters < 4 && rest.chars().count() < SHORTEST
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Option<PasswordProblem> {
        let context = [
            "ada.lovelace".to_owned(),
            "ada@engines.example".to_owned(),
            "Ada Lovelace".to_owned(),
        ];
        acceptable(&Password::typed(text), &context, Beside::SecondFactor).err()
    }

    #[test]
    fn a_password_that_stands_alone_is_longer() {
        let alone = |text| acceptable(&Password::typed(text), &[], Beside::Nothing).err();
        assert_eq!(
            alone("vkqj zwpm xmht"),
            Some(PasswordProblem::TooShortAlone)
        );
        assert_eq!(alone("vkqj zwpm xmhtb"), None);
        assert_eq!(alone("seven7!"), Some(PasswordProblem::TooShort));
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
    fn the_list_is_folded_and_large_enough() {
        assert!(COMMON.len() >= 300, "{}", COMMON.len());
        for word in COMMON.iter() {
            assert_eq!(fold(word), *word, "the list holds folded words only");
        }
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(
            format!("{:?}", Password::typed("secret words")),
            "Password(..)"
        );
    }
}
