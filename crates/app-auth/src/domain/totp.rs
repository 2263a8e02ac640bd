//! One-time passwords by time: RFC 6238 over RFC 4226, SHA-1, six digits, thirty seconds, which is what every
//! program for them understands.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha1::Sha1;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::error::Error;

/// Seconds for which a code is shown.
const STEP: i64 = 30;
/// Steps by which clocks may differ.
const DRIFT: i64 = 1;
/// Bytes of a seed: as long as the hash (RFC 4226, section 4).
const SEED_BYTES: usize = 20;
/// RFC 4648, base 32.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What program and server share.
#[derive(Clone)]
pub(crate) struct Seed(Zeroizing<Vec<u8>>);

impl Seed {
    /// Draws a new one from the operating system.
    pub(crate) fn random() -> Result<Self, Error> {
        let mut bytes = Zeroizing::new(vec![0; SEED_BYTES]);
        getrandom::fill(&mut bytes).map_err(|_| Error::Randomness)?;
        Ok(Self(bytes))
    }

    /// Takes the bytes of an opened envelope.
    pub(crate) fn of(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// The bytes, to be sealed.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The step a code belongs to, if it is right at `now` give or take one step.
    pub(crate) fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let current = now.as_second().div_euclid(STEP);
        // All are computed: the time must not tell which one fits.
        let mut found = None;
        for step in current - DRIFT..=current + DRIFT {
            let fits = bool::from(self.code(step).as_bytes().ct_eq(code.as_bytes()));
            found = if fits { Some(step) } else { found };
        }
        found
    }

    /// The code of a step (RFC 4226, section 5.3).
    fn code(&self, step: i64) -> String {
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&self.0) else {
            unreachable!("HMAC takes keys of any length")
        };
        mac.update(&step.to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let offset = usize::from(digest.last().copied().unwrap_or_default() & 0xf);
        let word = digest
            .iter()
            .skip(offset)
            .take(4)
            .fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
        format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
    }

    /// For typing: base 32.
    pub(crate) fn base32(&self) -> Zeroizing<String> {
        let bits = self
            .0
            .iter()
            .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
        let bits: Zeroizing<Vec<u8>> = Zeroizing::new(bits.collect());
        let letter = |five: &[u8]| {
            let index = five
                .iter()
                .fold(0, |index, bit| index << 1 | usize::from(*bit));
            ALPHABET
                .get(index << (5 - five.len()))
                .copied()
                .map(char::from)
        };
        Zeroizing::new(bits.chunks(5).filter_map(letter).collect())
    }

    /// For scanning: the address programs read from a picture.
    pub(crate) fn address(&self, organisation: &str, username: &str) -> Zeroizing<String> {
        let encode = |text: &str| -> String {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
                .to_string()
        };
        let (issuer, account) = (encode(organisation), encode(username));
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}",
            *self.base32()
        ))
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Seed(..)")
    }
}

/// The digits of what somebody typed, if it looks like a code: blanks between them do not matter.
pub(crate) fn digits(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(7)
        .collect();
    (code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed() -> Seed {
        Seed::of(Zeroizing::new(b"12345678901234567890".to_vec()))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap_or_default()
    }

    /// RFC 6238, appendix B, the last six of eight digits.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(
                seed().step_of(code, at(second)),
                Some(second / 30),
                "{second}"
            );
        }
    }

    #[test]
    fn clocks_may_differ_by_one_step_only() {
        let code = seed().code(100);
        for (step, fits) in [
            (98, false),
            (99, true),
            (100, true),
            (101, true),
            (102, false),
        ] {
            assert_eq!(
                seed().step_of(&code, at(step * 30)).is_some(),
                fits,
                "{step}"
            );
        }
        assert_eq!(seed().step_of("", at(3000)), None);
    }

    #[test]
    fn seeds_are_written_as_base_32() {
        assert_eq!(*seed().base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(
            *seed().address("Ada & Co", "ada"),
            "otpauth://totp/Ada%20%26%20Co:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Ada%20%26%20Co"
        );
    }

    #[test]
    fn codes_are_six_digits() {
        assert_eq!(digits(" 123 456 ").as_deref(), Some("123456"));
        for bad in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert_eq!(digits(bad), None, "{bad:?}");
        }
    }
}
