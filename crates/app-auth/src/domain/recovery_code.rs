//! Codes on paper: ten at a time, each for one use, fifty random bits each.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::Error;

/// How many are made at once.
pub(crate) const COUNT: usize = 10;
/// Characters of a code.
const LENGTH: usize = 10;
/// Thirty-two characters that are hard to mistake for each other.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A recovery code.
#[derive(Clone)]
pub(crate) struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    /// Draws a new one from the operating system.
    pub(crate) fn random() -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0_u8; LENGTH]);
        getrandom::fill(bytes.as_mut_slice()).map_err(|_| Error::Randomness)?;
        let letter = |byte: &u8| {
            ALPHABET
                .get(usize::from(byte & 31))
                .copied()
                .map(char::from)
        };
        Ok(Self(Zeroizing::new(
            bytes.iter().filter_map(letter).collect(),
        )))
    }

    /// Reads what somebody typed: capitals, blanks, hyphens and look-alikes do not matter.
    pub(crate) fn parse(typed: &str) -> Option<Self> {
        if typed.len() > 64 {
            return None;
        }
        let code: Zeroizing<String> = Zeroizing::new(
            typed
                .chars()
                .filter(|c| !c.is_whitespace() && *c != '-')
                .map(|c| match c.to_ascii_lowercase() {
                    'o' => '0',
                    'i' | 'l' => '1',
                    other => other,
                })
                .collect(),
        );
        let good = code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte));
        good.then_some(Self(code))
    }

    /// The bytes to hash.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// As printed, in two halves.
    pub(crate) fn text(&self) -> Zeroizing<String> {
        let (front, back) = self.0.split_at_checked(LENGTH / 2).unwrap_or((&self.0, ""));
        Zeroizing::new(format!("{front}-{back}"))
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RecoveryCode(..)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = RecoveryCode::random().unwrap();
        let text = code.text();
        assert_eq!(text.len(), 11);
        for typed in [
            text.to_string(),
            text.to_uppercase(),
            text.replace('-', " "),
        ] {
            assert_eq!(
                RecoveryCode::parse(&typed).unwrap().as_bytes(),
                code.as_bytes()
            );
        }
        assert_eq!(
            RecoveryCode::parse("OIL00-00000").unwrap().as_bytes(),
            b"0110000000"
        );
        for bad in ["", "123456", "uuuuu-uuuuu", "00000-000000", &"0".repeat(65)] {
            assert!(RecoveryCode::parse(bad).is_none(), "{bad:?}");
        }
    }
}
