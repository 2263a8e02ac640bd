//! Programs that act in their own name.

use jiff::Timestamp;
use platform_pg::GenericClient;
use tokio_postgres::Row;

use super::Result;
use crate::domain::login::LoginKey;
use crate::domain::service_account::{AccountState, ServiceAccount, ServiceAccountId};
use crate::domain::subject::{Role, State, UserId};

/// Stores a new one; `false` when the name is taken.
pub(crate) async fn service_account_insert(
    client: &impl GenericClient,
    id: ServiceAccountId,
    (name, description): (&str, &str),
    (owner, role): (UserId, Role),
    at: Timestamp,
) -> Result<bool> {
    let rows = client
        .execute(
            include_str!("../../sql/service_account_insert.sql"),
            &[&id, &name, &description, &owner, &role.name(), &at],
        )
        .await?;
    Ok(rows == 1)
}

/// All of them by name, or one; at most 500.
pub(crate) async fn service_account_list(
    client: &impl GenericClient,
    id: Option<ServiceAccountId>,
) -> Result<Vec<ServiceAccount>> {
    let rows = client
        .query(include_str!("../../sql/service_account_list.sql"), &[&id])
        .await?;
    rows.iter().map(account_of).collect()
}

/// Gives one another owner; `false` when there is none of this id.
pub(crate) async fn service_account_set_owner(
    client: &impl GenericClient,
    id: ServiceAccountId,
    owner: UserId,
    at: Timestamp,
) -> Result<bool> {
    let rows = client
        .execute(
            include_str!("../../sql/service_account_set_owner.sql"),
            &[&id, &owner, &at],
        )
        .await?;
    Ok(rows == 1)
}

/// Switches one on or off; `false` when there is none of this id.
pub(crate) async fn service_account_set_enabled(
    client: &impl GenericClient,
    id: ServiceAccountId,
    enabled: bool,
    at: Timestamp,
) -> Result<bool> {
    let rows = client
        .execute(
            include_str!("../../sql/service_account_set_enabled.sql"),
            &[&id, &enabled, &at],
        )
        .await?;
    Ok(rows == 1)
}

/// The one person with a sign-in name or mail address.
pub(crate) async fn subject_id_by_login(
    client: &impl GenericClient,
    login: &str,
) -> Result<Option<UserId>> {
    let key = LoginKey::of(login);
    let rows = client
        .query(
            include_str!("../../sql/subject_find_by_exact_login.sql"),
            &[&key.as_str()],
        )
        .await?;
    match rows.as_slice() {
        [row] => Ok(Some(row.try_get("user_id")?)),
        _ => Ok(None),
    }
}

/// Reads the columns of a service account.
pub(crate) fn account_of(row: &Row) -> Result<ServiceAccount> {
    let role: String = row.try_get("account_role")?;
    let owner_state: Option<String> = row.try_get("owner_state")?;
    // A word this version does not know must not let a key work.
    let owner = owner_state.map(|word| State::parse(&word).unwrap_or(State::Disabled));
    Ok(ServiceAccount {
        id: row.try_get("service_account_id")?,
        name: row.try_get("account_name")?,
        description: row.try_get("description")?,
        owner_id: row.try_get("owner_id")?,
        owner_name: row
            .try_get::<_, Option<String>>("owner_name")?
            .unwrap_or_default(),
        role: Role::parse(&role).unwrap_or(Role::Guest),
        state: AccountState::of(row.try_get("enabled")?, owner),
    })
}
