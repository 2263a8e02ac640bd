//! Runs of directories for programs: what each did or would do, another one, and decisions about one that stopped.

use axum::extract::State;
use http::StatusCode;
use jiff::Timestamp;
use platform::CurrentUser;
use platform::http::{Json, Path};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::refusals::{Always, OfBodies};
use crate::Accounts;
use crate::domain::source::{DirectoryId, Run as FoundRun};
use crate::domain::sync::plan::{Conflict as FoundConflict, Counts, GroupStep, PersonStep, Reason};
use crate::error::Error;
use crate::service::directories::Asked;
use crate::web::asking::Asking;

/// A run of the history.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DirectoryRun {
    /// UUID.
    id: String,
    /// `running`, `previewed`, `done`, `stopped`, `approved`, `discarded`, `superseded` or `failed`.
    state: &'static str,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
    /// How many people it found.
    people: i32,
    /// How many groups it found.
    groups: i32,
    /// How many steps of each kind.
    steps: StepCounts,
    /// Why it failed; none where it did not.
    failure: Option<RunFailure>,
    /// What tells its steps from others, in hexadecimal; none without steps. Who decides names it.
    digest: Option<String>,
    /// Who asked for it; none for the schedule.
    asked_by: Option<String>,
    /// Who decided about it.
    decided_by: Option<String>,
}

/// How many steps of each kind.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StepCounts {
    created: usize,
    updated: usize,
    suspended: usize,
    reinstated: usize,
    groups_created: usize,
    groups_changed: usize,
    groups_emptied: usize,
    /// What was left out.
    conflicts: usize,
    /// What was refused while it was taken.
    refused: usize,
}

/// Why a run failed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RunFailure {
    /// At which step; empty when it did not come to the directory.
    step: String,
    /// A word for why.
    why: String,
    /// What it is about; may be empty.
    about: String,
}

/// The newest runs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DirectoryRuns {
    runs: Vec<DirectoryRun>,
}

/// A run with its steps.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DirectoryPlan {
    run: DirectoryRun,
    /// Steps with people, at most 500 of each kind.
    people: Vec<DirectoryPersonStep>,
    /// Steps with groups, at most 500.
    groups: Vec<DirectoryGroupStep>,
    /// What it leaves out, at most 500.
    conflicts: Vec<DirectoryConflict>,
}

/// A step with a person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DirectoryPersonStep {
    /// `create`, `update`, `suspend` or `reinstate`.
    action: &'static str,
    /// UUID of the person; none yet when they are added.
    person_id: Option<Uuid>,
    /// The directory's id for them.
    entry: String,
    /// Name to show.
    name: String,
    /// Why they lose their access: `disabled`, `expired` or `gone`.
    reason: Option<&'static str>,
    /// Fields that change.
    fields: Vec<DirectoryFieldChange>,
}

/// A field that changes.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DirectoryFieldChange {
    field: String,
    from: String,
    to: String,
}

/// A step with a group.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DirectoryGroupStep {
    /// `create`, `change` or `empty`.
    action: &'static str,
    /// UUID of the group; none yet when it is added.
    group_id: Option<Uuid>,
    /// The directory's id for it.
    entry: String,
    /// Its name, as it will be.
    name: String,
    /// Its name so far, where it changes.
    renamed_from: Option<String>,
    /// How many come into it.
    adds: usize,
    /// How many leave it.
    removes: usize,
}

/// An entry that is left out until somebody decides.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DirectoryConflict {
    /// A word for what stands in the way.
    obstacle: &'static str,
    /// The directory's id for them.
    entry: String,
    /// Their name there.
    name: String,
    /// UUID of whom stands in the way.
    holder_id: Option<Uuid>,
}

/// What a run is for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRun {
    /// Only says what it would do.
    #[serde(default)]
    preview: bool,
}

/// Which steps are decided about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RunDecision {
    /// `digest` of the run that was read.
    digest: String,
}

impl From<FoundRun> for DirectoryRun {
    fn from(run: FoundRun) -> Self {
        let failure = RunFailure {
            step: run.failure.step,
            why: run.failure.why,
            about: run.failure.about,
        };
        Self {
            id: run.id.to_string(),
            state: run.state.as_str(),
            started_at: run.started_at,
            finished_at: run.finished_at,
            people: run.found.0,
            groups: run.found.1,
            steps: run.counts.into(),
            failure: (!failure.why.is_empty()).then_some(failure),
            digest: run.digest.map(hex::encode),
            asked_by: run.asked_by,
            decided_by: run.decided_by,
        }
    }
}

impl From<Counts> for StepCounts {
    fn from(counts: Counts) -> Self {
        Self {
            created: counts.created,
            updated: counts.updated,
            suspended: counts.suspended,
            reinstated: counts.reinstated,
            groups_created: counts.groups_created,
            groups_changed: counts.groups_changed,
            groups_emptied: counts.groups_emptied,
            conflicts: counts.conflicts,
            refused: counts.refused,
        }
    }
}

impl From<PersonStep> for DirectoryPersonStep {
    fn from(step: PersonStep) -> Self {
        let fields = step.fields.into_iter();
        Self {
            action: step.deed.as_str(),
            person_id: step.person,
            entry: step.entry,
            name: step.name,
            reason: step.reason.map(Reason::as_str),
            fields: fields
                .map(|change| DirectoryFieldChange {
                    field: change.field,
                    from: change.from,
                    to: change.to,
                })
                .collect(),
        }
    }
}

impl From<GroupStep> for DirectoryGroupStep {
    fn from(step: GroupStep) -> Self {
        Self {
            action: step.deed.as_str(),
            group_id: step.group,
            entry: step.entry,
            name: step.name,
            renamed_from: step.renamed_from,
            adds: step.adds.len(),
            removes: step.removes.len(),
        }
    }
}

impl From<FoundConflict> for DirectoryConflict {
    fn from(conflict: FoundConflict) -> Self {
        Self {
            obstacle: conflict.obstacle.as_str(),
            entry: conflict.entry,
            name: conflict.name,
            holder_id: conflict.holder.map(|(id, _)| id),
        }
    }
}

/// Lists the newest runs of a directory, newest first, at most 100. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/directories/{id}/runs", params(("id" = Uuid, Path)),
    responses((status = 200, body = DirectoryRuns), Always))]
pub(super) async fn list(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
) -> Result<Json<DirectoryRuns>, Error> {
    let id = DirectoryId(id);
    accounts.directories.find(id).await?;
    let found = accounts.directories.runs(id).await?;
    Ok(Json(DirectoryRuns {
        runs: found.into_iter().map(DirectoryRun::from).collect(),
    }))
}

/// A run and what it did or would do. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/directories/{id}/runs/{run}", params(("id" = Uuid, Path), ("run" = Uuid, Path)),
    responses((status = 200, body = DirectoryPlan), Always))]
pub(super) async fn show(
    State(accounts): State<Accounts>,
    Path((id, run)): Path<(Uuid, Uuid)>,
) -> Result<Json<DirectoryPlan>, Error> {
    let id = DirectoryId(id);
    let runs = accounts.directories.runs(id).await?;
    let found = runs.into_iter().find(|found| found.id == run);
    let found = found.ok_or(Error::RunNotFound)?;
    let plan = accounts
        .directories
        .plan(id, run)
        .await?
        .unwrap_or_default();
    Ok(Json(DirectoryPlan {
        run: found.into(),
        people: plan.people.into_iter().map(Into::into).collect(),
        groups: plan.groups.into_iter().map(Into::into).collect(),
        conflicts: plan.conflicts.into_iter().map(Into::into).collect(),
    }))
}

/// Begins a run, or a preview of one. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/directories/{id}/runs", request_body = NewRun, params(("id" = Uuid, Path)),
    responses((status = 202, description = "it is under way"), (status = 409, description = "one runs already"), Always,
        OfBodies))]
pub(super) async fn begin(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    Json(new): Json<NewRun>,
) -> Result<StatusCode, Error> {
    let actor = asking.actor(&who);
    let directories = &accounts.directories;
    match directories
        .ask(&actor, DirectoryId(id), new.preview)
        .await?
    {
        Asked::Running => Err(Error::RunUnderWay),
        Asked::Done | Asked::Stale => Ok(StatusCode::ACCEPTED),
    }
}

/// Lets a run that stopped do exactly what it said. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/directories/{id}/runs/{run}/approve", request_body = RunDecision,
    params(("id" = Uuid, Path), ("run" = Uuid, Path)), responses((status = 204),
    (status = 409, description = "it waits for no decision, or would do something else"), Always, OfBodies))]
pub(super) async fn approve(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(which): Path<(Uuid, Uuid)>,
    Json(decision): Json<RunDecision>,
) -> Result<StatusCode, Error> {
    decide(&accounts, (&who, &asking), which, &decision, true).await
}

/// Says that a run that stopped may not. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/directories/{id}/runs/{run}/discard", request_body = RunDecision,
    params(("id" = Uuid, Path), ("run" = Uuid, Path)), responses((status = 204),
    (status = 409, description = "it waits for no decision, or would do something else"), Always, OfBodies))]
pub(super) async fn discard(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(which): Path<(Uuid, Uuid)>,
    Json(decision): Json<RunDecision>,
) -> Result<StatusCode, Error> {
    decide(&accounts, (&who, &asking), which, &decision, false).await
}

async fn decide(
    accounts: &Accounts,
    (who, asking): (&CurrentUser, &Asking),
    (id, run): (Uuid, Uuid),
    decision: &RunDecision,
    approve: bool,
) -> Result<StatusCode, Error> {
    let digest = hex::decode(&decision.digest)
        .map_err(|_| Error::NotAWord("digest", "the digest of a run, in hexadecimal"))?;
    let (actor, which) = (asking.actor(who), (DirectoryId(id), run, digest.as_slice()));
    match accounts.directories.decide(&actor, which, approve).await? {
        Asked::Done => Ok(StatusCode::NO_CONTENT),
        Asked::Running | Asked::Stale => Err(Error::NotThatRun),
    }
}
