//! Tables `life_cycle_runs` and `life_cycle_steps`.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};
use uuid::Uuid;

use crate::domain::expiry::{Action, Reason, Run, RunId, Step};
use crate::domain::person::PersonId;

/// Notes that a run began, unless it goes on.
pub async fn run_begin(
    client: &impl GenericClient,
    id: RunId,
    (by, by_hand): (Option<PersonId>, bool),
    at: Timestamp,
) -> Result<(), Error> {
    let (sql, by) = (
        include_str!("../../sql/expiry/run_begin.sql"),
        by.map(|id| id.0),
    );
    client.execute(sql, &[&id.0, &by, &by_hand, &at]).await?;
    Ok(())
}

/// Notes that a run is done.
pub async fn run_end(client: &impl GenericClient, id: RunId, at: Timestamp) -> Result<(), Error> {
    let sql = include_str!("../../sql/expiry/run_end.sql");
    client.execute(sql, &[&id.0, &at]).await?;
    Ok(())
}

/// Forgets runs that began before that moment, with their steps.
pub async fn run_purge(client: &impl GenericClient, before: Timestamp) -> Result<(), Error> {
    let sql = include_str!("../../sql/expiry/run_purge.sql");
    client.execute(sql, &[&before]).await?;
    Ok(())
}

/// Runs, newest first, with how many they concerned; one alone where it is named.
pub async fn run_list(
    client: &impl GenericClient,
    limit: i64,
    one: Option<RunId>,
) -> Result<Vec<Run>, Error> {
    let sql = include_str!("../../sql/expiry/run_list.sql");
    let one = one.map(|id| id.0);
    let rows = client.query(sql, &[&limit, &one]).await?;
    rows.iter().map(run).collect()
}

/// Notes what a run did with somebody; the first of its kind stands.
pub async fn step_insert(
    client: &impl GenericClient,
    run: RunId,
    step: &Step,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/expiry/step_insert.sql");
    let (action, reason) = (step.action.as_str(), step.reason.as_str());
    client
        .execute(
            sql,
            &[
                &run.0,
                &step.person.0,
                &action,
                &reason,
                &step.ends_on,
                &step.at,
            ],
        )
        .await?;
    Ok(())
}

/// What a run did, in order, at most `limit`.
pub async fn step_list(
    client: &impl GenericClient,
    run: RunId,
    limit: i64,
) -> Result<Vec<Step>, Error> {
    let sql = include_str!("../../sql/expiry/step_list.sql");
    let rows = client.query(sql, &[&run.0, &limit]).await?;
    rows.iter().map(step).collect()
}

/// Whether a run refused something about somebody after that moment.
pub async fn step_refused_since(
    client: &impl GenericClient,
    person: PersonId,
    since: Timestamp,
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/expiry/refused_since.sql");
    let row = client.query_one(sql, &[&person.0, &since]).await?;
    Ok(row.try_get("refused")?)
}

fn run(row: &Row) -> Result<Run, Error> {
    Ok(Run {
        id: RunId(row.try_get("id")?),
        by_hand: row.try_get("by_hand")?,
        begun_by: row.try_get("begun_by")?,
        begun_at: row.try_get("begun_at")?,
        ended_at: row.try_get("ended_at")?,
        reminded: row.try_get("reminded")?,
        expired: row.try_get("expired")?,
        trashed: row.try_get("trashed")?,
        refused: row.try_get("refused")?,
    })
}

fn step(row: &Row) -> Result<Step, Error> {
    let unknown = |column: &str| Error::Decode(format!("life_cycle_steps.{column}"));
    let (action, reason): (&str, &str) = (row.try_get("action")?, row.try_get("reason")?);
    let person: Uuid = row.try_get("person_id")?;
    Ok(Step {
        person: PersonId(person),
        name: row.try_get("display_name")?,
        action: action.parse::<Action>().map_err(|_| unknown("action"))?,
        reason: reason.parse::<Reason>().map_err(|_| unknown("reason"))?,
        ends_on: row.try_get("ends_on")?,
        at: row.try_get("at")?,
    })
}
