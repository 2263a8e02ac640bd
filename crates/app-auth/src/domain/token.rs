//! Secrets that are handed out once: 256 random bits, of which only the SHA-256 is ever stored.
//!
//! Must not offer a way to print a token by accident: `Debug` is redacted and there is no `Display`.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use postgres_types::{FromSql, ToSql};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::error::Error;

const BYTES: usize = 32;
const TEXT_LENGTH: usize = 43;

/// A one-use link's or a session's secret.
#[derive(Clone)]
pub(crate) struct Token(Zeroizing<[u8; BYTES]>);

impl Token {
    /// Draws a new token from the operating system.
    pub(crate) fn random() -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0_u8; BYTES]);
        getrandom::fill(bytes.as_mut_slice()).map_err(|_| Error::Randomness)?;
        Ok(Self(bytes))
    }

    /// A token that follows from something else by a key, such as an HMAC.
    pub(crate) fn derived(bytes: [u8; BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads the text form. Anything but the one spelling of exactly 256 bits is no token.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() != TEXT_LENGTH {
            return None;
        }
        let decoded = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        let bytes: [u8; BYTES] = decoded.as_slice().try_into().ok()?;
        Some(Self(Zeroizing::new(bytes)))
    }

    /// The text form, for a cookie or a link.
    pub(crate) fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }

    /// What may be stored.
    pub(crate) fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_slice()).to_vec())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(..)")
    }
}

/// The SHA-256 of a token: enough to recognise it, useless to present.
#[derive(Debug, Clone, PartialEq, Eq, Hash, ToSql, FromSql)]
#[postgres(transparent)]
pub(crate) struct TokenHash(Vec<u8>);

impl TokenHash {
    /// The digest of a secret of another form.
    pub(crate) fn of(secret: &[u8]) -> Self {
        Self(Sha256::digest(secret).to_vec())
    }

    /// Reads the text form.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        // It has the form of a token: 32 bytes in the one spelling.
        Token::parse(text).map(|token| Self(token.0.to_vec()))
    }

    /// The digest itself.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Text form for keys in Redis.
    pub(crate) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use std::collections::HashSet;

    use super::*;

    #[test]
    fn text_form_survives_the_round_trip() {
        let token = Token::random().unwrap();
        let read = Token::parse(&token.text()).unwrap();
        assert_eq!(read.hash(), token.hash());
    }

    #[test]
    fn a_thousand_tokens_are_distinct() {
        let texts: HashSet<String> = (0..1000)
            .map(|_| Token::random().unwrap().text().to_string())
            .collect();
        assert_eq!(texts.len(), 1000);
    }

    #[test]
    fn every_other_spelling_is_refused() {
        let text = Token::random().unwrap().text().to_string();
        // The last character carries two unused bits: a second spelling of the same bytes.
        let mut twin = text.clone();
        let last = twin.pop().unwrap();
        let next = char::from(u8::try_from(u32::from(last)).unwrap() ^ 1);
        twin.push(next);
        for bad in [
            "",
            "x",
            &text[1..],
            &format!("{text}A"),
            &format!(" {}", &text[1..]),
            &twin,
        ] {
            assert!(
                Token::parse(bad).is_none_or(|token| token.text().as_str() == bad),
                "{bad:?} was taken for another token"
            );
        }
        assert!(Token::parse(&text[1..]).is_none());
        assert!(Token::parse(&format!("{text}=")).is_none());
    }

    #[test]
    fn debug_shows_nothing() {
        let token = Token::random().unwrap();
        assert_eq!(format!("{token:?}"), "Token(..)");
    }
}
