//! `/admin/accounts/life-cycle`: whose account ends soon, what the runs did, and a run now.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use platform::http::Path;
use platform::{Access, CurrentUser, Role, Routes};
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

use crate::Accounts;
use crate::domain::dormancy::Report;
use crate::domain::expiry::{Action, Due, Reason, Run, RunId, Step, Terms};
use crate::error::Error;
use crate::store::membership::Part;
use crate::web::asking::Asking;
use crate::web::form::Nothing;

pub(super) const LIFE_CYCLE: &str = "/admin/accounts/life-cycle";

/// The routes.
pub(super) fn routes() -> Routes<Accounts> {
    let admin = Access::Role(Role::Admin);
    Routes::new()
        .page(LIFE_CYCLE, admin, get(show))
        .page("/admin/accounts/life-cycle/run", admin, post(run_now))
        .page("/admin/accounts/life-cycle/runs/{id}", admin, get(one))
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/life_cycle.html")]
struct LifeCyclePage {
    shell: Shell,
    due: Part<Due>,
    /// Without the people: how many nobody has seen for long.
    dormant: Report,
    now: Timestamp,
    runs: Vec<Run>,
    terms: Terms,
}

impl LifeCyclePage {
    /// So many days, of which none is for ever.
    fn days(&self, days: u16) -> String {
        match days {
            0 => self.shell.t("accounts-cycle-for-ever").into_owned(),
            days => self.shell.tn("accounts-cycle-days", i64::from(days)),
        }
    }
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/life_cycle_run.html")]
struct RunPage {
    shell: Shell,
    run: Run,
    steps: Vec<Step>,
}

async fn show(State(accounts): State<Accounts>, shell: Shell) -> Result<Response, Error> {
    let people = shell.t("accounts-people").into_owned();
    Ok(ui::page(LifeCyclePage {
        due: accounts.expiry.due().await?,
        dormant: accounts
            .last_seen
            .report(accounts.terms.get().dormant_days, None, 0)
            .await?,
        now: accounts.clock.now(),
        runs: accounts.expiry.runs().await?,
        terms: accounts.terms.get(),
        shell: shell
            .title("accounts-life-cycle")
            .crumb(people, "/admin/accounts/people")
            .wide(),
    }))
}

async fn one(
    State(accounts): State<Accounts>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let (run, steps) = accounts.expiry.one(RunId(id)).await?;
    let people = shell.t("accounts-people").into_owned();
    let cycle = shell.t("accounts-life-cycle").into_owned();
    Ok(ui::page(RunPage {
        shell: shell
            .title("accounts-cycle-run")
            .crumb(people, "/admin/accounts/people")
            .crumb(cycle, LIFE_CYCLE),
        run,
        steps,
    }))
}

async fn run_now(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let begun = accounts.expiry.run_now(&asking.actor(&who)).await?;
    let flash = if begun {
        Flash::success(shell.t("accounts-cycle-begun"))
    } else {
        Flash::info(shell.t("accounts-cycle-under-way"))
    };
    Ok((ui::flash(flash), ui::see_other(LIFE_CYCLE)).into_response())
}

/// Key of the name of what a run did.
fn action_key(action: Action) -> &'static str {
    match action {
        Action::Reminded => "accounts-cycle-reminded",
        Action::Expired => "accounts-cycle-expired",
        Action::Trashed => "accounts-cycle-trashed",
        Action::Refused => "accounts-cycle-refused",
    }
}

/// Tone of its badge.
fn action_tone(action: Action) -> &'static str {
    match action {
        Action::Reminded => "neutral",
        Action::Expired | Action::Trashed => "warning",
        Action::Refused => "danger",
    }
}

/// Key of the name of why.
fn reason_key(reason: Reason) -> &'static str {
    match reason {
        Reason::OwnEnd => "accounts-cycle-own-end",
        Reason::EndOfKind => "accounts-cycle-end-of-kind",
        Reason::Grace => "accounts-cycle-grace",
        Reason::Within30 => "accounts-cycle-within-30",
        Reason::Within7 => "accounts-cycle-within-7",
        Reason::Administrator => "accounts-cycle-administrator",
        Reason::LastAdministrator => "accounts-cycle-last-administrator",
    }
}
