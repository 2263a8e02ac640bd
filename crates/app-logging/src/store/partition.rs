//! Partitions of `logs` and `spans`: one a day, made ahead and dropped whole.
//!
//! Table names are not parameters in SQL. The ones here are built from the two names below and from dates,
//! never from input.

use platform_pg::{Error, GenericClient};

use crate::domain::day::Day;

const TABLES: [&str; 2] = ["logs", "spans"];

/// Makes the partitions of a day unless they are there.
pub async fn partition_create(client: &impl GenericClient, day: Day) -> Result<(), Error> {
    for table in TABLES {
        let (stamp, from, to) = (day.stamp(), day.iso(), day.plus(1).iso());
        client
            .batch_execute(&format!(
                "CREATE TABLE IF NOT EXISTS {table}_{stamp} PARTITION OF {table} \
                 FOR VALUES FROM ('{from} 00:00:00+00') TO ('{to} 00:00:00+00')"
            ))
            .await?;
    }
    Ok(())
}

/// Drops the partitions of all days before `oldest`. Returns how many.
pub async fn partition_drop_before(
    client: &impl GenericClient,
    oldest: Day,
) -> Result<usize, Error> {
    let mut dropped = 0;
    for table in TABLES {
        for row in client
            .query(include_str!("../../sql/list_partitions.sql"), &[&table])
            .await?
        {
            let name: String = row.try_get("name")?;
            let stamp = name.rsplit('_').next().unwrap_or_default();
            if Day::from_stamp(stamp).is_some_and(|day| day < oldest) {
                client
                    .batch_execute(&format!("DROP TABLE IF EXISTS {table}_{stamp}"))
                    .await?;
                dropped += 1;
            }
        }
    }
    Ok(dropped)
}
