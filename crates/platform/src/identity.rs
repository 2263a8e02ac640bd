//! Who is asking: the identity assertion a gateway adds to a request, and the assertion services
//! make about themselves to each other.
//!
//! Owns the JWT forms, the keys and their publication, and the extractors [`CurrentUser`] and
//! [`Visitor`]. An app never sees a credential that works elsewhere: an assertion holds for one
//! audience and sixty seconds. Must not decide who may do what: that is [`crate::access`].

use std::fmt;

use crate::error::{Class, Classify};

mod claims;
mod compact;
mod extract;
mod jwks;
mod principal;
mod root;
pub mod sealed;
mod seen;
pub mod service;
mod signer;
mod verifier;

pub use claims::Claims;
pub use extract::{CurrentUser, Introduced, Visitor};
pub use jwks::{Jwks, PublicJwk, REDIS_KEY, publish_jwks};
pub use principal::{Assertion, Principal};
pub use root::{RootKey, RootPublicKey, root};
pub use signer::Signer;
pub use verifier::Verifier;

/// The request header (and gRPC metadata key) an identity assertion travels in.
pub const HEADER: http::HeaderName = http::HeaderName::from_static("cloud-identity");

/// The `typ` of an identity assertion.
pub const TYPE: &str = "cloud-identity+jwt";

/// The issuer of every assertion.
pub const ISSUER: &str = "cloud";

/// How long an assertion holds, in seconds.
pub const LIFETIME: i64 = 60;

/// How far the clocks of two machines may differ, in seconds.
pub const LEEWAY: i64 = 5;

/// The longest assertion that is looked at, in bytes.
pub const MAX_LENGTH: usize = 8 * 1024;

/// Why an assertion was not accepted. Never shown to the caller, for whom they are all the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Longer than [`MAX_LENGTH`].
    #[error("the assertion is too long")]
    TooLong,
    /// Not three base64url parts with a header and claims of the expected form. Header parameters
    /// beyond `alg`, `typ` and `kid` (`crit`, `zip`, `b64`, `jwk`, ...) end here as well.
    #[error("the assertion is malformed: {0}")]
    Malformed(&'static str),
    /// The algorithm named is not the one of our keys.
    #[error("the assertion names a foreign algorithm")]
    Algorithm,
    /// It is another kind of token.
    #[error("the assertion is of another type")]
    Type,
    /// Signed with a key nobody published.
    #[error("the assertion is signed with an unknown key")]
    UnknownKey,
    /// The signature does not match.
    #[error("the signature does not match")]
    Signature,
    /// Issued by somebody else.
    #[error("the assertion has a foreign issuer")]
    Issuer,
    /// Made for another app.
    #[error("the assertion is meant for another audience")]
    Audience,
    /// No longer valid.
    #[error("the assertion has expired")]
    Expired,
    /// Issued in the future, or for longer than assertions may last.
    #[error("the assertion has impossible times")]
    Times,
    /// The published keys could not be read, so nothing can be said about the assertion.
    #[error("the signing keys are not available")]
    KeysUnavailable,
}

/// Why a key could not be made, read or published.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Not an Ed25519 key in JWK form.
    #[error("the key is not an Ed25519 JWK")]
    Unusable,
    /// The operation failed inside the cryptographic library.
    #[error("the cryptographic operation failed")]
    Crypto,
    /// The assertion would be longer than anybody reads.
    #[error("the assertion would be longer than {MAX_LENGTH} bytes")]
    TooLong,
    /// A sealed key was made under another secret, or changed on its way.
    #[error("the sealed key does not open under this APP_SECRET")]
    Sealed,
    /// Redis refused or is away.
    #[error("the key set could not be published")]
    Publish(#[source] fred::error::Error),
}

impl Classify for KeyError {
    fn outcome(&self) -> (Class, &'static str) {
        match self {
            Self::Publish(_) => (Class::Unavailable, "identity.keys_unavailable"),
            _ => (Class::Internal, "identity.key"),
        }
    }
}

/// A key id: the JWK thumbprint (RFC 7638), so that the same key has the same id everywhere.
fn thumbprint(x: &str) -> String {
    use base64::Engine as _;
    use sha2::Digest as _;
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(canonical))
}

/// Writes a secret's place in Debug output.
fn redacted(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    f.debug_struct(name).finish_non_exhaustive()
}
