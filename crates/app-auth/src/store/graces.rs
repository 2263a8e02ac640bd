//! The time people have to set up more than they have.

use jiff::Timestamp;
use platform_pg::GenericClient;
use tokio_postgres::Row;

use super::Result;
use crate::domain::factor::Requirement;
use crate::domain::grace::Grace;
use crate::domain::subject::UserId;

/// The time somebody has: from now on, if they never were told before or of less only.
pub(crate) async fn grace_begin(
    client: &impl GenericClient,
    (id, requirement): (UserId, Requirement),
    now: Timestamp,
) -> Result<Grace> {
    let row = client
        .query_one(
            include_str!("../../sql/grace_begin.sql"),
            &[&id, &now, &requirement.name()],
        )
        .await?;
    grace_of(&row)
}

/// The time somebody has, if they were told.
pub(crate) async fn grace_find(
    client: &impl GenericClient,
    (id, requirement): (UserId, Requirement),
) -> Result<Option<Grace>> {
    let row = client
        .query_opt(
            include_str!("../../sql/grace_find.sql"),
            &[&id, &requirement.name()],
        )
        .await?;
    row.as_ref().map(grace_of).transpose()
}

/// Ends it now, also for somebody who was never told.
pub(crate) async fn grace_end(
    client: &impl GenericClient,
    (id, requirement): (UserId, Requirement),
    now: Timestamp,
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/grace_end.sql"),
            &[&id, &now, &requirement.name()],
        )
        .await?;
    Ok(())
}

fn grace_of(row: &Row) -> Result<Grace> {
    Ok(Grace {
        began_at: row.try_get("began_at")?,
        ended_at: row.try_get("ended_at")?,
    })
}
