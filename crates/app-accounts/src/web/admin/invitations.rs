//! `/admin/accounts/invitations`: who has been invited and has not come yet, how far it got, and what can be done.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use platform::http::Path;
use platform::{Access, CurrentUser, Role, Routes};
use ui::table::BulkAction;
use ui::{Choice, Column, CsrfForm, Filter as TableFilter, Flash, Shell, Table, TableQuery};

use super::life_cycle::{MOST_AT_ONCE, Selected, undo_path};
use crate::Accounts;
use crate::domain::invitation::{OpenInvitation, Stage};
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::actor::Actor;
use crate::service::invitations::Asked;
use crate::store::membership::Span;
use crate::store::person::Filter;
use crate::web::asking::Asking;

pub(super) const INVITATIONS: &str = "/admin/accounts/invitations";

/// The routes.
pub(super) fn routes() -> Routes<Accounts> {
    let admin = Access::Role(Role::Admin);
    Routes::new().page(INVITATIONS, admin, get(list)).page(
        "/admin/accounts/invitations/{step}",
        admin,
        post(several),
    )
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/invitations.html")]
struct InvitationsPage {
    shell: Shell,
    rows: Vec<OpenInvitation>,
    table: Table,
    actions: Vec<BulkAction>,
}

async fn list(
    State(accounts): State<Accounts>,
    shell: Shell,
    query: TableQuery,
) -> Result<Response, Error> {
    let words = Filter::words(&query.search);
    let stage = query.filter("state").and_then(|word| word.parse().ok());
    let span = Span {
        limit: query.limit(),
        offset: query.offset(),
    };
    let open = accounts
        .invitations
        .open(stage, words.as_deref(), span)
        .await?;
    let stages = Stage::ALL.map(|stage| Choice::new(stage.as_str(), shell.t(stage_key(stage))));
    let table = Table::new(INVITATIONS, &query, u64::try_from(open.total).unwrap_or(0))
        .column(Column::new("name", shell.t("accounts-name")))
        .column(Column::new("email", shell.t("accounts-email")).optional())
        .column(Column::new("state", shell.t("accounts-state")))
        .column(Column::new("age", shell.t("accounts-invited-at")))
        .column(Column::new("by", shell.t("accounts-invited-by")).optional())
        .filter(TableFilter::new(
            "state",
            shell.t("accounts-state"),
            stages.into(),
        ))
        .searchable()
        .bulk();
    let action = |key, step: &str| BulkAction::new(shell.t(key), format!("{INVITATIONS}/{step}"));
    let actions = vec![
        action("accounts-resend", "resend").icon("send"),
        action("accounts-revoke", "revoke").icon("x").danger(),
    ];
    let people = shell.t("accounts-people").into_owned();
    Ok(ui::page(InvitationsPage {
        shell: shell
            .title("accounts-invitations")
            .crumb(people, "/admin/accounts/people")
            .wide(),
        rows: open.rows,
        table,
        actions,
    }))
}

/// What can be done with open invitations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Step {
    /// Mail a new link.
    Resend,
    /// Take the invitation back.
    Revoke,
}

impl Step {
    async fn take(self, accounts: &Accounts, actor: &Actor, id: PersonId) -> Result<Asked, Error> {
        match self {
            Self::Resend => accounts.invitations.resend(actor, id).await,
            Self::Revoke => accounts.invitations.revoke(actor, id).await,
        }
    }

    fn done(self) -> &'static str {
        match self {
            Self::Resend => "accounts-invitations-resent",
            Self::Revoke => "accounts-invitations-revoked",
        }
    }
}

/// `POST /admin/accounts/invitations/{step}`: one or several people, named by the repeated field `id`.
async fn several(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(step): Path<Step>,
    CsrfForm(form): CsrfForm<Selected>,
) -> Result<Response, Error> {
    let back = |flash| (ui::flash(flash), ui::see_other(INVITATIONS)).into_response();
    if step == Step::Resend && !accounts.invitations.can_mail().await {
        return Ok(back(Flash::danger(shell.t("accounts-delivery-no-mail"))));
    }
    let actor = asking.actor(&who);
    let mut done = 0;
    for id in form.id.into_iter().take(MOST_AT_ONCE) {
        match step.take(&accounts, &actor, PersonId(id)).await? {
            Asked::Done => done += 1,
            Asked::Unchanged | Asked::NotInvited => {}
        }
    }
    if done == 0 {
        return Ok(back(Flash::info(shell.t("accounts-unchanged"))));
    }
    let flash = Flash::success(shell.tn(step.done(), done));
    Ok(back(match step {
        Step::Resend => flash,
        Step::Revoke => flash.undo(undo_path(&actor)),
    }))
}

/// Key of the name of a stage.
pub(super) fn stage_key(stage: Stage) -> &'static str {
    match stage {
        Stage::New => "accounts-stage-new",
        Stage::Sending => "accounts-stage-sending",
        Stage::Sent => "accounts-stage-sent",
        Stage::Unsent => "accounts-stage-unsent",
        Stage::Shown => "accounts-stage-shown",
        Stage::Expired => "accounts-stage-expired",
        Stage::Revoked => "accounts-stage-revoked",
    }
}

/// Tone of the badge of a stage.
pub(super) fn stage_tone(stage: Stage) -> &'static str {
    match stage {
        Stage::Sent | Stage::Shown => "success",
        Stage::New | Stage::Sending => "neutral",
        Stage::Expired | Stage::Revoked => "warning",
        Stage::Unsent => "danger",
    }
}
