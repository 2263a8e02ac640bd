//! Table `avatars`.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient};

use crate::domain::avatar::Avatar;
use crate::domain::person::PersonId;

/// A picture as it is in the table.
#[derive(Debug)]
pub struct Stored {
    /// Media type.
    pub content_type: String,
    /// The encoded picture.
    pub content: Vec<u8>,
    /// When it was uploaded.
    pub updated_at: Timestamp,
}

/// Finds the picture of a person.
pub async fn avatar_find(
    client: &impl GenericClient,
    person: PersonId,
) -> Result<Option<Stored>, Error> {
    let row = client
        .query_opt(include_str!("../../sql/avatars/find.sql"), &[&person.0])
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Stored {
        content_type: row.try_get("content_type")?,
        content: row.try_get("content")?,
        updated_at: row.try_get("updated_at")?,
    }))
}

/// When the picture of a person was uploaded, without reading it.
pub async fn avatar_find_time(
    client: &impl GenericClient,
    person: PersonId,
) -> Result<Option<Timestamp>, Error> {
    let row = client
        .query_opt(
            include_str!("../../sql/avatars/find_time.sql"),
            &[&person.0],
        )
        .await?;
    row.map(|row| row.try_get("updated_at"))
        .transpose()
        .map_err(Error::from)
}

/// Adds or replaces the picture of a person.
pub async fn avatar_put(
    client: &impl GenericClient,
    person: PersonId,
    avatar: &Avatar,
    at: Timestamp,
) -> Result<(), Error> {
    client
        .execute(
            include_str!("../../sql/avatars/put.sql"),
            &[&person.0, &avatar.content_type, &avatar.content, &at],
        )
        .await?;
    Ok(())
}

/// Removes the picture of a person. `false`: there was none.
pub async fn avatar_delete(client: &impl GenericClient, person: PersonId) -> Result<bool, Error> {
    Ok(client
        .execute(include_str!("../../sql/avatars/delete.sql"), &[&person.0])
        .await?
        == 1)
}
