//! What must happen from time to time: closing idle connections, and forgetting what nobody needs any more.

use std::time::Duration;

use platform::Boot;

use crate::generic::GenericClient;
use crate::{Database, Error};

/// Pause between two looks at the pool.
const SHRINK_EVERY: Duration = Duration::from_secs(5);
/// Looks at the pool between two prunings: ten minutes.
const PRUNE_EVERY: u32 = 120;
/// Rows deleted at a time, so that no lock is held for long.
const BATCH: i64 = 1000;

/// Deletes up to `$1` rows that are beyond their time.
const PRUNINGS: [&str; 4] = [
    include_str!("../sql/outbox_prune.sql"),
    include_str!("../sql/consumed_events_prune.sql"),
    include_str!("../sql/jobs_prune.sql"),
    include_str!("../sql/idempotency_prune.sql"),
];

pub(crate) fn start(boot: &Boot, database: &Database) {
    let (database, soft) = (database.clone(), boot.lifecycle.soft().clone());
    boot.spawn("database upkeep", async move {
        let mut round = 0_u32;
        while soft
            .run_until_cancelled(tokio::time::sleep(SHRINK_EVERY))
            .await
            .is_some()
        {
            database.shrink();
            round = round.wrapping_add(1);
            if round % PRUNE_EVERY == 1
                && let Err(error) = database.prune().await
            {
                tracing::warn!(%error, "could not prune");
            }
        }
    });
}

impl Database {
    /// Deletes sent events, consumed event ids, finished jobs and kept answers that are beyond their time. Runs by itself.
    pub async fn prune(&self) -> Result<u64, Error> {
        let client = self.client().await?;
        let mut pruned = 0;
        for sql in PRUNINGS {
            loop {
                let deleted = client.execute(sql, &[&BATCH]).await?;
                pruned += deleted;
                if deleted < BATCH.unsigned_abs() {
                    break;
                }
            }
        }
        Ok(pruned)
    }
}
