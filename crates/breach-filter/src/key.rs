//! What stands for a password in a filter.

use sha1::{Digest as _, Sha1};
use unicode_normalization::UnicodeNormalization as _;

/// The front of the SHA-1 of a password.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key(u64, u64);

impl Key {
    /// Of a password, in NFC as it is hashed elsewhere.
    #[must_use]
    pub fn of(password: &str) -> Self {
        let mut sha = Sha1::new();
        for part in password.nfc() {
            sha.update(part.encode_utf8(&mut [0; 4]).as_bytes());
        }
        Self::front(&sha.finalize()).unwrap_or(Self(0, 0))
    }

    /// Of a line of a list: `SHA1` or `SHA1:count` in hexadecimal digits, or the password itself. Nothing for an
    /// empty line.
    #[must_use]
    pub fn of_line(line: &str) -> Option<Self> {
        let line = line.trim_end_matches(['\r', '\n']);
        if line.is_empty() {
            return None;
        }
        let hash = line.split_once(':').map_or(line, |(hash, _)| hash);
        Some(Self::of_hash(hash).unwrap_or_else(|| Self::of(line)))
    }

    fn of_hash(hex: &str) -> Option<Self> {
        if hex.len() != 40 || !hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let half = |from: usize| u64::from_str_radix(hex.get(from..from + 16)?, 16).ok();
        Some(Self(half(0)?, half(16)?))
    }

    fn front(digest: &[u8]) -> Option<Self> {
        let (first, rest) = digest.split_first_chunk::<8>()?;
        let second = rest.first_chunk::<8>()?;
        Some(Self(
            u64::from_be_bytes(*first),
            u64::from_be_bytes(*second),
        ))
    }

    /// Two numbers that places follow from; the second is odd, so that it leads everywhere.
    pub(crate) fn halves(self) -> (u64, u64) {
        (self.0, self.1 | 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_hash_or_a_password() {
        // printf password | sha1sum
        let hash = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8";
        let key = Key::of("password");
        assert!(Key::of_line("password\r\n") == Some(key));
        assert!(Key::of_line(hash) == Some(key));
        assert!(Key::of_line(&format!("{hash}:10434004\n")) == Some(key));
        assert!(Key::of_line(&hash.to_lowercase()) == Some(key));
        assert!(Key::of_line("").is_none() && Key::of_line("\r\n").is_none());
        assert!(Key::of_line("pass:word") == Some(Key::of("pass:word")));
    }

    #[test]
    fn composition_does_not_matter() {
        assert!(Key::of("zoe\u{308}") == Key::of("zoë"));
    }
}
