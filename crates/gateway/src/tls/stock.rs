//! The certificates there are, from files, from the vault and made here, and what follows from them: which is served
//! for which name, which must be ordered, and what an operator is shown.

mod report;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use platform::Clock;
use tokio::sync::watch;

use super::acme::ledger::Ledger;
use super::certificate::Certificate;
use super::config::TlsConfig;
use super::domain::Domain;
use super::files::Files;
use super::pem::Kept;
use super::selfsigned;
use super::status::{State, Status};
use super::store::{Candidate, Candidates, Source, Store, Table};
use super::vault::{Record, Term, Vault};

/// Records of ordered certificates: this, the authority, the domain.
const ORDERED: &str = "certificate/";

/// Everything that can be served, and everything derived from it.
pub(super) struct Stock {
    pub(super) config: TlsConfig,
    pub(super) clock: Clock,
    pub(super) vault: Arc<Vault>,
    files: Arc<Files>,
    store: Arc<Store>,
    term: watch::Receiver<Option<Term>>,
    domains: watch::Sender<Vec<Domain>>,
    status: watch::Sender<Arc<Status>>,
    /// What records hold, by name, with the version that was read.
    read: Mutex<HashMap<String, Read>>,
    /// What was said of each domain last, so that it is said once.
    told: Mutex<BTreeMap<String, State>>,
}

/// The certificate in one version of a record; none when it holds nothing of use.
type Read = (Record, Option<Arc<Certificate>>);

/// A domain whose certificate is ordered.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) domain: Domain,
    /// What there is from the present authority.
    pub(super) present: Option<Arc<Certificate>>,
}

/// Where a domain's certificate comes from when no file has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Ordered,
    SelfSigned,
    /// From a file or not at all.
    Imported,
}

impl Stock {
    pub(super) fn new(
        config: TlsConfig,
        clock: Clock,
        vault: Arc<Vault>,
        store: Arc<Store>,
        term: watch::Receiver<Option<Term>>,
    ) -> Self {
        Self {
            term,
            files: Arc::new(Files::new(config.file.clone(), config.directory.clone())),
            domains: watch::Sender::new(config.domains.clone()),
            config,
            clock,
            vault,
            store,
            status: watch::Sender::default(),
            read: Mutex::default(),
            told: Mutex::default(),
        }
    }

    /// Serves other domains from now on.
    pub(super) fn set_domains(&self, domains: Vec<Domain>) {
        self.domains.send_replace(domains);
    }

    /// Tells when other domains are to be served.
    pub(super) fn domains(&self) -> watch::Receiver<Vec<Domain>> {
        self.domains.subscribe()
    }

    /// Tells when this gateway begins or ceases to lead.
    pub(super) fn term(&self) -> watch::Receiver<Option<Term>> {
        self.term.clone()
    }

    /// What an operator is shown. Also changes whenever anything is to be done differently.
    pub(super) fn status(&self) -> watch::Receiver<Arc<Status>> {
        self.status.subscribe()
    }

    /// The name under which an ordered certificate is kept.
    pub(super) fn record(&self, domain: &Domain) -> String {
        format!("{ORDERED}{}/{domain}", self.authority())
    }

    /// The present authority, in the names of records: another one is another account with other certificates.
    pub(super) fn authority(&self) -> String {
        selfsigned::digest(self.config.acme.directory.as_str())
    }

    /// Looks at imported files; answers whether any has changed.
    pub(super) async fn look_at_files(&self) -> bool {
        let (files, now) = (Arc::clone(&self.files), self.clock.now());
        let look = tokio::task::spawn_blocking(move || files.look(now));
        look.await.unwrap_or(false)
    }

    /// The domains whose certificates are ordered.
    pub(super) fn wanted(&self) -> Vec<Wanted> {
        let imported = self.files.certificates();
        let domains = self.domains.borrow().clone();
        domains
            .into_iter()
            .filter(|domain| self.origin(domain) == Origin::Ordered)
            .filter(|domain| !imported.iter().any(|file| file.covers(domain)))
            .map(|domain| Wanted {
                present: self.kept(&self.record(&domain)),
                domain,
            })
            .collect()
    }

    /// Whether some domain is served nothing at all.
    pub(super) fn is_incomplete(&self) -> bool {
        let status = self.status.borrow();
        status.names.iter().any(|name| name.served.is_none())
    }

    /// Makes a self-signed certificate where one is needed and none is good for long enough.
    pub(super) async fn make_self_signed(&self) {
        let domains = self.self_signed_domains();
        if domains.is_empty() {
            return;
        }
        let now = self.clock.now();
        let name = selfsigned::record(&domains);
        let is_good = |present: &Arc<Certificate>| {
            now < present.renew_at() && present.check_time(now).is_ok()
        };
        if self.kept(&name).as_ref().is_some_and(is_good) {
            return;
        }
        let made = match selfsigned::make(&domains, now) {
            Ok(made) => made,
            Err(error) => {
                tracing::error!(%error, "no self-signed certificate could be made");
                return;
            }
        };
        match self.vault.put(&name, &made.to_json()).await {
            Ok(()) => tracing::info!(
                domains = domains.len(),
                "a self-signed certificate was made for internal names"
            ),
            Err(error) => tracing::error!(
                error = platform::error::chain(&error),
                "the self-signed certificate could not be kept"
            ),
        }
    }

    /// Decides anew what is served for which name. In effect for the next handshake.
    pub(super) fn refresh(&self) {
        let now = self.clock.now();
        let domains = self.domains.borrow().clone();
        let candidates = Candidates::new(self.candidates(), now);
        self.store.swap(Table::new(&candidates, &domains));
        let status = self.describe(&domains, &candidates);
        self.say(&status, now);
        // Told even when nothing has changed: what is due may have.
        self.status.send_replace(Arc::new(status));
    }

    /// What went wrong with orders at the present authority.
    pub(super) fn ledger(&self) -> Ledger {
        let kept = self.vault.get(&self.ledger_record());
        kept.and_then(|json| serde_json::from_slice(&json).ok())
            .unwrap_or_default()
    }

    /// The name under which the ledger is kept.
    pub(super) fn ledger_record(&self) -> String {
        format!("ledger/{}", self.authority())
    }

    fn origin(&self, domain: &Domain) -> Origin {
        let private = self.config.acme.is_private();
        if domain.address().is_some() || domain.is_loopback() {
            return Origin::SelfSigned;
        }
        match (domain.is_internal() && !private, domain.is_wildcard()) {
            (true, _) => Origin::SelfSigned,
            // Only a name server could answer for a wildcard.
            (false, true) if domain.is_internal() => Origin::SelfSigned,
            (false, true) => Origin::Imported,
            (false, false) => Origin::Ordered,
        }
    }

    fn self_signed_domains(&self) -> Vec<Domain> {
        let domains = self.domains.borrow();
        let made = domains
            .iter()
            .filter(|domain| self.origin(domain) == Origin::SelfSigned);
        made.cloned().collect()
    }

    fn candidates(&self) -> Vec<Candidate> {
        let of = |source, is_current| {
            move |certificate| Candidate {
                certificate,
                source,
                is_current,
            }
        };
        let mut all: Vec<Candidate> = self
            .files
            .certificates()
            .into_iter()
            .map(of(Source::File, true))
            .collect();
        let domains = self.self_signed_domains();
        if !domains.is_empty() {
            let made = self.kept(&selfsigned::record(&domains));
            all.extend(made.map(of(Source::SelfSigned, true)));
        }
        // Those of an earlier authority are better than none until the present one has issued its own.
        let current = format!("{ORDERED}{}/", self.authority());
        for name in self.vault.list(ORDERED) {
            let certificate = self.kept(&name).filter(|certificate| {
                let domains = self.domains.borrow();
                domains.iter().any(|domain| certificate.covers(domain))
            });
            all.extend(certificate.map(of(Source::Acme, name.starts_with(&current))));
        }
        all
    }

    /// The certificate in a record, read once for each version of it.
    fn kept(&self, name: &str) -> Option<Arc<Certificate>> {
        let version = self.vault.version(name)?;
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, certificate)) = read.get(name)
            && *at == version
        {
            return certificate.clone();
        }
        let json = self.vault.get(name)?;
        let certificate = Kept::from_json(&json)
            .and_then(|kept| kept.certificate().ok())
            .map(Arc::new);
        read.insert(name.to_owned(), (version, certificate.clone()));
        certificate
    }
}

#[cfg(test)]
mod tests;
