//! The short code a person carries from a program to the browser (RFC 8628, section 6.1).

use std::fmt;

use zeroize::Zeroizing;

use crate::error::Error;

/// Letters without vowels, so that no words arise, and without look-alikes: 8 of them are 34 bits.
const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
const LENGTH: usize = 8;
/// Longest text that is looked at.
const LONGEST: usize = 32;
/// Random bytes from here on are drawn anew: 240 is the last multiple of 20, so that each letter is as likely.
const FAIR: u8 = 240;

/// A code as it is compared: eight capitals.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct UserCode(Zeroizing<String>);

impl UserCode {
    /// Draws a new one from the operating system.
    pub(crate) fn random() -> Result<Self, Error> {
        let mut code = Zeroizing::new(String::with_capacity(LENGTH));
        let mut bytes = Zeroizing::new([0_u8; LENGTH * 2]);
        while code.len() < LENGTH {
            getrandom::fill(bytes.as_mut_slice()).map_err(|_| Error::Randomness)?;
            let fair = bytes.iter().filter(|byte| **byte < FAIR);
            let letters = fair.filter_map(|byte| ALPHABET.get(usize::from(byte % 20)));
            let missing = LENGTH - code.len();
            code.extend(letters.take(missing).copied().map(char::from));
        }
        Ok(Self(code))
    }

    /// Reads what somebody typed: case, blanks and hyphens do not matter.
    pub(crate) fn parse(typed: &str) -> Option<Self> {
        if typed.len() > LONGEST {
            return None;
        }
        let letters = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
        let code: Zeroizing<String> =
            Zeroizing::new(letters.map(|c| c.to_ascii_uppercase()).collect());
        let good = code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte));
        good.then_some(Self(code))
    }

    /// The bytes to hash.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// As shown: `WDJB-MJHT`.
    pub(crate) fn text(&self) -> Zeroizing<String> {
        let (head, tail) = self.0.split_at_checked(LENGTH / 2).unwrap_or_default();
        Zeroizing::new(format!("{head}-{tail}"))
    }
}

impl fmt::Debug for UserCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("UserCode(..)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = UserCode::random().unwrap();
        let text = code.text();
        assert_eq!((text.len(), text.find('-')), (9, Some(4)));
        for typed in [
            text.to_string(),
            text.to_lowercase(),
            text.replace('-', ""),
            text.replace('-', " "),
        ] {
            assert_eq!(UserCode::parse(&typed).unwrap(), code, "{typed}");
        }
        for bad in ["", "BCDF-GHJ", "BCDF-GHJKL", "AEIO-UYAE", "BCDF-GH1K"] {
            assert!(UserCode::parse(bad).is_none(), "{bad:?}");
        }
        assert!(UserCode::parse(&format!("{}{}", *text, " ".repeat(32))).is_none());
    }

    #[test]
    fn every_letter_occurs_and_no_other() {
        let letters: BTreeSet<u8> = (0..500)
            .flat_map(|_| UserCode::random().unwrap().as_bytes().to_vec())
            .collect();
        assert_eq!(letters.iter().copied().collect::<Vec<_>>(), ALPHABET);
    }

    #[test]
    fn debug_shows_nothing() {
        let code = UserCode::random().unwrap();
        assert_eq!(format!("{code:?}"), "UserCode(..)");
    }
}
