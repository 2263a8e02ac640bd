//! Where people's passwords are kept: in a directory that they come from, where it is switched on, else with auth.

use std::collections::HashMap;

use directory::EntryId;
use platform_pg::{Error, GenericClient};

use crate::domain::person::PersonId;
use crate::domain::source::DirectoryId;

/// The directory that keeps somebody's password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordPlace {
    /// Which.
    pub directory: DirectoryId,
    /// Its name.
    pub name: String,
    /// Whom it knows them as.
    pub entry: EntryId,
}

/// The places of those whose passwords a directory keeps.
pub async fn password_places(
    client: &impl GenericClient,
    people: &[PersonId],
) -> Result<HashMap<PersonId, PasswordPlace>, Error> {
    let ids: Vec<_> = people.iter().map(|id| id.0).collect();
    let sql = include_str!("../../sql/directories/password_places.sql");
    let rows = client.query(sql, &[&ids]).await?;
    rows.iter()
        .map(|row| {
            let place = PasswordPlace {
                directory: DirectoryId(row.try_get("id")?),
                name: row.try_get("name")?,
                entry: EntryId(row.try_get("external_id")?),
            };
            Ok((PersonId(row.try_get("person_id")?), place))
        })
        .collect()
}

/// Everybody who comes from a directory.
pub async fn people_of(
    client: &impl GenericClient,
    directory: DirectoryId,
) -> Result<Vec<PersonId>, Error> {
    let sql = include_str!("../../sql/directories/people_of.sql");
    let rows = client.query(sql, &[&directory.0]).await?;
    rows.iter()
        .map(|row| Ok(PersonId(row.try_get("person_id")?)))
        .collect()
}
