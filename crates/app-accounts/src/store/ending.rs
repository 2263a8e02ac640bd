//! Memberships whose end has passed.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};
use uuid::Uuid;

use crate::domain::group::GroupId;
use crate::domain::membership::{Ended, Member};
use crate::domain::person::PersonId;

/// Takes people out of groups that they are in no more as of `at`, at most `limit`.
pub async fn ended_people_take(
    client: &impl GenericClient,
    at: Timestamp,
    limit: i64,
) -> Result<Vec<Ended>, Error> {
    let rows = client
        .query(
            include_str!("../../sql/groups/take_ended_people.sql"),
            &[&at, &limit],
        )
        .await?;
    rows.iter()
        .map(|row| ended(row, |id| Member::Person(PersonId(id))))
        .collect()
}

/// Takes groups out of groups that they are in no more as of `at`, at most `limit`.
pub async fn ended_groups_take(
    client: &impl GenericClient,
    at: Timestamp,
    limit: i64,
) -> Result<Vec<Ended>, Error> {
    let rows = client
        .query(
            include_str!("../../sql/groups/take_ended_groups.sql"),
            &[&at, &limit],
        )
        .await?;
    rows.iter()
        .map(|row| ended(row, |id| Member::Group(GroupId(id))))
        .collect()
}

fn ended(row: &Row, member: impl Fn(Uuid) -> Member) -> Result<Ended, Error> {
    Ok(Ended {
        group: GroupId(row.try_get("group_id")?),
        group_name: row.try_get("group_name")?,
        member: member(row.try_get("member_id")?),
        member_name: row.try_get("member_name")?,
        ends_at: row.try_get("ends_at")?,
    })
}
