//! Ordering certificates from an authority (RFC 8555): one domain at a time, by the one gateway that leads, no more often
//! than the authority bears, and early enough that a day of failures is no matter.

mod account;
mod http;
pub(super) mod ledger;
mod order;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use platform::Lifecycle;

use super::config::ChallengeKind;
use super::domain::Domain;
use super::stock::{Stock, Wanted};
use super::vault::{Leadership, Term, VaultError};

use http::Http;
use ledger::Ledger;
use order::{Order, OrderError};

/// Longest time for one order.
const ORDER: Duration = Duration::from_mins(3);
/// Longest wait without looking what is due: the clock may have jumped.
const LOOK: Duration = Duration::from_mins(10);
/// Shortest wait for what is due.
const SOONEST: Duration = Duration::from_millis(50);
/// Pause when something could not be written down.
const PAUSE: Duration = Duration::from_secs(5);

/// Orders what is due.
pub(super) struct Orders {
    stock: Arc<Stock>,
    leadership: Arc<Leadership>,
    lifecycle: Lifecycle,
    http: Http,
}

/// What is to be done next.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    Order(Domain),
    Wait(Duration),
}

impl Orders {
    pub(super) fn new(
        stock: Arc<Stock>,
        leadership: Arc<Leadership>,
        lifecycle: Lifecycle,
    ) -> Result<Self, rustls::Error> {
        let http = Http::new(&stock.config.acme.roots)?;
        Ok(Self {
            stock,
            leadership,
            lifecycle,
            http,
        })
    }

    /// Orders until stopped. An order that is under way at a stop is given up; whoever leads next begins anew.
    pub(super) async fn run(self) {
        let stop = self.lifecycle.soft().clone();
        let mut leads = self.leadership.term();
        let mut changed = self.stock.status();
        loop {
            changed.mark_unchanged();
            let term = leads.borrow_and_update().clone();
            let next = match &term {
                Some(_) => self.next(),
                None => Next::Wait(LOOK),
            };
            match (term, next) {
                (Some(term), Next::Order(domain)) => tokio::select! {
                    () = stop.cancelled() => return,
                    () = self.order(&term, &domain) => {}
                },
                (_, Next::Wait(pause)) => tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(pause) => {}
                    // Neither sender is dropped before `self` is.
                    _led = leads.changed() => {}
                    _changed = changed.changed() => {}
                },
                // Nothing is next without a term.
                (None, Next::Order(_)) => {}
            }
        }
    }

    fn next(&self) -> Next {
        let most = self.stock.config.acme.orders_per_hour;
        let now = self.stock.clock.now();
        next(&self.stock.wanted(), &self.stock.ledger(), now, most)
    }

    /// One order, written down before and after: the bound on orders holds whatever happens between.
    async fn order(&self, term: &Term, domain: &Domain) {
        let stock = &self.stock;
        let mut ledger = stock.ledger();
        ledger.begin(stock.clock.now());
        if let Err(error) = self.write(term, &ledger).await {
            let error = platform::error::chain(&error);
            tracing::debug!(error, "nothing is ordered while it cannot be written down");
            tokio::time::sleep(PAUSE).await;
            return;
        }
        let failures = ledger.failure(domain).map_or(0, |failure| failure.count);
        let order = Order {
            stock,
            http: &self.http,
            term,
            domain,
            preferred: preferred(stock.config.acme.challenge, failures),
        };
        let authority = stock.config.acme.directory.as_str();
        tracing::info!(%domain, authority, challenge = %order.preferred, "ordering a certificate");
        let ended = tokio::time::timeout(ORDER, order.run()).await;
        stock.vault.withdraw(domain.as_str()).await;
        match ended.unwrap_or(Err(OrderError::Late)) {
            Ok(expires) => {
                tracing::info!(%domain, authority, %expires, "a certificate was issued");
                ledger.succeed(domain);
            }
            Err(error) => self.note_failure(&mut ledger, domain, &error),
        }
        if let Err(error) = self.write(term, &ledger).await {
            let error = platform::error::chain(&error);
            tracing::warn!(%domain, error, "the outcome of an order could not be written down");
            tokio::time::sleep(PAUSE).await;
        }
        stock.refresh();
    }

    fn note_failure(&self, ledger: &mut Ledger, domain: &Domain, error: &OrderError) {
        let now = self.stock.clock.now();
        let first = self.stock.config.timing.first_pause;
        let failure = ledger.fail(
            domain,
            now,
            &platform::error::chain(error),
            (first, error.is_rate_limited()),
        );
        let (reason, retry_at) = (failure.reason.as_str(), failure.retry_at);
        let wanted = self.stock.wanted();
        let present = wanted
            .into_iter()
            .find(|wanted| wanted.domain == *domain)
            .and_then(|wanted| wanted.present);
        let expires = present.map(|certificate| certificate.not_after());
        match expires {
            Some(expires) if expires > now => {
                let days = expires.duration_since(now).as_hours() / 24;
                tracing::warn!(%domain, error = reason, %retry_at, days, "a certificate could not be renewed; the present one is served");
            }
            _ => {
                tracing::error!(%domain, error = reason, %retry_at, "a certificate could not be ordered, and there is no valid one");
            }
        }
    }

    async fn write(&self, term: &Term, ledger: &Ledger) -> Result<(), VaultError> {
        // Times and texts are always JSON.
        let json = serde_json::to_vec(ledger).unwrap_or_default();
        let name = self.stock.ledger_record();
        self.stock.vault.put_as_leader(term, &name, &json).await
    }
}

/// Both challenges take turns, so that whichever port cannot be reached, every second attempt has a chance.
fn preferred(only: Option<ChallengeKind>, failures: u32) -> ChallengeKind {
    only.unwrap_or(match failures % 2 {
        0 => ChallengeKind::Http01,
        _ => ChallengeKind::TlsAlpn01,
    })
}

fn next(wanted: &[Wanted], ledger: &Ledger, now: Timestamp, most: usize) -> Next {
    let due = wanted.iter().map(|wanted| {
        let failure = ledger.failure(&wanted.domain);
        let renewal = wanted
            .present
            .as_ref()
            .map_or(Timestamp::MIN, |present| present.renew_at());
        let retry = failure.map_or(Timestamp::MIN, |failure| failure.retry_at);
        let failures = failure.map_or(0, |failure| failure.count);
        // Of those that are due, the ones that go well first.
        (renewal.max(retry).max(now), failures, &wanted.domain)
    });
    let Some((at, _, domain)) = due.min() else {
        return Next::Wait(LOOK);
    };
    let at = ledger.room_at(now, most).map_or(at, |room| at.max(room));
    if at <= now {
        return Next::Order(domain.clone());
    }
    let wait = Duration::try_from(at.duration_since(now)).unwrap_or(LOOK);
    Next::Wait(wait.clamp(SOONEST, LOOK))
}

#[cfg(test)]
mod tests;
