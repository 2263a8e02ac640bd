//! Table `account_requests`.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};

use crate::domain::person::PersonId;
use crate::domain::registration::{AccountRequest, AccountRequestId};
use crate::domain::token::Token;

/// Keeps a request that waits for its address to be proven, in place of a former one for the same address.
pub async fn registration_put(
    client: &impl GenericClient,
    request: &AccountRequest,
    token: &Token,
    expires_at: Timestamp,
) -> Result<(), Error> {
    client
        .execute(
            include_str!("../../sql/registrations/put.sql"),
            &[
                &request.id.0,
                &request.email,
                &request.display_name,
                &request.note,
                &request.locale,
                &token.hash(),
                &request.created_at,
                &expires_at,
            ],
        )
        .await?;
    Ok(())
}

/// Whether somebody with this address waits for a decision.
pub async fn registration_waits(client: &impl GenericClient, address: &str) -> Result<bool, Error> {
    let sql = include_str!("../../sql/registrations/waits.sql");
    let row = client.query_one(sql, &[&address]).await?;
    Ok(row.try_get("waits")?)
}

/// The request that a link is for, if it works as of `at`.
pub async fn registration_find_unproven(
    client: &impl GenericClient,
    token: &Token,
    at: Timestamp,
) -> Result<Option<AccountRequest>, Error> {
    let sql = include_str!("../../sql/registrations/find_unproven.sql");
    let row = client.query_opt(sql, &[&token.hash(), &at]).await?;
    row.as_ref().map(request).transpose()
}

/// As [`registration_find_unproven`], and keeps others from using the link until the transaction ends.
pub async fn registration_lock_unproven(
    client: &impl GenericClient,
    token: &Token,
    at: Timestamp,
) -> Result<Option<AccountRequest>, Error> {
    let sql = include_str!("../../sql/registrations/lock_unproven.sql");
    let row = client.query_opt(sql, &[&token.hash(), &at]).await?;
    row.as_ref().map(request).transpose()
}

/// A request that waits for a decision; others cannot decide on it until the transaction ends.
pub async fn registration_lock_open(
    client: &impl GenericClient,
    id: AccountRequestId,
) -> Result<Option<AccountRequest>, Error> {
    let sql = include_str!("../../sql/registrations/lock_open.sql");
    let row = client.query_opt(sql, &[&id.0]).await?;
    row.as_ref().map(request).transpose()
}

/// One request.
pub async fn registration_find(
    client: &impl GenericClient,
    id: AccountRequestId,
) -> Result<Option<AccountRequest>, Error> {
    let sql = include_str!("../../sql/registrations/find.sql");
    let row = client.query_opt(sql, &[&id.0]).await?;
    row.as_ref().map(request).transpose()
}

/// Requests that wait for a decision, oldest first.
pub async fn registration_list(
    client: &impl GenericClient,
    limit: i64,
) -> Result<Vec<AccountRequest>, Error> {
    let sql = include_str!("../../sql/registrations/list_open.sql");
    let rows = client.query(sql, &[&limit]).await?;
    rows.iter().map(request).collect()
}

/// How many requests wait for a decision.
pub async fn registration_count(client: &impl GenericClient) -> Result<i64, Error> {
    let sql = include_str!("../../sql/registrations/count_open.sql");
    let row = client.query_one(sql, &[]).await?;
    Ok(row.try_get("requests")?)
}

/// Writes that an address was proven, and what that makes of the request: `open`, or `approved` at once.
///
/// # Errors
/// Violates `account_requests_one_each` when somebody with the address waits already.
pub async fn registration_prove(
    client: &impl GenericClient,
    id: AccountRequestId,
    state: &'static str,
    at: Timestamp,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/registrations/prove.sql");
    client.execute(sql, &[&id.0, &state, &at]).await?;
    Ok(())
}

/// Writes what was decided: `approved` or `denied`. `false`: nobody waits for it any more.
pub async fn registration_decide(
    client: &impl GenericClient,
    id: AccountRequestId,
    (state, reason): (&'static str, &str),
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/registrations/decide.sql");
    let decided = client.execute(sql, &[&id.0, &state, &reason, &at]).await?;
    Ok(decided == 1)
}

/// Forgets requests that nobody proved in time, and those that were decided before `decided`.
pub async fn registration_purge(
    client: &impl GenericClient,
    at: Timestamp,
    decided: Timestamp,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/registrations/purge.sql");
    client.execute(sql, &[&at, &decided]).await?;
    Ok(())
}

/// Forgets what somebody said when they asked for the account they have.
pub async fn registration_forget(client: &impl GenericClient, id: PersonId) -> Result<(), Error> {
    let sql = include_str!("../../sql/registrations/forget.sql");
    client.execute(sql, &[&id.0]).await?;
    Ok(())
}

fn request(row: &Row) -> Result<AccountRequest, Error> {
    Ok(AccountRequest {
        id: AccountRequestId(row.try_get("id")?),
        email: row.try_get("email")?,
        display_name: row.try_get("display_name")?,
        note: row.try_get("note")?,
        locale: row.try_get("locale")?,
        created_at: row.try_get("created_at")?,
        reason: row.try_get("reason")?,
    })
}
