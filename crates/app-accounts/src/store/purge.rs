//! Tables `purges` and `purge_confirmations`, and what a purge takes from the others.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient};

use super::reporting::reports_leave;
use crate::domain::person::PersonId;

/// Somebody who is gone for good.
#[derive(Debug)]
pub struct Purge {
    /// Who it was.
    pub person: PersonId,
    /// Since when.
    pub at: Timestamp,
    /// Services that keep nothing of them any more.
    pub confirmed: Vec<String>,
}

impl Purge {
    /// Whether a service keeps nothing of the person any more.
    pub fn is_confirmed_by(&self, service: &str) -> bool {
        self.confirmed.iter().any(|confirmed| confirmed == service)
    }
}

/// People who are in the trash since before `since`, at most `limit`.
pub async fn person_past_trash(
    client: &impl GenericClient,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<PersonId>, Error> {
    let rows = client
        .query(
            include_str!("../../sql/people/past_trash.sql"),
            &[&since, &limit],
        )
        .await?;
    rows.iter()
        .map(|row| Ok(PersonId(row.try_get("id")?)))
        .collect()
}

/// Deletes a person with their picture and memberships, and their name wherever the audit trail has it.
/// Those who reported to them have no manager from then on: these it returns.
pub async fn person_forget(
    client: &impl GenericClient,
    id: PersonId,
    at: Timestamp,
) -> Result<Vec<PersonId>, Error> {
    let reported = reports_leave(client, id, at).await?;
    client
        .execute(include_str!("../../sql/audit/forget.sql"), &[&id.0])
        .await?;
    client
        .execute(include_str!("../../sql/people/delete.sql"), &[&id.0])
        .await?;
    Ok(reported)
}

/// Notes that somebody is gone, and that the other services are told.
pub async fn purge_insert(
    client: &impl GenericClient,
    id: PersonId,
    at: Timestamp,
) -> Result<(), Error> {
    client
        .execute(include_str!("../../sql/purges/insert.sql"), &[&id.0, &at])
        .await?;
    Ok(())
}

/// Notes that a service keeps nothing of somebody any more. Repeats, and people who were not purged, change nothing.
pub async fn purge_confirm(
    client: &impl GenericClient,
    id: PersonId,
    service: &str,
    at: Timestamp,
) -> Result<(), Error> {
    client
        .execute(
            include_str!("../../sql/purges/confirm.sql"),
            &[&id.0, &service, &at],
        )
        .await?;
    Ok(())
}

/// The newest purges, at most `limit`.
pub async fn purge_list(client: &impl GenericClient, limit: i64) -> Result<Vec<Purge>, Error> {
    let rows = client
        .query(include_str!("../../sql/purges/list.sql"), &[&limit])
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Purge {
                person: PersonId(row.try_get("person_id")?),
                at: row.try_get("purged_at")?,
                confirmed: row.try_get("services")?,
            })
        })
        .collect()
}

/// Whom not all of `services` have confirmed and were last told of before `since`; notes that they are told now.
pub async fn purge_tell_again(
    client: &impl GenericClient,
    now: Timestamp,
    since: Timestamp,
    services: i64,
) -> Result<Vec<PersonId>, Error> {
    let rows = client
        .query(
            include_str!("../../sql/purges/tell_again.sql"),
            &[&now, &since, &services],
        )
        .await?;
    rows.iter()
        .map(|row| Ok(PersonId(row.try_get("person_id")?)))
        .collect()
}
