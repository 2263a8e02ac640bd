//! Names and addresses that people type, checked once.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// Why a typed value does not do. Shown next to the field, as the message `field-<kebab name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Nothing but spaces.
    #[error("is empty")]
    Empty,
    /// Longer than the field allows.
    #[error("is too long")]
    TooLong,
    /// Holds a character that the field does not allow.
    #[error("holds a character that is not allowed")]
    Character,
    /// Has another form than such a value must have.
    #[error("has the wrong form")]
    Form,
}

impl Unfit {
    /// What a program is told to do about it, after a space.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Empty => " Give it a value.",
            Self::TooLong => " Shorten it.",
            Self::Character => " Remove signs that such a value does not have.",
            Self::Form => " The description of the API says what it may be.",
        }
    }

    /// Key of the message to show.
    pub fn message(self) -> &'static str {
        match self {
            Self::Empty => "unfit-empty",
            Self::TooLong => "unfit-too-long",
            Self::Character => "unfit-character",
            Self::Form => "unfit-form",
        }
    }
}

/// The name a person signs in with: 2 to 64 of `a-z 0-9 . _ -`, a letter or digit first and last.
/// Kept in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Checks and folds what was typed.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(typed: &str) -> Result<Self, Unfit> {
        let name = typed.trim().to_lowercase();
        let edge =
            |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
        match name.len() {
            0 => return Err(Unfit::Empty),
            65.. => return Err(Unfit::TooLong),
            _ => {}
        }
        if !name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter))
        {
            return Err(Unfit::Character);
        }
        if name.len() < 2 || !edge(name.chars().next()) || !edge(name.chars().last()) {
            return Err(Unfit::Form);
        }
        Ok(Self(name))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A mail address: one `@`, a local part of at most 64 octets and a domain of at most 255 with a dot or
/// `localhost` (the sizes of RFC 5321 section 4.5.3.1). Only a mail round trip proves that it works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Checks what was typed.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(typed: &str) -> Result<Self, Unfit> {
        let address = typed.trim();
        if address.is_empty() {
            return Err(Unfit::Empty);
        }
        if address.chars().any(|letter| {
            letter.is_whitespace() || letter.is_control() || "<>()[],;:\\\"".contains(letter)
        }) {
            return Err(Unfit::Character);
        }
        let (local, domain) = address.split_once('@').ok_or(Unfit::Form)?;
        if local.len() > 64 || domain.len() > 255 {
            return Err(Unfit::TooLong);
        }
        let labels_fit = domain.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .chars()
                    .all(|letter| letter.is_alphanumeric() || letter == '-')
        });
        let local_fits = !local.is_empty()
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        if !labels_fit || !local_fits || !(domain.contains('.') || domain == "localhost") {
            return Err(Unfit::Form);
        }
        Ok(Self(format!("{local}@{}", domain.to_lowercase())))
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One line of text for people to read, in Unicode normal form C, without control characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(String);

impl Line {
    /// Most characters of a line.
    pub const MOST: usize = 120;

    /// Checks and tidies what was typed; nothing is fine.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(typed: &str) -> Result<Self, Unfit> {
        let line: String = typed
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .nfc()
            .collect();
        if line.chars().count() > Self::MOST {
            return Err(Unfit::TooLong);
        }
        if line
            .chars()
            .any(|letter| letter.is_control() || is_bidirectional_control(letter))
        {
            return Err(Unfit::Character);
        }
        Ok(Self(line))
    }

    /// As [`Self::parse`], but nothing does not do.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn required(typed: &str) -> Result<Self, Unfit> {
        match Self::parse(typed)? {
            Self(line) if line.is_empty() => Err(Unfit::Empty),
            line => Ok(line),
        }
    }

    /// The line as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Marks that reorder the text around a name and so can make it look like another's.
pub(super) fn is_bidirectional_control(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

macro_rules! display_as_text {
    ($($name:ty),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.as_str())
            }
        }
    )*};
}
display_as_text!(Username, EmailAddress, Line);

#[cfg(test)]
mod tests {
    use super::{EmailAddress, Line, Unfit, Username};

    #[test]
    fn usernames_are_folded_and_bounded() {
        assert_eq!(
            Username::parse(" Erika.Muster ").unwrap().as_str(),
            "erika.muster"
        );
        assert_eq!(Username::parse(""), Err(Unfit::Empty));
        assert_eq!(Username::parse("a"), Err(Unfit::Form));
        assert_eq!(Username::parse(".a"), Err(Unfit::Form));
        assert_eq!(Username::parse("a b"), Err(Unfit::Character));
        assert_eq!(Username::parse("ünal"), Err(Unfit::Character));
        assert_eq!(Username::parse(&"a".repeat(65)), Err(Unfit::TooLong));
    }

    #[test]
    fn addresses_have_two_parts_and_a_domain() {
        assert_eq!(
            EmailAddress::parse("Erika@Example.ORG").unwrap().as_str(),
            "Erika@example.org"
        );
        assert!(EmailAddress::parse("jörg@münchen.de").is_ok());
        assert!(EmailAddress::parse("a@localhost").is_ok());
        for wrong in [
            "erika",
            "@example.org",
            "a@",
            "a@b",
            "a@@b.c",
            "a..b@c.d",
            "a@-b.c",
            "a@b..c",
        ] {
            assert!(EmailAddress::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(EmailAddress::parse("a <a@b.c>"), Err(Unfit::Character));
        assert_eq!(EmailAddress::parse("a\r\nBcc:@b.c"), Err(Unfit::Character));
    }

    #[test]
    fn lines_are_tidied() {
        assert_eq!(
            Line::required("  Erika \n Mustermann ").unwrap().as_str(),
            "Erika Mustermann"
        );
        assert_eq!(Line::required(" \t "), Err(Unfit::Empty));
        assert_eq!(Line::parse(""), Ok(Line::default()));
        assert_eq!(Line::parse("evil\u{202e}txt"), Err(Unfit::Character));
        assert_eq!(Line::parse(&"x".repeat(121)), Err(Unfit::TooLong));
    }
}
