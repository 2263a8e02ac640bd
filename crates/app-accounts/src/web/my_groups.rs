//! `/app/accounts/groups`: the groups one is in, manages, or may come into.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use platform::http::Path;
use platform::{Access, CurrentUser, Role, Routes};
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell, TableQuery};
use uuid::Uuid;

use super::asking::Asking;
use super::form::{Fields, Nothing};
use super::group::OWN;
use crate::Accounts;
use crate::domain::group::GroupId;
use crate::domain::joining::{RequestId, RequestState};
use crate::domain::membership::Belonging;
use crate::domain::name::Line;
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::joining::{Joined, Overview};
use crate::store::membership::Span;

/// The routes of the page.
pub(super) fn routes() -> Routes<Accounts> {
    let member = Access::Role(Role::User);
    Routes::new()
        .page(OWN, member, get(list))
        .page("/app/accounts/groups/{id}/join", member, post(join))
        .page("/app/accounts/groups/{id}/leave", member, post(leave))
        .page("/app/accounts/groups/{id}/ask", member, post(ask))
        .page("/app/accounts/groups/withdraw", member, post(withdraw))
}

#[derive(askama::Template)]
#[template(path = "accounts/groups.html")]
struct MyGroupsPage {
    shell: Shell,
    oneself: PersonId,
    overview: Overview,
    belongings: Vec<Belonging>,
    /// Ids for requests, so that a second submit of a form is recognised.
    ids: Vec<Uuid>,
    typed: AskForm,
    errors: Errors,
    newer: String,
    older: String,
}

impl MyGroupsPage {
    async fn build(
        accounts: &Accounts,
        shell: Shell,
        who: &CurrentUser,
        query: &TableQuery,
        (typed, errors): (AskForm, Errors),
    ) -> Result<Self, Error> {
        let oneself = PersonId(who.user_id);
        let size = usize::try_from(query.size).unwrap_or(usize::MAX);
        let span = Span {
            limit: query.limit() + 1,
            offset: query.offset(),
        };
        let mut overview = accounts.joining.overview(oneself, span).await?;
        let page = |number: u32| format!("{OWN}?page={number}");
        let more = overview.joinable.len() > size;
        overview.joinable.truncate(size);
        Ok(Self {
            shell: shell.title("accounts-groups"),
            oneself,
            belongings: accounts.memberships.of(oneself).await?,
            ids: overview.joinable.iter().map(|_| Uuid::now_v7()).collect(),
            overview,
            typed,
            errors,
            older: if more {
                page(query.page + 1)
            } else {
                String::new()
            },
            newer: if query.page > 1 {
                page(query.page - 1)
            } else {
                String::new()
            },
        })
    }

    fn may_leave(&self, group: &Belonging) -> bool {
        self.overview.leavable.contains(&group.id)
    }

    /// Id of the request that the form at this place would make.
    fn id_at(&self, place: usize) -> String {
        self.ids.get(place).map(Uuid::to_string).unwrap_or_default()
    }

    fn note_of(&self, group: GroupId) -> &str {
        if self.typed.group == group.0 {
            &self.typed.note
        } else {
            ""
        }
    }

    fn error_of(&self, group: GroupId) -> &str {
        if self.typed.group == group.0 {
            self.errors.of("note")
        } else {
            ""
        }
    }
}

/// Key of the name of what became of a request.
fn state_key(state: RequestState) -> &'static str {
    match state {
        RequestState::Open => "accounts-request-state-open",
        RequestState::Approved => "accounts-request-state-approved",
        RequestState::Denied => "accounts-request-state-denied",
        RequestState::Withdrawn => "accounts-request-state-withdrawn",
    }
}

/// Tone of its badge.
fn state_tone(state: RequestState) -> &'static str {
    match state {
        RequestState::Open => "warning",
        RequestState::Approved => "success",
        RequestState::Denied => "danger",
        RequestState::Withdrawn => "neutral",
    }
}

pub(super) async fn list(
    State(accounts): State<Accounts>,
    shell: Shell,
    who: CurrentUser,
    query: TableQuery,
) -> Result<Response, Error> {
    let nothing = (AskForm::default(), Errors::none());
    let page = MyGroupsPage::build(&accounts, shell, &who, &query, nothing);
    Ok(ui::page(page.await?))
}

pub(super) async fn join(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let (actor, person) = (asking.actor(&who), PersonId(who.user_id));
    let joined = accounts.joining.join(&actor, person, GroupId(id)).await?;
    Ok(told(&shell, &joined, "accounts-joined"))
}

pub(super) async fn leave(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let (actor, person) = (asking.actor(&who), PersonId(who.user_id));
    let left = accounts.joining.leave(&actor, person, GroupId(id)).await?;
    Ok(told(&shell, &left, "accounts-left"))
}

/// A request: chosen by the form, for which group, and what is said about it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AskForm {
    id: Uuid,
    /// Filled from the path.
    #[serde(skip)]
    group: Uuid,
    note: String,
}

pub(super) async fn ask(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(mut form): CsrfForm<AskForm>,
) -> Result<Response, Error> {
    form.group = id;
    let mut fields = Fields::new(&shell);
    let note = fields.take("note", Line::parse(&form.note));
    let note = match fields.finish(note) {
        Ok(note) => note,
        Err(errors) => {
            let query = TableQuery::default();
            let page = MyGroupsPage::build(&accounts, shell, &who, &query, (form, errors));
            return Ok(ui::invalid(page.await?));
        }
    };
    let actor = asking.actor(&who);
    let which = (PersonId(who.user_id), GroupId(id));
    let asked = accounts
        .joining
        .ask(&actor, which, RequestId(form.id), &note)
        .await?;
    Ok(told(&shell, &asked, "accounts-asked"))
}

/// Which request to take back.
#[derive(Debug, Deserialize)]
pub(super) struct WithdrawForm {
    request: Uuid,
}

pub(super) async fn withdraw(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    CsrfForm(form): CsrfForm<WithdrawForm>,
) -> Result<Response, Error> {
    let (actor, person) = (asking.actor(&who), PersonId(who.user_id));
    let withdrawn = accounts
        .joining
        .withdraw(&actor, person, RequestId(form.request))
        .await?;
    Ok(told(&shell, &withdrawn, "accounts-withdrawn"))
}

fn told(shell: &Shell, joined: &Joined, done: &str) -> Response {
    let flash = match joined {
        Joined::Done => Flash::success(shell.t(done)),
        Joined::Unchanged => Flash::info(shell.t("accounts-unchanged")),
        Joined::Forbidden => Flash::danger(shell.t("accounts-group-closed")),
    };
    (ui::flash(flash), ui::see_other(OWN)).into_response()
}
