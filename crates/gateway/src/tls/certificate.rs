//! A certificate that can be served: a chain in the right order and the key that belongs to its leaf.
//!
//! Parses and checks; knows neither where a certificate came from nor who is served it.

mod chain;
mod error;
#[cfg(test)]
pub(super) mod specimen;

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use sha2::{Digest, Sha256};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;

use super::domain::Domain;

pub use error::CertificateError;

/// Renewal falls due after this much of a certificate's life.
const RENEW_AFTER: f64 = 2.0 / 3.0;
/// Up to this much of the life earlier, so that certificates that were issued together are not renewed together.
const JITTER: f64 = 1.0 / 60.0;

/// A chain and its key, checked.
#[derive(Clone)]
pub struct Certificate {
    key: Arc<CertifiedKey>,
    names: Vec<Domain>,
    not_before: Timestamp,
    not_after: Timestamp,
    fingerprint: String,
    issuer: String,
    is_self_signed: bool,
    is_mended: bool,
}

impl Certificate {
    /// Reads a chain and a key from PEM. What is in the wrong order is put right; what cannot be served is refused.
    /// Whether it is valid *now* is another question: [`Certificate::check_time`].
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, CertificateError> {
        let found: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<_, _>>()
            .map_err(|_| CertificateError::Unreadable)?;
        if found.is_empty() {
            return Err(CertificateError::NoCertificate);
        }
        let key = any_supported_type(&read_key(key)?).map_err(|_| CertificateError::KeyKind)?;
        let public = key.public_key().ok_or(CertificateError::KeyKind)?;
        let chain = chain::arrange(&found, &public)?;
        let is_mended = found.first() != chain.first() || !chain.iter().eq(&found);
        let leaf = chain.first().ok_or(CertificateError::NoCertificate)?;
        let read = Leaf::read(leaf)?;
        Ok(Self {
            fingerprint: hex(&Sha256::digest(leaf)),
            key: Arc::new(CertifiedKey::new(chain, key)),
            names: read.names,
            not_before: read.not_before,
            not_after: read.not_after,
            issuer: read.issuer,
            is_self_signed: read.is_self_signed,
            is_mended,
        })
    }

    /// Whether it is valid at a moment.
    pub fn check_time(&self, now: Timestamp) -> Result<(), CertificateError> {
        if now > self.not_after {
            Err(CertificateError::Expired(self.not_after))
        } else if now < self.not_before {
            Err(CertificateError::NotYetValid(self.not_before))
        } else {
            Ok(())
        }
    }

    /// Whether it is good for a domain.
    pub fn covers(&self, domain: &Domain) -> bool {
        self.names.iter().any(|name| name.covers(domain))
    }

    /// What it names.
    pub fn names(&self) -> &[Domain] {
        &self.names
    }

    /// Since when it is valid.
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// Until when it is valid.
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// SHA-256 of the leaf, in hexadecimal.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Who issued it.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whether it vouches for itself.
    pub fn is_self_signed(&self) -> bool {
        self.is_self_signed
    }

    /// Whether the chain had to be put in order.
    pub(super) fn is_mended(&self) -> bool {
        self.is_mended
    }

    /// Whether clients are given nothing that leads from the leaf to an authority.
    pub(super) fn is_leaf_alone(&self) -> bool {
        !self.is_self_signed && self.key.cert.len() == 1
    }

    /// What rustls serves.
    pub(super) fn certified_key(&self) -> &Arc<CertifiedKey> {
        &self.key
    }

    /// When to replace it: after two thirds of its life, a little earlier by an amount that every gateway computes
    /// alike.
    pub fn renew_at(&self) -> Timestamp {
        let life = self
            .not_after
            .duration_since(self.not_before)
            .as_secs_f64()
            .max(0.0);
        let draw = self.fingerprint.get(..4).unwrap_or_default();
        let draw = f64::from(u16::from_str_radix(draw, 16).unwrap_or(0)) / f64::from(u16::MAX);
        let after = life * (RENEW_AFTER - JITTER * draw);
        let after = SignedDuration::try_from_secs_f64(after).unwrap_or_default();
        self.not_before
            .saturating_add(after)
            .unwrap_or(self.not_after)
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("names", &self.names)
            .field("not_after", &self.not_after)
            .field("fingerprint", &self.fingerprint)
            .finish_non_exhaustive()
    }
}

fn read_key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, CertificateError> {
    let says = |mark: &[u8]| pem.windows(mark.len()).any(|window| window == mark);
    if says(b"BEGIN ENCRYPTED PRIVATE KEY") || says(b"Proc-Type: 4,ENCRYPTED") {
        return Err(CertificateError::EncryptedKey);
    }
    PrivateKeyDer::from_pem_slice(pem).map_err(|_| CertificateError::NoKey)
}

/// What a leaf says of itself.
struct Leaf {
    names: Vec<Domain>,
    not_before: Timestamp,
    not_after: Timestamp,
    issuer: String,
    is_self_signed: bool,
}

impl Leaf {
    fn read(der: &CertificateDer<'_>) -> Result<Self, CertificateError> {
        let (_, leaf) = X509Certificate::from_der(der).map_err(|_| CertificateError::Unreadable)?;
        let names = leaf
            .subject_alternative_name()
            .map_err(|_| CertificateError::Unreadable)?
            .map(|extension| names(&extension.value.general_names))
            .unwrap_or_default();
        if names.is_empty() {
            return Err(CertificateError::NoNames);
        }
        let moment =
            |seconds| Timestamp::from_second(seconds).map_err(|_| CertificateError::Unreadable);
        Ok(Self {
            names,
            not_before: moment(leaf.validity().not_before.timestamp())?,
            not_after: moment(leaf.validity().not_after.timestamp())?,
            issuer: leaf.issuer().to_string(),
            is_self_signed: leaf.issuer().as_raw() == leaf.subject().as_raw(),
        })
    }
}

fn names(general: &[GeneralName<'_>]) -> Vec<Domain> {
    let mut names: Vec<Domain> = general
        .iter()
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => name.parse().ok(),
            GeneralName::IPAddress(bytes) => address(bytes).map(Domain::from),
            _ => None,
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a String cannot fail.
        write!(text, "{byte:02x}").ok();
        text
    })
}

#[cfg(test)]
mod tests;
