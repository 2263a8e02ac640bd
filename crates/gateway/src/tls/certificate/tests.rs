#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use super::specimen::{Authority, LONG, day, self_signed};
use super::{Certificate, CertificateError, Domain};

fn read(chain: &str, key: &str) -> Result<Certificate, CertificateError> {
    Certificate::from_pem(chain.as_bytes(), key.as_bytes())
}

fn domain(text: &str) -> Domain {
    text.parse().unwrap()
}

#[test]
fn a_chain_in_order_is_taken_as_it_is() {
    let authority = Authority::new("a");
    let leaf = authority.leaf(&["b.example.org", "*.example.org", "192.0.2.1"], LONG);
    let certificate = read(&authority.chain(&leaf), &leaf.key).unwrap();
    assert!(!certificate.is_mended() && !certificate.is_self_signed());
    assert_eq!(certificate.certified_key().cert.len(), 2);
    assert_eq!(certificate.issuer(), "CN=a intermediate");
    for name in ["b.example.org", "c.example.org", "192.0.2.1"] {
        assert!(certificate.covers(&domain(name)), "{name}");
    }
    assert!(!certificate.covers(&domain("example.org")));
    assert_eq!(certificate.not_after(), day(2120, 1, 1));
}

#[test]
fn a_chain_out_of_order_is_mended_and_its_root_left_out() {
    let authority = Authority::new("a");
    let leaf = authority.leaf(&["a.example.org"], LONG);
    let (root, between) = (authority.root.pem(), authority.intermediate.pem());
    let straight = read(&authority.chain(&leaf), &leaf.key).unwrap();
    for parts in [
        [&between, &leaf.certificate, &root],
        [&root, &between, &leaf.certificate],
        [&leaf.certificate, &root, &between],
        [&leaf.certificate, &between, &between],
    ] {
        let mended = read(&parts.map(String::as_str).concat(), &leaf.key).unwrap();
        assert!(mended.is_mended());
        assert_eq!(mended.certified_key().cert, straight.certified_key().cert);
        assert_eq!(mended.fingerprint(), straight.fingerprint());
    }
}

#[test]
fn a_chain_that_cannot_be_mended_is_refused_by_name() {
    let (authority, other) = (Authority::new("a"), Authority::new("b"));
    let leaf = authority.leaf(&["a.example.org"], LONG);
    let root = authority.root.pem();
    let gap = read(&[leaf.certificate.as_str(), &root].concat(), &leaf.key).unwrap_err();
    assert_eq!(gap, CertificateError::Gap("CN=a intermediate".to_owned()));
    let whole = [
        authority.chain(&leaf).as_str(),
        &root,
        &other.intermediate.pem(),
    ]
    .concat();
    let foreign = read(&whole, &leaf.key).unwrap_err();
    assert_eq!(
        foreign,
        CertificateError::Foreign("CN=b intermediate".to_owned())
    );
}

#[test]
fn an_issuer_of_the_same_name_with_another_key_is_no_link() {
    let (authority, impostor) = (Authority::new("a"), Authority::new("a"));
    let leaf = authority.leaf(&["a.example.org"], LONG);
    let wrong = [leaf.certificate.as_str(), &impostor.intermediate.pem()].concat();
    assert!(matches!(
        read(&wrong, &leaf.key),
        Err(CertificateError::Gap(_))
    ));
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let authority = Authority::new("a");
    let (one, two) = (
        authority.leaf(&["a.example.org"], LONG),
        authority.leaf(&["a.example.org"], LONG),
    );
    assert_eq!(
        read(&authority.chain(&one), &two.key).unwrap_err(),
        CertificateError::KeyMismatch
    );
}

#[test]
fn what_cannot_be_read_is_told_apart() {
    let leaf = self_signed(&["a.example.org"], LONG);
    let encrypted = leaf.key.replace("BEGIN PRIVATE", "BEGIN ENCRYPTED PRIVATE");
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_owned();
    let unusable = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".to_owned();
    let unnamed = self_signed(&[], LONG);
    let of = |chain: &String, key: &String| read(chain, key).unwrap_err();
    assert_eq!(of(&leaf.key, &leaf.key), CertificateError::NoCertificate);
    assert_eq!(
        of(&String::new(), &leaf.key),
        CertificateError::NoCertificate
    );
    assert_eq!(of(&broken, &leaf.key), CertificateError::Unreadable);
    assert_eq!(
        of(&leaf.certificate, &leaf.certificate),
        CertificateError::NoKey
    );
    assert_eq!(
        of(&leaf.certificate, &encrypted),
        CertificateError::EncryptedKey
    );
    assert_eq!(of(&leaf.certificate, &unusable), CertificateError::KeyKind);
    assert_eq!(
        of(&unnamed.certificate, &unnamed.key),
        CertificateError::NoNames
    );
}

#[test]
fn an_expired_certificate_is_told_from_an_early_one() {
    let leaf = self_signed(&["a.example.org"], ((2024, 1, 1), (2024, 4, 1)));
    let certificate = read(&leaf.certificate, &leaf.key).unwrap();
    assert!(certificate.is_self_signed());
    assert_eq!(certificate.check_time(day(2024, 2, 1)), Ok(()));
    assert_eq!(
        certificate.check_time(day(2024, 4, 2)),
        Err(CertificateError::Expired(day(2024, 4, 1)))
    );
    assert_eq!(
        certificate.check_time(day(2023, 12, 31)),
        Err(CertificateError::NotYetValid(day(2024, 1, 1)))
    );
}

#[test]
fn renewal_falls_due_after_two_thirds_of_the_life() {
    // 90 days: due on day 60, or up to a day and a half earlier.
    let leaf = self_signed(&["a.example.org"], ((2023, 1, 1), (2023, 4, 1)));
    let certificate = read(&leaf.certificate, &leaf.key).unwrap();
    let due = certificate.renew_at();
    assert!(due <= day(2023, 3, 2), "{due}");
    assert!(due >= day(2023, 2, 28), "{due}");
    assert_eq!(due, certificate.clone().renew_at());
}
