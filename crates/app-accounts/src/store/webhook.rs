//! Tables `webhooks` and `webhook_deliveries`: who is told of movements, and what became of it.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};
use uuid::Uuid;

use crate::domain::webhook::{Delivery, Event, EventKind, Off, Webhook, WebhookId, Wish};

/// All webhooks, by name.
pub async fn webhook_list(client: &impl GenericClient) -> Result<Vec<Webhook>, Error> {
    let sql = include_str!("../../sql/webhooks/list.sql");
    let rows = client.query(sql, &[]).await?;
    rows.iter().map(webhook).collect()
}

/// One webhook.
pub async fn webhook_find(
    client: &impl GenericClient,
    id: WebhookId,
) -> Result<Option<Webhook>, Error> {
    let sql = include_str!("../../sql/webhooks/find.sql");
    let row = client.query_opt(sql, &[&id.0]).await?;
    row.as_ref().map(webhook).transpose()
}

/// One webhook, which nobody else changes until the transaction ends.
pub async fn webhook_lock(
    client: &impl GenericClient,
    id: WebhookId,
) -> Result<Option<Webhook>, Error> {
    let sql = include_str!("../../sql/webhooks/lock.sql");
    let row = client.query_opt(sql, &[&id.0]).await?;
    row.as_ref().map(webhook).transpose()
}

/// Adds a webhook. `false`: one of this id is there.
///
/// # Errors
/// Violates `webhooks_name_unique` when another has its name.
pub async fn webhook_insert(
    client: &impl GenericClient,
    (id, wish): (WebhookId, &Wish),
    sealed: &[u8],
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/webhooks/insert.sql");
    let (name, url, events) = (wish.name.as_str(), wish.url.as_str(), words(wish));
    let made = client
        .execute(sql, &[&id.0, &name, &url, &events, &sealed, &at])
        .await?;
    Ok(made > 0)
}

/// Changes a webhook, unless somebody did since `version`.
///
/// # Errors
/// Violates `webhooks_name_unique` when another has its name.
pub async fn webhook_update(
    client: &impl GenericClient,
    (id, version): (WebhookId, i64),
    wish: &Wish,
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/webhooks/update.sql");
    let (name, url, events) = (wish.name.as_str(), wish.url.as_str(), words(wish));
    let changed = client
        .execute(sql, &[&id.0, &name, &url, &events, &at, &version])
        .await?;
    Ok(changed > 0)
}

/// Deletes a webhook and what was sent to it.
pub async fn webhook_delete(client: &impl GenericClient, id: WebhookId) -> Result<(), Error> {
    let sql = include_str!("../../sql/webhooks/delete.sql");
    client.execute(sql, &[&id.0]).await?;
    Ok(())
}

/// What signs for a webhook at a moment, sealed: the present secret first.
pub async fn webhook_secrets(
    client: &impl GenericClient,
    id: WebhookId,
    at: Timestamp,
) -> Result<Vec<Vec<u8>>, Error> {
    let sql = include_str!("../../sql/webhooks/secrets.sql");
    let Some(row) = client.query_opt(sql, &[&id.0, &at]).await? else {
        return Ok(Vec::new());
    };
    let former: Option<Vec<u8>> = row.try_get("former_secret")?;
    let present: Vec<u8> = row.try_get("secret")?;
    Ok(std::iter::once(present).chain(former).collect())
}

/// Gives a webhook another secret; the one before goes on signing until that moment.
pub async fn webhook_roll_secret(
    client: &impl GenericClient,
    id: WebhookId,
    sealed: &[u8],
    former_until: Timestamp,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/webhooks/roll_secret.sql");
    client
        .execute(sql, &[&id.0, &sealed, &former_until])
        .await?;
    Ok(())
}

/// Switches a webhook off, or on. `false`: it was so before.
pub async fn webhook_set_off(
    client: &impl GenericClient,
    id: WebhookId,
    off: Option<Off>,
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/webhooks/set_off.sql");
    let changed = client.execute(sql, &[&id.0, &off.map(Off::as_str)]).await?;
    Ok(changed > 0)
}

/// Notes that something arrived there, or that it did not.
pub async fn webhook_heard(
    client: &impl GenericClient,
    id: WebhookId,
    (at, arrived): (Timestamp, bool),
) -> Result<(), Error> {
    let sql = if arrived {
        include_str!("../../sql/webhooks/arrived.sql")
    } else {
        include_str!("../../sql/webhooks/missed.sql")
    };
    client.execute(sql, &[&id.0, &at]).await?;
    Ok(())
}

/// Adds deliveries that are due at once.
pub async fn deliveries_insert(
    client: &impl GenericClient,
    new: &[(Uuid, WebhookId, &Event)],
    at: Timestamp,
) -> Result<(), Error> {
    let ids: Vec<Uuid> = new.iter().map(|(id, _, _)| *id).collect();
    let webhooks: Vec<Uuid> = new.iter().map(|(_, webhook, _)| webhook.0).collect();
    let kinds: Vec<&str> = new
        .iter()
        .map(|(_, _, event)| event.kind.as_str())
        .collect();
    let bodies: Vec<&str> = new
        .iter()
        .map(|(_, _, event)| event.body.as_str())
        .collect();
    let sql = include_str!("../../sql/webhooks/deliveries_insert.sql");
    client
        .execute(sql, &[&ids, &webhooks, &kinds, &bodies, &at])
        .await?;
    Ok(())
}

/// The newest deliveries to a webhook, at most `limit`.
pub async fn delivery_list(
    client: &impl GenericClient,
    id: WebhookId,
    limit: i64,
) -> Result<Vec<Delivery>, Error> {
    let sql = include_str!("../../sql/webhooks/delivery_list.sql");
    let rows = client.query(sql, &[&id.0, &limit]).await?;
    rows.iter().map(delivery).collect()
}

/// One delivery.
pub async fn delivery_find(
    client: &impl GenericClient,
    id: Uuid,
) -> Result<Option<Delivery>, Error> {
    let sql = include_str!("../../sql/webhooks/delivery_find.sql");
    let row = client.query_opt(sql, &[&id]).await?;
    row.as_ref().map(delivery).transpose()
}

/// One delivery, which nobody else changes until the transaction ends.
pub async fn delivery_lock(
    client: &impl GenericClient,
    id: Uuid,
) -> Result<Option<Delivery>, Error> {
    let sql = include_str!("../../sql/webhooks/delivery_lock.sql");
    let row = client.query_opt(sql, &[&id]).await?;
    row.as_ref().map(delivery).transpose()
}

/// Keeps what became of a delivery.
pub async fn delivery_note(client: &impl GenericClient, noted: &Delivery) -> Result<(), Error> {
    let sql = include_str!("../../sql/webhooks/delivery_note.sql");
    client
        .execute(
            sql,
            &[
                &noted.id,
                &noted.state.as_str(),
                &noted.turn,
                &noted.attempts,
                &noted.status,
                &noted.fault,
                &noted.attempted_at,
                &noted.next_at,
            ],
        )
        .await?;
    Ok(())
}

/// Forgets deliveries of events before `since`.
pub async fn delivery_purge(client: &impl GenericClient, since: Timestamp) -> Result<(), Error> {
    let sql = include_str!("../../sql/webhooks/delivery_purge.sql");
    client.execute(sql, &[&since]).await?;
    Ok(())
}

fn words(wish: &Wish) -> Vec<&'static str> {
    wish.events.iter().copied().map(EventKind::as_str).collect()
}

fn webhook(row: &Row) -> Result<Webhook, Error> {
    let events: Vec<String> = row.try_get("events")?;
    let off: Option<&str> = row.try_get("off_reason")?;
    let wrong = |column: &str| Error::Decode(format!("webhooks.{column}"));
    Ok(Webhook {
        id: WebhookId(row.try_get("id")?),
        name: row.try_get("name")?,
        url: row.try_get("url")?,
        // One of a later version is none that this one tells.
        events: events.iter().filter_map(|word| word.parse().ok()).collect(),
        off: off
            .map(str::parse)
            .transpose()
            .map_err(|_| wrong("off_reason"))?,
        failing_since: row.try_get("failing_since")?,
        delivered_at: row.try_get("delivered_at")?,
        version: row.try_get("version")?,
        created_at: row.try_get("created_at")?,
    })
}

fn delivery(row: &Row) -> Result<Delivery, Error> {
    let state: &str = row.try_get("state")?;
    Ok(Delivery {
        id: row.try_get("id")?,
        webhook: WebhookId(row.try_get("webhook_id")?),
        event: row.try_get("event")?,
        body: row.try_get("body")?,
        state: state
            .parse()
            .map_err(|_| Error::Decode("webhook_deliveries.state".to_owned()))?,
        turn: row.try_get("turn")?,
        attempts: row.try_get("attempts")?,
        status: row.try_get("status")?,
        fault: row.try_get("fault")?,
        created_at: row.try_get("created_at")?,
        attempted_at: row.try_get("attempted_at")?,
        next_at: row.try_get("next_at")?,
    })
}
