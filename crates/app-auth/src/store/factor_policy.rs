//! What is asked of roles, groups and single people, and what a person has.

use jiff::Timestamp;
use platform_pg::GenericClient;

use super::Result;
use crate::domain::factor::Requirement;
use crate::domain::subject::UserId;

/// Of whom something is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Everybody of a role, by its name.
    Role(String),
    /// Everybody in a group, by its name, nesting resolved.
    Group(String),
}

impl Audience {
    fn columns(&self) -> (&'static str, &str) {
        match self {
            Self::Role(name) => ("role", name),
            Self::Group(name) => ("group", name),
        }
    }
}

/// What a person signs in with.
#[derive(Debug, Clone)]
pub(crate) struct PersonFactors {
    /// Name of the directory that keeps the password; empty when it is kept here.
    pub(crate) password_directory: String,
    /// Since when the password is what it is.
    pub(crate) password_changed_at: Option<Timestamp>,
    /// Since when there are one-time passwords.
    pub(crate) totp_since: Option<Timestamp>,
    /// When the last one was used, to half a minute.
    pub(crate) totp_last_used_at: Option<Timestamp>,
    /// Recovery codes that were not used.
    pub(crate) recovery_codes: i64,
    /// When the last one was used.
    pub(crate) recovery_last_used_at: Option<Timestamp>,
    /// What is asked of this person beyond role and groups.
    pub(crate) personal: Requirement,
}

/// All that is asked, of roles first.
pub(crate) async fn factor_requirement_list(
    client: &impl GenericClient,
) -> Result<Vec<(Audience, Requirement)>> {
    let rows = client
        .query(include_str!("../../sql/factor_requirement_list.sql"), &[])
        .await?;
    rows.iter()
        .map(|row| {
            let (audience, name): (String, String) =
                (row.try_get("audience")?, row.try_get("name")?);
            let requirement: String = row.try_get("requirement")?;
            let audience = match audience.as_str() {
                "role" => Audience::Role(name),
                _ => Audience::Group(name),
            };
            Ok((audience, Requirement::parse(&requirement)))
        })
        .collect()
}

/// Asks something of an audience from now on, or nothing any more.
pub(crate) async fn factor_requirement_put(
    client: &impl GenericClient,
    audience: &Audience,
    requirement: Requirement,
) -> Result<()> {
    let (kind, name) = audience.columns();
    if requirement == Requirement::None {
        let statement = include_str!("../../sql/factor_requirement_delete.sql");
        client.execute(statement, &[&kind, &name]).await?;
    } else {
        let statement = include_str!("../../sql/factor_requirement_put.sql");
        client
            .execute(statement, &[&kind, &name, &requirement.name()])
            .await?;
    }
    Ok(())
}

/// The groups people are in and how many there are in each, by name; at most 500.
pub(crate) async fn group_list(client: &impl GenericClient) -> Result<Vec<(String, i64)>> {
    let rows = client
        .query(include_str!("../../sql/group_list.sql"), &[])
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("name")?, row.try_get("members")?)))
        .collect()
}

/// Everybody whose role is administrator.
pub(crate) async fn subject_admins(client: &impl GenericClient) -> Result<Vec<UserId>> {
    let rows = client
        .query(include_str!("../../sql/subject_admins.sql"), &[])
        .await?;
    rows.iter().map(|row| Ok(row.try_get("user_id")?)).collect()
}

/// Asks something of one person from now on, or nothing of them alone any more.
pub(crate) async fn person_requirement_put(
    client: &impl GenericClient,
    (id, requirement): (UserId, Requirement),
    at: Timestamp,
) -> Result<()> {
    if requirement == Requirement::None {
        let statement = include_str!("../../sql/person_requirement_delete.sql");
        client.execute(statement, &[&id]).await?;
    } else {
        let statement = include_str!("../../sql/person_requirement_put.sql");
        client
            .execute(statement, &[&id, &requirement.name(), &at])
            .await?;
    }
    Ok(())
}

/// What a person signs in with, passkeys aside.
pub(crate) async fn person_factors_find(
    client: &impl GenericClient,
    id: UserId,
) -> Result<PersonFactors> {
    let row = client
        .query_one(include_str!("../../sql/person_factors_find.sql"), &[&id])
        .await?;
    let personal: Option<String> = row.try_get("personal_requirement")?;
    Ok(PersonFactors {
        password_directory: row.try_get("password_directory")?,
        password_changed_at: row.try_get("password_changed_at")?,
        totp_since: row.try_get("totp_since")?,
        totp_last_used_at: row.try_get("totp_last_used_at")?,
        recovery_codes: row.try_get("recovery_codes")?,
        recovery_last_used_at: row.try_get("recovery_last_used_at")?,
        personal: personal.map_or(Requirement::None, |word| Requirement::parse(&word)),
    })
}
