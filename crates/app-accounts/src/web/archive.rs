//! `/app/accounts/archive`: all that is kept of oneself, in one archive; and for administrators, of somebody.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
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
use crate::service::archives::Asked;

const OWN: &str = "/app/accounts/archive";

/// The routes.
pub(super) fn routes() -> Routes<Accounts> {
    let (oneself, admin) = (Access::Role(Role::Guest), Access::Role(Role::Admin));
    let (sudo, sudo_admin) = (Access::Sudo(Role::Guest), Access::Sudo(Role::Admin));
    Routes::new()
        .page(OWN, oneself, get(show))
        .page("/app/accounts/archive/new", sudo, axum::routing::post(ask))
        .page("/app/accounts/archive/{id}", sudo, get(open))
        .page(
            "/admin/accounts/people/{id}/archive",
            admin,
            get(show_of).post(ask_of),
        )
        .page(
            "/admin/accounts/people/{id}/archive/{archive}",
            sudo_admin,
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
    download(&accounts, &asking.actor(&who), ArchiveId(id)).await
}

async fn open_of(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path((_, archive)): Path<(Uuid, Uuid)>,
) -> Result<Response, Error> {
    download(&accounts, &asking.actor(&who), ArchiveId(archive)).await
}

async fn download(accounts: &Accounts, actor: &Actor, id: ArchiveId) -> Result<Response, Error> {
    let content = accounts.archives.open(actor, id).await?;
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

/// Key of the name of how far an archive is.
fn state_key(state: ArchiveState) -> &'static str {
    match state {
        ArchiveState::Collecting => "accounts-archive-collecting",
        ArchiveState::Ready => "accounts-archive-ready",
        ArchiveState::Failed => "accounts-archive-failed",
    }
}

/// Tone of its badge.
fn state_tone(state: ArchiveState) -> &'static str {
    match state {
        ArchiveState::Collecting => "neutral",
        ArchiveState::Ready => "success",
        ArchiveState::Failed => "danger",
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
