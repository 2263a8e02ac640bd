//! The order of a chain: from the leaf, each certificate followed by its issuer's.

use rustls::pki_types::{CertificateDer, SubjectPublicKeyInfoDer};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::FromDer;

use super::CertificateError;

/// What links one certificate to the next.
struct Link<'a> {
    der: &'a CertificateDer<'static>,
    parsed: X509Certificate<'a>,
}

/// Puts certificates in order, beginning with the one that has this public key. The root is left out: clients have
/// it or do not believe it.
pub(super) fn arrange(
    found: &[CertificateDer<'static>],
    public: &SubjectPublicKeyInfoDer<'_>,
) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
    let mut rest = found
        .iter()
        .map(Link::read)
        .collect::<Result<Vec<_>, _>>()?;
    let leaf = rest
        .iter()
        .position(|link| link.parsed.public_key().raw == public.as_ref())
        .ok_or(CertificateError::KeyMismatch)?;
    let mut chain = vec![rest.swap_remove(leaf)];
    while let Some(last) = chain.last()
        && !last.is_root()
        && let Some(next) = rest.iter().position(|link| link.issued(last))
    {
        let next = rest.swap_remove(next);
        chain.push(next);
    }
    refuse_leftovers(&chain, &rest)?;
    if chain.len() > 1 && chain.last().is_some_and(Link::is_root) {
        chain.pop();
    }
    Ok(chain.into_iter().map(|link| link.der.clone()).collect())
}

/// A copy, or another certificate of an issuer that is in the chain already, does no harm. Anything else is a mistake.
fn refuse_leftovers(chain: &[Link<'_>], rest: &[Link<'_>]) -> Result<(), CertificateError> {
    let is_known = |link: &Link<'_>| {
        chain
            .iter()
            .any(|kept| kept.der == link.der || kept.subject() == link.subject())
    };
    let Some(stray) = rest.iter().find(|link| !is_known(link)) else {
        return Ok(());
    };
    match chain.last() {
        Some(last) if !last.is_root() => {
            Err(CertificateError::Gap(last.parsed.issuer().to_string()))
        }
        _ => Err(CertificateError::Foreign(
            stray.parsed.subject().to_string(),
        )),
    }
}

impl<'a> Link<'a> {
    fn read(der: &'a CertificateDer<'static>) -> Result<Self, CertificateError> {
        let (_, parsed) =
            X509Certificate::from_der(der).map_err(|_| CertificateError::Unreadable)?;
        Ok(Self { der, parsed })
    }

    fn subject(&self) -> &[u8] {
        self.parsed.subject().as_raw()
    }

    fn is_root(&self) -> bool {
        self.parsed.issuer().as_raw() == self.subject()
    }

    /// Whether this is the issuer of another: by name, and by key where both say which. That the signature holds is
    /// for clients to check.
    fn issued(&self, other: &Self) -> bool {
        let by_key = match (self.own_key_id(), other.issuer_key_id()) {
            (Some(own), Some(wanted)) => own == wanted,
            _ => true,
        };
        by_key && other.parsed.issuer().as_raw() == self.subject()
    }

    fn own_key_id(&self) -> Option<&[u8]> {
        self.parsed
            .iter_extensions()
            .find_map(|extension| match extension.parsed_extension() {
                ParsedExtension::SubjectKeyIdentifier(id) => Some(id.0),
                _ => None,
            })
    }

    fn issuer_key_id(&self) -> Option<&[u8]> {
        self.parsed
            .iter_extensions()
            .find_map(|extension| match extension.parsed_extension() {
                ParsedExtension::AuthorityKeyIdentifier(id) => {
                    id.key_identifier.as_ref().map(|id| id.0)
                }
                _ => None,
            })
    }
}
