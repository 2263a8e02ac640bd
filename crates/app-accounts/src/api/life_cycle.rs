//! The life cycle for programs: whose account ends soon, what the runs did, and a run now.

use axum::extract::State;
use http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::CurrentUser;
use platform::http::{Json, Path};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::refusals::Always;
use crate::Accounts;
use crate::domain::expiry::{Due as Found, Run as FoundRun, RunId, Step as FoundStep};
use crate::error::Error;
use crate::web::asking::Asking;

/// Somebody whose account ends soon.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Due {
    /// UUID of the person.
    person_id: String,
    /// Name to show.
    display_name: String,
    /// `guest` or `user`; `admin` for one who should have no end.
    role: &'static str,
    /// Last day, in UTC.
    #[schema(value_type = String, format = Date)]
    ends_on: Date,
    /// Whether the day was chosen for them; else it follows from their kind.
    is_own: bool,
    /// When they were last reminded of it.
    #[schema(value_type = Option<String>, format = DateTime)]
    reminded_at: Option<Timestamp>,
}

/// Those whose accounts end within 30 days.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AllDue {
    people: Vec<Due>,
    /// How many there are in all.
    total: i64,
}

/// A run of the life cycle.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Run {
    /// UUID.
    id: String,
    /// Whether somebody asked for it; else the schedule did.
    by_hand: bool,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    begun_at: Timestamp,
    /// When it was done; none while it runs, or when it did not get to its end.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    /// How many were reminded.
    reminded: i64,
    /// How many lost their access.
    expired: i64,
    /// How many went into the trash.
    trashed: i64,
    /// How many should have, and were not.
    refused: i64,
}

/// The newest runs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Runs {
    runs: Vec<Run>,
}

/// What a run did with one person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Step {
    /// UUID of the person, who may be gone by now.
    person_id: String,
    /// `reminded`, `expired`, `trashed` or `refused`.
    action: &'static str,
    /// `own-end`, `end-of-kind`, `grace`, `within-30`, `within-7`, `administrator` or `last-administrator`.
    reason: &'static str,
    /// The end it was about.
    #[schema(value_type = Option<String>, format = Date)]
    ends_on: Option<Date>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// A run, and what it did.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RunSteps {
    run: Run,
    steps: Vec<Step>,
}

impl From<Found> for Due {
    fn from(due: Found) -> Self {
        Self {
            person_id: due.person.to_string(),
            display_name: due.display_name,
            role: due.role.as_str(),
            ends_on: due.ends_on,
            is_own: due.is_own,
            reminded_at: due.reminded_at,
        }
    }
}

impl From<FoundRun> for Run {
    fn from(run: FoundRun) -> Self {
        Self {
            id: run.id.to_string(),
            by_hand: run.by_hand,
            begun_at: run.begun_at,
            ended_at: run.ended_at,
            reminded: run.reminded,
            expired: run.expired,
            trashed: run.trashed,
            refused: run.refused,
        }
    }
}

impl From<FoundStep> for Step {
    fn from(step: FoundStep) -> Self {
        Self {
            person_id: step.person.to_string(),
            action: step.action.as_str(),
            reason: step.reason.as_str(),
            ends_on: step.ends_on,
            at: step.at,
        }
    }
}

/// Lists whose account ends within 30 days or should have, soonest first, at most 500. Administrators; scope
/// accounts:read.
#[utoipa::path(get, path = "/api/accounts/life-cycle/due", responses((status = 200, body = AllDue), Always))]
pub(super) async fn due(State(accounts): State<Accounts>) -> Result<Json<AllDue>, Error> {
    let found = accounts.expiry.due().await?;
    Ok(Json(AllDue {
        people: found.rows.into_iter().map(Due::from).collect(),
        total: found.total,
    }))
}

/// Lists the newest runs, at most 50. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/life-cycle/runs", responses((status = 200, body = Runs), Always))]
pub(super) async fn runs(State(accounts): State<Accounts>) -> Result<Json<Runs>, Error> {
    let found = accounts.expiry.runs().await?;
    Ok(Json(Runs {
        runs: found.into_iter().map(Run::from).collect(),
    }))
}

/// A run and what it did, in order, at most 500 steps. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/life-cycle/runs/{id}", params(("id" = Uuid, Path)),
    responses((status = 200, body = RunSteps), Always))]
pub(super) async fn run(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
) -> Result<Json<RunSteps>, Error> {
    let (run, steps) = accounts.expiry.one(RunId(id)).await?;
    Ok(Json(RunSteps {
        run: run.into(),
        steps: steps.into_iter().map(Step::from).collect(),
    }))
}

/// Begins a run now, unless one is under way. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/life-cycle/runs", responses((status = 202, description = "it is under way"), Always))]
pub(super) async fn begin(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
) -> Result<StatusCode, Error> {
    accounts.expiry.run_now(&asking.actor(&who)).await?;
    Ok(StatusCode::ACCEPTED)
}
