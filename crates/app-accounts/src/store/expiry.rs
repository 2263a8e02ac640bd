//! Tables `life_cycles`, `expiry_reminders` and `extension_links`: ends by kind, and reminders of ends.

use jiff::Timestamp;
use jiff::civil::Date;
use platform::Role;
use platform_pg::{Error, GenericClient, Row};
use uuid::Uuid;

use super::membership::Part;
use crate::domain::expiry::{Due, Reminder, Terms};
use crate::domain::person::PersonId;
use crate::domain::token::Token;

/// Kinds whose accounts can have an end by a setting.
const KINDS: [Role; 2] = [Role::Guest, Role::User];

/// Notes who expired, who came back and who went into the trash since it was last noted.
pub async fn expiry_mark(
    client: &impl GenericClient,
    at: Timestamp,
    today: Date,
) -> Result<(), Error> {
    let back = include_str!("../../sql/expiry/mark_back.sql");
    client.execute(back, &[&today]).await?;
    let trashed = include_str!("../../sql/expiry/mark_trashed.sql");
    client.execute(trashed, &[&at]).await?;
    let expired = include_str!("../../sql/expiry/mark_expired.sql");
    client.execute(expired, &[&at]).await?;
    Ok(())
}

/// Brings the ends by kind into line with the settings. Nobody's end comes closer than 30 days by it.
pub async fn expiry_set_ends(
    client: &impl GenericClient,
    terms: &Terms,
    today: Date,
) -> Result<(), Error> {
    let ending: Vec<&str> = KINDS
        .into_iter()
        .filter(|kind| terms.days(*kind).is_some())
        .map(Role::as_str)
        .collect();
    let clear = include_str!("../../sql/expiry/clear_ends.sql");
    client.execute(clear, &[&ending]).await?;
    for kind in KINDS {
        if let Some(days) = terms.days(kind) {
            let sql = include_str!("../../sql/expiry/set_ends.sql");
            let days = i32::from(days);
            client
                .execute(sql, &[&kind.as_str(), &days, &today])
                .await?;
        }
    }
    Ok(())
}

/// Those after `after` in the order of ids who have access although their last day was before `today`.
pub async fn expiry_past_end(
    client: &impl GenericClient,
    today: Date,
    after: Uuid,
    limit: i64,
) -> Result<Vec<PersonId>, Error> {
    let sql = include_str!("../../sql/expiry/past_end.sql");
    ids(&client.query(sql, &[&today, &after, &limit]).await?)
}

/// Those after `after` in the order of ids who expired at `since` or before.
pub async fn expiry_past_grace(
    client: &impl GenericClient,
    since: Timestamp,
    after: Uuid,
    limit: i64,
) -> Result<Vec<PersonId>, Error> {
    let sql = include_str!("../../sql/expiry/past_grace.sql");
    ids(&client.query(sql, &[&since, &after, &limit]).await?)
}

/// Those after `after` in the order of ids of whom a reminder is due.
pub async fn expiry_to_remind(
    client: &impl GenericClient,
    today: Date,
    after: Uuid,
    limit: i64,
) -> Result<Vec<PersonId>, Error> {
    let sql = include_str!("../../sql/expiry/to_remind.sql");
    ids(&client.query(sql, &[&today, &after, &limit]).await?)
}

/// The last day of somebody by their kind.
pub async fn expiry_of_kind(
    client: &impl GenericClient,
    id: PersonId,
) -> Result<Option<Date>, Error> {
    let sql = include_str!("../../sql/expiry/end_of_kind.sql");
    let row = client.query_opt(sql, &[&id.0]).await?;
    row.map_or(Ok(None), |row| row.try_get("ends_on").map_err(Error::from))
}

/// Notes that somebody expired.
pub async fn expiry_put(
    client: &impl GenericClient,
    id: PersonId,
    at: Timestamp,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/expiry/put_expired.sql");
    client.execute(sql, &[&id.0, &at]).await?;
    Ok(())
}

/// Whose account ends until `until`, soonest first, at most `limit`.
pub async fn expiry_due(
    client: &impl GenericClient,
    until: Date,
    limit: i64,
) -> Result<Part<Due>, Error> {
    let sql = include_str!("../../sql/expiry/due.sql");
    let rows = client.query(sql, &[&until, &limit]).await?;
    let total = rows.first().map_or(Ok(0), |row| row.try_get("total"))?;
    let rows = rows.iter().map(due).collect::<Result<_, Error>>()?;
    Ok(Part { rows, total })
}

/// Keeps a reminder. `false`: they were reminded of that end so close to it before.
pub async fn reminder_insert(
    client: &impl GenericClient,
    reminder: &Reminder,
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/expiry/reminder_insert.sql");
    let extender = reminder.extender.map(|id| id.0);
    let made = client
        .execute(
            sql,
            &[
                &reminder.id,
                &reminder.person.0,
                &reminder.ends_on,
                &reminder.days,
                &extender,
                &at,
            ],
        )
        .await?;
    Ok(made == 1)
}

/// One reminder.
pub async fn reminder_find(
    client: &impl GenericClient,
    id: Uuid,
) -> Result<Option<Reminder>, Error> {
    let sql = include_str!("../../sql/expiry/reminder_find.sql");
    let row = client.query_opt(sql, &[&id]).await?;
    row.as_ref().map(reminder).transpose()
}

/// The reminder a link came with.
pub async fn reminder_by_link(
    client: &impl GenericClient,
    token: &Token,
) -> Result<Option<Reminder>, Error> {
    let sql = include_str!("../../sql/expiry/reminder_by_link.sql");
    let row = client.query_opt(sql, &[&token.hash()]).await?;
    row.as_ref().map(reminder).transpose()
}

/// As [`reminder_by_link`], and keeps others from using the link until the transaction ends.
pub async fn reminder_lock_by_link(
    client: &impl GenericClient,
    token: &Token,
) -> Result<Option<Reminder>, Error> {
    let sql = include_str!("../../sql/expiry/reminder_lock_by_link.sql");
    let row = client.query_opt(sql, &[&token.hash()]).await?;
    row.as_ref().map(reminder).transpose()
}

/// Adds a link to a reminder.
pub async fn reminder_add_link(
    client: &impl GenericClient,
    id: Uuid,
    token: &Token,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/expiry/link_insert.sql");
    client.execute(sql, &[&token.hash(), &id]).await?;
    Ok(())
}

/// Its links work no more.
pub async fn reminder_use(
    client: &impl GenericClient,
    id: Uuid,
    at: Timestamp,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/expiry/reminder_use.sql");
    client.execute(sql, &[&id, &at]).await?;
    Ok(())
}

/// Forgets reminders of ends before that day.
pub async fn reminder_purge(client: &impl GenericClient, before: Date) -> Result<(), Error> {
    let sql = include_str!("../../sql/expiry/reminder_purge.sql");
    client.execute(sql, &[&before]).await?;
    Ok(())
}

fn ids(rows: &[Row]) -> Result<Vec<PersonId>, Error> {
    rows.iter()
        .map(|row| Ok(PersonId(row.try_get("id")?)))
        .collect()
}

fn due(row: &Row) -> Result<Due, Error> {
    let role: &str = row.try_get("role")?;
    Ok(Due {
        person: PersonId(row.try_get("id")?),
        display_name: row.try_get("display_name")?,
        role: role
            .parse()
            .map_err(|_| Error::Decode("people.role".to_owned()))?,
        ends_on: row.try_get("ends_on")?,
        is_own: row.try_get("is_own")?,
        reminded_at: row.try_get("reminded_at")?,
    })
}

fn reminder(row: &Row) -> Result<Reminder, Error> {
    let extender: Option<Uuid> = row.try_get("extender_id")?;
    let used_at: Option<Timestamp> = row.try_get("used_at")?;
    Ok(Reminder {
        id: row.try_get("id")?,
        person: PersonId(row.try_get("person_id")?),
        ends_on: row.try_get("ends_on")?,
        days: row.try_get("days")?,
        extender: extender.map(PersonId),
        is_used: used_at.is_some(),
    })
}
