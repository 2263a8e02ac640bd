//! Tables `custom_fields` and `custom_values`.

use std::collections::HashMap;

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};
use uuid::Uuid;

use crate::domain::custom_field::Field;
use crate::domain::person::PersonId;

/// The values of a person by field.
pub type Values = HashMap<Uuid, String>;

/// All fields in their order, retired ones last.
pub async fn field_list(client: &impl GenericClient) -> Result<Vec<Field>, Error> {
    let sql = include_str!("../../sql/fields/list.sql");
    let rows = client.query(sql, &[]).await?;
    rows.iter().map(field).collect()
}

/// Holds off every other change of fields until the transaction ends.
pub async fn fields_lock(client: &impl GenericClient) -> Result<(), Error> {
    client
        .execute(include_str!("../../sql/fields/lock.sql"), &[])
        .await?;
    Ok(())
}

/// Adds a field.
///
/// # Errors
/// Violates `custom_fields_name_unique` when the name is taken, `custom_fields_pk` when the field is there.
pub async fn field_insert(
    client: &impl GenericClient,
    field: &Field,
    at: Timestamp,
) -> Result<(), Error> {
    client
        .execute(
            include_str!("../../sql/fields/insert.sql"),
            &[
                &field.id,
                &field.name,
                &field.label_en,
                &field.label_de,
                &field.kind.as_str(),
                &field.choices,
                &field.visible_to.as_str(),
                &field.edited_by.as_str(),
                &field.position,
                &at,
            ],
        )
        .await?;
    Ok(())
}

/// Replaces all that can change of a field.
pub async fn field_update(client: &impl GenericClient, field: &Field) -> Result<(), Error> {
    client
        .execute(
            include_str!("../../sql/fields/update.sql"),
            &[
                &field.id,
                &field.label_en,
                &field.label_de,
                &field.choices,
                &field.visible_to.as_str(),
                &field.edited_by.as_str(),
                &field.position,
                &field.retired_at,
            ],
        )
        .await?;
    Ok(())
}

/// Deletes a field with all its values.
pub async fn field_delete(client: &impl GenericClient, id: Uuid) -> Result<(), Error> {
    client
        .execute(include_str!("../../sql/fields/delete.sql"), &[&id])
        .await?;
    Ok(())
}

/// Deletes the fields that were retired at `since` or before. Returns how many.
pub async fn field_purge(client: &impl GenericClient, since: Timestamp) -> Result<u64, Error> {
    client
        .execute(include_str!("../../sql/fields/purge.sql"), &[&since])
        .await
}

/// The values of people.
pub async fn values_of(
    client: &impl GenericClient,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Values>, Error> {
    let ids: Vec<_> = people.iter().map(|id| id.0).collect();
    let sql = include_str!("../../sql/fields/values.sql");
    let mut values: HashMap<PersonId, Values> = HashMap::new();
    for row in client.query(sql, &[&ids]).await? {
        let person = PersonId(row.try_get("person_id")?);
        let of = values.entry(person).or_default();
        of.insert(row.try_get("field_id")?, row.try_get("value")?);
    }
    Ok(values)
}

/// Keeps a value, or none when it is empty.
pub async fn value_put(
    client: &impl GenericClient,
    person: PersonId,
    field: Uuid,
    value: &str,
) -> Result<(), Error> {
    if value.is_empty() {
        let sql = include_str!("../../sql/fields/delete_value.sql");
        client.execute(sql, &[&person.0, &field]).await?;
    } else {
        let sql = include_str!("../../sql/fields/put_value.sql");
        client.execute(sql, &[&person.0, &field, &value]).await?;
    }
    Ok(())
}

/// Keeps values of people who have none yet: whose, of which field, and what.
pub async fn values_insert(
    client: &impl GenericClient,
    values: &[(PersonId, Uuid, String)],
) -> Result<(), Error> {
    let people: Vec<Uuid> = values.iter().map(|(person, _, _)| person.0).collect();
    let fields: Vec<Uuid> = values.iter().map(|(_, field, _)| *field).collect();
    let texts: Vec<&String> = values.iter().map(|(_, _, text)| text).collect();
    let sql = include_str!("../../sql/fields/put_values.sql");
    client.execute(sql, &[&people, &fields, &texts]).await?;
    Ok(())
}

fn field(row: &Row) -> Result<Field, Error> {
    let word = |column: &'static str| row.try_get::<_, &str>(column);
    let wrong = |column: &'static str| move |_| Error::Decode(format!("custom_fields.{column}"));
    Ok(Field {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        label_en: row.try_get("label_en")?,
        label_de: row.try_get("label_de")?,
        kind: word("kind")?.parse().map_err(wrong("kind"))?,
        choices: row.try_get("choices")?,
        visible_to: word("visible_to")?.parse().map_err(wrong("visible_to"))?,
        edited_by: word("edited_by")?.parse().map_err(wrong("edited_by"))?,
        position: row.try_get("position")?,
        retired_at: row.try_get("retired_at")?,
    })
}
