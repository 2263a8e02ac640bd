//! `/app/accounts/archive`: all that is kept of oneself, in one archive; and for administrators, of somebody.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use platform::http::Path;
use platform::{Access, CurrentUser, Role, Routes};
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

use super::asking::Asking;
use super::form::Nothing;
use crate::Accounts;
use crate::domain::archive::{Archive, ArchiveId, ArchiveState, Part, PartState};
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::actor::Actor;
use crate::service::archives::{Asked, words_of};

const OWN: &str = "/app/accounts/archive";

/// The routes. Asking for an archive and opening one asks again who it is.
pub(super) fn routes() -> Routes<Accounts> {
    Routes::new()
        .page(OWN, Access::SignedIn, get(show))
        .page(
            "/app/accounts/archive/new",
            Access::Sudo(Role::Guest),
            post(ask),
        )
        .page(
            "/app/accounts/archive/{id}",
            Access::Sudo(Role::Guest),
            get(open),
        )
        .page(
            "/admin/accounts/people/{id}/archive",
            Access::Role(Role::Admin),
            get(show_of).post(ask_of),
        )
        .page(
            "/admin/accounts/people/{id}/archive/{archive}",
            Access::Sudo(Role::Admin),
            get(open_of),
        )
}

#[derive(askama::Template)]
#[template(path = "accounts/archive.html")]
struct ArchivePage {
    shell: Shell,
    archives: Vec<Archive>,
    /// Where one is asked for.
    action: String,
    /// Where they are opened: the id follows.
    base: String,
    /// Whose it is, where it is not one's own.
    of: Option<String>,
}

impl ArchivePage {
    fn is_under_way(&self) -> bool {
        let collecting = |archive: &Archive| archive.state == ArchiveState::Collecting;
        self.archives.iter().any(collecting)
    }
}

async fn show(
    State(accounts): State<Accounts>,
    shell: Shell,
    who: CurrentUser,
) -> Result<Response, Error> {
    let oneself = PersonId(who.user_id);
    let profile = shell.t("accounts-profile").into_owned();
    Ok(ui::page(ArchivePage {
        archives: accounts.archives.list(oneself, oneself).await?,
        action: format!("{OWN}/new"),
        base: OWN.to_owned(),
        of: None,
        shell: shell
            .title("accounts-archive")
            .crumb(profile, "/app/accounts")
            .narrow(),
    }))
}

async fn show_of(
    State(accounts): State<Accounts>,
    shell: Shell,
    who: CurrentUser,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let person = accounts.directory.person(PersonId(id)).await?;
    let asked_by = PersonId(who.user_id);
    let base = of(person.id);
    Ok(ui::page(ArchivePage {
        archives: accounts.archives.list(person.id, asked_by).await?,
        action: base.clone(),
        base,
        shell: shell
            .title("accounts-archive")
            .crumb(
                person.display_name.clone(),
                format!("/admin/accounts/people/{id}"),
            )
            .narrow(),
        of: Some(person.display_name),
    }))
}

async fn ask(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let actor = asking.actor(&who);
    let oneself = PersonId(who.user_id);
    begin(&accounts, &shell, (&actor, oneself), OWN).await
}

async fn ask_of(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let actor = asking.actor(&who);
    let id = PersonId(id);
    begin(&accounts, &shell, (&actor, id), &of(id)).await
}

async fn begin(
    accounts: &Accounts,
    shell: &Shell,
    (actor, person): (&Actor, PersonId),
    next: &str,
) -> Result<Response, Error> {
    let language = shell.language().code();
    let flash = match accounts.archives.ask(actor, person, language).await? {
        Asked::Done => Flash::success(shell.t("accounts-archive-asked")),
        Asked::UnderWay => Flash::info(shell.t("accounts-archive-under-way")),
        Asked::TooMany => Flash::warning(shell.t("accounts-archive-too-many")),
    };
    Ok((ui::flash(flash), ui::see_other(next)).into_response())
}

async fn open(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let oneself = PersonId(who.user_id);
    download(&accounts, &asking.actor(&who), (oneself, id)).await
}

async fn open_of(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path((person, archive)): Path<(Uuid, Uuid)>,
) -> Result<Response, Error> {
    download(&accounts, &asking.actor(&who), (PersonId(person), archive)).await
}

async fn download(
    accounts: &Accounts,
    actor: &Actor,
    (person, id): (PersonId, Uuid),
) -> Result<Response, Error> {
    let id = ArchiveId(id);
    let content = accounts.archives.open(actor, person, id).await?;
    let headers = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"archive-{id}.zip\""),
        ),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, content).into_response())
}

fn of(person: PersonId) -> String {
    format!("/admin/accounts/people/{person}/archive")
}

/// Key of the name of how far an archive is, and the tone of its badge.
fn stage(archive: &Archive) -> (&'static str, &'static str) {
    match archive.state {
        ArchiveState::Collecting => ("accounts-archive-collecting", "neutral"),
        ArchiveState::Ready if archive.lacks_some() => ("accounts-archive-partial", "warning"),
        ArchiveState::Ready => ("accounts-archive-ready", "success"),
        ArchiveState::Failed => ("accounts-archive-failed", "danger"),
        ArchiveState::Replaced => ("accounts-archive-replaced", "neutral"),
    }
}

/// Key of the name of how far a service is.
fn part_key(part: &Part) -> &'static str {
    match part.state {
        PartState::Waiting if part.attempts > 0 => "accounts-archive-part-again",
        PartState::Waiting => "accounts-archive-part-waiting",
        PartState::Done => "accounts-archive-part-done",
        PartState::Failed => "accounts-archive-part-failed",
    }
}
