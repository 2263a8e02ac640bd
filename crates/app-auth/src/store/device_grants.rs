//! Programs without a browser that wait for a person to let them act.

use jiff::Timestamp;
use platform_pg::{GenericClient, InTransaction};
use tokio_postgres::Row;

use super::Result;
use crate::domain::device_grant::{Asked, Pace};
use crate::domain::reach::Reach;
use crate::domain::subject::UserId;
use crate::domain::token::TokenHash;

/// Who asks, and what for.
#[derive(Debug)]
pub(crate) struct NewGrant<'a> {
    /// What recognises the program.
    pub(crate) device: &'a TokenHash,
    /// What recognises the code that a person types.
    pub(crate) user_hash: &'a [u8],
    /// What it asks for.
    pub(crate) asked: &'a Asked,
    /// Address it asks from, or empty, and its network.
    pub(crate) from: (&'a str, &'a str),
    /// From when to when it may be decided.
    pub(crate) life: (Timestamp, Timestamp),
    /// Seconds between two looks.
    pub(crate) interval: i16,
}

/// A stored request.
#[derive(Debug, Clone)]
pub(crate) struct DeviceGrant {
    /// What recognises the program.
    pub(crate) device: TokenHash,
    /// What it asks for.
    pub(crate) asked: Asked,
    /// Address it asks from, or empty.
    pub(crate) address: String,
    /// The network of that address.
    pub(crate) network: String,
    /// Since when.
    pub(crate) created_at: Timestamp,
    /// Until when it may be decided and used.
    pub(crate) expires_at: Timestamp,
    /// How often the program looks.
    pub(crate) pace: Pace,
    /// Who decided, and how.
    pub(crate) decision: Option<(UserId, bool)>,
    /// When its key was made.
    pub(crate) used_at: Option<Timestamp>,
}

/// Stores a request; false when as many wait as may, from its network or in all.
pub(crate) async fn device_grant_insert(
    client: &impl GenericClient,
    grant: &NewGrant<'_>,
    (most_of_network, most): (i64, i64),
) -> Result<bool> {
    let asked = grant.asked;
    let inserted = client
        .execute(
            include_str!("../../sql/device_grant_insert.sql"),
            &[
                grant.device,
                &grant.user_hash,
                &asked.host,
                &asked.name,
                &asked.reach.scopes(),
                &asked.reach.app(),
                &asked.reach.resource(),
                &asked.reach.networks(),
                &i16::try_from(asked.days).unwrap_or(i16::MAX),
                &grant.from.0,
                &grant.from.1,
                &grant.life.0,
                &grant.life.1,
                &grant.interval,
                &most_of_network,
                &most,
            ],
        )
        .await?;
    Ok(inserted == 1)
}

/// The one behind a typed code, if it waits for a decision; held until the transaction ends.
pub(crate) async fn device_grant_find_waiting(
    tx: &impl InTransaction,
    user_hash: &[u8],
    now: Timestamp,
) -> Result<Option<DeviceGrant>> {
    let row = tx
        .query_opt(
            include_str!("../../sql/device_grant_find_waiting.sql"),
            &[&user_hash, &now],
        )
        .await?;
    row.as_ref().map(grant_of).transpose()
}

/// The one of a program; held until the transaction ends.
pub(crate) async fn device_grant_hold(
    tx: &impl InTransaction,
    device: &TokenHash,
) -> Result<Option<DeviceGrant>> {
    let row = tx
        .query_opt(include_str!("../../sql/device_grant_hold.sql"), &[device])
        .await?;
    row.as_ref().map(grant_of).transpose()
}

/// Writes a decision down.
pub(crate) async fn device_grant_decide(
    tx: &impl InTransaction,
    device: &TokenHash,
    (who, approved): (UserId, bool),
) -> Result<()> {
    tx.execute(
        include_str!("../../sql/device_grant_decide.sql"),
        &[device, &who, &approved],
    )
    .await?;
    Ok(())
}

/// Writes down how often the program looks.
pub(crate) async fn device_grant_poll(
    tx: &impl InTransaction,
    device: &TokenHash,
    pace: Pace,
) -> Result<()> {
    tx.execute(
        include_str!("../../sql/device_grant_poll.sql"),
        &[device, &pace.last, &pace.interval],
    )
    .await?;
    Ok(())
}

/// Uses one up that was approved; false when it was used before.
pub(crate) async fn device_grant_use(
    tx: &impl InTransaction,
    device: &TokenHash,
    now: Timestamp,
) -> Result<bool> {
    let used = tx
        .execute(
            include_str!("../../sql/device_grant_use.sql"),
            &[device, &now],
        )
        .await?;
    Ok(used == 1)
}

/// Removes what expired before `before`.
pub(crate) async fn device_grant_purge(
    client: &impl GenericClient,
    before: Timestamp,
) -> Result<u64> {
    client
        .execute(include_str!("../../sql/device_grant_purge.sql"), &[&before])
        .await
}

fn grant_of(row: &Row) -> Result<DeviceGrant> {
    let who: Option<UserId> = row.try_get("user_id")?;
    let approved: Option<bool> = row.try_get("approved")?;
    Ok(DeviceGrant {
        device: row.try_get("device_hash")?,
        asked: Asked {
            host: row.try_get("host")?,
            name: row.try_get("name")?,
            reach: Reach::stored(
                (row.try_get("scopes")?, row.try_get("networks")?),
                (row.try_get("app")?, row.try_get("resource")?),
            ),
            days: u16::try_from(row.try_get::<_, i16>("days")?).unwrap_or(1),
        },
        address: row.try_get("address")?,
        network: row.try_get("network")?,
        created_at: row.try_get("created_at")?,
        expires_at: row.try_get("expires_at")?,
        pace: Pace {
            interval: row.try_get("interval_seconds")?,
            last: row.try_get("polled_at")?,
        },
        decision: who.zip(approved),
        used_at: row.try_get("used_at")?,
    })
}
