//! Keys for programs.

use jiff::Timestamp;
use platform_pg::GenericClient;
use tokio_postgres::Row;
use uuid::Uuid;

use super::Result;
use super::service_accounts::account_of;
use super::sessions::{SessionKey, key_of};
use super::subjects::subject_of;
use crate::domain::api_key::{KeyId, Validity};
use crate::domain::reach::Reach;
use crate::domain::service_account::{ServiceAccount, ServiceAccountId};
use crate::domain::subject::{Subject, UserId};
use crate::domain::token::TokenHash;

/// For whom a key acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    /// A person.
    Person(UserId),
    /// A service account.
    Account(ServiceAccountId),
}

impl Holder {
    /// The id of either.
    pub(crate) fn id(self) -> Uuid {
        match self {
            Self::Person(id) => id.0,
            Self::Account(id) => id.0,
        }
    }
}

/// A key about to be stored.
#[derive(Debug)]
pub(crate) struct NewKey<'a> {
    /// Its id.
    pub(crate) key_id: KeyId,
    /// What names it in its text.
    pub(crate) public_id: &'a str,
    /// What recognises its secret.
    pub(crate) secret_hash: &'a TokenHash,
    /// For whom.
    pub(crate) holder: Holder,
    /// What its owner calls it.
    pub(crate) name: &'a str,
    /// How far it reaches.
    pub(crate) reach: &'a Reach,
    /// From when.
    pub(crate) created_at: Timestamp,
    /// Until when.
    pub(crate) expires_at: Timestamp,
}

/// A stored key.
#[derive(Debug, Clone)]
pub(crate) struct StoredKey {
    /// Its id.
    pub(crate) key_id: KeyId,
    /// What names it in its text.
    pub(crate) public_id: String,
    /// What recognises its secret.
    pub(crate) secret_hash: TokenHash,
    /// For whom.
    pub(crate) holder: Holder,
    /// What its owner calls it.
    pub(crate) name: String,
    /// How far it reaches.
    pub(crate) reach: Reach,
    /// From when.
    pub(crate) created_at: Timestamp,
    /// Whether it works.
    pub(crate) validity: Validity,
    /// Why it was ended.
    pub(crate) revoke_reason: Option<String>,
    /// Last use, to about a minute.
    pub(crate) last_used_at: Option<Timestamp>,
    /// Address of the last use or empty.
    pub(crate) last_used_from: String,
}

/// A line of a list of keys.
#[derive(Debug, Clone)]
pub(crate) struct ListedKey {
    /// The key.
    pub(crate) key: StoredKey,
    /// Name of the person or service account.
    pub(crate) holder_name: String,
}

/// Who is behind a key.
#[derive(Debug, Clone)]
pub(crate) enum Behind {
    /// A person as they are now.
    Person(Box<Subject>),
    /// A service account as it is now.
    Account(Box<ServiceAccount>),
}

/// Stores a key.
pub(crate) async fn api_key_insert(client: &impl GenericClient, key: &NewKey<'_>) -> Result<()> {
    let (person, account) = match key.holder {
        Holder::Person(id) => (Some(id), None),
        Holder::Account(id) => (None, Some(id)),
    };
    client
        .execute(
            include_str!("../../sql/api_key_insert.sql"),
            &[
                &key.key_id,
                &key.public_id,
                key.secret_hash,
                &person,
                &account,
                &key.name,
                &key.reach.scopes(),
                &key.reach.app(),
                &key.reach.resource(),
                &key.reach.networks(),
                &key.created_at,
                &key.expires_at,
            ],
        )
        .await?;
    Ok(())
}

/// A key by the name in its text, and who is behind it.
pub(crate) async fn api_key_find(
    client: &impl GenericClient,
    public_id: &str,
) -> Result<Option<(StoredKey, Behind)>> {
    let row = client
        .query_opt(include_str!("../../sql/api_key_find.sql"), &[&public_id])
        .await?;
    row.map(|row| {
        let key = stored(&row)?;
        let behind = match key.holder {
            Holder::Person(_) => Behind::Person(Box::new(subject_of(&row)?)),
            Holder::Account(_) => Behind::Account(Box::new(account_of(&row)?)),
        };
        Ok((key, behind))
    })
    .transpose()
}

/// A key by id, held until the transaction ends.
pub(crate) async fn api_key_get(
    client: &impl GenericClient,
    id: KeyId,
) -> Result<Option<ListedKey>> {
    let row = client
        .query_opt(include_str!("../../sql/api_key_get.sql"), &[&id])
        .await?;
    row.as_ref().map(listed).transpose()
}

/// Keys of one holder, or of everybody; newest first.
pub(crate) async fn api_key_list(
    client: &impl GenericClient,
    holder: Option<Uuid>,
    limit: i64,
) -> Result<Vec<ListedKey>> {
    let rows = client
        .query(
            include_str!("../../sql/api_key_list.sql"),
            &[&holder, &limit],
        )
        .await?;
    rows.iter().map(listed).collect()
}

/// How many keys of a holder work.
pub(crate) async fn api_key_live_count(
    client: &impl GenericClient,
    holder: Uuid,
    now: Timestamp,
) -> Result<i64> {
    let row = client
        .query_one(
            include_str!("../../sql/api_key_live_count.sql"),
            &[&holder, &now],
        )
        .await?;
    Ok(row.try_get("live")?)
}

/// Ends a key; `None` when it had ended before.
pub(crate) async fn api_key_revoke(
    client: &impl GenericClient,
    id: KeyId,
    (at, reason): (Timestamp, &str),
) -> Result<Option<SessionKey>> {
    let row = client
        .query_opt(
            include_str!("../../sql/api_key_revoke.sql"),
            &[&id, &at, &reason],
        )
        .await?;
    row.as_ref().map(key_of).transpose()
}

/// Lets a key end at `at` if it would not end before.
pub(crate) async fn api_key_shorten(
    client: &impl GenericClient,
    id: KeyId,
    at: Timestamp,
) -> Result<()> {
    client
        .execute(include_str!("../../sql/api_key_shorten.sql"), &[&id, &at])
        .await?;
    Ok(())
}

/// Records a use, unless one was recorded after `before`.
pub(crate) async fn api_key_touch(
    client: &impl GenericClient,
    id: KeyId,
    (at, before): (Timestamp, Timestamp),
    address: &str,
) -> Result<()> {
    client
        .execute(
            include_str!("../../sql/api_key_touch.sql"),
            &[&id, &at, &address, &before],
        )
        .await?;
    Ok(())
}

/// Removes keys that ended before `before`.
pub(crate) async fn api_key_purge(client: &impl GenericClient, before: Timestamp) -> Result<u64> {
    client
        .execute(include_str!("../../sql/api_key_purge.sql"), &[&before])
        .await
}

fn listed(row: &Row) -> Result<ListedKey> {
    Ok(ListedKey {
        key: stored(row)?,
        holder_name: row
            .try_get::<_, Option<String>>("holder_name")?
            .unwrap_or_default(),
    })
}

fn stored(row: &Row) -> Result<StoredKey> {
    let account: Option<ServiceAccountId> = row.try_get("service_account_id")?;
    let holder = match account {
        Some(id) => Holder::Account(id),
        None => Holder::Person(row.try_get("holder_id")?),
    };
    Ok(StoredKey {
        key_id: row.try_get("key_id")?,
        public_id: row.try_get("public_id")?,
        secret_hash: row.try_get("secret_hash")?,
        holder,
        name: row.try_get("name")?,
        reach: Reach::stored(
            (row.try_get("scopes")?, row.try_get("networks")?),
            (row.try_get("app")?, row.try_get("resource")?),
        ),
        created_at: row.try_get("created_at")?,
        validity: Validity {
            expires_at: row.try_get("expires_at")?,
            revoked_at: row.try_get("revoked_at")?,
        },
        revoke_reason: row.try_get("revoke_reason")?,
        last_used_at: row.try_get("last_used_at")?,
        last_used_from: row.try_get("last_used_from")?,
    })
}
