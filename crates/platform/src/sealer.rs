//! Values encrypted at rest: AES-256-GCM under a key that follows from `APP_SECRET` and one purpose.
//!
//! Owns the form of an envelope: form (1 byte) || nonce (12 bytes) || ciphertext || tag (16 bytes). An envelope is
//! bound to a context, such as the id of its row: moved elsewhere, it does not open.

use std::fmt;

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use registry::AppSecret;
use zeroize::Zeroizing;

const FORM: u8 = 1;
const NONCE: usize = 12;

/// Seals and opens with the key of one purpose. Never share a purpose between two uses.
#[derive(Clone)]
pub struct Sealer(Zeroizing<[u8; 32]>);

/// Why something cannot be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The operating system gives no random bytes.
    #[error("the operating system gives no random bytes")]
    Randomness,
    /// Altered, moved to another context, or sealed under another `APP_SECRET`.
    #[error("the envelope does not open")]
    Closed,
}

impl Sealer {
    /// The sealer of a purpose, such as `notifications:mail:v1`.
    pub fn new(secret: &AppSecret, purpose: &str) -> Self {
        Self(Zeroizing::new(secret.derive(purpose)))
    }

    /// Encrypts. The same plaintext never looks the same twice.
    ///
    /// # Errors
    /// [`SealError::Randomness`]; [`SealError::Closed`] beyond the cipher's limit of 64 GiB.
    pub fn seal(&self, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| SealError::Randomness)?;
        let payload = Payload {
            msg: plain,
            aad: context,
        };
        let sealed = self
            .cipher()
            .encrypt(Nonce::from_slice(&nonce), payload)
            .map_err(|_| SealError::Closed)?;
        Ok([&[FORM], nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts what [`Self::seal`] made for the same context.
    ///
    /// # Errors
    /// [`SealError::Closed`] for anything else.
    pub fn open(&self, context: &[u8], envelope: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let rest = envelope.strip_prefix(&[FORM]).ok_or(SealError::Closed)?;
        let (nonce, sealed) = rest.split_at_checked(NONCE).ok_or(SealError::Closed)?;
        let payload = Payload {
            msg: sealed,
            aad: context,
        };
        self.cipher()
            .decrypt(Nonce::from_slice(nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| SealError::Closed)
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new((&*self.0).into())
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(..)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn sealer(byte: u8, purpose: &str) -> Sealer {
        Sealer::new(&AppSecret::new([byte; 32]).unwrap(), purpose)
    }

    #[test]
    fn an_envelope_opens_under_the_same_secret_purpose_and_context_only() {
        let ours = sealer(1, "test");
        let sealed = ours.seal(b"row 1", b"canary").unwrap();
        assert_eq!(ours.open(b"row 1", &sealed).unwrap().as_slice(), b"canary");
        assert_eq!(ours.open(b"row 2", &sealed), Err(SealError::Closed));
        assert!(sealer(2, "test").open(b"row 1", &sealed).is_err());
        assert!(sealer(1, "other").open(b"row 1", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            if let Some(byte) = damaged.get_mut(at) {
                *byte ^= 1;
            }
            assert!(ours.open(b"row 1", &damaged).is_err(), "byte {at}");
        }
        assert!(ours.open(b"row 1", &[]).is_err());
        assert!(!sealed.windows(6).any(|window| window == b"canary"));
        assert_ne!(sealed, ours.seal(b"row 1", b"canary").unwrap());
    }
}
