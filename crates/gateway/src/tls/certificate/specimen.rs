//! Certificates for tests: an authority, an intermediate and leaves, made on the spot.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use jiff::Timestamp;
use jiff::civil::Date;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, Issuer, KeyPair,
    date_time_ymd,
};

/// A root and an intermediate that it signed.
pub(in crate::tls) struct Authority {
    pub(in crate::tls) root: CertifiedIssuer<'static, KeyPair>,
    pub(in crate::tls) intermediate: CertifiedIssuer<'static, KeyPair>,
}

/// A leaf and its key, both PEM.
pub(in crate::tls) struct Leaf {
    pub(in crate::tls) certificate: String,
    pub(in crate::tls) key: String,
}

/// From the first day to the second.
pub(in crate::tls) type Life = ((i32, u8, u8), (i32, u8, u8));

pub(in crate::tls) const LONG: Life = ((2020, 1, 1), (2120, 1, 1));

impl Authority {
    pub(in crate::tls) fn new(name: &str) -> Self {
        let params = |name: String| {
            let mut params = CertificateParams::default();
            params.distinguished_name.push(DnType::CommonName, name);
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            params.use_authority_key_identifier_extension = true;
            params
        };
        let key = || KeyPair::generate().unwrap();
        let root = CertifiedIssuer::self_signed(params(format!("{name} root")), key()).unwrap();
        let between = params(format!("{name} intermediate"));
        let intermediate = CertifiedIssuer::signed_by(between, key(), &root).unwrap();
        Self { root, intermediate }
    }

    pub(in crate::tls) fn leaf(&self, names: &[&str], life: Life) -> Leaf {
        issue(names, life, Some(&self.intermediate))
    }

    /// Leaf and intermediate, as an authority hands them out.
    pub(in crate::tls) fn chain(&self, leaf: &Leaf) -> String {
        [leaf.certificate.as_str(), &self.intermediate.pem()].concat()
    }
}

/// A leaf that vouches for itself.
pub(in crate::tls) fn self_signed(names: &[&str], life: Life) -> Leaf {
    issue(names, life, None)
}

fn issue(names: &[&str], life: Life, issuer: Option<&Issuer<'_, KeyPair>>) -> Leaf {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    let day = |(year, month, day)| date_time_ymd(year, month, day);
    params.not_before = day(life.0);
    params.not_after = day(life.1);
    params.use_authority_key_identifier_extension = true;
    params.distinguished_name.push(DnType::CommonName, "a leaf");
    let key = KeyPair::generate().unwrap();
    let certificate = match issuer {
        Some(issuer) => params.signed_by(&key, issuer).unwrap(),
        None => params.self_signed(&key).unwrap(),
    };
    Leaf {
        certificate: certificate.pem(),
        key: key.serialize_pem(),
    }
}

/// Midnight of a day.
pub(in crate::tls) fn day(year: i16, month: i8, day: i8) -> Timestamp {
    let midnight = Date::constant(year, month, day).at(0, 0, 0, 0);
    midnight
        .to_zoned(jiff::tz::TimeZone::UTC)
        .unwrap()
        .timestamp()
}
