//! Tables `group_managing_people` and `group_managing_groups`: who may change the members of a group.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient};

use crate::domain::group::GroupId;
use crate::domain::joining::Managed;
use crate::domain::membership::Member;
use crate::domain::person::PersonId;

/// Whether a person manages a group, by themselves or through a group they are in.
pub async fn manages(
    client: &impl GenericClient,
    group: GroupId,
    person: PersonId,
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/joining/manages.sql");
    let row = client.query_one(sql, &[&group.0, &person.0, &at]).await?;
    Ok(row.try_get("manages")?)
}

/// Groups a person manages, by name, at most `limit`.
pub async fn managed_by(
    client: &impl GenericClient,
    person: PersonId,
    at: Timestamp,
    limit: i64,
) -> Result<Vec<Managed>, Error> {
    let sql = include_str!("../../sql/joining/managed_by.sql");
    let rows = client.query(sql, &[&person.0, &at, &limit]).await?;
    rows.iter()
        .map(|row| {
            Ok(Managed {
                id: GroupId(row.try_get("id")?),
                name: row.try_get("name")?,
                description: row.try_get("description")?,
                requests: row.try_get("requests")?,
            })
        })
        .collect()
}

/// Who manages a group, with their names; at most 500.
pub async fn managers(
    client: &impl GenericClient,
    group: GroupId,
) -> Result<Vec<(Member, String)>, Error> {
    let sql = include_str!("../../sql/joining/managers.sql");
    let rows = client.query(sql, &[&group.0]).await?;
    rows.iter()
        .map(|row| {
            let id = row.try_get("id")?;
            let manager = if row.try_get("is_group")? {
                Member::Group(GroupId(id))
            } else {
                Member::Person(PersonId(id))
            };
            Ok((manager, row.try_get("name")?))
        })
        .collect()
}

/// Makes somebody a manager. `false`: they were.
pub async fn manager_add(
    client: &impl GenericClient,
    group: GroupId,
    manager: Member,
    at: Timestamp,
) -> Result<bool, Error> {
    let (sql, id) = match manager {
        Member::Person(id) => (
            include_str!("../../sql/joining/add_managing_person.sql"),
            id.0,
        ),
        Member::Group(id) => (
            include_str!("../../sql/joining/add_managing_group.sql"),
            id.0,
        ),
    };
    Ok(client.execute(sql, &[&group.0, &id, &at]).await? == 1)
}

/// Makes somebody a manager no more. `false`: they were none.
pub async fn manager_remove(
    client: &impl GenericClient,
    group: GroupId,
    manager: Member,
) -> Result<bool, Error> {
    let (sql, id) = match manager {
        Member::Person(id) => (
            include_str!("../../sql/joining/remove_managing_person.sql"),
            id.0,
        ),
        Member::Group(id) => (
            include_str!("../../sql/joining/remove_managing_group.sql"),
            id.0,
        ),
    };
    Ok(client.execute(sql, &[&group.0, &id]).await? == 1)
}

/// Who decides on requests for a group: its active managers, else all administrators; at most 100.
pub async fn people_to_ask(
    client: &impl GenericClient,
    group: GroupId,
    at: Timestamp,
) -> Result<Vec<PersonId>, Error> {
    let sql = include_str!("../../sql/joining/people_to_ask.sql");
    let rows = client.query(sql, &[&group.0, &at]).await?;
    rows.iter()
        .map(|row| Ok(PersonId(row.try_get("id")?)))
        .collect()
}
