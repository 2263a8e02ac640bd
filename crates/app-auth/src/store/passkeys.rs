//! Passkeys, the challenges they answer, and who said that they want none.

use jiff::Timestamp;
use platform_pg::GenericClient;
use serde_json::Value;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::Result;
use crate::domain::subject::UserId;
use crate::domain::token::TokenHash;

/// A line of somebody's list.
#[derive(Debug, Clone)]
pub(crate) struct ListedPasskey {
    /// Names it in addresses.
    pub(crate) passkey_id: Uuid,
    /// What its owner calls it.
    pub(crate) name: String,
    /// Which model it says it is.
    pub(crate) model: Option<Uuid>,
    /// When it was added.
    pub(crate) created_at: Timestamp,
    /// Last sign-in with it.
    pub(crate) last_used_at: Option<Timestamp>,
}

/// A passkey to be stored.
#[derive(Debug)]
pub(crate) struct NewPasskey<'a> {
    /// Names it in addresses.
    pub(crate) passkey_id: Uuid,
    /// Whose.
    pub(crate) user_id: UserId,
    /// How its authenticator names it.
    pub(crate) credential_id: &'a [u8],
    /// Public key, counter and flags.
    pub(crate) credential: &'a Value,
    /// What it is called.
    pub(crate) name: &'a str,
    /// Which model it says it is.
    pub(crate) model: Option<Uuid>,
}

/// What a challenge is for, and for whom if it is for somebody.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    /// Somebody adds a passkey.
    Add(UserId),
    /// Whoever answers signs in.
    SignIn,
    /// Somebody proves again that it is them.
    Confirm(UserId),
}

impl Purpose {
    fn columns(self) -> (&'static str, Option<UserId>) {
        match self {
            Self::Add(who) => ("add", Some(who)),
            Self::SignIn => ("sign_in", None),
            Self::Confirm(who) => ("confirm", Some(who)),
        }
    }
}

/// Adds a passkey; returns whether nobody had it yet.
pub(crate) async fn passkey_insert(
    client: &impl GenericClient,
    passkey: &NewPasskey<'_>,
    at: Timestamp,
) -> Result<bool> {
    let rows = client
        .execute(
            include_str!("../../sql/passkey_insert.sql"),
            &[
                &passkey.passkey_id,
                &passkey.user_id,
                &passkey.credential_id,
                &Json(passkey.credential),
                &passkey.name,
                &passkey.model,
                &at,
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// The passkeys of a person, oldest first.
pub(crate) async fn passkey_list(
    client: &impl GenericClient,
    id: UserId,
) -> Result<Vec<ListedPasskey>> {
    let rows = client
        .query(include_str!("../../sql/passkey_list.sql"), &[&id])
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ListedPasskey {
                passkey_id: row.try_get("passkey_id")?,
                name: row.try_get("name")?,
                model: row.try_get("model")?,
                created_at: row.try_get("created_at")?,
                last_used_at: row.try_get("last_used_at")?,
            })
        })
        .collect()
}

/// The public keys of a person.
pub(crate) async fn passkey_keys_of(client: &impl GenericClient, id: UserId) -> Result<Vec<Value>> {
    credentials(client, include_str!("../../sql/passkey_keys_of.sql"), id).await
}

/// The public keys of a person; whoever else uses one waits until the transaction ends.
pub(crate) async fn passkey_hold_of(client: &impl GenericClient, id: UserId) -> Result<Vec<Value>> {
    credentials(client, include_str!("../../sql/passkey_hold_of.sql"), id).await
}

async fn credentials(
    client: &impl GenericClient,
    statement: &str,
    id: UserId,
) -> Result<Vec<Value>> {
    let rows = client.query(statement, &[&id]).await?;
    rows.iter()
        .map(|row| Ok(row.try_get::<_, Json<Value>>("credential")?.0))
        .collect()
}

/// Notes a use, with the counter as it is now.
pub(crate) async fn passkey_used(
    client: &impl GenericClient,
    (id, credential_id): (UserId, &[u8]),
    credential: &Value,
    at: Timestamp,
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/passkey_used.sql"),
            &[&id, &credential_id, &Json(credential), &at],
        )
        .await?;
    Ok(())
}

/// Gives a passkey of a person another name; returns whether there is one.
pub(crate) async fn passkey_rename(
    client: &impl GenericClient,
    (id, passkey): (UserId, Uuid),
    name: &str,
) -> Result<bool> {
    let rows = client
        .execute(
            include_str!("../../sql/passkey_rename.sql"),
            &[&id, &passkey, &name],
        )
        .await?;
    Ok(rows == 1)
}

/// Removes a passkey of a person; returns whether there was one.
pub(crate) async fn passkey_delete(
    client: &impl GenericClient,
    (id, passkey): (UserId, Uuid),
) -> Result<bool> {
    let rows = client
        .execute(
            include_str!("../../sql/passkey_delete.sql"),
            &[&id, &passkey],
        )
        .await?;
    Ok(rows == 1)
}

/// Removes all passkeys of a person.
pub(crate) async fn passkey_delete_all(client: &impl GenericClient, id: UserId) -> Result<()> {
    client
        .execute(include_str!("../../sql/passkey_delete_all.sql"), &[&id])
        .await?;
    Ok(())
}

/// Stores a challenge.
pub(crate) async fn passkey_challenge_insert(
    client: &impl GenericClient,
    (hash, purpose): (&TokenHash, Purpose),
    state: &Value,
    expires_at: Timestamp,
) -> Result<()> {
    let (purpose, id) = purpose.columns();
    client
        .execute(
            include_str!("../../sql/passkey_challenge_insert.sql"),
            &[hash, &purpose, &id, &Json(state), &expires_at],
        )
        .await?;
    Ok(())
}

/// Takes a live challenge; of several at once exactly one gets it.
pub(crate) async fn passkey_challenge_take(
    client: &impl GenericClient,
    (hash, purpose): (&TokenHash, Purpose),
    now: Timestamp,
) -> Result<Option<Value>> {
    let (purpose, id) = purpose.columns();
    let row = client
        .query_opt(
            include_str!("../../sql/passkey_challenge_take.sql"),
            &[hash, &purpose, &id, &now],
        )
        .await?;
    row.map(|row| Ok(row.try_get::<_, Json<Value>>("state")?.0))
        .transpose()
}

/// Removes up to 20 challenges that expired.
pub(crate) async fn passkey_challenge_purge(
    client: &impl GenericClient,
    now: Timestamp,
) -> Result<u64> {
    client
        .execute(
            include_str!("../../sql/passkey_challenge_purge.sql"),
            &[&now],
        )
        .await
}

/// Whether somebody has no passkey and did not refuse one after `since`.
pub(crate) async fn passkey_is_worth_offering(
    client: &impl GenericClient,
    id: UserId,
    since: Timestamp,
) -> Result<bool> {
    let row = client
        .query_one(
            include_str!("../../sql/passkey_is_worth_offering.sql"),
            &[&id, &since],
        )
        .await?;
    Ok(row.try_get("worth")?)
}

/// Notes that somebody wants no passkey now.
pub(crate) async fn passkey_refusal_put(
    client: &impl GenericClient,
    id: UserId,
    at: Timestamp,
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/passkey_refusal_put.sql"),
            &[&id, &at],
        )
        .await?;
    Ok(())
}
