//! The set of public keys that identity assertions are verified with, and its signed form in Redis.
//!
//! The set is published as a compact JWS made with the root key. Must never be believed without
//! that signature: Redis is a place others can write to.

use std::collections::HashMap;

use fred::interfaces::KeysInterface as _;
use jiff::Timestamp;
use josekit::jwk::Jwk;
use josekit::jws::EdDSA;
use josekit::jws::JwsVerifier as _;
use josekit::jws::alg::eddsa::EddsaJwsVerifier;
use registry::AppSecret;
use serde::{Deserialize, Serialize};

use super::compact::{Compact, Expect};
use super::signer::ALGORITHM;
use super::{KeyError, Refusal, RootKey, RootPublicKey, root, thumbprint};

/// Where the signed key set lies in Redis.
pub const REDIS_KEY: &str = "identity/jwks";

/// The `typ` of the signed key set.
const TYPE: &str = "cloud-jwks+jws";

/// A set of thirty keys is 5 KiB; nothing of this size is a key set.
const MAX_LENGTH: usize = 64 * 1024;

/// A public Ed25519 key as a JWK.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicJwk {
    /// Always `OKP`.
    pub kty: String,
    /// Always `Ed25519`.
    pub crv: String,
    /// Always `sig`.
    #[serde(rename = "use")]
    pub usage: String,
    /// Always `EdDSA`.
    pub alg: String,
    /// The thumbprint of the key.
    pub kid: String,
    /// The key, base64url.
    pub x: String,
}

impl PublicJwk {
    /// The JWK of a public key, given base64url.
    pub fn new(x: String) -> Self {
        Self {
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            usage: "sig".to_owned(),
            alg: ALGORITHM.to_owned(),
            kid: thumbprint(&x),
            x,
        }
    }

    pub(super) fn verifier(&self) -> Result<EddsaJwsVerifier, KeyError> {
        if self.kty != "OKP" || self.crv != "Ed25519" || self.alg != ALGORITHM {
            return Err(KeyError::Unusable);
        }
        let jwk = serde_json::to_vec(self).map_err(|_| KeyError::Unusable)?;
        let jwk = Jwk::from_bytes(jwk).map_err(|_| KeyError::Unusable)?;
        EdDSA
            .verifier_from_jwk(&jwk)
            .map_err(|_| KeyError::Unusable)
    }
}

/// The public keys in force, current and overlapping ones.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Jwks {
    /// The keys.
    pub keys: Vec<PublicJwk>,
}

impl Jwks {
    /// The public halves of some keys.
    pub fn of<'a>(signers: impl IntoIterator<Item = &'a super::Signer>) -> Self {
        Self {
            keys: signers.into_iter().map(super::Signer::public_jwk).collect(),
        }
    }
}

/// The payload of the signed form. The time stops somebody from putting an old set back.
#[derive(Serialize, Deserialize)]
struct Signed {
    #[serde(flatten)]
    set: Jwks,
    iat: i64,
}

/// A key set ready for use.
#[derive(Default)]
pub(super) struct Keys {
    by_id: HashMap<String, EddsaJwsVerifier>,
    /// Unix seconds of publication.
    pub(super) published: i64,
}

impl Keys {
    pub(super) fn new(set: &Jwks, published: i64) -> Result<Self, KeyError> {
        let by_id = set
            .keys
            .iter()
            .map(|key| Ok((key.kid.clone(), key.verifier()?)))
            .collect::<Result<_, KeyError>>()?;
        Ok(Self { by_id, published })
    }

    /// Reads the signed form; anything not signed by the root key is refused.
    pub(super) fn read(text: &str, root: &RootPublicKey) -> Result<Self, Refusal> {
        let token = Compact::parse(
            text,
            &Expect {
                max_length: MAX_LENGTH,
                algorithm: ALGORITHM,
                kind: TYPE,
            },
        )?;
        let key = root.0.verifier().map_err(|_| Refusal::UnknownKey)?;
        key.verify(token.signed, &token.signature)
            .map_err(|_| Refusal::Signature)?;
        let signed: Signed =
            serde_json::from_slice(&token.payload()?).map_err(|_| Refusal::Malformed("key set"))?;
        Self::new(&signed.set, signed.iat).map_err(|_| Refusal::Malformed("key"))
    }

    pub(super) fn get(&self, kid: &str) -> Option<&EddsaJwsVerifier> {
        self.by_id.get(kid)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }
}

/// The signed form of a key set.
pub(super) fn sign(root: &RootKey, set: &Jwks, now: Timestamp) -> Result<String, KeyError> {
    let payload = serde_json::to_vec(&Signed {
        set: set.clone(),
        iat: now.as_second(),
    })
    .map_err(|_| KeyError::Crypto)?;
    root.0.sign_as(TYPE, &payload)
}

/// Publishes the keys in force, signed by the root key. Auth calls it at start, after each change
/// and once a minute, because Redis may lose everything.
pub async fn publish_jwks(
    redis: &fred::clients::Client,
    secret: &AppSecret,
    set: &Jwks,
    now: Timestamp,
) -> Result<(), KeyError> {
    let text = sign(&root(secret)?, set, now)?;
    redis
        .set::<(), _, _>(REDIS_KEY, text, None, None, false)
        .await
        .map_err(KeyError::Publish)
}
