//! Tables `provisioned_names`, `provisioned_people` and `provisioned_groups`, and lists as provisioning clients read
//! them.

use std::collections::HashMap;

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};
use uuid::Uuid;

use super::person::person;
use crate::domain::group::GroupId;
use crate::domain::membership::Member;
use crate::domain::person::PersonId;
use crate::domain::provisioned::{ProvisionedGroup, ProvisionedPerson};
use crate::domain::user_name::UserName;

/// What a list is narrowed to before it is read; what is absent narrows nothing.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    /// What a client called a person, else the name they sign in with; without regard to case.
    pub user_name: Option<String>,
    /// A mail address of a person, without regard to case.
    pub email: Option<String>,
    /// Name of a group, without regard to case.
    pub name: Option<String>,
    /// Id here.
    pub id: Option<Uuid>,
    /// Id at the client.
    pub external_id: Option<String>,
}

/// Which rows of a list.
#[derive(Clone, Copy, Debug)]
pub struct Rows {
    /// Those after this id; nil from the first.
    pub after: Uuid,
    /// At most so many.
    pub limit: i64,
    /// After so many others.
    pub offset: i64,
}

/// The rows that have this id: one or none.
pub fn only(id: Uuid) -> (Narrow, Rows) {
    let narrow = Narrow {
        id: Some(id),
        ..Narrow::default()
    };
    let rows = Rows {
        after: Uuid::nil(),
        limit: 1,
        offset: 0,
    };
    (narrow, rows)
}

/// People who are not in the trash, by id, as client `of` knows them.
pub async fn provisioned_people(
    client: &impl GenericClient,
    of: Uuid,
    narrow: &Narrow,
    rows: Rows,
) -> Result<Vec<ProvisionedPerson>, Error> {
    let sql = include_str!("../../sql/provisioning/people.sql");
    let found = client
        .query(
            sql,
            &[
                &of,
                &narrow.user_name,
                &narrow.email,
                &narrow.id,
                &narrow.external_id,
                &rows.after,
                &rows.limit,
                &rows.offset,
            ],
        )
        .await?;
    let people: Result<Vec<_>, Error> = found.iter().map(provisioned_person).collect();
    let mut people = people?;
    let ids: Vec<Uuid> = people.iter().map(|one| one.person.id.0).collect();
    let mut addresses: HashMap<Uuid, Vec<String>> = HashMap::new();
    let sql = include_str!("../../sql/provisioning/addresses.sql");
    for row in client.query(sql, &[&ids]).await? {
        let of = addresses.entry(row.try_get("person_id")?).or_default();
        of.push(row.try_get("address")?);
    }
    for one in &mut people {
        one.addresses = addresses.remove(&one.person.id.0).unwrap_or_default();
    }
    Ok(people)
}

/// Without their addresses.
fn provisioned_person(row: &Row) -> Result<ProvisionedPerson, Error> {
    let person = person(row)?;
    let user_name: Option<String> = row.try_get("user_name")?;
    Ok(ProvisionedPerson {
        user_name: user_name.unwrap_or_else(|| person.username.clone()),
        person,
        external_id: row.try_get("external_id")?,
        addresses: Vec::new(),
        updated_at: row.try_get("updated_at")?,
    })
}

/// Whether somebody besides `person` goes by this user name, and if so whether they are in the trash.
pub async fn user_name_taken(
    client: &impl GenericClient,
    name: &UserName,
    person: PersonId,
) -> Result<Option<bool>, Error> {
    let sql = include_str!("../../sql/provisioning/name_taken.sql");
    let row = client.query_opt(sql, &[&name.as_str(), &person.0]).await?;
    Ok(row.map(|row| row.try_get("in_trash")).transpose()?)
}

/// Keeps what a client calls a person.
///
/// # Errors
/// Violates `provisioned_names_unique` when another is called so.
pub async fn user_name_keep(
    client: &impl GenericClient,
    person: PersonId,
    name: &UserName,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/provisioning/keep_name.sql");
    client.execute(sql, &[&person.0, &name.as_str()]).await?;
    Ok(())
}

/// Which of these sign-in names, in lower case, somebody has.
pub async fn usernames_taken(
    client: &impl GenericClient,
    names: &[String],
) -> Result<Vec<String>, Error> {
    let sql = include_str!("../../sql/provisioning/usernames_taken.sql");
    let rows = client.query(sql, &[&names]).await?;
    rows.iter()
        .map(|row| Ok(row.try_get("username")?))
        .collect()
}

/// Groups by id, with the ids that the client has for them and without their members.
pub async fn provisioned_groups(
    client: &impl GenericClient,
    of: Uuid,
    narrow: &Narrow,
    rows: Rows,
) -> Result<Vec<ProvisionedGroup>, Error> {
    let sql = include_str!("../../sql/provisioning/groups.sql");
    let found = client
        .query(
            sql,
            &[
                &of,
                &narrow.name,
                &narrow.id,
                &narrow.external_id,
                &rows.after,
                &rows.limit,
                &rows.offset,
            ],
        )
        .await?;
    found
        .iter()
        .map(|row| {
            Ok(ProvisionedGroup {
                id: GroupId(row.try_get("id")?),
                name: row.try_get("name")?,
                external_id: row.try_get("external_id")?,
                members: None,
                created_at: row.try_get("created_at")?,
            })
        })
        .collect()
}

/// Who is directly in groups, nobody from the trash; at most `limit` in all.
pub async fn provisioned_members(
    client: &impl GenericClient,
    groups: &[GroupId],
    at: Timestamp,
    limit: i64,
) -> Result<HashMap<GroupId, Vec<(Member, String)>>, Error> {
    let ids: Vec<Uuid> = groups.iter().map(|group| group.0).collect();
    let sql = include_str!("../../sql/provisioning/members.sql");
    let mut members: HashMap<GroupId, Vec<(Member, String)>> = HashMap::new();
    for row in client.query(sql, &[&ids, &at, &limit]).await? {
        let id = row.try_get("id")?;
        let member = if row.try_get("is_group")? {
            Member::Group(GroupId(id))
        } else {
            Member::Person(PersonId(id))
        };
        let group = GroupId(row.try_get("group_id")?);
        let name = row.try_get("name")?;
        members.entry(group).or_default().push((member, name));
    }
    Ok(members)
}

/// How many people are not in the trash.
pub async fn provisioned_people_count(client: &impl GenericClient) -> Result<i64, Error> {
    let sql = include_str!("../../sql/provisioning/count_people.sql");
    Ok(client.query_one(sql, &[]).await?.try_get("total")?)
}

/// How many groups there are.
pub async fn provisioned_groups_count(client: &impl GenericClient) -> Result<i64, Error> {
    let sql = include_str!("../../sql/provisioning/count_groups.sql");
    Ok(client.query_one(sql, &[]).await?.try_get("total")?)
}

/// Keeps the id that a client has for somebody or something, or forgets it.
///
/// # Errors
/// Violates `provisioned_people_external_unique` or `provisioned_groups_external_unique` when the client has it for
/// another.
pub async fn external_keep(
    client: &impl GenericClient,
    of: Uuid,
    what: Member,
    external_id: Option<&str>,
) -> Result<(), Error> {
    let (keep, forget, id) = match what {
        Member::Person(id) => (
            include_str!("../../sql/provisioning/keep_person.sql"),
            include_str!("../../sql/provisioning/forget_person.sql"),
            id.0,
        ),
        Member::Group(id) => (
            include_str!("../../sql/provisioning/keep_group.sql"),
            include_str!("../../sql/provisioning/forget_group.sql"),
            id.0,
        ),
    };
    match external_id {
        Some(external_id) => client.execute(keep, &[&of, &id, &external_id]).await?,
        None => client.execute(forget, &[&of, &id]).await?,
    };
    Ok(())
}
