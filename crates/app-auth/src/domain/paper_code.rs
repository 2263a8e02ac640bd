//! Codes on paper: random letters and digits that are hard to mistake for each other, each for one use.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::Error;

/// Thirty-two characters, five bits each.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A code of so many characters.
#[derive(Clone)]
pub(crate) struct PaperCode<const LENGTH: usize>(Zeroizing<String>);

impl<const LENGTH: usize> PaperCode<LENGTH> {
    /// Characters between two hyphens.
    const GROUP: usize = if LENGTH.is_multiple_of(5) { 5 } else { 4 };

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

    /// Draws several.
    pub(crate) fn several(count: usize) -> Result<Vec<Self>, Error> {
        (0..count).map(|_| Self::random()).collect()
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

    /// As printed, in groups.
    pub(crate) fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(LENGTH * 2));
        for (index, letter) in self.0.chars().enumerate() {
            if index > 0 && index.is_multiple_of(Self::GROUP) {
                text.push('-');
            }
            text.push(letter);
        }
        text
    }
}

impl<const LENGTH: usize> fmt::Debug for PaperCode<LENGTH> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PaperCode(..)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = PaperCode::<10>::random().unwrap();
        let text = code.text();
        assert_eq!((text.len(), text.find('-')), (11, Some(5)));
        for typed in [
            text.to_string(),
            text.to_uppercase(),
            text.replace('-', " "),
        ] {
            assert_eq!(
                PaperCode::<10>::parse(&typed).unwrap().as_bytes(),
                code.as_bytes()
            );
        }
        assert_eq!(
            PaperCode::<10>::parse("OIL00-00000").unwrap().as_bytes(),
            b"0110000000"
        );
        for bad in ["", "123456", "uuuuu-uuuuu", "00000-000000", &"0".repeat(65)] {
            assert!(PaperCode::<10>::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn longer_ones_come_in_groups_of_four() {
        let text = PaperCode::<16>::random().unwrap().text();
        let groups: Vec<usize> = text.split('-').map(str::len).collect();
        assert_eq!(groups, [4, 4, 4, 4]);
    }
}
