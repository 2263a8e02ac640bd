//! Keys for programs: how one is spelled, and what about it may be stored.
//!
//! `cloud_pat_<public id>_<secret><checksum>`, all in lower-case base32 (RFC 4648, 6): 80 bits that name the key,
//! 240 random bits, and 40 bits of SHA-256 over all before them. The prefix and the checksum are for scanners that
//! look for leaked keys: `cloud_(pat|svc)_[a-z2-7]{16}_[a-z2-7]{56}` finds candidates, the checksum proves them
//! without a question to anybody. Must not offer a way to print a key by accident.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use postgres_types::{FromSql, ToSql};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::domain::session::later;
use crate::domain::token::TokenHash;
use crate::error::Error;

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const ID_BYTES: usize = 10;
const SECRET_BYTES: usize = 30;
const CHECK_BYTES: usize = 5;
const ID_LENGTH: usize = 16;
const TAIL_LENGTH: usize = 56;

/// A key works this long unless its owner says otherwise.
pub(crate) const DEFAULT_DAYS: u16 = 90;
/// No key works longer than this.
pub(crate) const MOST_DAYS: u16 = 365;
/// Last use is recorded at most this often.
pub(crate) const TOUCH_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// Names a key without being able to use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ToSql, FromSql)]
#[postgres(transparent)]
pub(crate) struct KeyId(pub(crate) Uuid);

impl KeyId {
    /// A new, time-ordered id.
    pub(crate) fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

/// For whom a key acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// A person.
    Personal,
    /// A service account.
    Service,
}

impl KeyKind {
    /// What keys of this kind begin with.
    fn prefix(self) -> &'static str {
        match self {
            Self::Personal => "cloud_pat_",
            Self::Service => "cloud_svc_",
        }
    }
}

/// A whole key: just made, or presented by somebody.
#[derive(Clone)]
pub(crate) struct ApiKey {
    kind: KeyKind,
    public_id: String,
    secret: Zeroizing<[u8; SECRET_BYTES]>,
}

impl ApiKey {
    /// Draws a new key from the operating system.
    pub(crate) fn random(kind: KeyKind) -> Result<Self, Error> {
        let mut id = [0_u8; ID_BYTES];
        let mut secret = Zeroizing::new([0_u8; SECRET_BYTES]);
        getrandom::fill(&mut id).map_err(|_| Error::Randomness)?;
        getrandom::fill(secret.as_mut_slice()).map_err(|_| Error::Randomness)?;
        Ok(Self {
            kind,
            public_id: encode(&id),
            secret,
        })
    }

    /// Reads the text form. Anything whose checksum does not fit is no key, and is not looked up.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = [KeyKind::Personal, KeyKind::Service]
            .into_iter()
            .find_map(|kind| Some((kind, text.strip_prefix(kind.prefix())?)))?;
        let (public_id, tail) = rest.split_once('_')?;
        if public_id.len() != ID_LENGTH || tail.len() != TAIL_LENGTH {
            return None;
        }
        decode(public_id)?;
        let tail = Zeroizing::new(decode(tail)?);
        let (secret, check) = tail.split_at_checked(SECRET_BYTES)?;
        let key = Self {
            kind,
            public_id: public_id.to_owned(),
            secret: Zeroizing::new(secret.try_into().ok()?),
        };
        bool::from(key.checksum().as_slice().ct_eq(check)).then_some(key)
    }

    /// The text form, to be shown once.
    pub(crate) fn text(&self) -> Zeroizing<String> {
        let tail = Zeroizing::new([self.secret.as_slice(), &self.checksum()].concat());
        Zeroizing::new(format!(
            "{}{}_{}",
            self.kind.prefix(),
            self.public_id,
            encode(&tail)
        ))
    }

    /// The part that names the key; no secret.
    pub(crate) fn public_id(&self) -> &str {
        &self.public_id
    }

    /// What may be stored of the secret.
    pub(crate) fn hash(&self) -> TokenHash {
        TokenHash::of(self.secret.as_slice())
    }

    /// Whether this is the key whose hash was stored; takes the same time for every answer.
    pub(crate) fn matches(&self, stored: &TokenHash) -> bool {
        bool::from(self.hash().as_bytes().ct_eq(stored.as_bytes()))
    }

    fn checksum(&self) -> [u8; CHECK_BYTES] {
        let mut digest = Sha256::new();
        digest.update(self.kind.prefix());
        digest.update(&self.public_id);
        digest.update(self.secret.as_slice());
        let digest = digest.finalize();
        let mut check = [0; CHECK_BYTES];
        check.copy_from_slice(digest.get(..CHECK_BYTES).unwrap_or(&[0; CHECK_BYTES]));
        check
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ApiKey({}..)", self.public_id)
    }
}

/// What decides whether a stored key still opens anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Validity {
    /// From then on it opens nothing.
    pub(crate) expires_at: Timestamp,
    /// When somebody ended it before.
    pub(crate) revoked_at: Option<Timestamp>,
}

impl Validity {
    /// Whether the key still works at `now`.
    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// When a key made at `now` for so many days ends.
pub(crate) fn expiry(now: Timestamp, days: u16) -> Timestamp {
    later(
        now,
        SignedDuration::from_hours(24 * i64::from(days.clamp(1, MOST_DAYS))),
    )
}

/// Base32 of whole groups: every length used here is a multiple of five bytes, so that there is one spelling.
fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() / 5 * 8);
    for group in bytes.chunks(5) {
        let bits = group
            .iter()
            .fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
        for place in (0..8).rev() {
            let digit = usize::try_from((bits >> (place * 5)) & 31).unwrap_or(0);
            text.push(char::from(ALPHABET.get(digit).copied().unwrap_or(b'a')));
        }
    }
    text
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 8 * 5);
    for group in text.as_bytes().chunks(8) {
        let bits = group.iter().try_fold(0_u64, |bits, letter| {
            let digit = match letter {
                b'a'..=b'z' => letter - b'a',
                b'2'..=b'7' => letter - b'2' + 26,
                _ => return None,
            };
            Some((bits << 5) | u64::from(digit))
        })?;
        bytes.extend(bits.to_be_bytes().get(3..)?);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn a_key_survives_the_round_trip_and_names_its_kind() {
        for (kind, prefix) in [
            (KeyKind::Personal, "cloud_pat_"),
            (KeyKind::Service, "cloud_svc_"),
        ] {
            let key = ApiKey::random(kind).unwrap();
            let text = key.text();
            assert!(text.starts_with(prefix), "{prefix}");
            assert_eq!(text.len(), prefix.len() + 16 + 1 + 56);
            let read = ApiKey::parse(&text).unwrap();
            assert!(read.matches(&key.hash()));
            assert_eq!(read.public_id(), key.public_id());
        }
    }

    #[test]
    fn a_slip_of_one_letter_anywhere_is_no_key() {
        let text = ApiKey::random(KeyKind::Personal).unwrap().text();
        for place in 0..text.len() {
            let mut changed = text.as_bytes().to_vec();
            let letter = changed.get_mut(place).unwrap();
            *letter = if *letter == b'x' { b'y' } else { b'x' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(ApiKey::parse(&changed).is_none(), "letter {place}");
        }
        let service = text.replace("cloud_pat_", "cloud_svc_");
        assert!(ApiKey::parse(&service).is_none(), "the kind is covered");
        let (short, long) = (&text[..text.len() - 1], format!("{}a", *text));
        for other in [
            "",
            "cloud_pat_",
            "cloud_pat__",
            short,
            &long,
            &text.to_uppercase(),
        ] {
            assert!(ApiKey::parse(other).is_none(), "{other}");
        }
    }

    #[test]
    fn another_secret_does_not_match() {
        let (one, two) = (
            ApiKey::random(KeyKind::Service).unwrap(),
            ApiKey::random(KeyKind::Service).unwrap(),
        );
        assert!(!one.matches(&two.hash()));
        assert_ne!(one.public_id(), two.public_id());
    }

    #[test]
    fn debug_shows_no_secret() {
        let key = ApiKey::random(KeyKind::Personal).unwrap();
        let text = key.text();
        let tail = text.rsplit('_').next().unwrap();
        assert!(!format!("{key:?}").contains(tail));
    }

    #[test]
    fn base32_is_the_one_of_the_rfc() {
        assert_eq!(encode(b"fooba"), "mzxw6ytb");
        assert_eq!(decode("mzxw6ytb").unwrap(), b"fooba");
    }

    #[test]
    fn a_key_works_until_it_expires_or_is_ended() {
        let now = Timestamp::UNIX_EPOCH;
        let mut validity = Validity {
            expires_at: expiry(now, 90),
            revoked_at: None,
        };
        assert!(validity.is_live(now));
        assert!(!validity.is_live(validity.expires_at));
        validity.revoked_at = Some(now);
        assert!(!validity.is_live(now));
        assert_eq!(expiry(now, 9999), expiry(now, MOST_DAYS));
    }
}
