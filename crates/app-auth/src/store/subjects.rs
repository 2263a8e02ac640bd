//! People.

use jiff::Timestamp;
use platform_pg::GenericClient;
use tokio_postgres::Row;

use super::Result;
use crate::domain::login::LoginKey;
use crate::domain::subject::{Role, State, Subject, UserId};

/// Inserts or replaces a person; an older or equal version changes nothing. Returns whether it was newer.
pub(crate) async fn subject_put(
    client: &impl GenericClient,
    subject: &Subject,
    at: Timestamp,
) -> Result<bool> {
    let username_key = LoginKey::of(&subject.username);
    let email_key = LoginKey::of(&subject.email);
    let rows = client
        .execute(
            include_str!("../../sql/subject_put.sql"),
            &[
                &subject.user_id,
                &subject.username,
                &username_key.as_str(),
                &subject.email,
                &email_key.as_str(),
                &subject.display_name,
                &subject.role.name(),
                &subject.state.name(),
                &subject.groups,
                &subject.locale,
                &subject.zone,
                &subject.theme,
                &subject.version,
                &at,
                &subject.password_directory,
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// Deletes a person with all that is kept of them: factors, sessions, keys, events.
pub(crate) async fn subject_delete(client: &impl GenericClient, id: UserId) -> Result<()> {
    client
        .execute(include_str!("../../sql/subject_delete.sql"), &[&id])
        .await?;
    Ok(())
}

/// A person by id.
pub(crate) async fn subject_find(
    client: &impl GenericClient,
    id: UserId,
) -> Result<Option<Subject>> {
    let row = client
        .query_opt(include_str!("../../sql/subject_find.sql"), &[&id])
        .await?;
    row.as_ref().map(subject_of).transpose()
}

/// A person by id, kept as they are until the transaction ends.
pub(crate) async fn subject_hold(
    client: &impl GenericClient,
    id: UserId,
) -> Result<Option<Subject>> {
    let row = client
        .query_opt(include_str!("../../sql/subject_hold.sql"), &[&id])
        .await?;
    row.as_ref().map(subject_of).transpose()
}

/// The same, for one caller at a time: for whoever changes how the person signs in.
pub(crate) async fn subject_hold_alone(
    client: &impl GenericClient,
    id: UserId,
) -> Result<Option<Subject>> {
    let row = client
        .query_opt(include_str!("../../sql/subject_hold_alone.sql"), &[&id])
        .await?;
    row.as_ref().map(subject_of).transpose()
}

/// The one person a sign-in name or mail address belongs to, with their password hash if they have one. A name
/// that two people hold at the moment finds nobody.
pub(crate) async fn subject_find_by_login(
    client: &impl GenericClient,
    key: &LoginKey,
) -> Result<Option<(Subject, Option<String>)>> {
    let rows = client
        .query(
            include_str!("../../sql/subject_find_by_login.sql"),
            &[&key.as_str()],
        )
        .await?;
    match rows.as_slice() {
        [row] => Ok(Some((subject_of(row)?, row.try_get("phc")?))),
        [] => Ok(None),
        _ => {
            tracing::warn!(
                "a sign-in name is held by two people; nobody signs in with it until that is settled"
            );
            Ok(None)
        }
    }
}

/// Notes that an invited person has credentials now; accounts learns it by event.
pub(crate) async fn subject_activate(
    client: &impl GenericClient,
    id: UserId,
    at: Timestamp,
) -> Result<()> {
    client
        .execute(include_str!("../../sql/subject_activate.sql"), &[&id, &at])
        .await?;
    Ok(())
}

/// Whether there is an administrator, in whatever state.
pub(crate) async fn subject_admin_exists(client: &impl GenericClient) -> Result<bool> {
    let row = client
        .query_one(include_str!("../../sql/subject_admin_exists.sql"), &[])
        .await?;
    Ok(row.try_get("found")?)
}

/// Where somebody stands: what was read of them before either number rose is outdated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standpoint {
    /// Whose.
    pub(crate) user_id: UserId,
    /// Of the person as accounts knows them.
    pub(crate) version: i64,
    /// Of their sessions.
    pub(crate) generation: i64,
}

/// Everybody who runs the platform, a thousand at most.
pub(crate) async fn subject_admin_ids(client: &impl GenericClient) -> Result<Vec<UserId>> {
    let rows = client
        .query(include_str!("../../sql/subject_admin_ids.sql"), &[])
        .await?;
    rows.iter()
        .map(|row| row.try_get("user_id").map_err(Into::into))
        .collect()
}

/// People changed at or after `since`, or whose sessions ended all at once.
pub(crate) async fn subject_changed_since(
    client: &impl GenericClient,
    since: Timestamp,
) -> Result<Vec<Standpoint>> {
    let rows = client
        .query(
            include_str!("../../sql/subject_changed_since.sql"),
            &[&since],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Standpoint {
                user_id: row.try_get("user_id")?,
                version: row.try_get("version")?,
                generation: row.try_get("session_generation")?,
            })
        })
        .collect()
}

/// Reads the subject columns of a row.
pub(crate) fn subject_of(row: &Row) -> Result<Subject> {
    let role: String = row.try_get("role")?;
    let state: String = row.try_get("state")?;
    Ok(Subject {
        user_id: row.try_get("user_id")?,
        username: row.try_get("username")?,
        email: row.try_get("email")?,
        display_name: row.try_get("display_name")?,
        // A word this version does not know, written by a newer one, must not grant anything.
        role: Role::parse(&role).unwrap_or(Role::Guest),
        state: State::parse(&state).unwrap_or(State::Disabled),
        groups: row.try_get("groups")?,
        locale: row.try_get("locale")?,
        zone: row.try_get("zone")?,
        theme: row.try_get("theme")?,
        version: row.try_get("version")?,
        password_directory: row.try_get("password_directory")?,
    })
}
