//! Keys this app derives from APP_SECRET, one per purpose.

use std::fmt;

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use platform::{Boot, StartError};
use registry::AppSecret;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::domain::break_glass::BreakGlassCode;
use crate::domain::recovery_code::RecoveryCode;
use crate::domain::session::SessionId;
use crate::domain::subject::UserId;
use crate::domain::token::Token;
use crate::domain::user_code::UserCode;
use crate::error::Error;

const NONCE_LENGTH: usize = 12;
/// Names the key an envelope was sealed with, so that a later one can be told apart.
const SEAL_KEY_ID: u8 = 1;

/// The derived keys, and the secret itself for what the platform derives from it.
pub(crate) struct Secrets {
    app: AppSecret,
    csrf: Zeroizing<[u8; 32]>,
    device: Zeroizing<[u8; 32]>,
    mail: Zeroizing<[u8; 32]>,
    recovery: Zeroizing<[u8; 32]>,
    break_glass: Zeroizing<[u8; 32]>,
    user_codes: Zeroizing<[u8; 32]>,
    sealing: Zeroizing<[u8; 32]>,
}

impl Secrets {
    /// Derives them. Sign-in cannot run with the key of one app only: it signs for the platform.
    pub(crate) fn derive(boot: &Boot) -> Result<Self, StartError> {
        let Some(app) = boot.config.app_secret.secret() else {
            return Err(StartError::failed(
                "sign-in needs APP_SECRET",
                "APP_KEY lets an app sign for itself only",
            ));
        };
        Ok(Self::from_app_secret(app))
    }

    fn from_app_secret(app: &AppSecret) -> Self {
        Self {
            app: app.clone(),
            csrf: Zeroizing::new(app.derive("auth:csrf")),
            device: Zeroizing::new(app.derive("auth:device")),
            mail: Zeroizing::new(app.derive("auth:mail")),
            recovery: Zeroizing::new(app.derive("auth:recovery-codes")),
            break_glass: Zeroizing::new(app.derive("auth:break-glass")),
            user_codes: Zeroizing::new(app.derive("auth:user-codes")),
            sealing: Zeroizing::new(app.derive("auth:signing-keys")),
        }
    }

    /// The platform's secret.
    pub(crate) fn app(&self) -> &AppSecret {
        &self.app
    }

    /// The anti-forgery token of a session: derived, so that it need not be stored, and different from
    /// everything that opens the session. The same for all sessions of a lineage, so that a proof in one tab does not
    /// spoil the forms in the others.
    pub(crate) fn csrf_token(&self, lineage: SessionId) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.csrf, &[lineage.0.as_bytes()]))
    }

    /// Ties a device to the name it signed in with.
    pub(crate) fn device_mac(&self, device: &[u8], login: &str) -> [u8; 32] {
        mac(&self.device, &[device, login.as_bytes()])
    }

    /// The secret of a link that is sent by mail. Derived, so that it need not be stored and a repeated mail holds
    /// the same.
    pub(crate) fn mail_token(&self, purpose: &str, id: Uuid) -> Token {
        Token::derived(mac(&self.mail, &[purpose.as_bytes(), id.as_bytes()]))
    }

    /// The six digits that are sent by mail beside the link.
    pub(crate) fn mail_code(&self, id: Uuid) -> String {
        let bytes = mac(&self.mail, &[b"code", id.as_bytes()]);
        let number = bytes
            .iter()
            .take(8)
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        format!("{:06}", number % 1_000_000)
    }

    /// What is stored of a person's recovery code: useless without APP_SECRET, which is not in the database.
    pub(crate) fn recovery_mac(&self, who: UserId, code: &RecoveryCode) -> Vec<u8> {
        mac(&self.recovery, &[who.0.as_bytes(), code.as_bytes()]).to_vec()
    }

    /// The same for a break-glass code.
    pub(crate) fn break_glass_mac(&self, who: UserId, code: &BreakGlassCode) -> Vec<u8> {
        mac(&self.break_glass, &[who.0.as_bytes(), code.as_bytes()]).to_vec()
    }

    /// What is stored of the short code a program shows: 34 bits, which a plain hash would not hide.
    pub(crate) fn user_code_mac(&self, code: &UserCode) -> Vec<u8> {
        mac(&self.user_codes, &[code.as_bytes()]).to_vec()
    }

    /// Seals a private key for this app's schema: key id || nonce || ciphertext || tag.
    pub(crate) fn seal(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let mut nonce = [0_u8; NONCE_LENGTH];
        getrandom::fill(&mut nonce).map_err(|_| Error::Randomness)?;
        let payload = Payload {
            msg: plain,
            aad: context.as_bytes(),
        };
        let sealed = self
            .cipher()
            .encrypt(Nonce::from_slice(&nonce), payload)
            .map_err(|_| Error::Sealing)?;
        Ok([&[SEAL_KEY_ID], nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`Self::seal`] made for the same context.
    pub(crate) fn open(&self, context: &str, envelope: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let (key_id, rest) = envelope.split_first().ok_or(Error::Sealing)?;
        let (nonce, sealed) = rest.split_at_checked(NONCE_LENGTH).ok_or(Error::Sealing)?;
        if *key_id != SEAL_KEY_ID {
            return Err(Error::Sealing);
        }
        let payload = Payload {
            msg: sealed,
            aad: context.as_bytes(),
        };
        let plain = self
            .cipher()
            .decrypt(Nonce::from_slice(nonce), payload)
            .map_err(|_| Error::Sealing)?;
        Ok(Zeroizing::new(plain))
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new((&*self.sealing).into())
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secrets(..)")
    }
}

/// HMAC-SHA256 over parts, each with its length in front so that they cannot flow into each other.
fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of any length")
    };
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    fn secrets(byte: u8) -> Secrets {
        Secrets::from_app_secret(&AppSecret::new([byte; 32]).unwrap())
    }

    #[test]
    fn an_envelope_opens_under_the_same_secret_and_context_only() {
        let sealed = secrets(1).seal("key-1", b"private").unwrap();
        assert_eq!(
            secrets(1).open("key-1", &sealed).unwrap().as_slice(),
            b"private"
        );
        assert!(secrets(2).open("key-1", &sealed).is_err());
        assert!(secrets(1).open("key-2", &sealed).is_err());
        for position in 0..sealed.len() {
            let mut damaged = sealed.clone();
            if let Some(byte) = damaged.get_mut(position) {
                *byte ^= 1;
            }
            assert!(
                secrets(1).open("key-1", &damaged).is_err(),
                "byte {position}"
            );
        }
        assert!(secrets(1).open("key-1", &[]).is_err());
        assert!(!sealed.windows(7).any(|window| window == b"private"));
    }

    #[test]
    fn anti_forgery_tokens_differ_by_session_and_secret() {
        let (one, two) = (SessionId::new(), SessionId::new());
        assert_eq!(secrets(1).csrf_token(one), secrets(1).csrf_token(one));
        assert_ne!(secrets(1).csrf_token(one), secrets(1).csrf_token(two));
        assert_ne!(secrets(1).csrf_token(one), secrets(2).csrf_token(one));
    }

    #[test]
    fn what_is_mailed_follows_from_id_purpose_and_secret() {
        let (one, two) = (Uuid::now_v7(), Uuid::now_v7());
        let link = |byte, purpose, id| secrets(byte).mail_token(purpose, id).hash();
        assert_eq!(link(1, "reset", one), link(1, "reset", one));
        assert_ne!(link(1, "reset", one), link(1, "sign-in", one));
        assert_ne!(link(1, "reset", one), link(1, "reset", two));
        assert_ne!(link(1, "reset", one), link(2, "reset", one));
        let code = secrets(1).mail_code(one);
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
        assert_ne!(code, secrets(2).mail_code(one));
    }

    #[test]
    fn parts_do_not_flow_into_each_other() {
        assert_ne!(
            secrets(1).device_mac(b"ab", "c"),
            secrets(1).device_mac(b"a", "bc")
        );
    }
}
