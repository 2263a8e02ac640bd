//! Tables `groups`, `group_people` and `group_groups`.

use std::collections::HashMap;

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};

use super::person::person;
use crate::domain::group::{Group, GroupId, Nesting};
use crate::domain::name::Line;
use crate::domain::person::{Person, PersonId};

/// Lists groups by name, at most `limit`.
pub async fn group_list(client: &impl GenericClient, limit: i64) -> Result<Vec<Group>, Error> {
    let rows = client
        .query(include_str!("../../sql/groups/list.sql"), &[&limit])
        .await?;
    rows.iter().map(group).collect()
}

/// Finds one group.
pub async fn group_find(client: &impl GenericClient, id: GroupId) -> Result<Option<Group>, Error> {
    let row = client
        .query_opt(include_str!("../../sql/groups/find.sql"), &[&id.0])
        .await?;
    row.as_ref().map(group).transpose()
}

/// Lists the people directly in a group, by name.
pub async fn group_people(
    client: &impl GenericClient,
    id: GroupId,
    limit: i64,
    offset: i64,
) -> Result<Vec<Person>, Error> {
    let rows = client
        .query(
            include_str!("../../sql/groups/list_people.sql"),
            &[&id.0, &limit, &offset],
        )
        .await?;
    rows.iter().map(person).collect()
}

/// Lists the groups directly in a group, by name. Their counts are not filled in.
pub async fn group_members(client: &impl GenericClient, id: GroupId) -> Result<Vec<Group>, Error> {
    let rows = client
        .query(include_str!("../../sql/groups/list_members.sql"), &[&id.0])
        .await?;
    rows.iter().map(group).collect()
}

/// The effective groups of people, by name: the one place where nesting is resolved.
pub async fn groups_of(
    client: &impl GenericClient,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Vec<(GroupId, String)>>, Error> {
    let ids: Vec<_> = people.iter().map(|id| id.0).collect();
    let rows = client
        .query(include_str!("../../sql/groups/of_people.sql"), &[&ids])
        .await?;
    let mut groups: HashMap<PersonId, Vec<(GroupId, String)>> = HashMap::new();
    for row in rows {
        let person = PersonId(row.try_get("person_id")?);
        groups
            .entry(person)
            .or_default()
            .push((GroupId(row.try_get("id")?), row.try_get("name")?));
    }
    Ok(groups)
}

/// Everybody in a group, nested groups included.
pub async fn people_inside(
    client: &impl GenericClient,
    id: GroupId,
) -> Result<Vec<PersonId>, Error> {
    let rows = client
        .query(include_str!("../../sql/groups/people_inside.sql"), &[&id.0])
        .await?;
    rows.iter()
        .map(|row| Ok(PersonId(row.try_get("person_id")?)))
        .collect()
}

/// Which groups are in which, holding off every other change of it until the transaction ends.
pub async fn nesting_lock(client: &impl GenericClient) -> Result<Nesting, Error> {
    client
        .execute(include_str!("../../sql/groups/lock_nesting.sql"), &[])
        .await?;
    let rows = client
        .query(include_str!("../../sql/groups/nesting.sql"), &[])
        .await?;
    let pairs: Result<Vec<_>, Error> = rows
        .iter()
        .map(|row| {
            Ok((
                GroupId(row.try_get("group_id")?),
                GroupId(row.try_get("member_id")?),
            ))
        })
        .collect();
    Ok(Nesting::new(pairs?))
}

/// Adds a group. `false`: a group of this id is there already.
///
/// # Errors
/// Violates `groups_name_unique` when the name is taken.
pub async fn group_insert(
    client: &impl GenericClient,
    id: GroupId,
    name: &Line,
    description: &Line,
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/groups/insert.sql");
    Ok(client
        .execute(sql, &[&id.0, &name.as_str(), &description.as_str(), &at])
        .await?
        == 1)
}

/// Renames and describes a group. `false`: there is none of this id.
///
/// # Errors
/// Violates `groups_name_unique` when the name is taken.
pub async fn group_update(
    client: &impl GenericClient,
    id: GroupId,
    name: &Line,
    description: &Line,
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/groups/update.sql");
    Ok(client
        .execute(sql, &[&id.0, &name.as_str(), &description.as_str(), &at])
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

/// Puts a person into a group. `false`: they were in it.
///
/// # Errors
/// Violates `group_people_group_fk` or `group_people_person_fk` when one of them is gone.
pub async fn person_add(
    client: &impl GenericClient,
    group: GroupId,
    person: PersonId,
    at: Timestamp,
) -> Result<bool, Error> {
    Ok(client
        .execute(
            include_str!("../../sql/groups/add_person.sql"),
            &[&group.0, &person.0, &at],
        )
        .await?
        == 1)
}

/// Takes a person out of a group. `false`: they were not in it.
pub async fn person_remove(
    client: &impl GenericClient,
    group: GroupId,
    person: PersonId,
) -> Result<bool, Error> {
    Ok(client
        .execute(
            include_str!("../../sql/groups/remove_person.sql"),
            &[&group.0, &person.0],
        )
        .await?
        == 1)
}

/// Puts a group into a group. `false`: it was in it. Cycles are the caller's to refuse.
///
/// # Errors
/// Violates `group_groups_group_fk` or `group_groups_member_fk` when one of them is gone.
pub async fn group_add(
    client: &impl GenericClient,
    group: GroupId,
    member: GroupId,
    at: Timestamp,
) -> Result<bool, Error> {
    Ok(client
        .execute(
            include_str!("../../sql/groups/add_group.sql"),
            &[&group.0, &member.0, &at],
        )
        .await?
        == 1)
}

/// Takes a group out of a group. `false`: it was not in it.
pub async fn group_remove(
    client: &impl GenericClient,
    group: GroupId,
    member: GroupId,
) -> Result<bool, Error> {
    Ok(client
        .execute(
            include_str!("../../sql/groups/remove_group.sql"),
            &[&group.0, &member.0],
        )
        .await?
        == 1)
}

fn group(row: &Row) -> Result<Group, Error> {
    Ok(Group {
        id: GroupId(row.try_get("id")?),
        name: row.try_get("name")?,
        description: row.try_get("description")?,
        people: row.try_get("people")?,
        groups: row.try_get("groups")?,
    })
}
