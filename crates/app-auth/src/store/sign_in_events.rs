//! Attempts to sign in.

use jiff::Timestamp;
use platform_pg::{GenericClient, InTransaction};
use tokio_postgres::Row;
use uuid::Uuid;

use super::Result;
use crate::domain::subject::UserId;

/// An attempt about to be written down.
#[derive(Debug)]
pub(crate) struct NewEvent<'a> {
    /// Whom it concerned, if anybody.
    pub(crate) user_id: Option<UserId>,
    /// The session that began.
    pub(crate) session_id: Option<Uuid>,
    /// `success`, `refused` or `limited`.
    pub(crate) outcome: &'a str,
    /// Why, as in the audit trail.
    pub(crate) reason: &'a str,
    /// "Firefox on Linux" or empty.
    pub(crate) device: &'a str,
    /// Whether the browser showed a device cookie.
    pub(crate) known_device: bool,
    /// Network address or empty.
    pub(crate) address: &'a str,
    /// The unit in which attempts are counted.
    pub(crate) network: &'a str,
    /// Id of the request.
    pub(crate) request_id: &'a str,
    /// When.
    pub(crate) at: Timestamp,
}

/// An attempt.
#[derive(Debug, Clone)]
pub(crate) struct SignInEvent {
    /// Names it.
    pub(crate) event_id: Uuid,
    /// Whom it concerned.
    pub(crate) user_id: Option<UserId>,
    /// Name of that person to show.
    pub(crate) display_name: String,
    /// `success`, `refused` or `limited`.
    pub(crate) outcome: String,
    /// Why.
    pub(crate) reason: String,
    /// "Firefox on Linux" or empty.
    pub(crate) device: String,
    /// Whether the browser showed a device cookie.
    pub(crate) known_device: bool,
    /// Network address or empty.
    pub(crate) address: String,
    /// The unit in which attempts are counted.
    pub(crate) network: String,
    /// Id of the request.
    pub(crate) request_id: String,
    /// When.
    pub(crate) at: Timestamp,
}

/// Writes an attempt down.
pub(crate) async fn sign_in_event_insert(
    tx: &impl InTransaction,
    event: &NewEvent<'_>,
) -> Result<()> {
    tx.execute(
        include_str!("../../sql/sign_in_event_insert.sql"),
        &[
            &Uuid::now_v7(),
            &event.user_id,
            &event.session_id,
            &event.outcome,
            &event.reason,
            &event.device,
            &event.known_device,
            &event.address,
            &event.network,
            &event.request_id,
            &event.at,
        ],
    )
    .await?;
    Ok(())
}

/// Attempts, newest first; of one person or one event when named.
pub(crate) async fn sign_in_event_list(
    client: &impl GenericClient,
    (user, event): (Option<UserId>, Option<Uuid>),
    limit: i64,
) -> Result<Vec<SignInEvent>> {
    let rows = client
        .query(
            include_str!("../../sql/sign_in_event_list.sql"),
            &[&user, &event, &limit],
        )
        .await?;
    rows.iter().map(event_of).collect()
}

/// How often a person was refused since they last got in, not counting what was before `since`.
pub(crate) async fn sign_in_event_refused_lately(
    client: &impl GenericClient,
    who: UserId,
    since: Timestamp,
) -> Result<i64> {
    let row = client
        .query_one(
            include_str!("../../sql/sign_in_event_refused_lately.sql"),
            &[&who, &since],
        )
        .await?;
    Ok(row.try_get("refused")?)
}

/// Removes attempts before `before`.
pub(crate) async fn sign_in_event_purge(
    client: &impl GenericClient,
    before: Timestamp,
) -> Result<u64> {
    client
        .execute(
            include_str!("../../sql/sign_in_event_purge.sql"),
            &[&before],
        )
        .await
}

fn event_of(row: &Row) -> Result<SignInEvent> {
    let text = |column: &str| -> Result<String> {
        Ok(row
            .try_get::<_, Option<String>>(column)?
            .unwrap_or_default())
    };
    Ok(SignInEvent {
        event_id: row.try_get("event_id")?,
        user_id: row.try_get("user_id")?,
        display_name: text("display_name")?,
        outcome: text("outcome")?,
        reason: text("reason")?,
        device: text("device")?,
        known_device: row.try_get("known_device")?,
        address: text("address")?,
        network: text("network")?,
        request_id: text("request_id")?,
        at: row.try_get("at")?,
    })
}
