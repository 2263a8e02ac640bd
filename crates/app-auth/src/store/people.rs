//! People and what they sign in with, in short, for administrators.

use platform_pg::GenericClient;

use super::Result;
use crate::domain::subject::UserId;

/// A line of the list.
#[derive(Debug, Clone)]
pub(crate) struct ListedPerson {
    /// Who.
    pub(crate) user_id: UserId,
    /// Sign-in name.
    pub(crate) username: String,
    /// Name to show.
    pub(crate) display_name: String,
    /// Whether they may not sign in.
    pub(crate) is_disabled: bool,
    /// There is a password.
    pub(crate) has_password: bool,
    /// There are one-time passwords.
    pub(crate) has_totp: bool,
    /// How many passkeys there are.
    pub(crate) passkeys: i64,
}

/// People who fit `words`, folded, by name; at most `limit`.
pub(crate) async fn people_list(
    client: &impl GenericClient,
    words: &str,
    limit: i64,
) -> Result<Vec<ListedPerson>> {
    let rows = client
        .query(include_str!("../../sql/people_list.sql"), &[&words, &limit])
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ListedPerson {
                user_id: row.try_get("user_id")?,
                username: row.try_get("username")?,
                display_name: row.try_get("display_name")?,
                is_disabled: row.try_get::<_, String>("state")? == "disabled",
                has_password: row.try_get("has_password")?,
                has_totp: row.try_get("has_totp")?,
                passkeys: row.try_get("passkeys")?,
            })
        })
        .collect()
}
