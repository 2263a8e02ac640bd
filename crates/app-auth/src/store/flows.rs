//! Sign-ins on their way.

use jiff::Timestamp;
use platform::http::LocalPath;
use platform_pg::GenericClient;
use tokio_postgres::Row;

use super::Result;
use crate::domain::factor::{Factor, names};
use crate::domain::flow::{Flow, Proof};
use crate::domain::subject::UserId;
use crate::domain::token::TokenHash;

/// Stores a flow under the hash of its handle.
pub(crate) async fn flow_insert(
    client: &impl GenericClient,
    handle: &TokenHash,
    flow: &Flow,
    now: Timestamp,
) -> Result<()> {
    let proof = flow.proof.as_ref();
    let proven = names(proof.map_or(&[], |proof| &proof.factors));
    client
        .execute(
            include_str!("../../sql/flow_insert.sql"),
            &[
                handle,
                &flow.login,
                &flow.return_to.as_str(),
                &proof.map(|proof| proof.user_id),
                &proven,
                &now,
                &flow.expires_at,
                &flow.adds,
            ],
        )
        .await?;
    Ok(())
}

/// The flow a handle names, live or not.
pub(crate) async fn flow_find(
    client: &impl GenericClient,
    handle: &TokenHash,
) -> Result<Option<Flow>> {
    let row = client
        .query_opt(include_str!("../../sql/flow_find.sql"), &[handle])
        .await?;
    row.as_ref().map(flow_of).transpose()
}

/// The flow a handle names; whoever else presents it waits until the transaction ends.
pub(crate) async fn flow_hold(
    client: &impl GenericClient,
    handle: &TokenHash,
) -> Result<Option<Flow>> {
    let row = client
        .query_opt(include_str!("../../sql/flow_hold.sql"), &[handle])
        .await?;
    row.as_ref().map(flow_of).transpose()
}

/// Removes a flow that has led somewhere.
pub(crate) async fn flow_delete(client: &impl GenericClient, handle: &TokenHash) -> Result<()> {
    client
        .execute(include_str!("../../sql/flow_delete.sql"), &[handle])
        .await?;
    Ok(())
}

/// Removes flows that ended before `before`.
pub(crate) async fn flow_purge(client: &impl GenericClient, before: Timestamp) -> Result<u64> {
    client
        .execute(include_str!("../../sql/flow_purge.sql"), &[&before])
        .await
}

fn flow_of(row: &Row) -> Result<Flow> {
    let return_to: String = row.try_get("return_to")?;
    let user_id: Option<UserId> = row.try_get("user_id")?;
    let proven: Vec<String> = row.try_get("proven")?;
    Ok(Flow {
        login: row.try_get("login")?,
        // Checked again: whoever can write to the table must not send people elsewhere.
        return_to: LocalPath::or_home(Some(&return_to)),
        proof: user_id.map(|user_id| Proof {
            user_id,
            factors: proven
                .iter()
                .filter_map(|name| Factor::parse(name))
                .collect(),
        }),
        adds: row.try_get("adds")?,
        expires_at: row.try_get("expires_at")?,
    })
}
