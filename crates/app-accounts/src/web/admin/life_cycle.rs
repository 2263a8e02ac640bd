//! Access, the trash and the way back: for one person, for several, and for what was just done.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::CurrentUser;
use platform::http::Path;
use serde::Deserialize;
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

use crate::Accounts;
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::actor::Actor;
use crate::service::people::Change;
use crate::web::asking::Asking;
use crate::web::form::Nothing;

const PEOPLE: &str = "/admin/accounts/people";
/// Most people of one bulk action: a page of the list.
pub(super) const MOST_AT_ONCE: usize = 100;

/// What can be done to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Step {
    /// Give access.
    Enable,
    /// Take away access.
    Disable,
    /// Put into the trash.
    Trash,
    /// Take out of the trash.
    Restore,
}

impl Step {
    async fn take(self, accounts: &Accounts, actor: &Actor, id: PersonId) -> Result<Change, Error> {
        match self {
            Self::Enable => accounts.people.set_access(actor, id, true).await,
            Self::Disable => accounts.people.set_access(actor, id, false).await,
            Self::Trash => accounts.life_cycle.trash(actor, id).await,
            Self::Restore => accounts.life_cycle.restore(actor, id).await,
        }
    }

    /// Key of the sentence that says it was done to one person.
    fn done(self) -> &'static str {
        match self {
            Self::Enable => "accounts-enabled",
            Self::Disable => "accounts-disabled",
            Self::Trash => "accounts-trashed",
            Self::Restore => "accounts-restored",
        }
    }
}

/// `POST /admin/accounts/people/{id}/access/{step}`: one person.
pub(super) async fn one(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path((id, step)): Path<(Uuid, Step)>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let actor = asking.actor(&who);
    let change = step.take(&accounts, &actor, PersonId(id)).await?;
    let flash = match change {
        Change::Done => Flash::success(shell.t(step.done())).undo(undo_path(&actor)),
        refused => Flash::danger(shell.t(refusal(refused))),
    };
    let next = format!("{PEOPLE}/{id}");
    Ok((ui::flash(flash), ui::see_other(&next)).into_response())
}

/// Key of the sentence that says why something was not done.
pub(super) fn refusal(change: Change) -> &'static str {
    match change {
        Change::LastAdministrator => "accounts-last-administrator",
        Change::Oneself => "accounts-oneself",
        Change::NotAccepted => "accounts-not-accepted",
        Change::InTrash => "accounts-in-trash",
        _ => "accounts-unchanged",
    }
}

/// Whom a bulk action is about.
#[derive(Deserialize)]
pub(super) struct Selected {
    #[serde(default)]
    pub(super) id: Vec<Uuid>,
}

/// `POST /admin/accounts/people/access/{step}`: all selected. What was refused, and why, is in the audit trail.
pub(super) async fn several(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(step): Path<Step>,
    CsrfForm(form): CsrfForm<Selected>,
) -> Result<Response, Error> {
    let actor = asking.actor(&who);
    let mut changes = Vec::new();
    for id in form.id.into_iter().take(MOST_AT_ONCE) {
        changes.push(step.take(&accounts, &actor, PersonId(id)).await?);
    }
    let flash = summed_up(&shell, &changes);
    let flash = if changes.contains(&Change::Done) {
        flash.undo(undo_path(&actor))
    } else {
        flash
    };
    Ok((ui::flash(flash), ui::see_other(PEOPLE)).into_response())
}

/// `POST /admin/accounts/people/undo/{request}`: takes back what a request of the same administrator did.
pub(super) async fn undo(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(request): Path<String>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let changes = accounts
        .life_cycle
        .undo(&asking.actor(&who), &request)
        .await?;
    let flash = if changes.is_empty() {
        Flash::warning(shell.t("accounts-undo-late"))
    } else {
        summed_up(&shell, &changes)
    };
    Ok((ui::flash(flash), ui::see_other(PEOPLE)).into_response())
}

pub(super) fn undo_path(actor: &Actor) -> String {
    format!("{PEOPLE}/undo/{}", actor.request_id)
}

fn summed_up(shell: &Shell, changes: &[Change]) -> Flash {
    let count = |wanted: fn(&Change) -> bool| {
        let found = changes.iter().filter(|change| wanted(change)).count();
        i64::try_from(found).unwrap_or(i64::MAX)
    };
    let done = count(|change| *change == Change::Done);
    let refused = count(|change| !matches!(change, Change::Done | Change::Unchanged));
    let message = shell.t2("accounts-bulk-done", "done", done, "refused", refused);
    if refused > 0 {
        Flash::warning(message)
    } else {
        Flash::success(message)
    }
}
