//! Private signing keys in transit between auth and a gateway: AES-256-GCM under a key derived
//! from APP_SECRET, so that neither a wire nor a log can hold one in the clear.
//!
//! Envelope: nonce (12 bytes) || ciphertext || tag (16 bytes). Must not be used for anything that
//! is stored: an envelope has no key id, so it does not survive a change of the secret.

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use registry::AppSecret;
use zeroize::Zeroizing;

use super::{KeyError, Signer};

const PURPOSE: &str = "signing-key-transport";
const NONCE: usize = 12;

/// Binds an envelope to its use, so that no other one made under the same key opens as a key.
const CONTEXT: &[u8] = b"cloud signing key v1";

/// Seals a signing key for transport.
pub fn seal(secret: &AppSecret, signer: &Signer) -> Result<Vec<u8>, KeyError> {
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).map_err(|_| KeyError::Crypto)?;
    let plain = signer.private_jwk();
    let sealed = cipher(secret)
        .encrypt(
            Nonce::from_slice(&nonce),
            Payload {
                msg: plain.as_bytes(),
                aad: CONTEXT,
            },
        )
        .map_err(|_| KeyError::Crypto)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens a sealed signing key.
pub fn open(secret: &AppSecret, envelope: &[u8]) -> Result<Signer, KeyError> {
    let (nonce, sealed) = envelope.split_at_checked(NONCE).ok_or(KeyError::Sealed)?;
    let plain = cipher(secret)
        .decrypt(
            Nonce::from_slice(nonce),
            Payload {
                msg: sealed,
                aad: CONTEXT,
            },
        )
        .map(Zeroizing::new)
        .map_err(|_| KeyError::Sealed)?;
    let jwk = std::str::from_utf8(&plain).map_err(|_| KeyError::Unusable)?;
    Signer::from_private_jwk(jwk)
}

fn cipher(secret: &AppSecret) -> Aes256Gcm {
    let key = Zeroizing::new(secret.derive(PURPOSE));
    Aes256Gcm::new((&*key).into())
}
