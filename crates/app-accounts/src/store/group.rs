//! Table `groups`.

use std::collections::HashMap;

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};

use super::membership::{Part, Span};
use crate::domain::group::{Group, GroupId, NewGroup};

/// Memberships that are counted for one group of a list, as nested groups may hold everybody many times over.
const MOST_COUNTED: i64 = 1_000;

/// Lists groups by name whose names hold `words`; empty lists all.
pub async fn group_list(
    client: &impl GenericClient,
    words: &str,
    at: Timestamp,
    span: Span,
) -> Result<Part<Group>, Error> {
    let rows = client
        .query(
            include_str!("../../sql/groups/list.sql"),
            &[&words, &span.limit, &span.offset, &at, &MOST_COUNTED],
        )
        .await?;
    let total = rows.first().map_or(Ok(0), |row| row.try_get("total"))?;
    let groups: Result<Vec<_>, Error> = rows.iter().map(group).collect();
    Ok(Part {
        rows: groups?,
        total,
    })
}

/// Lists the names of groups, in their order, at most `limit`.
pub async fn group_names(
    client: &impl GenericClient,
    limit: i64,
) -> Result<Vec<(GroupId, String)>, Error> {
    let rows = client
        .query(include_str!("../../sql/groups/list_names.sql"), &[&limit])
        .await?;
    rows.iter()
        .map(|row| Ok((GroupId(row.try_get("id")?), row.try_get("name")?)))
        .collect()
}

/// Finds one group.
pub async fn group_find(
    client: &impl GenericClient,
    id: GroupId,
    at: Timestamp,
) -> Result<Option<Group>, Error> {
    let row = client
        .query_opt(include_str!("../../sql/groups/find.sql"), &[&id.0, &at])
        .await?;
    row.as_ref().map(group).transpose()
}

/// Finds one group by its name, without regard to case and without its counts.
pub async fn group_find_by_name(
    client: &impl GenericClient,
    name: &str,
) -> Result<Option<Group>, Error> {
    let row = client
        .query_opt(include_str!("../../sql/groups/find_by_name.sql"), &[&name])
        .await?;
    row.as_ref().map(group).transpose()
}

/// Finds groups by their names, without regard to case: each name as asked for, with the group that has it.
pub async fn groups_by_names(
    client: &impl GenericClient,
    names: &[String],
) -> Result<HashMap<String, GroupId>, Error> {
    let sql = include_str!("../../sql/groups/find_by_names.sql");
    let rows = client.query(sql, &[&names]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("asked")?, GroupId(row.try_get("id")?))))
        .collect()
}

/// The names of those among `ids` who are there, kept from being deleted until the transaction ends.
pub async fn groups_keep(
    client: &impl GenericClient,
    ids: &[GroupId],
) -> Result<HashMap<GroupId, String>, Error> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let rows = client
        .query(include_str!("../../sql/groups/keep.sql"), &[&ids])
        .await?;
    rows.iter()
        .map(|row| Ok((GroupId(row.try_get("id")?), row.try_get("name")?)))
        .collect()
}

/// Lists groups by name without their counts, those after a place in this order; `None` from the first.
pub async fn group_list_after(
    client: &impl GenericClient,
    after: Option<(GroupId, &str)>,
    limit: i64,
) -> Result<Vec<Group>, Error> {
    let (id, name) = (after.map(|(id, _)| id.0), after.map(|(_, name)| name));
    let sql = include_str!("../../sql/groups/list_after.sql");
    let rows = client.query(sql, &[&name, &id, &limit]).await?;
    rows.iter().map(group).collect()
}

/// The name of one group.
pub async fn group_name(client: &impl GenericClient, id: GroupId) -> Result<Option<String>, Error> {
    let row = client
        .query_opt(include_str!("../../sql/groups/name.sql"), &[&id.0])
        .await?;
    Ok(row.map(|row| row.try_get("name")).transpose()?)
}

/// Finds one group without its counts, and keeps others from changing it until the transaction ends.
pub async fn group_lock(client: &impl GenericClient, id: GroupId) -> Result<Option<Group>, Error> {
    let row = client
        .query_opt(include_str!("../../sql/groups/lock.sql"), &[&id.0])
        .await?;
    row.as_ref().map(group).transpose()
}

/// Adds a group. `false`: a group of this id is there already.
///
/// # Errors
/// Violates `groups_name_unique` when the name is taken.
pub async fn group_insert(
    client: &impl GenericClient,
    new: &NewGroup,
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/groups/insert.sql");
    let (name, description) = (new.name.as_str(), new.description.as_str());
    let joining = new.joining.as_str();
    Ok(client
        .execute(sql, &[&new.id.0, &name, &description, &joining, &at])
        .await?
        == 1)
}

/// Writes name, description and joining of a group, and counts up its version. `false`: there is none of this id.
///
/// # Errors
/// Violates `groups_name_unique` when the name is taken.
pub async fn group_update(
    client: &impl GenericClient,
    group: &Group,
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/groups/update.sql");
    let (name, description) = (&group.name, &group.description);
    let joining = group.joining.as_str();
    Ok(client
        .execute(sql, &[&group.id.0, name, description, &joining, &at])
        .await?
        == 1)
}

/// Deletes a group; its members stay what they are. `false`: there is none of this id.
pub async fn group_delete(client: &impl GenericClient, id: GroupId) -> Result<bool, Error> {
    Ok(client
        .execute(include_str!("../../sql/groups/delete.sql"), &[&id.0])
        .await?
        == 1)
}

fn group(row: &Row) -> Result<Group, Error> {
    let joining: &str = row.try_get("joining")?;
    Ok(Group {
        id: GroupId(row.try_get("id")?),
        name: row.try_get("name")?,
        description: row.try_get("description")?,
        people: row.try_get("people")?,
        more: row.try_get("more")?,
        groups: row.try_get("groups")?,
        joining: joining
            .parse()
            .map_err(|_| Error::Decode("groups.joining".to_owned()))?,
        version: row.try_get("version")?,
    })
}
