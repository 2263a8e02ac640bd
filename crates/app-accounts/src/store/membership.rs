//! Tables `group_people` and `group_groups`: who is in which group, and until when. Whatever reads them names the
//! moment it is about; a membership whose end has passed is none.

use std::collections::HashMap;

use jiff::Timestamp;
use platform_pg::{Error, GenericClient};
use uuid::Uuid;

use super::person::person;
use crate::domain::group::{GroupId, Nesting};
use crate::domain::membership::{Effective, GroupInside, Member, PersonInside, PersonNamed};
use crate::domain::person::PersonId;
use crate::domain::way::Link;

/// Some rows of a list, and how many there are in all.
#[derive(Debug)]
pub struct Part<T> {
    /// The rows asked for.
    pub rows: Vec<T>,
    /// How many there are without a limit; 0 when the rows asked for lie behind the last.
    pub total: i64,
}

/// Where a list is read from, and how much of it.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// At most so many rows.
    pub limit: i64,
    /// After so many others.
    pub offset: i64,
}

/// Puts people into groups, one membership for each pair. Who is in one already stays in it as they are.
///
/// # Errors
/// Violates `group_people_group_fk` when a group is gone.
pub async fn people_add(
    client: &impl GenericClient,
    pairs: &[(GroupId, PersonId)],
    at: Timestamp,
    ends_at: Option<Timestamp>,
) -> Result<(), Error> {
    let (groups, people): (Vec<_>, Vec<_>) = pairs
        .iter()
        .map(|(group, person)| (group.0, person.0))
        .unzip();
    let sql = include_str!("../../sql/groups/add_people.sql");
    client
        .execute(sql, &[&groups, &people, &at, &ends_at])
        .await?;
    Ok(())
}

/// Lists the people directly in a group, by name.
pub async fn people_directly(
    client: &impl GenericClient,
    id: GroupId,
    at: Timestamp,
    span: Span,
) -> Result<Part<PersonInside>, Error> {
    let rows = client
        .query(
            include_str!("../../sql/groups/list_people.sql"),
            &[&id.0, &at, &span.limit, &span.offset],
        )
        .await?;
    let total = rows.first().map_or(Ok(0), |row| row.try_get("total"))?;
    let people: Result<Vec<_>, Error> = rows
        .iter()
        .map(|row| {
            Ok(PersonInside {
                person: person(row)?,
                ends_at: row.try_get("ends_at")?,
                by_rule: row.try_get("by_rule")?,
            })
        })
        .collect();
    Ok(Part {
        rows: people?,
        total,
    })
}

/// Lists the people directly in a group by name after a place in this order; `None` from the first.
pub async fn people_after(
    client: &impl GenericClient,
    id: GroupId,
    at: Timestamp,
    after: Option<(Uuid, String)>,
    limit: i64,
) -> Result<Vec<PersonNamed>, Error> {
    let (last, name) = after.unwrap_or_default();
    let sql = include_str!("../../sql/groups/list_people_after.sql");
    let rows = client
        .query(sql, &[&id.0, &at, &name, &last, &limit])
        .await?;
    rows.iter()
        .map(|row| {
            Ok(PersonNamed {
                id: PersonId(row.try_get("id")?),
                username: row.try_get("username")?,
                display_name: row.try_get("display_name")?,
                ends_at: row.try_get("ends_at")?,
            })
        })
        .collect()
}

/// Lists the groups directly in a group, by name, at most `limit`.
pub async fn groups_directly(
    client: &impl GenericClient,
    id: GroupId,
    at: Timestamp,
    limit: i64,
) -> Result<Vec<GroupInside>, Error> {
    let rows = client
        .query(
            include_str!("../../sql/groups/list_members.sql"),
            &[&id.0, &at, &limit],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(GroupInside {
                id: GroupId(row.try_get("id")?),
                name: row.try_get("name")?,
                ends_at: row.try_get("ends_at")?,
            })
        })
        .collect()
}

/// Lists everybody in a group by name, nested groups included, who is found by `query` (see
/// [`super::person::Filter::words`]).
pub async fn people_effectively(
    client: &impl GenericClient,
    id: GroupId,
    at: Timestamp,
    query: Option<&str>,
    span: Span,
) -> Result<Part<Effective>, Error> {
    let rows = client
        .query(
            include_str!("../../sql/groups/list_effective.sql"),
            &[&id.0, &at, &query, &span.limit, &span.offset],
        )
        .await?;
    let total = rows.first().map_or(Ok(0), |row| row.try_get("total"))?;
    let people: Result<Vec<_>, Error> = rows
        .iter()
        .map(|row| {
            Ok(Effective {
                person: person(row)?,
                direct: row.try_get("direct")?,
                through: row.try_get("through")?,
            })
        })
        .collect();
    Ok(Part {
        rows: people?,
        total,
    })
}

/// The effective groups of people, by name: the one place where nesting is resolved.
pub async fn groups_of(
    client: &impl GenericClient,
    people: &[PersonId],
    at: Timestamp,
) -> Result<HashMap<PersonId, Vec<(GroupId, String)>>, Error> {
    let ids: Vec<_> = people.iter().map(|id| id.0).collect();
    let rows = client
        .query(include_str!("../../sql/groups/of_people.sql"), &[&ids, &at])
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

/// The memberships that put a person into their effective groups.
pub async fn links_of(
    client: &impl GenericClient,
    person: PersonId,
    at: Timestamp,
) -> Result<Vec<Link>, Error> {
    let rows = client
        .query(
            include_str!("../../sql/groups/links_of_person.sql"),
            &[&person.0, &at],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Link {
                member: row.try_get::<_, Option<_>>("member_id")?.map(GroupId),
                group: GroupId(row.try_get("group_id")?),
                name: row.try_get("name")?,
                ends_at: row.try_get("ends_at")?,
                by_rule: row.try_get("by_rule")?,
            })
        })
        .collect()
}

/// Everybody in a group, nested groups included.
pub async fn people_inside(
    client: &impl GenericClient,
    id: GroupId,
    at: Timestamp,
) -> Result<Vec<PersonId>, Error> {
    let rows = client
        .query(
            include_str!("../../sql/groups/people_inside.sql"),
            &[&id.0, &at],
        )
        .await?;
    rows.iter()
        .map(|row| Ok(PersonId(row.try_get("person_id")?)))
        .collect()
}

/// Holds off every change of what is inside what until the transaction ends. Taken before any row is locked by
/// whatever changes who is in a group.
pub async fn nesting_hold(client: &impl GenericClient) -> Result<(), Error> {
    client
        .execute(
            include_str!("../../sql/groups/lock_nesting_shared.sql"),
            &[],
        )
        .await?;
    Ok(())
}

/// Holds off every other change of memberships until the transaction ends. Taken before any row is locked.
pub async fn nesting_lock(client: &impl GenericClient) -> Result<(), Error> {
    client
        .execute(include_str!("../../sql/groups/lock_nesting.sql"), &[])
        .await?;
    Ok(())
}

/// Which groups are in which, memberships whose end has just passed included: their end may be moved still.
pub async fn nesting(client: &impl GenericClient) -> Result<Nesting, Error> {
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

/// Puts somebody into a group until `ends_at`. `false`: they were in it. Cycles are the caller's to refuse.
///
/// # Errors
/// Violates `group_people_person_fk` or `group_groups_member_fk` when the member is gone, `group_people_group_fk`
/// or `group_groups_group_fk` when the group is.
pub async fn member_add(
    client: &impl GenericClient,
    group: GroupId,
    member: Member,
    at: Timestamp,
    ends_at: Option<Timestamp>,
) -> Result<bool, Error> {
    let (sql, member) = match member {
        Member::Person(id) => (include_str!("../../sql/groups/add_person.sql"), id.0),
        Member::Group(id) => (include_str!("../../sql/groups/add_group.sql"), id.0),
    };
    Ok(client
        .execute(sql, &[&group.0, &member, &at, &ends_at])
        .await?
        == 1)
}

/// Takes somebody out of a group and tells when that would have ended by itself. `None`: they were not in it.
pub async fn member_remove(
    client: &impl GenericClient,
    group: GroupId,
    member: Member,
) -> Result<Option<Option<Timestamp>>, Error> {
    let (sql, member) = match member {
        Member::Person(id) => (include_str!("../../sql/groups/remove_person.sql"), id.0),
        Member::Group(id) => (include_str!("../../sql/groups/remove_group.sql"), id.0),
    };
    let row = client.query_opt(sql, &[&group.0, &member]).await?;
    Ok(row.map(|row| row.try_get("ends_at")).transpose()?)
}

/// When somebody's own membership ends. `None`: they have none.
pub async fn member_end(
    client: &impl GenericClient,
    group: GroupId,
    member: Member,
    at: Timestamp,
) -> Result<Option<Option<Timestamp>>, Error> {
    let (sql, member) = match member {
        Member::Person(id) => (include_str!("../../sql/groups/find_person.sql"), id.0),
        Member::Group(id) => (include_str!("../../sql/groups/find_group.sql"), id.0),
    };
    let row = client.query_opt(sql, &[&group.0, &member, &at]).await?;
    Ok(row.map(|row| row.try_get("ends_at")).transpose()?)
}

/// Lets a membership end at another moment, or never, and tells the former end. `None`: there is none.
pub async fn member_set_end(
    client: &impl GenericClient,
    group: GroupId,
    member: Member,
    ends_at: Option<Timestamp>,
    at: Timestamp,
) -> Result<Option<Option<Timestamp>>, Error> {
    let (sql, member) = match member {
        Member::Person(id) => (include_str!("../../sql/groups/end_person.sql"), id.0),
        Member::Group(id) => (include_str!("../../sql/groups/end_group.sql"), id.0),
    };
    let row = client
        .query_opt(sql, &[&group.0, &member, &ends_at, &at])
        .await?;
    Ok(row.map(|row| row.try_get("ends_at")).transpose()?)
}
