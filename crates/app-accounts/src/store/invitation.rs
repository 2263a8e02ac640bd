//! Table `invitations`.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};

use super::membership::{Part, Span};
use crate::domain::invitation::{Invitation, Lasts, Letter, OpenInvitation, Stage};
use crate::domain::person::PersonId;

/// Writes the invitations of people who are invited with the same words, or invited again.
pub async fn invitation_put(
    client: &impl GenericClient,
    people: &[PersonId],
    (by, letter): (Option<PersonId>, &Letter),
    stage: Stage,
    at: Timestamp,
) -> Result<(), Error> {
    let ids: Vec<_> = people.iter().map(|id| id.0).collect();
    client
        .execute(
            include_str!("../../sql/invitations/put.sql"),
            &[
                &ids,
                &by.map(|id| id.0),
                &letter.message.as_str(),
                &letter.lasts.get(),
                &stage.as_str(),
                &at,
            ],
        )
        .await?;
    Ok(())
}

/// The invitation of a person, whatever became of it.
pub async fn invitation_find(
    client: &impl GenericClient,
    id: PersonId,
) -> Result<Option<Invitation>, Error> {
    let sql = include_str!("../../sql/invitations/find.sql");
    let row = client.query_opt(sql, &[&id.0]).await?;
    row.as_ref().map(invitation).transpose()
}

/// Writes how far an invitation got, and until when its link works if one was made.
pub async fn invitation_step(
    client: &impl GenericClient,
    id: PersonId,
    stage: Stage,
    at: Timestamp,
    expires_at: Option<Timestamp>,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/invitations/step.sql");
    write(client, sql, id, (stage, at, expires_at)).await
}

/// As [`invitation_step`], but only of an invitation that is being sent.
pub async fn invitation_settle(
    client: &impl GenericClient,
    id: PersonId,
    stage: Stage,
    at: Timestamp,
    expires_at: Option<Timestamp>,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/invitations/settle.sql");
    write(client, sql, id, (stage, at, expires_at)).await
}

async fn write(
    client: &impl GenericClient,
    sql: &str,
    id: PersonId,
    (stage, at, expires_at): (Stage, Timestamp, Option<Timestamp>),
) -> Result<(), Error> {
    let stage = stage.as_str();
    client
        .execute(sql, &[&id.0, &stage, &at, &expires_at])
        .await?;
    Ok(())
}

/// Lists open invitations, oldest first: of a stage, of people found by `query` (see [`super::person::Filter::words`]).
pub async fn invitation_list(
    client: &impl GenericClient,
    (stage, query): (Option<Stage>, Option<&str>),
    at: Timestamp,
    span: Span,
) -> Result<Part<OpenInvitation>, Error> {
    let stage = stage.map(Stage::as_str);
    let sql = include_str!("../../sql/invitations/list.sql");
    let rows = client
        .query(sql, &[&stage, &at, &query, &span.limit, &span.offset])
        .await?;
    let total = rows.first().map_or(Ok(0), |row| row.try_get("total"))?;
    let rows: Result<Vec<_>, Error> = rows.iter().map(open_invitation).collect();
    Ok(Part { rows: rows?, total })
}

fn open_invitation(row: &Row) -> Result<OpenInvitation, Error> {
    let role: &str = row.try_get("role")?;
    Ok(OpenInvitation {
        invitation: invitation(row)?,
        display_name: row.try_get("display_name")?,
        username: row.try_get("username")?,
        email: row.try_get("email")?,
        role: role
            .parse()
            .map_err(|_| Error::Decode("people.role".to_owned()))?,
    })
}

fn invitation(row: &Row) -> Result<Invitation, Error> {
    let stage: &str = row.try_get("state")?;
    let inviter: Option<_> = row.try_get("invited_by")?;
    let name: Option<String> = row.try_get("inviter_name")?;
    let lasts = Lasts::days(row.try_get("lasts_days")?);
    Ok(Invitation {
        person: PersonId(row.try_get("person_id")?),
        invited_by: inviter.map(PersonId).zip(name),
        message: row.try_get("message")?,
        lasts: lasts.map_err(|_| Error::Decode("invitations.lasts_days".to_owned()))?,
        stage: stage
            .parse()
            .map_err(|_| Error::Decode("invitations.state".to_owned()))?,
        created_at: row.try_get("created_at")?,
        changed_at: row.try_get("changed_at")?,
        expires_at: row.try_get("expires_at")?,
    })
}
