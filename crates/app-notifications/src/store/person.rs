//! What all tables keep of one person.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient};
use uuid::Uuid;

/// Deletes what somebody was told, and their address from the records of mail.
pub async fn person_forget(
    client: &impl GenericClient,
    person: Uuid,
    at: Timestamp,
) -> Result<(), Error> {
    client
        .execute(include_str!("../../sql/forget_inbox.sql"), &[&person])
        .await?;
    client
        .execute(include_str!("../../sql/forget_mail.sql"), &[&person, &at])
        .await?;
    Ok(())
}
