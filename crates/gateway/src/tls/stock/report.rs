//! What an operator is shown of the stock, and told in the log when it changes.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use jiff::Timestamp;

use super::{Origin, Stock};
use crate::tls::acme::ledger::Ledger;
use crate::tls::certificate::Certificate;
use crate::tls::domain::Domain;
use crate::tls::status::{FileFault, LastError, NameStatus, Served, State, Status};
use crate::tls::store::{Candidate, Candidates, Source};

/// After five sixths of a certificate's life half of the time for replacing it is gone.
const LATE: f64 = 5.0 / 6.0;

impl Stock {
    pub(super) fn describe(&self, domains: &[Domain], candidates: &Candidates) -> Status {
        let ledger = self.ledger();
        let files = self.files.faults().into_iter();
        Status {
            names: domains
                .iter()
                .map(|domain| self.describe_name(domain, candidates.best(domain), &ledger))
                .collect(),
            files: files
                .map(|(path, message)| FileFault { path, message })
                .collect(),
            authority: self.config.acme.directory.to_string(),
            orders: self.term.borrow().is_some(),
        }
    }

    fn describe_name(
        &self,
        domain: &Domain,
        best: Option<&Candidate>,
        ledger: &Ledger,
    ) -> NameStatus {
        let now = self.clock.now();
        let origin = self.origin(domain);
        let state = best.map_or(State::Missing, |best| state(&best.certificate, now));
        let renews = best.filter(|best| best.source != Source::File);
        NameStatus {
            name: domain.to_string(),
            state,
            served: best.map(served),
            renew_at: renews.map(|best| best.certificate.renew_at()),
            last_error: last_error(domain, best, origin, ledger).or_else(|| missing(state, origin)),
        }
    }

    /// Says what has changed for the better or the worse, once.
    pub(super) fn say(&self, status: &Status, now: Timestamp) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let mut present = BTreeMap::new();
        for name in &status.names {
            present.insert(name.name.clone(), name.state);
            if told.get(&name.name) == Some(&name.state) {
                continue;
            }
            let domain = &name.name;
            let expires = name.served.as_ref().map(|served| served.expires_at);
            let days = expires.map(|at| at.duration_since(now).as_hours() / 24);
            match name.state {
                State::Valid => tracing::info!(domain, days, "a domain has a valid certificate"),
                State::Expiring => tracing::warn!(
                    domain,
                    days,
                    "the certificate of a domain should have been replaced by now"
                ),
                State::Invalid => tracing::error!(
                    domain,
                    days,
                    "the certificate of a domain is not valid; clients refuse the connection"
                ),
                State::Missing => tracing::warn!(
                    domain,
                    "a domain has no certificate yet; handshakes for it are refused"
                ),
            }
        }
        *told = present;
    }
}

fn state(certificate: &Certificate, now: Timestamp) -> State {
    if certificate.check_time(now).is_err() {
        return State::Invalid;
    }
    let since = |moment: Timestamp| {
        moment
            .duration_since(certificate.not_before())
            .as_secs_f64()
    };
    if since(now) > LATE * since(certificate.not_after()) {
        State::Expiring
    } else {
        State::Valid
    }
}

fn served(candidate: &Candidate) -> Served {
    let certificate = &candidate.certificate;
    Served {
        source: candidate.source,
        issuer: certificate.issuer().to_owned(),
        valid_from: certificate.not_before(),
        expires_at: certificate.not_after(),
        fingerprint: certificate.fingerprint().to_owned(),
    }
}

fn last_error(
    domain: &Domain,
    best: Option<&Candidate>,
    origin: Origin,
    ledger: &Ledger,
) -> Option<LastError> {
    // A domain that has come to be served from a file has no orders to worry about.
    let is_ordered =
        origin == Origin::Ordered && best.is_none_or(|best| best.source != Source::File);
    let failure = ledger.failure(domain).filter(|_| is_ordered)?;
    Some(LastError {
        at: Some(failure.at),
        message: failure.reason.clone(),
        retry_at: Some(failure.retry_at),
    })
}

fn missing(state: State, origin: Origin) -> Option<LastError> {
    if state != State::Missing {
        return None;
    }
    let message = match origin {
        Origin::Ordered => "no certificate has been ordered yet; ordering needs Redis",
        Origin::SelfSigned => "no certificate has been made yet",
        Origin::Imported => {
            "no imported certificate covers this wildcard, and wildcards cannot be ordered"
        }
    };
    Some(LastError {
        at: None,
        message: message.to_owned(),
        retry_at: None,
    })
}
