//! What somebody presents to say who they are: a session or a key. Remembered by its hash alone.

use sha2::{Digest, Sha256};

use super::Key;
use crate::wire::request::Head;

/// What the keys of auth begin with.
const KEY_PREFIX: &str = "cloud_";
/// No key is longer.
const LONGEST_KEY: usize = 128;

/// A credential as it came.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presented<'a> {
    /// The value of the session cookie.
    Session(&'a str),
    /// A key of auth from the field Authorization.
    Key(&'a str),
}

/// What the field Authorization says.
pub(crate) enum Bearer<'a> {
    /// There is none, or it is of another scheme.
    Absent,
    /// A key worth asking about.
    Key(&'a str),
    /// More than one, or nothing auth made. Whoever sends it does not mean to act by cookie.
    Unknown,
}

impl<'a> Presented<'a> {
    /// What it is remembered by. A session and a key never share a name.
    pub(super) fn key(self) -> Key {
        let mut digest = Sha256::new();
        match self {
            Self::Session(token) => digest.update(token),
            Self::Key(text) => {
                digest.update("key\0");
                digest.update(text);
            }
        }
        digest.finalize().into()
    }

    /// The key of a request (RFC 6750, 2.1), when there is exactly one.
    pub(crate) fn bearer(head: &Head<'a>) -> Bearer<'a> {
        let survey = &head.survey;
        let Some(value) = survey.authorization else {
            return Bearer::Absent;
        };
        let value = std::str::from_utf8(value).unwrap_or_default();
        let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
        if survey.authorizations == 1 && !scheme.eq_ignore_ascii_case("bearer") {
            return Bearer::Absent;
        }
        let text = rest.trim_matches(' ');
        let plain = text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if survey.authorizations == 1
            && text.starts_with(KEY_PREFIX)
            && text.len() <= LONGEST_KEY
            && plain
        {
            Bearer::Key(text)
        } else {
            Bearer::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_and_a_key_of_the_same_text_are_two() {
        assert_ne!(Presented::Session("x").key(), Presented::Key("x").key());
        assert_ne!(
            Presented::Session("key\0x").key(),
            Presented::Session("x").key()
        );
    }
}
