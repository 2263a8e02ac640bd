//! Table `people_filters`: what administrators keep of searches and filters.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};

use crate::domain::person::PersonId;
use crate::domain::saved_filter::{Criteria, FilterId, SavedFilter, Wish};

/// Filters of a person, and those that others share, by name.
pub async fn filter_list(
    client: &impl GenericClient,
    owner: PersonId,
    limit: i64,
) -> Result<Vec<SavedFilter>, Error> {
    let sql = include_str!("../../sql/filters/list.sql");
    let rows = client.query(sql, &[&owner.0, &limit]).await?;
    rows.iter().map(filter).collect()
}

/// How many filters a person keeps.
pub async fn filter_count(client: &impl GenericClient, owner: PersonId) -> Result<i64, Error> {
    let sql = include_str!("../../sql/filters/count.sql");
    let row = client.query_one(sql, &[&owner.0]).await?;
    Ok(row.try_get("filters")?)
}

/// Keeps a filter.
///
/// # Errors
/// Violates `people_filters_name_unique` when another of theirs has its name.
pub async fn filter_insert(
    client: &impl GenericClient,
    (id, owner): (FilterId, PersonId),
    wish: &Wish,
    at: Timestamp,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/filters/insert.sql");
    let (name, query) = (wish.name.as_str(), wish.criteria.as_str());
    client
        .execute(sql, &[&id.0, &owner.0, &name, &query, &wish.is_shared, &at])
        .await?;
    Ok(())
}

/// Renames or shares a filter. `false`: there is none of theirs of this id.
///
/// # Errors
/// Violates `people_filters_name_unique` when another of theirs has its name.
pub async fn filter_update(
    client: &impl GenericClient,
    (id, owner): (FilterId, PersonId),
    (name, is_shared): (&str, bool),
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/filters/update.sql");
    let changed = client
        .execute(sql, &[&id.0, &owner.0, &name, &is_shared])
        .await?;
    Ok(changed > 0)
}

/// Deletes a filter of a person, and says what they called it. None: there is none of theirs of this id.
pub async fn filter_delete(
    client: &impl GenericClient,
    (id, owner): (FilterId, PersonId),
) -> Result<Option<String>, Error> {
    let sql = include_str!("../../sql/filters/delete.sql");
    let row = client.query_opt(sql, &[&id.0, &owner.0]).await?;
    Ok(row.map(|row| row.try_get("name")).transpose()?)
}

fn filter(row: &Row) -> Result<SavedFilter, Error> {
    Ok(SavedFilter {
        id: FilterId(row.try_get("id")?),
        owner: PersonId(row.try_get("owner_id")?),
        owner_name: row.try_get("owner_name")?,
        name: row.try_get("name")?,
        criteria: Criteria::kept(row.try_get("query")?),
        is_shared: row.try_get("shared")?,
        created_at: row.try_get("created_at")?,
    })
}
