//! The key that signs identity assertions.
//!
//! Auth makes and keeps it, gateways hold it while they run. Must not leave either unsealed.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use josekit::jwk::alg::ed::{EdCurve, EdKeyPair};
use josekit::jwk::{Jwk, KeyPair as _};
use josekit::jws::EdDSA;
use josekit::jws::JwsSigner as _;
use josekit::jws::alg::eddsa::EddsaJwsSigner;
use zeroize::Zeroizing;

use super::compact::{self, Header};
use super::{Claims, KeyError, MAX_LENGTH, PublicJwk, TYPE, redacted, thumbprint};

/// The algorithm of every key here. Bound to the key: a token's header has no say in it.
pub(super) const ALGORITHM: &str = "EdDSA";

/// A private Ed25519 key with its id.
#[derive(Clone)]
pub struct Signer {
    key: EddsaJwsSigner,
    kid: String,
    x: String,
    private_jwk: Zeroizing<String>,
}

impl Signer {
    /// A new key.
    pub fn generate() -> Result<Self, KeyError> {
        let pair = EdKeyPair::generate(EdCurve::Ed25519).map_err(|_| KeyError::Crypto)?;
        Self::from_pair(&pair)
    }

    /// A key from its private JWK (`kty` OKP, `crv` Ed25519, `d`). Its id is always recomputed.
    pub fn from_private_jwk(jwk: &str) -> Result<Self, KeyError> {
        let jwk = Jwk::from_bytes(jwk.as_bytes()).map_err(|_| KeyError::Unusable)?;
        if jwk.curve() != Some(EdCurve::Ed25519.name()) {
            return Err(KeyError::Unusable);
        }
        let pair = EdKeyPair::from_jwk(&jwk).map_err(|_| KeyError::Unusable)?;
        Self::from_pair(&pair)
    }

    /// A key from its 32-byte seed.
    pub(super) fn from_seed(seed: &[u8; 32]) -> Result<Self, KeyError> {
        let d = Zeroizing::new(URL_SAFE_NO_PAD.encode(seed));
        let jwk = Zeroizing::new(format!(r#"{{"kty":"OKP","crv":"Ed25519","d":"{}"}}"#, *d));
        Self::from_private_jwk(&jwk)
    }

    fn from_pair(pair: &EdKeyPair) -> Result<Self, KeyError> {
        let jwk = pair.to_jwk_key_pair();
        let text = |name: &str| jwk.parameter(name).and_then(|value| value.as_str());
        let (Some(x), Some(d)) = (text("x"), text("d")) else {
            return Err(KeyError::Unusable);
        };
        let kid = thumbprint(x);
        let private_jwk = Zeroizing::new(format!(
            r#"{{"kty":"OKP","crv":"Ed25519","use":"sig","alg":"{ALGORITHM}","kid":"{kid}","x":"{x}","d":"{d}"}}"#
        ));
        Ok(Self {
            key: EdDSA
                .signer_from_jwk(&jwk)
                .map_err(|_| KeyError::Unusable)?,
            x: x.to_owned(),
            kid,
            private_jwk,
        })
    }

    /// The id of the key: its JWK thumbprint.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The whole key as a JWK, to be sealed or encrypted at once.
    pub fn private_jwk(&self) -> Zeroizing<String> {
        self.private_jwk.clone()
    }

    /// The public half, for the key set.
    pub fn public_jwk(&self) -> PublicJwk {
        PublicJwk::new(self.x.clone())
    }

    /// Signs an identity assertion.
    pub fn sign(&self, claims: &Claims) -> Result<String, KeyError> {
        let payload = serde_json::to_vec(claims).map_err(|_| KeyError::Crypto)?;
        let token = self.sign_as(TYPE, &payload)?;
        // Nobody would read it, so better to fail where the cause is known.
        if token.len() > MAX_LENGTH {
            return Err(KeyError::TooLong);
        }
        Ok(token)
    }

    /// Signs any payload as a token of a type.
    pub(super) fn sign_as(&self, kind: &str, payload: &[u8]) -> Result<String, KeyError> {
        let header = Header {
            alg: ALGORITHM.to_owned(),
            typ: kind.to_owned(),
            kid: Some(self.kid.clone()),
        };
        let input = compact::signing_input(&header, payload).map_err(|_| KeyError::Crypto)?;
        let signature = self
            .key
            .sign(input.as_bytes())
            .map_err(|_| KeyError::Crypto)?;
        Ok(compact::finish(input, &signature))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        redacted(f, "Signer")
    }
}
