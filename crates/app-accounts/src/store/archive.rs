//! Tables `archives` and `archive_parts`: what was collected about people.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, InTransaction, Row};
use uuid::Uuid;

use crate::domain::archive::{Archive, ArchiveId, ArchiveState, Part, PartState};
use crate::domain::person::PersonId;

/// Begins an archive. `false`: one of the same person for the same asker is under way.
pub async fn archive_insert(
    client: &impl GenericClient,
    new: &Archive,
    services: &[&str],
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/archives/insert.sql");
    let made = client
        .execute(
            sql,
            &[
                &new.id.0,
                &new.person.0,
                &new.asked_by.0,
                &new.language,
                &new.created_at,
                &new.expires_at,
            ],
        )
        .await?;
    if made == 0 {
        return Ok(false);
    }
    let sql = include_str!("../../sql/archives/insert_parts.sql");
    client.execute(sql, &[&new.id.0, &services]).await?;
    Ok(true)
}

/// How many archives somebody asked for since a moment.
pub async fn archive_count_since(
    client: &impl GenericClient,
    asked_by: PersonId,
    since: Timestamp,
) -> Result<i64, Error> {
    let sql = include_str!("../../sql/archives/count_since.sql");
    let row = client.query_one(sql, &[&asked_by.0, &since]).await?;
    Ok(row.try_get("archives")?)
}

/// The newest archives of a person that somebody asked for and that are there, with their parts.
pub async fn archive_list(
    client: &impl GenericClient,
    (person, asked_by): (PersonId, PersonId),
    now: Timestamp,
) -> Result<Vec<Archive>, Error> {
    let sql = include_str!("../../sql/archives/list.sql");
    let rows = client.query(sql, &[&person.0, &asked_by.0, &now]).await?;
    let archives = rows.iter().map(archive).collect::<Result<_, Error>>()?;
    with_parts(client, archives).await
}

/// One archive with its parts.
pub async fn archive_find(
    client: &impl GenericClient,
    id: ArchiveId,
) -> Result<Option<Archive>, Error> {
    one(client, include_str!("../../sql/archives/find.sql"), id).await
}

/// The same, which nobody else changes until the transaction ends.
pub async fn archive_lock(
    client: &impl InTransaction,
    id: ArchiveId,
) -> Result<Option<Archive>, Error> {
    one(client, include_str!("../../sql/archives/lock.sql"), id).await
}

/// Notes what came of asking a service; what it told, if it told all.
pub async fn archive_note_part(
    client: &impl GenericClient,
    (id, service): (ArchiveId, &str),
    state: PartState,
    told: Option<&[u8]>,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/archives/note_part.sql");
    client
        .execute(sql, &[&id.0, &service, &state.as_str(), &told])
        .await?;
    Ok(())
}

/// What services told, by service.
pub async fn archive_records(
    client: &impl GenericClient,
    id: ArchiveId,
) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let sql = include_str!("../../sql/archives/records.sql");
    let rows = client.query(sql, &[&id.0]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("service")?, row.try_get("records")?)))
        .collect()
}

/// Ends an archive that is under way: with its content, for which one that was ready before makes room, or without
/// where it failed.
pub async fn archive_finish(
    client: &impl InTransaction,
    id: ArchiveId,
    content: Option<&[u8]>,
    (at, expires_at): (Timestamp, Timestamp),
) -> Result<(), Error> {
    let state = match content {
        Some(_) => ArchiveState::Ready,
        None => ArchiveState::Failed,
    };
    if content.is_some() {
        let sql = include_str!("../../sql/archives/replace.sql");
        client.execute(sql, &[&id.0]).await?;
    }
    let ready_at = content.map(|_| at);
    let sql = include_str!("../../sql/archives/finish.sql");
    client
        .execute(
            sql,
            &[&id.0, &state.as_str(), &content, &ready_at, &expires_at],
        )
        .await?;
    Ok(())
}

/// What is in an archive of a person, for who asked for it, while it is kept.
pub async fn archive_content(
    client: &impl GenericClient,
    id: ArchiveId,
    (person, asked_by): (PersonId, PersonId),
    now: Timestamp,
) -> Result<Option<Vec<u8>>, Error> {
    let sql = include_str!("../../sql/archives/content.sql");
    let row = client
        .query_opt(sql, &[&id.0, &person.0, &asked_by.0, &now])
        .await?;
    Ok(row.map(|row| row.try_get("content")).transpose()?)
}

/// Deletes archives that are over.
pub async fn archive_purge(client: &impl GenericClient, now: Timestamp) -> Result<(), Error> {
    let sql = include_str!("../../sql/archives/purge.sql");
    client.execute(sql, &[&now]).await?;
    Ok(())
}

async fn one(
    client: &impl GenericClient,
    sql: &str,
    id: ArchiveId,
) -> Result<Option<Archive>, Error> {
    let row = client.query_opt(sql, &[&id.0]).await?;
    let found = row.as_ref().map(archive).transpose()?;
    let found = with_parts(client, found.into_iter().collect()).await?;
    Ok(found.into_iter().next())
}

async fn with_parts(
    client: &impl GenericClient,
    mut archives: Vec<Archive>,
) -> Result<Vec<Archive>, Error> {
    let ids: Vec<Uuid> = archives.iter().map(|archive| archive.id.0).collect();
    let sql = include_str!("../../sql/archives/parts.sql");
    for row in client.query(sql, &[&ids]).await? {
        let id = ArchiveId(row.try_get("archive_id")?);
        let state: &str = row.try_get("state")?;
        let part = Part {
            service: row.try_get("service")?,
            state: state
                .parse()
                .map_err(|_| Error::Decode("archive_parts.state".to_owned()))?,
            attempts: row.try_get("attempts")?,
        };
        if let Some(archive) = archives.iter_mut().find(|archive| archive.id == id) {
            archive.parts.push(part);
        }
    }
    Ok(archives)
}

fn archive(row: &Row) -> Result<Archive, Error> {
    let state: &str = row.try_get("state")?;
    Ok(Archive {
        id: ArchiveId(row.try_get("id")?),
        person: PersonId(row.try_get("person_id")?),
        asked_by: PersonId(row.try_get("asked_by")?),
        language: row.try_get("language")?,
        state: state
            .parse()
            .map_err(|_| Error::Decode("archives.state".to_owned()))?,
        size: row.try_get("size")?,
        created_at: row.try_get("created_at")?,
        ready_at: row.try_get("ready_at")?,
        expires_at: row.try_get("expires_at")?,
        parts: Vec::new(),
    })
}
