//! Budgets of tries.

use jiff::Timestamp;
use platform_pg::{GenericClient, InTransaction};
use tokio_postgres::Row;

use super::Result;
use crate::domain::guessing::Budget;

/// A network that may not try anything for a while.
#[derive(Debug, Clone)]
pub(crate) struct BlockedNetwork {
    /// In CIDR form.
    pub(crate) network: String,
    /// Blocks so far.
    pub(crate) strikes: i32,
    /// Until when.
    pub(crate) blocked_until: Timestamp,
}

/// The budget, made if there is none, and kept until the transaction ends.
pub(crate) async fn guess_hold(
    tx: &impl InTransaction,
    (kind, key): (&str, &[u8]),
    label: &str,
    now: Timestamp,
) -> Result<Budget> {
    let row = tx
        .query_one(
            include_str!("../../sql/guess_hold.sql"),
            &[&kind, &key, &label, &now],
        )
        .await?;
    budget(&row)
}

/// Stores a budget held before.
pub(crate) async fn guess_put(
    tx: &impl InTransaction,
    (kind, key): (&str, &[u8]),
    budget: &Budget,
) -> Result<()> {
    tx.execute(
        include_str!("../../sql/guess_put.sql"),
        &[
            &kind,
            &key,
            &budget.window_started_at,
            &i32::try_from(budget.spent).unwrap_or(i32::MAX),
            &i32::try_from(budget.strikes).unwrap_or(i32::MAX),
            &budget.blocked_until,
        ],
    )
    .await?;
    Ok(())
}

/// The budget as it is.
pub(crate) async fn guess_peek(
    client: &impl GenericClient,
    (kind, key): (&str, &[u8]),
) -> Result<Option<Budget>> {
    let row = client
        .query_opt(include_str!("../../sql/guess_peek.sql"), &[&kind, &key])
        .await?;
    row.as_ref().map(budget).transpose()
}

/// Networks that are blocked at `now`, at most 200.
pub(crate) async fn guess_blocked_networks(
    client: &impl GenericClient,
    now: Timestamp,
) -> Result<Vec<BlockedNetwork>> {
    let rows = client
        .query(
            include_str!("../../sql/guess_blocked_networks.sql"),
            &[&now],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(BlockedNetwork {
                network: row.try_get("label")?,
                strikes: row.try_get("strikes")?,
                blocked_until: row.try_get("blocked_until")?,
            })
        })
        .collect()
}

/// Forgets budgets of a kind by their label; returns how many.
pub(crate) async fn guess_forget(
    client: &impl GenericClient,
    (kind, label): (&str, &str),
) -> Result<u64> {
    client
        .execute(include_str!("../../sql/guess_forget.sql"), &[&kind, &label])
        .await
}

/// Forgets one budget.
pub(crate) async fn guess_forget_key(
    client: &impl GenericClient,
    (kind, key): (&str, &[u8]),
) -> Result<u64> {
    client
        .execute(
            include_str!("../../sql/guess_forget_key.sql"),
            &[&kind, &key],
        )
        .await
}

/// Removes budgets that were not touched since `before`.
pub(crate) async fn guess_purge(client: &impl GenericClient, before: Timestamp) -> Result<u64> {
    client
        .execute(include_str!("../../sql/guess_purge.sql"), &[&before])
        .await
}

fn budget(row: &Row) -> Result<Budget> {
    let number = |column: &str| -> Result<u32> {
        Ok(u32::try_from(row.try_get::<_, i32>(column)?).unwrap_or(u32::MAX))
    };
    Ok(Budget {
        window_started_at: row.try_get("window_started_at")?,
        spent: number("spent")?,
        strikes: number("strikes")?,
        blocked_until: row.try_get("blocked_until")?,
    })
}
