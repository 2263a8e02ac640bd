//! `/admin/accounts/directories`: where people and groups come from. Settings with a test, what a run would do, what it
//! did, and decisions about one that would take too much away.

mod form;
mod page;
mod said;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use directory::Preset;
use platform::http::{Path, Query};
use platform::{Access, CurrentUser, Role, Routes};
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

use self::form::SettingsForm;
use self::page::{DirectoriesPage, DirectoryPage, SettingsPage};
use crate::Accounts;
use crate::domain::group::GroupId;
use crate::domain::membership::Member;
use crate::domain::person::PersonId;
use crate::domain::source::DirectoryId;
use crate::domain::sync::plan::{Conflict, Obstacle};
use crate::error::Error;
use crate::service::directories::{Asked, Linked};
use crate::web::asking::Asking;
use crate::web::form::{Confirmed, Nothing};

/// Where they are listed.
pub(super) const DIRECTORIES: &str = "/admin/accounts/directories";

/// The routes.
pub(super) fn routes() -> Routes<Accounts> {
    let admin = Access::Role(Role::Admin);
    // Asked before a password is typed, and before somebody says who another account is.
    let sudo = Access::Sudo(Role::Admin);
    Routes::new()
        .page(DIRECTORIES, admin, get(list))
        .page("/admin/accounts/directories/new", sudo, get(new).post(add))
        .page("/admin/accounts/directories/{id}", admin, get(show))
        .page(
            "/admin/accounts/directories/{id}/settings",
            sudo,
            get(settings).post(change),
        )
        .page(
            "/admin/accounts/directories/{id}/delete",
            sudo,
            post(delete),
        )
        .page(
            "/admin/accounts/directories/{id}/run/{kind}",
            admin,
            post(run),
        )
        .page(
            "/admin/accounts/directories/{id}/runs/{run}/{decision}",
            sudo,
            post(decide),
        )
        .page("/admin/accounts/directories/{id}/link", sudo, post(link))
        .page(
            "/admin/accounts/directories/{id}/people/{person}/unlink",
            sudo,
            post(unlink),
        )
        .page(
            "/admin/accounts/directories/{id}/groups/{group}/unlink",
            sudo,
            post(unlink_group),
        )
}

pub(super) fn path(id: DirectoryId) -> String {
    format!("{DIRECTORIES}/{id}")
}

async fn list(State(accounts): State<Accounts>, shell: Shell) -> Result<Response, Error> {
    Ok(ui::page(DirectoriesPage::build(&accounts, shell).await?))
}

/// What a new directory begins with.
#[derive(Deserialize)]
struct Begin {
    #[serde(default)]
    preset: String,
}

async fn new(shell: Shell, Query(begin): Query<Begin>) -> Response {
    let preset = Preset::parse(&begin.preset).unwrap_or(Preset::FreeIpa);
    let form = SettingsForm::of_preset(preset);
    ui::page(SettingsPage::new(shell, None, form, Errors::none()))
}

async fn add(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    CsrfForm(form): CsrfForm<SettingsForm>,
) -> Result<Response, Error> {
    let id = DirectoryId(form.id);
    let (settings, password) = match form.check(&shell) {
        Ok(checked) => checked,
        Err(errors) => return Ok(ui::invalid(SettingsPage::new(shell, None, form, errors))),
    };
    if form.tests() {
        let probe = accounts.directories.probe(id, &settings, password).await?;
        return Ok(ui::page(
            SettingsPage::new(shell, None, form, Errors::none()).tried(probe),
        ));
    }
    let actor = asking.actor(&who);
    let kept = accounts
        .directories
        .add(&actor, id, settings, password)
        .await?;
    match said::kept(&shell, kept) {
        None => Ok(saved(&shell, id)),
        Some(errors) => Ok(ui::invalid(SettingsPage::new(shell, None, form, errors))),
    }
}

async fn settings(
    State(accounts): State<Accounts>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let directory = accounts.directories.find(DirectoryId(id)).await?;
    let form = SettingsForm::of(&directory);
    let page = SettingsPage::new(shell, Some(&directory), form, Errors::none());
    Ok(ui::page(page))
}

async fn change(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<SettingsForm>,
) -> Result<Response, Error> {
    let id = DirectoryId(id);
    let directory = accounts.directories.find(id).await?;
    let page = |form, errors| SettingsPage::new(shell.clone(), Some(&directory), form, errors);
    let (settings, password) = match form.check(&shell) {
        Ok(checked) => checked,
        Err(errors) => return Ok(ui::invalid(page(form, errors))),
    };
    if form.tests() {
        let probe = accounts.directories.probe(id, &settings, password).await?;
        return Ok(ui::page(page(form, Errors::none()).tried(probe)));
    }
    let (actor, which) = (asking.actor(&who), (id, form.version));
    let kept = accounts
        .directories
        .change(&actor, which, settings, password)
        .await?;
    Ok(match said::kept(&shell, kept) {
        None => saved(&shell, id),
        Some(errors) => ui::invalid(page(form, errors)),
    })
}

fn saved(shell: &Shell, id: DirectoryId) -> Response {
    let flash = ui::flash(Flash::success(shell.t("accounts-saved")));
    (flash, ui::see_other(&path(id))).into_response()
}

async fn show(
    State(accounts): State<Accounts>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let page = DirectoryPage::build(&accounts, shell, DirectoryId(id)).await?;
    Ok(ui::page(page))
}

async fn delete(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<Confirmed>,
) -> Result<Response, Error> {
    let id = DirectoryId(id);
    let directory = accounts.directories.find(id).await?;
    if !form.is(directory.settings.name.as_str()) {
        let flash = Flash::danger(shell.t("accounts-directory-not-confirmed"));
        return Ok((ui::flash(flash), ui::see_other(&path(id))).into_response());
    }
    accounts.directories.delete(&asking.actor(&who), id).await?;
    let flash = ui::flash(Flash::success(shell.t("accounts-directory-deleted")));
    Ok((flash, ui::see_other(DIRECTORIES)).into_response())
}

/// What a run is for.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// To say what it would do.
    Preview,
    /// To do it.
    Sync,
}

async fn run(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path((id, kind)): Path<(Uuid, Kind)>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let (id, actor) = (DirectoryId(id), asking.actor(&who));
    let asked = accounts
        .directories
        .ask(&actor, id, kind == Kind::Preview)
        .await?;
    Ok(answer(&shell, asked, id, "accounts-directory-asked"))
}

/// What is decided about a run that stopped.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Decision {
    /// It may do what it said.
    Approve,
    /// It may not.
    Discard,
}

/// Which steps somebody saw when they decided.
#[derive(Deserialize)]
struct Seen {
    #[serde(default)]
    digest: String,
}

async fn decide(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path((id, run, decision)): Path<(Uuid, Uuid, Decision)>,
    CsrfForm(seen): CsrfForm<Seen>,
) -> Result<Response, Error> {
    let (id, actor) = (DirectoryId(id), asking.actor(&who));
    let approve = decision == Decision::Approve;
    // No digest of ours is no digest of a run.
    let digest = hex::decode(&seen.digest).unwrap_or_default();
    let which = (id, run, digest.as_slice());
    let decided = accounts.directories.decide(&actor, which, approve).await?;
    let done = if approve {
        "accounts-directory-approved"
    } else {
        "accounts-directory-discarded"
    };
    Ok(answer(&shell, decided, id, done))
}

fn answer(shell: &Shell, asked: Asked, id: DirectoryId, done: &str) -> Response {
    let flash = match asked {
        Asked::Done => Flash::success(shell.t(done)),
        Asked::Running => Flash::warning(shell.t("accounts-directory-runs-already")),
        Asked::Stale => Flash::warning(shell.t("accounts-directory-not-that")),
    };
    (ui::flash(flash), ui::see_other(&path(id))).into_response()
}

/// Who is said to be whom: only what the last run found in the way of each other.
#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    entry: String,
    #[serde(default)]
    holder: Uuid,
}

async fn link(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(link): CsrfForm<Link>,
) -> Result<Response, Error> {
    let id = DirectoryId(id);
    let directories = &accounts.directories;
    let newest = directories.runs(id).await?.into_iter().next();
    let plan = match newest {
        Some(run) => directories.plan(id, run.id).await?,
        None => None,
    };
    let found = plan.and_then(|plan| {
        let is_it = |conflict: &Conflict| {
            let holder = conflict.holder.as_ref().map(|(id, _)| *id);
            conflict.entry == link.entry && holder == Some(link.holder)
        };
        plan.conflicts.into_iter().find(is_it)
    });
    let member = found.map(|conflict| match conflict.obstacle {
        Obstacle::GroupNameTaken => Member::Group(GroupId(link.holder)),
        _ => Member::Person(PersonId(link.holder)),
    });
    let Some(member) = member else {
        return Ok(answer(&shell, Asked::Stale, id, ""));
    };
    let actor = asking.actor(&who);
    let linked = directories.link(&actor, id, (member, &link.entry)).await?;
    Ok(linked_answer(
        &shell,
        linked,
        &path(id),
        "accounts-directory-linked",
    ))
}

async fn unlink(
    State(accounts): State<Accounts>,
    shell: Shell,
    asker: (CurrentUser, Asking),
    Path((id, person)): Path<(Uuid, Uuid)>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let what = (DirectoryId(id), Member::Person(PersonId(person)));
    let next = format!("{}/{person}", super::person::PEOPLE);
    let done = "accounts-directory-unlinked";
    unlinked(&accounts, &shell, &asker, what, (&next, done)).await
}

async fn unlink_group(
    State(accounts): State<Accounts>,
    shell: Shell,
    asker: (CurrentUser, Asking),
    Path((id, group)): Path<(Uuid, Uuid)>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let what = (DirectoryId(id), Member::Group(GroupId(group)));
    let next = format!("/admin/accounts/groups/{group}");
    let done = "accounts-directory-group-unlinked";
    unlinked(&accounts, &shell, &asker, what, (&next, done)).await
}

async fn unlinked(
    accounts: &Accounts,
    shell: &Shell,
    (who, asking): &(CurrentUser, Asking),
    (directory, member): (DirectoryId, Member),
    (next, done): (&str, &str),
) -> Result<Response, Error> {
    let (actor, directories) = (asking.actor(who), &accounts.directories);
    let unlinked = directories.unlink(&actor, directory, member).await?;
    Ok(linked_answer(shell, unlinked, next, done))
}

fn linked_answer(shell: &Shell, linked: Linked, next: &str, done: &str) -> Response {
    let flash = match linked {
        Linked::Done => Flash::success(shell.t(done)),
        Linked::EntryTaken => Flash::danger(shell.t("accounts-directory-entry-taken")),
        Linked::Unchanged => Flash::warning(shell.t("accounts-unchanged")),
    };
    (ui::flash(flash), ui::see_other(next)).into_response()
}
