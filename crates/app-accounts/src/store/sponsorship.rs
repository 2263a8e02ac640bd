//! Table `sponsorships`.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};
use uuid::Uuid;

use super::membership::{Part, Span};
use crate::domain::person::PersonId;
use crate::domain::sponsorship::{Guest, Sponsor};

/// Names who answers for a guest. `false`: they did before.
///
/// # Errors
/// Violates `sponsorships_sponsor_fk` or `sponsorships_guest_fk` when one of them is gone.
pub async fn sponsor_put(
    client: &impl GenericClient,
    (guest, sponsor): (PersonId, PersonId),
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/sponsors/put.sql");
    let put = client.execute(sql, &[&guest.0, &sponsor.0, &at]).await?;
    Ok(put == 1)
}

/// Somebody who answers for a guest, both with their names.
#[derive(Debug)]
pub struct Sponsored {
    /// The guest.
    pub guest: (PersonId, String),
    /// Who answers for them.
    pub sponsor: (PersonId, String),
}

/// Puts down who answers for guests who were just added. Who is no sponsor any more is left out.
pub async fn sponsor_put_all(
    client: &impl GenericClient,
    pairs: &[(PersonId, PersonId)],
    at: Timestamp,
) -> Result<Vec<Sponsored>, Error> {
    let guests: Vec<Uuid> = pairs.iter().map(|(guest, _)| guest.0).collect();
    let sponsors: Vec<Uuid> = pairs.iter().map(|(_, sponsor)| sponsor.0).collect();
    let sql = include_str!("../../sql/sponsors/put_all.sql");
    let rows = client.query(sql, &[&guests, &sponsors, &at]).await?;
    let named = |row: &Row, id, name| -> Result<(PersonId, String), Error> {
        Ok((PersonId(row.try_get(id)?), row.try_get(name)?))
    };
    let put = |row: &Row| -> Result<Sponsored, Error> {
        Ok(Sponsored {
            guest: named(row, "guest_id", "guest_name")?,
            sponsor: named(row, "sponsor_id", "sponsor_name")?,
        })
    };
    rows.iter().map(put).collect()
}

/// Nobody answers for the guest any more. `false`: nobody did.
pub async fn sponsor_delete(client: &impl GenericClient, guest: PersonId) -> Result<bool, Error> {
    let sql = include_str!("../../sql/sponsors/delete.sql");
    Ok(client.execute(sql, &[&guest.0]).await? == 1)
}

/// Who was named to answer for a guest.
pub async fn sponsor_of(
    client: &impl GenericClient,
    guest: PersonId,
) -> Result<Option<Sponsor>, Error> {
    let sql = include_str!("../../sql/sponsors/of_guest.sql");
    let row = client.query_opt(sql, &[&guest.0]).await?;
    Ok(row.as_ref().map(sponsor).transpose()?.flatten())
}

/// The guests somebody answers for, by name, at most `limit`.
pub async fn guests_of(
    client: &impl GenericClient,
    sponsor: PersonId,
    limit: i64,
) -> Result<Vec<Guest>, Error> {
    let sql = include_str!("../../sql/sponsors/of_sponsor.sql");
    let rows = client.query(sql, &[&sponsor.0, &limit]).await?;
    rows.iter().map(|row| guest(row, None)).collect()
}

/// Guests by name: those found by `query`, only those for whom nobody answers where `without` says so.
pub async fn guest_list(
    client: &impl GenericClient,
    (query, without): (Option<&str>, bool),
    span: Span,
) -> Result<Part<Guest>, Error> {
    let sql = include_str!("../../sql/sponsors/guests.sql");
    let rows = client
        .query(sql, &[&query, &without, &span.limit, &span.offset])
        .await?;
    let total = rows.first().map_or(Ok(0), |row| row.try_get("total"))?;
    let read = |row: &Row| guest(row, sponsor(row)?);
    let rows = rows.iter().map(read).collect::<Result<_, Error>>()?;
    Ok(Part { rows, total })
}

/// How many guests nobody answers for.
pub async fn guests_without(client: &impl GenericClient) -> Result<i64, Error> {
    let sql = include_str!("../../sql/sponsors/count_without.sql");
    Ok(client.query_one(sql, &[]).await?.try_get("guests")?)
}

/// Lets one person answer for all guests of another; who they are, with their names.
pub async fn sponsor_hand_over(
    client: &impl GenericClient,
    (from, to): (PersonId, PersonId),
    at: Timestamp,
) -> Result<Vec<(PersonId, String)>, Error> {
    let sql = include_str!("../../sql/sponsors/hand_over.sql");
    let rows = client.query(sql, &[&from.0, &to.0, &at]).await?;
    rows.iter()
        .map(|row| Ok((PersonId(row.try_get("id")?), row.try_get("display_name")?)))
        .collect()
}

fn guest(row: &Row, sponsor: Option<Sponsor>) -> Result<Guest, Error> {
    let life_state: &str = row.try_get("life_state")?;
    Ok(Guest {
        id: PersonId(row.try_get("id")?),
        username: row.try_get("username")?,
        display_name: row.try_get("display_name")?,
        state: life_state
            .parse()
            .map_err(|_| Error::Decode("people.life_state".to_owned()))?,
        ends_on: row.try_get("ends_on")?,
        sponsor,
    })
}

fn sponsor(row: &Row) -> Result<Option<Sponsor>, Error> {
    let Some(id) = row.try_get("sponsor_id")? else {
        return Ok(None);
    };
    let (state, role): (&str, &str) = (row.try_get("sponsor_state")?, row.try_get("sponsor_role")?);
    Ok(Some(Sponsor {
        id: PersonId(id),
        username: row.try_get("sponsor_username")?,
        display_name: row.try_get("sponsor_name")?,
        state: state
            .parse()
            .map_err(|_| Error::Decode("people.life_state".to_owned()))?,
        role: role
            .parse()
            .map_err(|_| Error::Decode("people.role".to_owned()))?,
    }))
}
