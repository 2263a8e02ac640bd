//! The assertion a service makes about itself when it calls another.
//!
//! The JWT form of the identity assertion, but HS256 with the caller's own app key: an app that
//! holds only its `APP_KEY` can sign as itself and as nobody else, and no service needs a private
//! key from auth before it can speak. Must not say anything about a person: that assertion rides
//! along beside it.

use jiff::Timestamp;
use registry::{AppId, Keyring, Verified};
use serde::{Deserialize, Serialize};

use super::claims::check_times;
use super::compact::{self, Compact, Expect, Header};
use super::{ISSUER, KeyError, LIFETIME, Refusal};

/// The gRPC metadata key (and header) a service assertion travels in.
pub const HEADER: http::HeaderName = http::HeaderName::from_static("cloud-service");

const TYPE: &str = "cloud-service+jwt";
const ALGORITHM: &str = "HS256";

/// A real one is about 300 bytes.
const MAX_LENGTH: usize = 1024;

#[derive(Serialize, Deserialize)]
struct ServiceClaims {
    iss: String,
    sub: String,
    aud: String,
    iat: i64,
    exp: i64,
}

/// Asserts to the app `to` that a call comes from the app `from`, for a minute. Fails when this
/// process does not hold the key of `from`.
pub fn sign(
    keyring: &Keyring,
    from: &AppId,
    to: &AppId,
    now: Timestamp,
) -> Result<String, KeyError> {
    let iat = now.as_second();
    let claims = ServiceClaims {
        iss: ISSUER.to_owned(),
        sub: from.as_str().to_owned(),
        aud: to.as_str().to_owned(),
        iat,
        exp: iat.saturating_add(LIFETIME),
    };
    let header = Header {
        alg: ALGORITHM.to_owned(),
        typ: TYPE.to_owned(),
        kid: None,
    };
    let payload = serde_json::to_vec(&claims).map_err(|_| KeyError::Crypto)?;
    let input = compact::signing_input(&header, &payload).map_err(|_| KeyError::Crypto)?;
    let mac = keyring
        .sign(from, input.as_bytes())
        .map_err(|_| KeyError::Unusable)?;
    Ok(compact::finish(input, &mac))
}

/// Verifies an assertion addressed to the app `to`, and yields the app that made it.
pub fn verify(
    keyring: &Keyring,
    token: &str,
    to: &AppId,
    now: Timestamp,
) -> Result<AppId, Refusal> {
    let token = Compact::parse(
        token,
        &Expect {
            max_length: MAX_LENGTH,
            algorithm: ALGORITHM,
            kind: TYPE,
        },
    )?;
    // The key follows from the claimed sender, so the claims are read before they are believed.
    let claims: ServiceClaims =
        serde_json::from_slice(&token.payload()?).map_err(|_| Refusal::Malformed("claims"))?;
    let caller = AppId::new(&claims.sub).map_err(|_| Refusal::Malformed("sub"))?;
    match keyring.verify(&caller, token.signed, &token.signature) {
        Verified::Yes => {}
        Verified::No => return Err(Refusal::Signature),
        Verified::Unknown => return Err(Refusal::UnknownKey),
    }
    if claims.iss != ISSUER {
        return Err(Refusal::Issuer);
    }
    if claims.aud != to.as_str() {
        return Err(Refusal::Audience);
    }
    check_times(claims.iat, claims.exp, now)?;
    Ok(caller)
}
