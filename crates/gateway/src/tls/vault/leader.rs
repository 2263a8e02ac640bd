//! Which of several gateways orders certificates: the one that holds the lease.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Vault;

/// One stretch of leading, under a number that no later stretch has. A write that names a term is refused once that term
/// is over, however long the writer has slept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tls) struct Term(Arc<str>);

impl Term {
    pub(super) fn new(text: String) -> Self {
        Self(text.into())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether this gateway leads.
pub(in crate::tls) struct Leadership {
    vault: Arc<Vault>,
    gateway: String,
    life: Duration,
    term: watch::Sender<Option<Term>>,
}

impl Leadership {
    /// Does not lead yet.
    pub(in crate::tls) fn new(vault: Arc<Vault>, life: Duration) -> Self {
        Self {
            vault,
            gateway: Uuid::new_v4().simple().to_string(),
            life,
            term: watch::Sender::new(None),
        }
    }

    /// The present term, while this gateway leads.
    pub(in crate::tls) fn term(&self) -> watch::Receiver<Option<Term>> {
        self.term.subscribe()
    }

    /// Takes the lead when nobody has it and keeps it, until stopped; then gives it up.
    pub(in crate::tls) async fn keep(self: Arc<Self>, stop: CancellationToken) {
        let mut held = Instant::now();
        let mut told = self.vault.heard.subscribe();
        loop {
            match self.vault.shared.lead(&self.gateway, self.life).await {
                Ok(term) => {
                    held = Instant::now();
                    self.tell(term);
                }
                // The lease may have run out meanwhile; the writes of its term would be refused.
                Err(_) if held.elapsed() >= self.life => self.tell(None),
                Err(_) => {}
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(self.life / 3) => {}
                // Whoever resigns says so.
                _changed = told.changed() => {}
            }
        }
        let term = self.term.borrow().clone();
        self.tell(None);
        if let Some(term) = term
            && let Err(error) = self.vault.shared.resign(&term).await
        {
            tracing::debug!(
                error = platform::error::chain(&error),
                "the lead is left to run out"
            );
        }
    }

    fn tell(&self, term: Option<Term>) {
        self.term.send_if_modified(|current| {
            let changed = *current != term;
            if changed {
                let leads = term.is_some();
                tracing::debug!(leads, "which gateway orders certificates has changed");
            }
            *current = term;
            changed
        });
    }
}
