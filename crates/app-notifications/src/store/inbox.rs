//! Table `inbox`.

use jiff::Timestamp;
use platform::Label;
use platform_pg::{Error, GenericClient, Row};
use uuid::Uuid;

use crate::domain::notification::{Count, Item, Notification};

/// Puts a notification into the inboxes of its recipients. Returns those who did not have it yet.
pub async fn inbox_deliver(
    client: &impl GenericClient,
    sender: &str,
    notification: &Notification,
    at: Timestamp,
) -> Result<Vec<Uuid>, Error> {
    let ids: Vec<Uuid> = notification
        .recipients
        .iter()
        .map(|_| Uuid::now_v7())
        .collect();
    let path = notification
        .path
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    let rows = client
        .query(
            include_str!("../../sql/deliver.sql"),
            &[
                &ids,
                &notification.recipients,
                &sender,
                &notification.idempotency_key,
                &notification.kind,
                &notification.title.en,
                &notification.title.de,
                &notification.body.en,
                &notification.body.de,
                &path,
                &at,
            ],
        )
        .await?;
    rows.iter()
        .map(|row| Ok(row.try_get("person_id")?))
        .collect()
}

/// Lists what a person has, newest first, `limit` of it from `offset` on.
pub async fn inbox_list(
    client: &impl GenericClient,
    person: Uuid,
    only_unread: bool,
    limit: i64,
    offset: i64,
) -> Result<Vec<Item>, Error> {
    let rows = client
        .query(
            include_str!("../../sql/list.sql"),
            &[&person, &only_unread, &limit, &offset],
        )
        .await?;
    rows.iter().map(item).collect()
}

/// Counts what a person has.
pub async fn inbox_count(client: &impl GenericClient, person: Uuid) -> Result<Count, Error> {
    let row = client
        .query_one(include_str!("../../sql/count.sql"), &[&person])
        .await?;
    Ok(Count {
        all: row.try_get("all_items")?,
        unread: row.try_get("unread")?,
    })
}

/// Marks one as read, or as unread again. Returns where it leads; `None`: this person has no such notification.
pub async fn inbox_mark_read(
    client: &impl GenericClient,
    person: Uuid,
    id: Uuid,
    read_at: Option<Timestamp>,
) -> Result<Option<String>, Error> {
    let row = client
        .query_opt(
            include_str!("../../sql/mark_read.sql"),
            &[&person, &id, &read_at],
        )
        .await?;
    Ok(row.map(|row| row.try_get("path")).transpose()?)
}

/// Marks everything a person has as read. Returns how much that was.
pub async fn inbox_mark_all_read(
    client: &impl GenericClient,
    person: Uuid,
    at: Timestamp,
) -> Result<u64, Error> {
    client
        .execute(include_str!("../../sql/mark_all_read.sql"), &[&person, &at])
        .await
}

/// Sets one aside, or brings it back. `false`: this person has no such notification.
pub async fn inbox_set_dismissed(
    client: &impl GenericClient,
    person: Uuid,
    id: Uuid,
    dismissed_at: Option<Timestamp>,
) -> Result<bool, Error> {
    let changed = client
        .execute(
            include_str!("../../sql/set_dismissed.sql"),
            &[&person, &id, &dismissed_at],
        )
        .await?;
    Ok(changed == 1)
}

/// Deletes what was set aside before `dismissed_before`, and everything from before `created_before`.
pub async fn inbox_purge(
    client: &impl GenericClient,
    dismissed_before: Timestamp,
    created_before: Timestamp,
) -> Result<u64, Error> {
    client
        .execute(
            include_str!("../../sql/purge.sql"),
            &[&dismissed_before, &created_before],
        )
        .await
}

fn item(row: &Row) -> Result<Item, Error> {
    let label = |en: &str, de: &str| -> Result<Label, Error> {
        Ok(Label::new(
            row.try_get::<_, String>(en)?,
            row.try_get::<_, String>(de)?,
        ))
    };
    Ok(Item {
        id: row.try_get("id")?,
        sender: row.try_get("sender")?,
        kind: row.try_get("kind")?,
        title: label("title_en", "title_de")?,
        body: label("body_en", "body_de")?,
        path: row.try_get("path")?,
        created_at: row.try_get("created_at")?,
        read_at: row.try_get("read_at")?,
    })
}
