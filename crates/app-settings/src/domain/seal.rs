//! Secrets at rest: AES-256-GCM under a key that follows from `APP_SECRET`.
//!
//! An envelope names the key it was sealed under, so that a wrong `APP_SECRET` is told apart from damage, and
//! is bound to its place: an envelope copied to another app or key does not open.

use std::fmt;

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use rand::RngCore as _;
use registry::AppSecret;
use zeroize::Zeroizing;

/// Form of an envelope, its first byte.
const FORM: u8 = 1;
const KEY_ID: usize = 8;
const NONCE: usize = 12;
const HEAD: usize = 1 + KEY_ID + NONCE;
const TAG: usize = 16;

/// Where a secret belongs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The app.
    pub app: &'a str,
    /// The key within the app.
    pub key: &'a str,
}

impl Place<'_> {
    /// No two places share this: neither an app id nor a key holds a slash.
    fn bytes(&self) -> Vec<u8> {
        format!("settings/{}/{}", self.app, self.key).into_bytes()
    }
}

/// Identifies a key without telling anything about it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct KeyId([u8; KEY_ID]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// A sealed secret: form, key id, nonce, ciphertext and tag.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Envelope(Vec<u8>);

impl Envelope {
    /// Takes stored bytes; `None` when they are no envelope.
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        (bytes.len() >= HEAD + TAG && bytes.first() == Some(&FORM)).then_some(Self(bytes))
    }

    /// The bytes to store.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The key it was sealed under.
    pub(crate) fn key_id(&self) -> KeyId {
        let mut id = [0; KEY_ID];
        if let Some(bytes) = self.0.get(1..=KEY_ID) {
            id.copy_from_slice(bytes);
        }
        KeyId(id)
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Envelope({})", self.key_id())
    }
}

/// Why a secret cannot be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SealError {
    /// Sealed under a key that another `APP_SECRET` yields.
    #[error("the secret is sealed under key {0}")]
    ForeignKey(KeyId),
    /// Altered, or moved from another place.
    #[error("the sealed secret is damaged")]
    Damaged,
}

/// Seals and opens with the key of this installation.
#[derive(Clone)]
pub(crate) struct Sealer {
    key: Zeroizing<[u8; 32]>,
    id: KeyId,
}

impl Sealer {
    /// The sealer that follows from a secret.
    pub(crate) fn new(secret: &AppSecret) -> Self {
        let mut id = [0; KEY_ID];
        for (to, from) in id
            .iter_mut()
            .zip(secret.derive("settings:secrets:v1:key-id"))
        {
            *to = from;
        }
        Self {
            key: Zeroizing::new(secret.derive("settings:secrets:v1")),
            id: KeyId(id),
        }
    }

    /// Names the key.
    pub(crate) fn key_id(&self) -> KeyId {
        self.id
    }

    /// Encrypts.
    pub(crate) fn seal(&self, place: &Place<'_>, plaintext: &str) -> Result<Envelope, SealError> {
        let mut nonce = [0; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let sealed = self
            .cipher()
            .encrypt(
                Nonce::from_slice(&nonce),
                Payload {
                    msg: plaintext.as_bytes(),
                    aad: &place.bytes(),
                },
            )
            .map_err(|_| SealError::Damaged)?;
        let mut bytes = Vec::with_capacity(HEAD + sealed.len());
        bytes.push(FORM);
        bytes.extend_from_slice(&self.id.0);
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&sealed);
        Ok(Envelope(bytes))
    }

    /// Decrypts. Fails rather than yield anything but what was sealed, here, under this key.
    pub(crate) fn open(
        &self,
        place: &Place<'_>,
        envelope: &Envelope,
    ) -> Result<Zeroizing<String>, SealError> {
        if envelope.key_id() != self.id {
            return Err(SealError::ForeignKey(envelope.key_id()));
        }
        let (head, sealed) = envelope
            .0
            .split_at_checked(HEAD)
            .ok_or(SealError::Damaged)?;
        let nonce = head.get(1 + KEY_ID..).ok_or(SealError::Damaged)?;
        let payload = Payload {
            msg: sealed,
            aad: &place.bytes(),
        };
        let plain = self
            .cipher()
            .decrypt(Nonce::from_slice(nonce), payload)
            .map_err(|_| SealError::Damaged)?;
        String::from_utf8(plain)
            .map(Zeroizing::new)
            .map_err(|_| SealError::Damaged)
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new((&*self.key).into())
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer({})", self.id)
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]
mod tests {
    use super::*;

    const PLACE: Place<'static> = Place {
        app: "mail",
        key: "smtp.password",
    };

    fn sealer(secret: &str) -> Sealer {
        Sealer::new(&AppSecret::new(secret).unwrap())
    }

    fn ours() -> Sealer {
        sealer("0123456789abcdef0123456789abcdef")
    }

    #[test]
    fn what_is_sealed_opens_and_never_looks_the_same_twice() {
        let (one, two) = (
            ours().seal(&PLACE, "canary").unwrap(),
            ours().seal(&PLACE, "canary").unwrap(),
        );
        assert_ne!(one, two);
        assert_eq!(*ours().open(&PLACE, &one).unwrap(), "canary");
        let holds = |envelope: &Envelope| envelope.as_bytes().windows(6).any(|w| w == b"canary");
        assert!(!holds(&one));
    }

    #[test]
    fn another_secret_is_named_and_does_not_open() {
        let envelope = ours().seal(&PLACE, "canary").unwrap();
        let other = sealer("ffffffffffffffffffffffffffffffff");
        assert_eq!(
            other.open(&PLACE, &envelope),
            Err(SealError::ForeignKey(ours().key_id()))
        );
        assert_ne!(other.key_id(), ours().key_id());
    }

    #[test]
    fn an_envelope_opens_in_its_own_place_only() {
        let envelope = ours().seal(&PLACE, "canary").unwrap();
        for place in [
            Place {
                app: "hello",
                ..PLACE
            },
            Place {
                key: "other",
                ..PLACE
            },
        ] {
            assert_eq!(ours().open(&place, &envelope), Err(SealError::Damaged));
        }
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let envelope = ours().seal(&PLACE, "canary").unwrap();
        for at in 0..envelope.as_bytes().len() {
            let mut bytes = envelope.as_bytes().to_vec();
            bytes[at] ^= 1;
            let opened = Envelope::from_bytes(bytes).map(|e| ours().open(&PLACE, &e));
            assert!(!matches!(opened, Some(Ok(_))), "byte {at}");
        }
    }

    #[test]
    fn what_is_no_envelope_is_not_taken_for_one() {
        assert!(Envelope::from_bytes(Vec::new()).is_none());
        assert!(Envelope::from_bytes(vec![FORM; HEAD + TAG - 1]).is_none());
        assert!(Envelope::from_bytes(vec![9; 64]).is_none());
    }

    #[test]
    fn debug_output_tells_key_ids_only() {
        let sealer = ours();
        assert_eq!(
            format!("{sealer:?}"),
            format!("Sealer({})", sealer.key_id())
        );
    }
}
