//! Whom a sign-in name or a mail address means that somebody typed.

use std::collections::HashMap;

use platform_pg::{Error, GenericClient, Row};

use crate::domain::import_row::Acquaintance;
use crate::domain::person::{PersonId, State};

/// Who has which of these sign-in names and addresses, without regard to case, each as asked for. Whoever signs in by
/// a name comes before whoever has it as an address.
pub async fn people_by_logins(
    client: &impl GenericClient,
    logins: &[String],
) -> Result<HashMap<String, Acquaintance>, Error> {
    let sql = include_str!("../../sql/people/by_logins.sql");
    let rows = client.query(sql, &[&logins]).await?;
    rows.iter().map(acquaintance).collect()
}

fn acquaintance(row: &Row) -> Result<(String, Acquaintance), Error> {
    let unknown = |column: &str| Error::Decode(format!("people.{column}"));
    let (role, state): (&str, &str) = (row.try_get("role")?, row.try_get("life_state")?);
    let found = Acquaintance {
        id: PersonId(row.try_get("id")?),
        role: role.parse().map_err(|_| unknown("role"))?,
        state: state.parse::<State>().map_err(|_| unknown("life_state"))?,
    };
    Ok((row.try_get("asked")?, found))
}
