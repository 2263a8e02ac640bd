//! The platform's secret and the keys derived from it. No key leaves this file unasked, and none is ever
//! printed by `Debug`.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use ring::signature::{Ed25519KeyPair, KeyPair};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{AppId, Error};

/// Shortest secret keys are derived from, in bytes.
const SECRET_MIN: usize = 32;

/// `APP_SECRET`: the secret all first-party processes share. Every other key of the platform derives from it.
#[derive(Clone)]
pub struct AppSecret(Zeroizing<Vec<u8>>);

impl AppSecret {
    /// Wraps a secret of at least 32 bytes.
    pub fn new(secret: impl AsRef<[u8]>) -> Result<Self, Error> {
        let secret = secret.as_ref();
        if secret.len() < SECRET_MIN {
            return Err(Error::ShortSecret);
        }
        Ok(Self(Zeroizing::new(secret.to_vec())))
    }

    /// The key for one purpose (HKDF-SHA256). Purposes are never shared between two uses.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0; 32];
        // 32 bytes are far below the limit of HKDF-SHA256 (8,160 bytes), so expansion cannot fail; were it
        // to fail, the key must not silently be zero.
        if Hkdf::<Sha256>::new(Some(b"cloud"), &self.0)
            .expand(purpose.as_bytes(), &mut key)
            .is_err()
        {
            unreachable!("HKDF-SHA256 yields up to 8160 bytes");
        }
        key
    }

    /// The key with which one app signs, and with which it checks what is signed by the platform.
    pub fn app_key(&self, app: &AppId) -> AppKey {
        AppKey {
            app: app.clone(),
            key: Zeroizing::new(self.derive(&format!("app-key:{app}"))),
            identity_root: self.identity_root(),
        }
    }

    /// The private half of the identity root key: an Ed25519 seed.
    pub fn identity_root_seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.derive("identity-root"))
    }

    /// The public half of the identity root key: an Ed25519 point.
    pub fn identity_root(&self) -> [u8; 32] {
        let pair = Ed25519KeyPair::from_seed_unchecked(&*self.identity_root_seed());
        let point = pair.map(|pair| pair.public_key().as_ref().try_into());
        let Ok(Ok(point)) = point else {
            unreachable!("32 bytes are an Ed25519 seed, and its point has 32 bytes")
        };
        point
    }
}

impl fmt::Debug for AppSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppSecret(..)")
    }
}

impl FromStr for AppSecret {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::new(text)
    }
}

/// What an app that must not hold `APP_SECRET` is given instead: its own signing key and the public key that
/// the platform's identity keys are certified with.
///
/// The text form (`Display`, `FromStr`) is `<app id>.<signing key>.<identity root>`, both keys base64url.
/// `Display` prints the secret; `Debug` does not.
#[derive(Clone)]
pub struct AppKey {
    app: AppId,
    key: Zeroizing<[u8; 32]>,
    identity_root: [u8; 32],
}

impl AppKey {
    /// The app this key belongs to.
    pub fn app(&self) -> &AppId {
        &self.app
    }

    /// The HMAC key itself.
    pub fn hmac_key(&self) -> &[u8; 32] {
        &self.key
    }

    /// The public half of the identity root key.
    pub fn identity_root(&self) -> [u8; 32] {
        self.identity_root
    }

    /// HMAC-SHA256 over the bytes.
    pub fn sign(&self, bytes: &[u8]) -> [u8; 32] {
        hmac_sha256(&self.key, bytes)
    }
}

impl fmt::Debug for AppKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AppKey({}, ..)", self.app)
    }
}

impl fmt::Display for AppKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = Zeroizing::new(URL_SAFE_NO_PAD.encode(*self.key));
        let root = URL_SAFE_NO_PAD.encode(self.identity_root);
        write!(f, "{}.{}.{root}", self.app, *key)
    }
}

impl FromStr for AppKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut parts = text.trim().split('.');
        let (Some(app), Some(key), Some(root), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Error::AppKey);
        };
        Ok(Self {
            app: AppId::new(app).map_err(|_| Error::AppKey)?,
            key: Zeroizing::new(decode_key(key)?),
            identity_root: decode_key(root)?,
        })
    }
}

/// What this process may sign and verify with.
#[derive(Clone, Debug)]
pub enum Keyring {
    /// The whole secret: may sign as any app and verify any app.
    Secret(AppSecret),
    /// One app's key: may sign and verify as that app only.
    Key(AppKey),
}

/// The outcome of checking a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// The app signed these bytes.
    Yes,
    /// The app did not sign these bytes.
    No,
    /// This process does not hold the key that would tell.
    Unknown,
}

impl Keyring {
    /// The key of one app, when this process may have it.
    pub fn app_key(&self, app: &AppId) -> Option<AppKey> {
        match self {
            Self::Secret(secret) => Some(secret.app_key(app)),
            Self::Key(key) => (key.app() == app).then(|| key.clone()),
        }
    }

    /// Signs as an app: HMAC-SHA256 with the app's key.
    pub fn sign(&self, app: &AppId, bytes: &[u8]) -> Result<[u8; 32], Error> {
        self.app_key(app)
            .map(|key| key.sign(bytes))
            .ok_or_else(|| Error::ForeignApp(app.clone()))
    }

    /// Checks that an app signed the bytes, in constant time.
    pub fn verify(&self, app: &AppId, bytes: &[u8], mac: &[u8]) -> Verified {
        match self.app_key(app) {
            None => Verified::Unknown,
            Some(key) if bool::from(key.sign(bytes).ct_eq(mac)) => Verified::Yes,
            Some(_) => Verified::No,
        }
    }

    /// The public half of the identity root key.
    pub fn identity_root(&self) -> [u8; 32] {
        match self {
            Self::Secret(secret) => secret.identity_root(),
            Self::Key(key) => key.identity_root(),
        }
    }

    /// The whole secret, when this process holds it.
    pub fn secret(&self) -> Option<&AppSecret> {
        match self {
            Self::Secret(secret) => Some(secret),
            Self::Key(_) => None,
        }
    }
}

fn hmac_sha256(key: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of any length")
    };
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

fn decode_key(text: &str) -> Result<[u8; 32], Error> {
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).map_err(|_| Error::AppKey)?);
    bytes.as_slice().try_into().map_err(|_| Error::AppKey)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn secret() -> AppSecret {
        AppSecret::new("0123456789abcdef0123456789abcdef").unwrap()
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert!(AppSecret::new([7; 31]).is_err());
        assert!(AppSecret::new([7; 32]).is_ok());
    }

    #[test]
    fn purposes_yield_different_keys() {
        assert_ne!(secret().derive("a"), secret().derive("b"));
        assert_eq!(secret().derive("a"), secret().derive("a"));
        assert_ne!(secret().identity_root(), [0; 32]);
    }

    #[test]
    fn nothing_is_printed_by_debug() {
        let key = secret().app_key(&AppId::new("hello").unwrap());
        assert_eq!(format!("{:?}", secret()), "AppSecret(..)");
        assert_eq!(format!("{key:?}"), "AppKey(hello, ..)");
    }

    #[test]
    fn an_app_key_survives_its_text_form() {
        let key = secret().app_key(&AppId::new("hello").unwrap());
        let again: AppKey = key.to_string().parse().unwrap();
        assert_eq!(again.app(), key.app());
        assert_eq!(again.sign(b"x"), key.sign(b"x"));
        assert_eq!(again.identity_root(), secret().identity_root());
        for bad in [
            "",
            "hello",
            "hello.AA.AA",
            "hello.%.%",
            "HELLO.A.B",
            "a.b.c.d",
        ] {
            assert!(bad.parse::<AppKey>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_app_signs_as_itself_only() {
        let (hello, other) = (AppId::new("hello").unwrap(), AppId::new("other").unwrap());
        let platform = Keyring::Secret(secret());
        let app = Keyring::Key(secret().app_key(&hello));
        let mac = app.sign(&hello, b"entry").unwrap();
        assert_eq!(platform.verify(&hello, b"entry", &mac), Verified::Yes);
        assert_eq!(platform.verify(&hello, b"entrY", &mac), Verified::No);
        assert_eq!(platform.verify(&other, b"entry", &mac), Verified::No);
        assert_eq!(app.verify(&other, b"entry", &mac), Verified::Unknown);
        assert!(matches!(
            app.sign(&other, b"entry"),
            Err(Error::ForeignApp(_))
        ));
        assert_eq!(platform.verify(&hello, b"entry", &mac[..31]), Verified::No);
    }
}
