//! Keeps what is served up to date: looks at files, makes self-signed certificates in time, and decides anew whenever
//! anything has changed.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::stock::Stock;

/// Between two decisions although nothing has changed: certificates expire by themselves.
const DECIDE: Duration = Duration::from_mins(1);

/// What can be served at the start. Redis is waited for only when something is missing, and not for long.
pub(super) async fn first(stock: &Stock) {
    stock.look_at_files().await;
    stock.refresh();
    if !stock.is_incomplete() {
        return;
    }
    let limit = stock.config.timing.start;
    if tokio::time::timeout(limit, stock.vault.first_sync())
        .await
        .is_err()
    {
        tracing::warn!("Redis is away; certificates that others know are served later");
    }
    stock.make_self_signed().await;
    stock.refresh();
}

/// The task.
pub(super) struct Upkeep {
    stock: Arc<Stock>,
}

impl Upkeep {
    pub(super) fn new(stock: Arc<Stock>) -> Self {
        Self { stock }
    }

    /// Goes on until stopped.
    pub(super) async fn run(self, stop: CancellationToken) {
        let stock = &self.stock;
        let mut records = stock.vault.changes();
        let mut domains = stock.domains();
        let mut term = stock.term();
        let files = stock.config.timing.files;
        let mut look = Instant::now() + files;
        let mut decide = Instant::now() + DECIDE;
        loop {
            let mut changed = true;
            tokio::select! {
                () = stop.cancelled() => return,
                // No sender is dropped before the stock is.
                _record = records.changed() => {}
                _domain = domains.changed() => {}
                _led = term.changed() => {}
                () = tokio::time::sleep_until(look) => {
                    changed = stock.look_at_files().await;
                    look = Instant::now() + files;
                }
                () = tokio::time::sleep_until(decide) => {}
            }
            if changed || Instant::now() >= decide {
                stock.make_self_signed().await;
                stock.refresh();
                decide = Instant::now() + DECIDE;
            }
        }
    }
}
