//! Who reports to whom: the column `manager_id` of table `people`.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient};

use crate::domain::person::PersonId;

/// Whether putting `person` below `manager` would put somebody below themselves. Holds off every other such question
/// until the transaction ends.
pub async fn reporting_would_circle(
    client: &impl GenericClient,
    person: PersonId,
    manager: PersonId,
) -> Result<bool, Error> {
    client
        .execute(include_str!("../../sql/people/lock_reporting.sql"), &[])
        .await?;
    let row = client
        .query_one(
            include_str!("../../sql/people/is_above.sql"),
            &[&person.0, &manager.0],
        )
        .await?;
    Ok(row.try_get("is_above")?)
}

/// Leaves those who report to `manager` without one. Returns how many they were.
pub async fn reports_leave(
    client: &impl GenericClient,
    manager: PersonId,
    at: Timestamp,
) -> Result<u64, Error> {
    client
        .execute(
            include_str!("../../sql/people/leave_reports.sql"),
            &[&manager.0, &at],
        )
        .await
}
