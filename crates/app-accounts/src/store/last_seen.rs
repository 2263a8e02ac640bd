//! Tables `last_seen` and `last_seen_heard`: when people were last seen, and how far that is known.

use std::collections::HashMap;

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};
use uuid::Uuid;

use crate::domain::dormancy::Dormant;
use crate::domain::person::PersonId;

/// Notes when people were seen. What is known already to have been later stays.
pub async fn last_seen_put(
    client: &impl GenericClient,
    seen: &[(PersonId, Timestamp)],
) -> Result<(), Error> {
    let people: Vec<Uuid> = seen.iter().map(|(id, _)| id.0).collect();
    let moments: Vec<Timestamp> = seen.iter().map(|(_, at)| *at).collect();
    let sql = include_str!("../../sql/last_seen/put.sql");
    client.execute(sql, &[&people, &moments]).await?;
    Ok(())
}

/// When these people were last seen; who never was is left out.
pub async fn last_seen_of(
    client: &impl GenericClient,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, Timestamp>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let sql = include_str!("../../sql/last_seen/of.sql");
    let rows = client.query(sql, &[&ids]).await?;
    rows.iter()
        .map(|row| Ok((PersonId(row.try_get("person_id")?), row.try_get("seen_at")?)))
        .collect()
}

/// Up to when it is known who was seen.
pub async fn last_seen_heard(client: &impl GenericClient) -> Result<Option<Timestamp>, Error> {
    let sql = include_str!("../../sql/last_seen/heard.sql");
    let row = client.query_opt(sql, &[]).await?;
    Ok(match row {
        Some(row) => Some(row.try_get("known_at")?),
        None => None,
    })
}

/// Notes that it is known up to then.
pub async fn last_seen_hear(client: &impl GenericClient, known_at: Timestamp) -> Result<(), Error> {
    let sql = include_str!("../../sql/last_seen/hear.sql");
    client.execute(sql, &[&known_at]).await?;
    Ok(())
}

/// Active people not seen after `since`, whoever is away longest first, from a place in this order on; at most `limit`.
pub async fn dormant_list(
    client: &impl GenericClient,
    since: Timestamp,
    after: Option<(PersonId, Timestamp)>,
    limit: i64,
) -> Result<Vec<Dormant>, Error> {
    // Nobody was added before 1970.
    let (id, at) = after.unwrap_or((PersonId(Uuid::nil()), Timestamp::UNIX_EPOCH));
    let sql = include_str!("../../sql/last_seen/dormant.sql");
    let rows = client.query(sql, &[&since, &at, &id.0, &limit]).await?;
    rows.iter().map(dormant).collect()
}

/// Counts them.
pub async fn dormant_count(client: &impl GenericClient, since: Timestamp) -> Result<i64, Error> {
    let sql = include_str!("../../sql/last_seen/dormant_count.sql");
    let row = client.query_one(sql, &[&since]).await?;
    Ok(row.try_get("people")?)
}

fn dormant(row: &Row) -> Result<Dormant, Error> {
    let role: &str = row.try_get("role")?;
    Ok(Dormant {
        person: PersonId(row.try_get("id")?),
        username: row.try_get("username")?,
        display_name: row.try_get("display_name")?,
        role: role
            .parse()
            .map_err(|_| Error::Decode("people.role".to_owned()))?,
        seen_at: row.try_get("seen_at")?,
        counted_from: row.try_get("counted_from")?,
    })
}
