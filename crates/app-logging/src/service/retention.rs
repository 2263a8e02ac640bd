//! How long logs and traces are kept.

use platform::Clock;
use platform_pg::Database;

use crate::domain::day::Day;
use crate::error::Error;
use crate::store::partition::{partition_create, partition_drop_before};

/// Days kept unless the operator says otherwise.
pub const DEFAULT_DAYS: i64 = 14;

/// Makes room ahead and drops what is old.
#[derive(Clone, Debug)]
pub struct Retention {
    db: Database,
    clock: Clock,
}

impl Retention {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Makes the partitions that records may arrive for: from yesterday to the day after tomorrow.
    pub async fn make_room(&self) -> Result<(), Error> {
        let today = Day::of(self.clock.now());
        let client = self.db.client().await?;
        for offset in -1..=2 {
            partition_create(&client, today.plus(offset)).await?;
        }
        Ok(())
    }

    /// Drops whole days, keeping the last `days`. Returns how many partitions went.
    pub async fn drop_old(&self, days: i64) -> Result<usize, Error> {
        let days = i32::try_from(days.clamp(1, 3_650)).unwrap_or(i32::MAX);
        let oldest = Day::of(self.clock.now()).plus(-days);
        let client = self.db.client().await?;
        Ok(partition_drop_before(&client, oldest).await?)
    }
}
