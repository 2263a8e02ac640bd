//! The root key of identity: derived from APP_SECRET, it signs the set of public keys, so that
//! whoever can write to Redis cannot make up identities.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use registry::{AppSecret, Keyring};

use super::{KeyError, PublicJwk, Signer};

/// The private root key. Only auth, which publishes the key set, uses it.
#[derive(Debug, Clone)]
pub struct RootKey(pub(super) Signer);

/// The public root key, which every app checks the key set with.
#[derive(Clone, PartialEq, Eq)]
pub struct RootPublicKey(pub(super) PublicJwk);

/// The root key of a platform.
pub fn root(secret: &AppSecret) -> Result<RootKey, KeyError> {
    Ok(RootKey(Signer::from_seed(&secret.identity_root_seed())?))
}

impl RootKey {
    /// The public half.
    pub fn public(&self) -> RootPublicKey {
        RootPublicKey(self.0.public_jwk())
    }
}

impl RootPublicKey {
    /// The public root key of whatever this process holds: the secret, or an app's own key.
    pub fn of(keyring: &Keyring) -> Self {
        Self::from_bytes(&keyring.identity_root())
    }

    /// A public root key from its 32 bytes.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(PublicJwk::new(URL_SAFE_NO_PAD.encode(bytes)))
    }
}

impl fmt::Debug for RootPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RootPublicKey({})", self.0.kid)
    }
}
