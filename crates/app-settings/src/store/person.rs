//! What all tables keep of one person: that they changed something.

use platform_pg::GenericClient;
use uuid::Uuid;

use crate::error::Error;

/// Keeps what somebody changed, but not who it was.
pub(crate) async fn forget(client: &impl GenericClient, person: Uuid) -> Result<(), Error> {
    client
        .execute(include_str!("../../sql/forget_values.sql"), &[&person])
        .await?;
    client
        .execute(include_str!("../../sql/forget_history.sql"), &[&person])
        .await?;
    Ok(())
}
