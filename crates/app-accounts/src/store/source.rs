//! Tables `directories` and `directory_runs`.

use directory::{Mapping, Preset, Security};
use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};
use uuid::Uuid;

use crate::domain::membership::Member;
use crate::domain::name::Line;
use crate::domain::source::{Directory, DirectoryId, Failure, Run, RunState, Settings};
use crate::domain::sync::plan::{Counts, Plan};

/// All directories, by name.
pub async fn directory_list(client: &impl GenericClient) -> Result<Vec<Directory>, Error> {
    let sql = include_str!("../../sql/directories/list.sql");
    client
        .query(sql, &[])
        .await?
        .iter()
        .map(directory)
        .collect()
}

/// One directory.
pub async fn directory_find(
    client: &impl GenericClient,
    id: DirectoryId,
) -> Result<Option<Directory>, Error> {
    let sql = include_str!("../../sql/directories/find.sql");
    let row = client.query_opt(sql, &[&id.0]).await?;
    row.as_ref().map(directory).transpose()
}

fn directory(row: &Row) -> Result<Directory, Error> {
    let text = |column: &str| -> Result<String, Error> { Ok(row.try_get(column)?) };
    let number = |column: &str| -> Result<u16, Error> {
        let number: i32 = row.try_get(column)?;
        Ok(u16::try_from(number).unwrap_or_default())
    };
    let mapping: serde_json::Value = row.try_get("mapping")?;
    // Written by this app and checked by the table: what is unknown is from a later version of it.
    let preset = Preset::parse(&text("preset")?).unwrap_or(Preset::OpenLdap);
    let mapping: Mapping = serde_json::from_value(mapping).unwrap_or_else(|_| preset.mapping());
    Ok(Directory {
        id: DirectoryId(row.try_get("id")?),
        settings: Settings {
            name: Line::parse(&text("name")?).unwrap_or_default(),
            preset,
            host: text("host")?,
            port: number("port")?,
            security: Security::parse(&text("security")?).unwrap_or(Security::Tls),
            authority: text("authority")?,
            bind_dn: text("bind_dn")?,
            people_base: text("people_base")?,
            people_filter: text("people_filter")?,
            groups_base: text("groups_base")?,
            groups_filter: text("groups_filter")?,
            mapping,
            every_minutes: number("every_minutes")?,
            sign_in: row.try_get("sign_in")?,
            write_back: row.try_get("write_back")?,
            web_port: number("web_port")?,
        },
        sealed: row.try_get("bind_password")?,
        version: row.try_get("version")?,
    })
}

/// Adds a directory; nothing happens when one of this id is there.
///
/// # Errors
/// Violates `directories_name_unique` when another has its name.
pub async fn directory_insert(
    client: &impl GenericClient,
    new: &Directory,
    at: Timestamp,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/directories/insert.sql");
    write(client, sql, new, at).await.map(drop)
}

/// Changes a directory, unless somebody did since its version.
///
/// # Errors
/// Violates `directories_name_unique` when another has its name.
pub async fn directory_update(
    client: &impl GenericClient,
    changed: &Directory,
    at: Timestamp,
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/directories/update.sql");
    Ok(write(client, sql, changed, at).await? > 0)
}

async fn write(
    client: &impl GenericClient,
    sql: &str,
    new: &Directory,
    at: Timestamp,
) -> Result<u64, Error> {
    let said = &new.settings;
    let mapping = serde_json::to_value(&said.mapping).map_err(Error::Encode)?;
    client
        .execute(
            sql,
            &[
                &new.id.0,
                &said.name.as_str(),
                &said.preset.as_str(),
                &said.host,
                &i32::from(said.port),
                &said.security.as_str(),
                &said.authority,
                &said.bind_dn,
                &new.sealed,
                &said.people_base,
                &said.people_filter,
                &said.groups_base,
                &said.groups_filter,
                &mapping,
                &i32::from(said.every_minutes),
                &at,
                &new.version,
                &said.sign_in,
                &said.write_back,
                &i32::from(said.web_port),
            ],
        )
        .await
}

/// Deletes a directory, its history and what it calls people and groups.
pub async fn directory_delete(client: &impl GenericClient, id: DirectoryId) -> Result<bool, Error> {
    let sql = include_str!("../../sql/directories/delete.sql");
    Ok(client.execute(sql, &[&id.0]).await? > 0)
}

/// Directories that are to be read by now.
pub async fn directories_due(
    client: &impl GenericClient,
    now: Timestamp,
) -> Result<Vec<DirectoryId>, Error> {
    let sql = include_str!("../../sql/directories/due.sql");
    let rows = client.query(sql, &[&now]).await?;
    rows.iter()
        .map(|row| Ok(DirectoryId(row.try_get("id")?)))
        .collect()
}

/// How many people and groups come from a directory.
pub async fn directory_counts(
    client: &impl GenericClient,
    id: DirectoryId,
) -> Result<(i64, i64), Error> {
    let sql = include_str!("../../sql/directories/counts.sql");
    let row = client.query_one(sql, &[&id.0]).await?;
    Ok((row.try_get("people")?, row.try_get("groups")?))
}

/// The directories that a person or a group comes from, with their names.
pub async fn directories_of(
    client: &impl GenericClient,
    member: Member,
) -> Result<Vec<(DirectoryId, String)>, Error> {
    let (sql, id) = match member {
        Member::Person(id) => (include_str!("../../sql/directories/of_person.sql"), id.0),
        Member::Group(id) => (include_str!("../../sql/directories/of_group.sql"), id.0),
    };
    let rows = client.query(sql, &[&id]).await?;
    let one = |row: &Row| Ok((DirectoryId(row.try_get("id")?), row.try_get("name")?));
    rows.iter().map(one).collect()
}

/// Begins a run; one that died is said to have failed.
pub async fn run_insert(
    client: &impl GenericClient,
    (id, directory): (Uuid, DirectoryId),
    asked_by: Option<Uuid>,
    at: Timestamp,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/directories/run_insert.sql");
    client
        .execute(sql, &[&id, &directory.0, &asked_by, &at])
        .await?;
    Ok(())
}

/// What came of a run.
#[derive(Debug)]
pub struct Ended {
    /// Where it is now.
    pub state: RunState,
    /// How many people and groups it found.
    pub found: (usize, usize),
    /// How many steps of each kind.
    pub counts: Counts,
    /// Why it failed.
    pub failure: Failure,
    /// What it would do, where that is to be shown, and what tells it from others.
    pub plan: Option<Plan>,
    /// SHA-256 of all its steps.
    pub digest: Option<[u8; 32]>,
    /// Whether there was anything to do.
    pub changes: bool,
}

/// Ends a run.
pub async fn run_finish(
    client: &impl GenericClient,
    id: Uuid,
    ended: &Ended,
    at: Timestamp,
) -> Result<(), Error> {
    let count = |found| i32::try_from(found).unwrap_or(i32::MAX);
    let counts = serde_json::to_value(ended.counts).map_err(Error::Encode)?;
    let plan = ended.plan.as_ref().map(serde_json::to_value);
    let plan = plan.transpose().map_err(Error::Encode)?;
    let digest = ended.digest.as_ref().map(<[u8; 32]>::as_slice);
    let failure = &ended.failure;
    client
        .execute(
            include_str!("../../sql/directories/run_finish.sql"),
            &[
                &id,
                &ended.state.as_str(),
                &at,
                &count(ended.found.0),
                &count(ended.found.1),
                &counts,
                &failure.step,
                &failure.why,
                &failure.about,
                &plan,
                &digest,
                &ended.changes,
            ],
        )
        .await?;
    Ok(())
}

/// Forgets a run that found what another waits for a decision about.
pub async fn run_forget(client: &impl GenericClient, id: Uuid) -> Result<(), Error> {
    let sql = include_str!("../../sql/directories/run_forget.sql");
    client.execute(sql, &[&id]).await?;
    Ok(())
}

/// The run that waits for a decision, or that was approved and not run since, and its digest.
pub async fn run_waiting(
    client: &impl GenericClient,
    directory: DirectoryId,
) -> Result<Option<(Uuid, RunState, Vec<u8>)>, Error> {
    let sql = include_str!("../../sql/directories/run_waiting.sql");
    let Some(row) = client.query_opt(sql, &[&directory.0]).await? else {
        return Ok(None);
    };
    let state: &str = row.try_get("state")?;
    let digest: Option<Vec<u8>> = row.try_get("plan_digest")?;
    let state = RunState::parse(state).unwrap_or(RunState::Stopped);
    Ok(Some((
        row.try_get("id")?,
        state,
        digest.unwrap_or_default(),
    )))
}

/// No other run of the directory than this waits any more.
pub async fn run_supersede(
    client: &impl GenericClient,
    directory: DirectoryId,
    by: Uuid,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/directories/run_supersede.sql");
    client.execute(sql, &[&directory.0, &by]).await?;
    Ok(())
}

/// Decides about a run that waits, if it is the one with this digest.
pub async fn run_decide(
    client: &impl GenericClient,
    (directory, id, digest): (DirectoryId, Uuid, &[u8]),
    state: RunState,
    (by, at): (Option<Uuid>, Timestamp),
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/directories/run_decide.sql");
    let done = client
        .execute(
            sql,
            &[&id, &directory.0, &state.as_str(), &by, &at, &digest],
        )
        .await?;
    Ok(done > 0)
}

/// The newest runs of a directory.
pub async fn run_list(
    client: &impl GenericClient,
    directory: DirectoryId,
    limit: i64,
) -> Result<Vec<Run>, Error> {
    let sql = include_str!("../../sql/directories/run_list.sql");
    let rows = client.query(sql, &[&directory.0, &limit]).await?;
    rows.iter().map(run).collect()
}

fn run(row: &Row) -> Result<Run, Error> {
    let state: &str = row.try_get("state")?;
    let counts: serde_json::Value = row.try_get("counts")?;
    Ok(Run {
        id: row.try_get("id")?,
        state: RunState::parse(state).unwrap_or(RunState::Failed),
        started_at: row.try_get("started_at")?,
        finished_at: row.try_get("finished_at")?,
        found: (row.try_get("people_found")?, row.try_get("groups_found")?),
        counts: serde_json::from_value(counts).unwrap_or_default(),
        failure: Failure {
            step: row.try_get("failed_step")?,
            why: row.try_get("failed_why")?,
            about: row.try_get("failed_about")?,
        },
        digest: row.try_get("plan_digest")?,
        asked_by: row.try_get("asked_by")?,
        decided_by: row.try_get("decided_by")?,
    })
}

/// What a run would do, if it is kept.
pub async fn run_plan(
    client: &impl GenericClient,
    directory: DirectoryId,
    id: Uuid,
) -> Result<Option<Plan>, Error> {
    let sql = include_str!("../../sql/directories/run_plan.sql");
    let row = client.query_opt(sql, &[&id, &directory.0]).await?;
    let plan: Option<serde_json::Value> = row.map(|row| row.try_get("plan")).transpose()?.flatten();
    Ok(plan.and_then(|plan| serde_json::from_value(plan).ok()))
}

/// Forgets old runs: of those that changed nothing the newest `keep` stay.
pub async fn run_prune(
    client: &impl GenericClient,
    directory: DirectoryId,
    (keep, before): (i64, Timestamp),
) -> Result<(), Error> {
    let sql = include_str!("../../sql/directories/run_prune.sql");
    client.execute(sql, &[&directory.0, &keep, &before]).await?;
    Ok(())
}
