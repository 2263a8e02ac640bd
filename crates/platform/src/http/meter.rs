//! Counts the queries made on behalf of one request.
//!
//! Owns a task-local counter that the database layer adds to and the access line reads. Outside a
//! request nothing is counted; a spawned task is outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

tokio::task_local! {
    static CURRENT: Arc<Meter>;
}

/// Queries and the time they took.
#[derive(Debug, Default)]
pub struct Meter {
    queries: AtomicU32,
    micros: AtomicU64,
}

impl Meter {
    /// How many queries were made.
    pub fn queries(&self) -> u32 {
        self.queries.load(Ordering::Relaxed)
    }

    /// How long they took together; longer than the request when they ran side by side.
    pub fn time(&self) -> Duration {
        Duration::from_micros(self.micros.load(Ordering::Relaxed))
    }
}

/// Adds a query to the request this task works for.
pub fn record_query(took: Duration) {
    // Outside a request there is nothing to add to.
    CURRENT
        .try_with(|meter| {
            let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
            meter.queries.fetch_add(1, Ordering::Relaxed);
            meter.micros.fetch_add(micros, Ordering::Relaxed);
        })
        .ok();
}

/// Runs a future whose queries are added to a meter.
pub async fn scope<F: Future>(meter: Arc<Meter>, future: F) -> F::Output {
    CURRENT.scope(meter, future).await
}

/// Runs a function whose queries are added to a meter.
pub(super) fn sync_scope<T>(meter: &Arc<Meter>, run: impl FnOnce() -> T) -> T {
    CURRENT.sync_scope(Arc::clone(meter), run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn queries_are_counted_for_the_request_they_belong_to() {
        let (one, two) = (Arc::new(Meter::default()), Arc::new(Meter::default()));
        record_query(Duration::from_secs(9));
        tokio::join!(
            scope(Arc::clone(&one), async {
                record_query(Duration::from_millis(2));
                tokio::task::yield_now().await;
                record_query(Duration::from_millis(3));
            }),
            scope(Arc::clone(&two), async {
                record_query(Duration::from_millis(7));
            })
        );
        assert_eq!((one.queries(), one.time().as_millis()), (2, 5));
        assert_eq!((two.queries(), two.time().as_millis()), (1, 7));
    }
}
