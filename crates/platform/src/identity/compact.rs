//! The compact form of a JWS, read strictly.
//!
//! Owns the reading of a token before its signature is known to be good: length first, then three
//! canonical base64url parts, then a header of exactly `alg`, `typ` and (perhaps) `kid`. Anything
//! else in a header (`crit`, `b64`, `zip`, `jwk`, `jku`, `x5c`, a member twice) is refused rather
//! than interpreted. Must not verify anything.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::Refusal;

/// The protected header. `deny_unknown_fields` is what refuses every extension.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) alg: String,
    pub(super) typ: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) kid: Option<String>,
}

/// What a reader accepts.
pub(super) struct Expect {
    pub(super) max_length: usize,
    pub(super) algorithm: &'static str,
    pub(super) kind: &'static str,
}

/// A token taken apart, not yet verified.
pub(super) struct Compact<'a> {
    pub(super) header: Header,
    /// The bytes the signature is over.
    pub(super) signed: &'a [u8],
    pub(super) signature: Vec<u8>,
    payload: &'a str,
}

impl<'a> Compact<'a> {
    /// Takes a token apart and checks everything that can be checked without a key.
    pub(super) fn parse(token: &'a str, expect: &Expect) -> Result<Self, Refusal> {
        if token.len() > expect.max_length {
            return Err(Refusal::TooLong);
        }
        let (signed, signature) = token
            .rsplit_once('.')
            .ok_or(Refusal::Malformed("not three parts"))?;
        let (header, payload) = signed
            .split_once('.')
            .ok_or(Refusal::Malformed("not three parts"))?;
        if payload.contains('.') {
            return Err(Refusal::Malformed("more than three parts"));
        }
        let header: Header =
            serde_json::from_slice(&decode(header)?).map_err(|_| Refusal::Malformed("header"))?;
        if header.alg != expect.algorithm {
            return Err(Refusal::Algorithm);
        }
        if header.typ != expect.kind {
            return Err(Refusal::Type);
        }
        Ok(Self {
            header,
            signed: signed.as_bytes(),
            signature: decode(signature)?,
            payload,
        })
    }

    /// The payload. Call only after the signature was verified.
    pub(super) fn payload(&self) -> Result<Vec<u8>, Refusal> {
        decode(self.payload)
    }
}

/// The part of a token that gets signed.
pub(super) fn signing_input(header: &Header, payload: &[u8]) -> Result<String, serde_json::Error> {
    let header = serde_json::to_vec(header)?;
    Ok(format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload)
    ))
}

/// Appends the signature to the part that was signed.
pub(super) fn finish(mut input: String, signature: &[u8]) -> String {
    input.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut input);
    input
}

fn decode(part: &str) -> Result<Vec<u8>, Refusal> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| Refusal::Malformed("base64url"))
}
