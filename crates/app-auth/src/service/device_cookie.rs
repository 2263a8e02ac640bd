//! The cookie by which a browser is recognised after its session is over.
//!
//! It opens nothing. It gives a browser that signed in before a budget of its own, so that strangers who guess
//! at a name cannot lock its owner out, and it tells a familiar browser from a new one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::domain::login::LoginKey;
use crate::domain::token::{Token, TokenHash};
use crate::error::Error;
use crate::service::secrets::Secrets;

/// A device and the proof that it signed in under a certain name.
#[derive(Debug, Clone)]
pub(crate) struct DeviceCookie {
    device: Token,
    proof: [u8; 32],
}

impl DeviceCookie {
    /// Reads a cookie's value.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (device, proof) = text.split_once('.')?;
        let proof = URL_SAFE_NO_PAD.decode(proof).ok()?.try_into().ok()?;
        Some(Self {
            device: Token::parse(device)?,
            proof,
        })
    }

    /// The cookie after a sign-in under `login`: the same device as before, if there was one.
    pub(crate) fn issue(
        secrets: &Secrets,
        before: Option<&Self>,
        login: &LoginKey,
    ) -> Result<Self, Error> {
        let device = match before {
            Some(cookie) => cookie.device.clone(),
            None => Token::random()?,
        };
        let proof = secrets.device_mac(device.hash().as_bytes(), login.as_str());
        Ok(Self { device, proof })
    }

    /// Whether this device signed in under `login` before.
    pub(crate) fn knows(&self, secrets: &Secrets, login: &LoginKey) -> bool {
        let expected = secrets.device_mac(self.device.hash().as_bytes(), login.as_str());
        bool::from(expected.ct_eq(&self.proof))
    }

    /// What is stored of the device.
    pub(crate) fn hash(&self) -> TokenHash {
        self.device.hash()
    }

    /// The cookie's value.
    pub(crate) fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!(
            "{}.{}",
            *self.device.text(),
            URL_SAFE_NO_PAD.encode(self.proof)
        ))
    }
}
