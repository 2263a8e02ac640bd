//! Certificates for names that no public authority knows: made here, kept, and made anew in time.

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use sha2::{Digest, Sha256};

use super::domain::Domain;
use super::pem::Kept;

/// Browsers refuse certificates that live longer than 398 days.
const LIFE: SignedDuration = SignedDuration::from_hours(24 * 365);
/// For clients whose clock is behind.
const BACK: SignedDuration = SignedDuration::from_hours(24);

/// Makes one certificate for all the domains.
pub(super) fn make(domains: &[Domain], now: Timestamp) -> Result<Kept, rcgen::Error> {
    let names: Vec<String> = domains.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = DistinguishedName::new();
    let name = domains.first().map_or("cloud", Domain::as_str);
    params.distinguished_name.push(DnType::CommonName, name);
    params
        .distinguished_name
        .push(DnType::OrganizationName, "Cloud (self-signed)");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let (year, month, day) = date(now.saturating_sub(BACK).unwrap_or(now));
    params.not_before = date_time_ymd(year, month, day);
    let (year, month, day) = date(now.saturating_add(LIFE).unwrap_or(now));
    params.not_after = date_time_ymd(year, month, day);
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    Ok(Kept {
        chain: certificate.pem(),
        key: key.serialize_pem(),
    })
}

/// The record it is kept under: one for each set of domains, so that gateways that serve different ones do not take
/// turns.
pub(super) fn record(domains: &[Domain]) -> String {
    let mut names: Vec<&str> = domains.iter().map(Domain::as_str).collect();
    names.sort_unstable();
    format!("self-signed/{}", digest(&names.join(" ")))
}

/// A short name for a long text.
pub(super) fn digest(text: &str) -> String {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let digest = Sha256::digest(text.as_bytes());
    URL_SAFE_NO_PAD.encode(digest.get(..12).unwrap_or_default())
}

/// Year, month and day, as the maker of certificates takes them.
fn date(moment: Timestamp) -> (i32, u8, u8) {
    let date = jiff::tz::Offset::UTC.to_datetime(moment).date();
    let small = |number: i8| u8::try_from(number).unwrap_or(1);
    (
        i32::from(date.year()),
        small(date.month()),
        small(date.day()),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn domains() -> Vec<Domain> {
        ["nas", "*.home.arpa", "10.0.0.1", "fd00::1"]
            .iter()
            .map(|text| text.parse().unwrap())
            .collect()
    }

    #[test]
    fn one_certificate_names_all_and_lives_a_year() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let certificate = make(&domains(), now).unwrap().certificate().unwrap();
        assert!(certificate.is_self_signed());
        assert!(domains().iter().all(|domain| certificate.covers(domain)));
        assert_eq!(certificate.check_time(now), Ok(()));
        assert_eq!(certificate.not_before().to_string(), "2026-11-20T00:00:00Z");
        assert_eq!(certificate.not_after().to_string(), "2027-11-21T00:00:00Z");
    }

    #[test]
    fn the_order_of_domains_changes_nothing() {
        let mut other = domains();
        other.reverse();
        assert_eq!(record(&domains()), record(&other));
        other.pop();
        assert_ne!(record(&domains()), record(&other));
    }
}
