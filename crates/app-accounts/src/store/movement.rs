//! Table `movement_marks`: what people were like when it was last looked.

use std::collections::HashMap;

use platform_pg::{Error, GenericClient};
use serde_json::Value;
use uuid::Uuid;

use crate::domain::movement::Mark;
use crate::domain::person::PersonId;

/// The marks of these people; who is new has none.
pub async fn marks_of(
    client: &impl GenericClient,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, Mark>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let sql = include_str!("../../sql/movements/marks_of.sql");
    let rows = client.query(sql, &[&ids]).await?;
    let read = |mark: Value| {
        serde_json::from_value(mark).map_err(|_| Error::Decode("movement_marks.mark".to_owned()))
    };
    rows.iter()
        .map(|row| {
            Ok((
                PersonId(row.try_get("person_id")?),
                read(row.try_get("mark")?)?,
            ))
        })
        .collect()
}

/// Keeps these marks instead of those before.
pub async fn marks_put(
    client: &impl GenericClient,
    marks: &[(PersonId, Mark)],
) -> Result<(), Error> {
    let ids: Vec<Uuid> = marks.iter().map(|(id, _)| id.0).collect();
    let marks: Result<Vec<Value>, _> = marks
        .iter()
        .map(|(_, mark)| serde_json::to_value(mark))
        .collect();
    let sql = include_str!("../../sql/movements/marks_put.sql");
    client
        .execute(sql, &[&ids, &marks.map_err(Error::Encode)?])
        .await?;
    Ok(())
}
