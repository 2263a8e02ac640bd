//! Which certificate a client is served: by the name it asks for, swapped whole when anything changes.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use arc_swap::ArcSwap;
use jiff::Timestamp;
use rustls::sign::CertifiedKey;
use serde::Serialize;

use super::certificate::Certificate;
use super::domain::{Domain, parent};

/// Where a certificate came from; of two that are valid the later one in this list is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Made here.
    SelfSigned,
    /// Ordered from an authority.
    Acme,
    /// Imported from a file.
    File,
}

/// A certificate that may be served.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) certificate: Arc<Certificate>,
    pub(super) source: Source,
    /// Whether it is from the authority that is configured now.
    pub(super) is_current: bool,
}

/// All certificates there are, at one moment.
#[derive(Debug)]
pub(super) struct Candidates {
    all: Vec<Candidate>,
}

impl Candidates {
    /// Ranks certificates: valid ones first, then by source, then those of the present authority, then by expiry.
    pub(super) fn new(mut all: Vec<Candidate>, now: Timestamp) -> Self {
        all.sort_by_cached_key(|candidate| {
            let certificate = &candidate.certificate;
            std::cmp::Reverse((
                certificate.check_time(now).is_ok(),
                candidate.source,
                candidate.is_current,
                certificate.not_after(),
            ))
        });
        Self { all }
    }

    /// The certificate to serve for a domain.
    pub(super) fn best(&self, domain: &Domain) -> Option<&Candidate> {
        self.all
            .iter()
            .find(|candidate| candidate.certificate.covers(domain))
    }

    fn names(&self) -> impl Iterator<Item = &Domain> {
        self.all
            .iter()
            .flat_map(|candidate| candidate.certificate.names())
    }
}

/// What a lookup finds.
#[derive(Debug)]
pub(super) enum Found {
    /// This is served.
    Certificate(Arc<CertifiedKey>),
    /// The name is ours, but has no certificate yet.
    Awaited,
    /// The name is not ours.
    Unknown,
}

/// The certificates of a moment, ready to be looked up.
#[derive(Debug, Default)]
pub(super) struct Table {
    names: HashMap<String, Arc<CertifiedKey>>,
    wildcards: HashMap<String, Arc<CertifiedKey>>,
    /// For clients that name nobody, as those do who come by an address.
    nameless: Option<Arc<CertifiedKey>>,
    awaited: HashSet<String>,
}

impl Table {
    /// Decides once for every name.
    pub(super) fn new(candidates: &Candidates, domains: &[Domain]) -> Self {
        let mut table = Self::default();
        let all: BTreeSet<&Domain> = domains.iter().chain(candidates.names()).collect();
        for domain in all {
            let best = candidates
                .best(domain)
                .map(|best| Arc::clone(best.certificate.certified_key()));
            match (best, domain.below()) {
                (Some(best), Some(below)) => {
                    table.wildcards.insert(below.to_owned(), best);
                }
                (Some(best), None) => {
                    table.names.insert(domain.as_str().to_owned(), best);
                }
                (None, _) => {
                    table.awaited.insert(domain.as_str().to_owned());
                }
            }
        }
        let first_address = domains.iter().find(|domain| domain.address().is_some());
        let key_of = |domain: &Domain| {
            let best = candidates.best(domain)?;
            Some(Arc::clone(best.certificate.certified_key()))
        };
        table.nameless = first_address
            .into_iter()
            .chain(domains)
            .find_map(key_of)
            .or_else(|| {
                let first = candidates.all.first()?;
                Some(Arc::clone(first.certificate.certified_key()))
            });
        table
    }

    fn find(&self, name: Option<&str>) -> Found {
        let Some(name) = name else {
            return match &self.nameless {
                Some(key) => Found::Certificate(Arc::clone(key)),
                None => Found::Awaited,
            };
        };
        let name = canonical(name);
        let above = parent(&name);
        let key = self
            .names
            .get(name.as_ref())
            .or_else(|| self.wildcards.get(above?));
        match key {
            Some(key) => Found::Certificate(Arc::clone(key)),
            None if self.awaits(&name) => Found::Awaited,
            None => Found::Unknown,
        }
    }

    fn awaits(&self, name: &str) -> bool {
        self.awaited.contains(name)
            || parent(name).is_some_and(|above| self.awaited.contains(&format!("*.{above}")))
    }
}

/// The table in use. Reading takes no lock; a new one is in effect for the next handshake, and no connection notices.
#[derive(Debug, Default)]
pub(super) struct Store(ArcSwap<Table>);

impl Store {
    /// What to serve to a client that asks for `name`, or for none.
    pub(super) fn find(&self, name: Option<&str>) -> Found {
        self.0.load().find(name)
    }

    /// Puts a new table in effect.
    pub(super) fn swap(&self, table: Table) {
        self.0.store(Arc::new(table));
    }
}

/// Lower case, without the dot at the end that some clients send.
pub(super) fn canonical(name: &str) -> Cow<'_, str> {
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
    use super::*;
    use crate::tls::certificate::specimen::{LONG, Life, day, self_signed};

    const PAST: Life = ((2020, 1, 1), (2020, 4, 1));

    fn candidate(names: &[&str], source: Source, life: Life) -> Candidate {
        let leaf = self_signed(names, life);
        let certificate =
            Certificate::from_pem(leaf.certificate.as_bytes(), leaf.key.as_bytes()).unwrap();
        Candidate {
            certificate: Arc::new(certificate),
            source,
            is_current: true,
        }
    }

    fn store(candidates: &[&Candidate], domains: &[&str]) -> Store {
        let all = candidates.iter().map(|&each| each.clone()).collect();
        let domains: Vec<Domain> = domains.iter().map(|text| text.parse().unwrap()).collect();
        let candidates = Candidates::new(all, day(2026, 1, 1));
        let store = Store::default();
        store.swap(Table::new(&candidates, &domains));
        store
    }

    #[track_caller]
    fn serves(store: &Store, name: Option<&str>, wanted: &Candidate) {
        let Found::Certificate(key) = store.find(name) else {
            panic!("nothing is served for {name:?}");
        };
        assert!(
            Arc::ptr_eq(&key, wanted.certificate.certified_key()),
            "another one is served for {name:?}"
        );
    }

    #[test]
    fn a_name_is_served_its_own_certificate() {
        let one = candidate(&["a.example.org"], Source::Acme, LONG);
        let all = candidate(&["*.example.org", "example.org"], Source::Acme, LONG);
        let store = store(&[&one, &all], &["example.org"]);
        serves(&store, Some("A.Example.org"), &one);
        serves(&store, Some("b.example.org."), &all);
        serves(&store, Some("example.org"), &all);
        for name in ["x.b.example.org", "example.com", "org", ""] {
            assert!(matches!(store.find(Some(name)), Found::Unknown), "{name}");
        }
    }

    #[test]
    fn a_valid_one_is_preferred_and_then_an_imported_one() {
        let ordered = candidate(&["a.example.org"], Source::Acme, LONG);
        let file = candidate(&["*.example.org"], Source::File, LONG);
        let expired = candidate(&["a.example.org"], Source::File, PAST);
        serves(
            &store(&[&ordered, &file], &["a.example.org"]),
            Some("a.example.org"),
            &file,
        );
        serves(
            &store(&[&expired, &ordered], &["a.example.org"]),
            Some("a.example.org"),
            &ordered,
        );
        // Better an expired one than none.
        serves(
            &store(&[&expired], &["a.example.org"]),
            Some("a.example.org"),
            &expired,
        );
    }

    #[test]
    fn who_names_nobody_comes_by_an_address_if_one_is_served() {
        let public = candidate(&["a.example.org"], Source::Acme, LONG);
        let private = candidate(&["10.0.0.1"], Source::SelfSigned, LONG);
        let both = ["a.example.org", "10.0.0.1"];
        serves(&store(&[&public, &private], &both), None, &private);
        serves(&store(&[&public, &private], &both[..1]), None, &public);
        assert!(matches!(store(&[], &both).find(None), Found::Awaited));
    }

    #[test]
    fn a_name_of_ours_without_a_certificate_is_not_unknown() {
        let store = store(&[], &["a.example.org", "*.example.com"]);
        for name in ["a.example.org", "x.example.com"] {
            assert!(matches!(store.find(Some(name)), Found::Awaited), "{name}");
        }
        assert!(matches!(store.find(Some("example.com")), Found::Unknown));
    }
}
