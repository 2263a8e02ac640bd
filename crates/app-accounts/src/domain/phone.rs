//! Telephone numbers, written one way.

use std::fmt;

use super::name::Unfit;

/// Most digits of a number with its country code (ITU-T E.164 section 6.2.1).
const MOST_DIGITS: usize = 15;
/// Fewest digits of a number; extensions within a house have few.
const FEWEST_DIGITS: usize = 2;
/// Most digits of an extension after a number.
const MOST_EXTENSION: usize = 8;

/// A telephone number: `+4930123456` with its country code (E.164), or digits alone within a house, and perhaps
/// `;ext=12` after it (RFC 3966 section 5.3). So it is also what follows `tel:`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// Tidies what was typed: `+49 (0)30 / 123-456 x12` and `0049 30 123456 ext. 12` mean the same; nothing is fine.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(typed: &str) -> Result<Self, Unfit> {
        let typed = typed.trim().to_lowercase();
        if typed.is_empty() {
            return Ok(Self::default());
        }
        let (number, extension) = split_extension(&typed);
        let is_international = number.starts_with('+') || number.starts_with("00");
        // Of "+49 (0)30" the zero is for callers within the country only.
        let number = if is_international {
            number.replacen("(0)", "", 1)
        } else {
            number.to_owned()
        };
        let body = match number.strip_prefix('+') {
            Some(rest) => rest,
            None if is_international => number.strip_prefix("00").unwrap_or(&number),
            None => &number,
        };
        let digits = digits(body)?;
        let fewest = if is_international { 7 } else { FEWEST_DIGITS };
        if digits.len() > MOST_DIGITS {
            return Err(Unfit::TooLong);
        }
        if digits.len() < fewest || is_international && digits.starts_with('0') {
            return Err(Unfit::Form);
        }
        let plus = if is_international { "+" } else { "" };
        let Some(extension) = extension else {
            return Ok(Self(format!("{plus}{digits}")));
        };
        match self::digits(extension)? {
            extension if extension.is_empty() => Err(Unfit::Form),
            extension if extension.len() > MOST_EXTENSION => Err(Unfit::TooLong),
            extension => Ok(Self(format!("{plus}{digits};ext={extension}"))),
        }
    }

    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The number, and what comes after the first of the words that begin an extension.
fn split_extension(typed: &str) -> (&str, Option<&str>) {
    for sign in [";ext=", "ext.", "ext", "x"] {
        if let Some((number, extension)) = typed.split_once(sign) {
            return (number, Some(extension));
        }
    }
    (typed, None)
}

/// The digits alone; between them may be what people group them with.
fn digits(text: &str) -> Result<String, Unfit> {
    let mut digits = String::new();
    for letter in text.chars() {
        match letter {
            '0'..='9' => digits.push(letter),
            ' ' | '\u{a0}' | '\u{202f}' | '-' | '\u{2011}' | '\u{2013}' | '/' | '.' | '(' | ')' => {
            }
            _ => return Err(Unfit::Character),
        }
    }
    Ok(digits)
}

impl fmt::Display for Phone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Phone, Unfit};

    #[test]
    fn what_means_the_same_number_is_written_the_same() {
        for typed in [
            "+49 30 123456",
            "+49 (0)30 / 123-456",
            "0049-30-123456",
            " +49.30.12\u{a0}34\u{202f}56 ",
        ] {
            assert_eq!(
                Phone::parse(typed).unwrap().as_str(),
                "+4930123456",
                "{typed}"
            );
        }
        for typed in [
            "+1 555 010 9999 x12",
            "+1 555 0109999 ext. 12",
            "+15550109999;ext=12",
        ] {
            let phone = Phone::parse(typed).unwrap();
            assert_eq!(phone.as_str(), "+15550109999;ext=12", "{typed}");
            assert_eq!(Phone::parse(phone.as_str()).unwrap(), phone, "again");
        }
        assert_eq!(Phone::parse("030 / 4711-0").unwrap().as_str(), "03047110");
        assert_eq!(Phone::parse("47").unwrap().as_str(), "47");
        assert_eq!(Phone::parse("  ").unwrap(), Phone::default());
    }

    #[test]
    fn what_is_no_number_is_refused() {
        assert_eq!(Phone::parse("call me"), Err(Unfit::Character));
        assert_eq!(Phone::parse("+49 30 12+34"), Err(Unfit::Character));
        assert_eq!(Phone::parse("+49"), Err(Unfit::Form));
        assert_eq!(Phone::parse("+0 123 4567"), Err(Unfit::Form));
        assert_eq!(Phone::parse("7"), Err(Unfit::Form));
        assert_eq!(Phone::parse("()-"), Err(Unfit::Form));
        assert_eq!(Phone::parse("4711 x"), Err(Unfit::Form));
        assert_eq!(Phone::parse("+1234567890123456"), Err(Unfit::TooLong));
        assert_eq!(Phone::parse("4711 x123456789"), Err(Unfit::TooLong));
    }
}
