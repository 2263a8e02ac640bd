//! Who reports to whom: the column `manager_id` of table `people`.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};

use super::membership::{Part, Span};
use crate::domain::person::PersonId;
use crate::domain::reporting::Seat;

/// Whether putting `person` below `manager` would put somebody below themselves. Holds off every other such question
/// until the transaction ends.
pub async fn reporting_would_circle(
    client: &impl GenericClient,
    person: PersonId,
    manager: PersonId,
) -> Result<bool, Error> {
    client
        .execute(include_str!("../../sql/reporting/lock.sql"), &[])
        .await?;
    let row = client
        .query_one(
            include_str!("../../sql/reporting/is_above.sql"),
            &[&person.0, &manager.0],
        )
        .await?;
    Ok(row.try_get("is_above")?)
}

/// Everybody who reports to `manager` and to nobody between.
pub async fn reports_ids(
    client: &impl GenericClient,
    manager: PersonId,
) -> Result<Vec<PersonId>, Error> {
    let sql = include_str!("../../sql/reporting/direct.sql");
    let rows = client.query(sql, &[&manager.0]).await?;
    rows.iter()
        .map(|row| Ok(PersonId(row.try_get("id")?)))
        .collect()
}

/// Leaves those who report to `manager` without one. Returns who they were.
pub async fn reports_leave(
    client: &impl GenericClient,
    manager: PersonId,
    at: Timestamp,
) -> Result<Vec<PersonId>, Error> {
    let sql = include_str!("../../sql/reporting/leave.sql");
    let rows = client.query(sql, &[&manager.0, &at]).await?;
    rows.iter()
        .map(|row| Ok(PersonId(row.try_get("id")?)))
        .collect()
}

/// Active people to whom others report and who report to nobody that is there, by name.
pub async fn tops(client: &impl GenericClient, span: Span) -> Result<Part<Seat>, Error> {
    let sql = include_str!("../../sql/reporting/tops.sql");
    let rows = client.query(sql, &[&span.limit, &span.offset]).await?;
    part(&rows)
}

/// Active people who report to `manager`, by name.
pub async fn reports(
    client: &impl GenericClient,
    manager: PersonId,
    span: Span,
) -> Result<Part<Seat>, Error> {
    let sql = include_str!("../../sql/reporting/reports.sql");
    let rows = client
        .query(sql, &[&vec![manager.0], &span.limit, &span.offset])
        .await?;
    part(&rows)
}

/// Active people who report to any of `managers`, by name, at most `limit` of each.
pub async fn reports_of_all(
    client: &impl GenericClient,
    managers: &[PersonId],
    limit: i64,
) -> Result<Vec<Seat>, Error> {
    let ids: Vec<_> = managers.iter().map(|id| id.0).collect();
    let sql = include_str!("../../sql/reporting/reports.sql");
    let rows = client.query(sql, &[&ids, &limit, &0_i64]).await?;
    rows.iter().map(seat).collect()
}

/// Active people above somebody, the highest first, at most `limit` steps up.
pub async fn above(
    client: &impl GenericClient,
    person: PersonId,
    limit: i32,
) -> Result<Vec<Seat>, Error> {
    let sql = include_str!("../../sql/reporting/above.sql");
    let rows = client.query(sql, &[&person.0, &limit]).await?;
    rows.iter().map(seat).collect()
}

fn part(rows: &[Row]) -> Result<Part<Seat>, Error> {
    let total = rows.first().map_or(Ok(0), |row| row.try_get("total"))?;
    let rows: Result<_, Error> = rows.iter().map(seat).collect();
    Ok(Part { rows: rows?, total })
}

fn seat(row: &Row) -> Result<Seat, Error> {
    Ok(Seat {
        id: PersonId(row.try_get("id")?),
        display_name: row.try_get("display_name")?,
        title: row.try_get("title")?,
        avatar_at: row.try_get("avatar_at")?,
        manager: row.try_get::<_, Option<_>>("manager_id")?.map(PersonId),
        reports: row.try_get("reports")?,
    })
}
