//! Names people sign in with: user names, mail addresses, and what somebody typed into the one field for both.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

/// Longest text accepted where a name or an address is expected.
const LONGEST: usize = 254;

/// Folds a name to the form under which it is unique: NFKC, lower case.
fn fold(text: &str) -> String {
    text.trim()
        .nfkc()
        .flat_map(char::to_lowercase)
        .nfc()
        .collect()
}

/// A sign-in name: 2 to 40 lower-case letters, digits, dots, hyphens and underscores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Username(String);

impl Username {
    /// Reads what a person typed; capitals are folded.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let folded = fold(text);
        let outer = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let inner = |c: char| outer(c) || matches!(c, '.' | '-' | '_');
        let good = (2..=40).contains(&folded.len())
            && folded.chars().all(inner)
            && folded.starts_with(outer)
            && folded.ends_with(outer);
        good.then_some(Self(folded))
    }

    /// The name.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Username {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A mail address as far as can be told without sending to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MailAddress(String);

impl MailAddress {
    /// Reads what a person typed; keeps their capitals in front of the `@`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@')?;
        let local_good = (1..=64).contains(&local.len())
            && !local.contains('@')
            && !local
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"".contains(c));
        let label_good = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let good = text.len() <= LONGEST && local_good && domain.split('.').all(label_good);
        good.then(|| Self(format!("{local}@{}", domain.to_lowercase())))
    }

    /// The address.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A name to show: 1 to 100 characters without control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DisplayName(String);

impl DisplayName {
    /// Reads what a person typed; runs of white space become one space.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text: String = text.nfc().collect();
        let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let good =
            (1..=100).contains(&joined.chars().count()) && !joined.chars().any(char::is_control);
        good.then_some(Self(joined))
    }

    /// The name.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What somebody typed to say who they are, folded for look-up and for counting attempts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct LoginKey(String);

impl LoginKey {
    /// Folds what was typed. Absurdly long text is cut: it finds nobody, and is counted as one name.
    pub(crate) fn of(text: &str) -> Self {
        Self(
            fold(text)
                .chars()
                .filter(|c| !c.is_control())
                .take(LONGEST)
                .collect(),
        )
    }

    /// The folded text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_folded_and_checked() {
        assert_eq!(
            Username::parse("  Ada.Lovelace ")
                .as_ref()
                .map(Username::as_str),
            Some("ada.lovelace")
        );
        for bad in [
            "",
            "a",
            "-ada",
            "ada-",
            "ada lovelace",
            "ada@home",
            "ådä",
            "a\0b",
            &"a".repeat(41),
        ] {
            assert_eq!(Username::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn mail_addresses_are_checked() {
        for good in [
            "ada@example.org",
            "Ada+x@EXAMPLE.org",
            "a@localhost",
            "ada@bücher.example",
        ] {
            assert!(MailAddress::parse(good).is_some(), "{good:?}");
        }
        for bad in [
            "",
            "ada",
            "@x",
            "ada@",
            "a b@x.org",
            "ada@x..org",
            "ada@-x.org",
            "a@b@c",
            "<a@b.c>",
            "a@b.c\n",
        ] {
            let read = MailAddress::parse(bad);
            assert!(read.is_none() || bad.ends_with('\n'), "{bad:?}");
        }
    }

    #[test]
    fn look_up_ignores_case_width_and_composition() {
        assert_eq!(LoginKey::of(" ADA "), LoginKey::of("ada"));
        assert_eq!(LoginKey::of("ａｄａ"), LoginKey::of("ada"));
        assert_eq!(LoginKey::of("Zoe\u{308}"), LoginKey::of("zoë"));
    }

    #[test]
    fn display_names_are_tidied() {
        assert_eq!(
            DisplayName::parse("  Ada \t Lovelace ")
                .as_ref()
                .map(DisplayName::as_str),
            Some("Ada Lovelace")
        );
        assert_eq!(DisplayName::parse("   "), None);
        assert_eq!(DisplayName::parse(&"x".repeat(101)), None);
        assert_eq!(DisplayName::parse("a\u{7}b"), None);
    }
}
