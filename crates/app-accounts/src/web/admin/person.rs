//! `/admin/accounts/people/{id}`: one person with everything an administrator may do.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::CurrentUser;
use platform::http::Path;
use rpc::auth::v1::Session;
use serde::Deserialize;
use ui::form::Errors;
use ui::{Choice, CsrfForm, Flash, Shell};
use uuid::Uuid;

use super::freeipa::{self, Section};
use crate::Accounts;
use crate::domain::address::AddressBook;
use crate::domain::custom_field::Viewer;
use crate::domain::invitation::{Invitation, Stage};
use crate::domain::membership::Belonging;
use crate::domain::person::{Person, PersonId};
use crate::domain::source::DirectoryId;
use crate::domain::sponsorship::{Guest, Sponsor};
use crate::error::Error;
use crate::service::life_cycle::TRASH_KEEPS;
use crate::service::people::Change;
use crate::store::audit::Entry;
use crate::web::asking::Asking;
use crate::web::custom_fields::{self, Shown, Typed, shown};
use crate::web::form::{AddressForm, EditForm, role_choices};

pub(super) const PEOPLE: &str = "/admin/accounts/people";

#[derive(askama::Template)]
#[template(path = "accounts/admin/person.html")]
pub(super) struct PersonPage {
    shell: Shell,
    person: Person,
    form: EditForm,
    errors: Errors,
    roles: Vec<Choice>,
    book: AddressBook,
    custom: Vec<Shown>,
    address: AddressForm,
    groups: Vec<Belonging>,
    /// `None` while auth does not answer.
    sessions: Option<Vec<Session>>,
    /// When they were last seen, to an hour or so.
    seen_at: Option<jiff::Timestamp>,
    history: Vec<Entry>,
    oneself: bool,
    /// Only of somebody who has not come yet.
    invitation: Option<Invitation>,
    /// Only of a guest.
    sponsor: Option<Sponsor>,
    /// The guests the person answers for.
    guests: Vec<Guest>,
    /// Their last day by their kind, where they have none of their own.
    end_of_kind: Option<jiff::civil::Date>,
    /// The directories that decide about them.
    directories: Vec<(DirectoryId, String)>,
    /// Fields of the form that these decide about, and that cannot be changed here.
    owned: Vec<&'static str>,
    /// How it stands with them in FreeIPA, where that is written to.
    freeipa: Option<Section>,
    /// When the trash lets go of the person, if they are in it.
    gone_at: Option<jiff::Timestamp>,
}

/// What was typed and refused, if anything was.
#[derive(Default)]
pub(super) struct Refused {
    pub(super) form: Option<EditForm>,
    pub(super) address: AddressForm,
    /// What was typed into the declared fields.
    pub(super) custom: Option<Typed>,
    pub(super) errors: Errors,
}

impl PersonPage {
    pub(super) async fn build(
        accounts: &Accounts,
        shell: Shell,
        asking: &Asking,
        id: PersonId,
        refused: Refused,
    ) -> Result<Self, Error> {
        let person = accounts.directory.person(id).await?;
        let groups = accounts.memberships.of(id).await?;
        let history = accounts.directory.history(id).await?;
        let sessions = accounts.sessions.list(id, &asking.assertion).await;
        let sessions = sessions
            .inspect_err(|error| platform::error::log(error))
            .ok();
        let whose = (id, Viewer::Administrator);
        let custom = shown(accounts, &shell, whose, refused.custom.as_ref()).await?;
        let form = refused.form.unwrap_or_else(|| EditForm::of(&person));
        let people = shell.t("accounts-people").into_owned();
        let oneself = shell.principal().is_some_and(|who| who.user_id == id.0);
        let invitation = accounts.invitations.of(&person).await?;
        let (directories, owned) = accounts.directories.deciding_about(id).await?;
        let freeipa = match person.trashed_at {
            None => Section::of(accounts, &shell, id).await?,
            Some(_) => None,
        };
        Ok(Self {
            invitation,
            seen_at: accounts.last_seen.of(&[id]).await?.remove(&id),
            sponsor: accounts.sponsors.of(&person).await?,
            guests: accounts.sponsors.guests_of(id).await?,
            end_of_kind: accounts.expiry.end_of_kind(&person).await?,
            directories,
            owned,
            freeipa,
            roles: role_choices(&shell),
            shell: shell.titled(&person.display_name).crumb(people, PEOPLE),
            book: accounts.addresses.book(id).await?,
            address: refused.address,
            custom,
            groups,
            gone_at: person.trashed_at.map(|at| at + TRASH_KEEPS),
            person,
            form,
            errors: refused.errors,
            sessions,
            history,
            oneself,
        })
    }
}

impl PersonPage {
    /// What the form is filled with.
    fn sponsor_login(&self) -> &str {
        self.sponsor
            .as_ref()
            .map_or("", |sponsor| sponsor.username.as_str())
    }

    fn owns(&self, field: &str) -> bool {
        self.owned.contains(&field)
    }
}

pub(super) async fn show(
    State(accounts): State<Accounts>,
    shell: Shell,
    asking: Asking,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    Ok(ui::page(
        PersonPage::build(&accounts, shell, &asking, PersonId(id), Refused::default()).await?,
    ))
}

pub(super) async fn edit(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<EditForm>,
) -> Result<Response, Error> {
    let id = PersonId(id);
    let manager = match form.manager.trim() {
        "" => None,
        login => accounts.directory.by_login(login).await?,
    };
    let errors = match form.check(&shell, manager.map(|manager| manager.id)) {
        Err(errors) => errors,
        Ok(edit) => {
            let actor = asking.actor(&who);
            let edited = accounts.freeipa.edit(&actor, (id, form.version), edit);
            match edited.await.map(refusal) {
                Ok(None) => {
                    let saved = ui::flash(Flash::success(shell.t("accounts-saved")));
                    return Ok((saved, ui::see_other(&format!("{PEOPLE}/{id}"))).into_response());
                }
                Ok(Some((field, key))) => Errors::one(field, shell.t(key)),
                Err(unmade) => freeipa::wrong(&shell, unmade)?,
            }
        }
    };
    let refused = Refused {
        form: Some(form),
        errors,
        ..Refused::default()
    };
    Ok(ui::invalid(
        PersonPage::build(&accounts, shell, &asking, id, refused).await?,
    ))
}

/// `POST /admin/accounts/people/{id}/fields`: the declared fields.
pub(super) async fn fill(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(typed): CsrfForm<Typed>,
) -> Result<Response, Error> {
    let id = PersonId(id);
    let (by, whose) = ((&who, &asking), (id, Viewer::Administrator));
    let filled = custom_fields::fill(&accounts, &shell, by, whose, &typed).await?;
    let Some(errors) = filled else {
        let saved = ui::flash(Flash::success(shell.t("accounts-saved")));
        return Ok((saved, ui::see_other(&format!("{PEOPLE}/{id}"))).into_response());
    };
    let refused = Refused {
        custom: Some(typed),
        errors,
        ..Refused::default()
    };
    Ok(ui::invalid(
        PersonPage::build(&accounts, shell, &asking, id, refused).await?,
    ))
}

/// The field that a refused change is about, and the key of what to say there.
fn refusal(change: Change) -> Option<(&'static str, &'static str)> {
    match change {
        Change::Done | Change::Unchanged => None,
        Change::UsernameTaken => Some(("username", "accounts-username-taken")),
        Change::EmailTaken => Some(("email", "accounts-email-taken")),
        Change::LastAdministrator => Some(("role", "accounts-last-administrator")),
        Change::Oneself => Some(("role", "accounts-oneself")),
        Change::EndPassed => Some(("ends_on", "accounts-end-passed")),
        Change::AdministratorEnds => Some(("ends_on", "accounts-administrator-ends")),
        Change::ManagerGone => Some(("manager", "accounts-member-unknown")),
        Change::ManagerBelow => Some(("manager", "accounts-manager-below")),
        Change::InTrash => Some(("", "accounts-in-trash")),
        Change::Stale | Change::NotAccepted | Change::NotInTrash | Change::Forbidden => {
            Some(("", "accounts-stale"))
        }
    }
}

/// Which session to end; all of them when it is empty.
#[derive(Deserialize)]
pub(super) struct EndForm {
    #[serde(default)]
    session: String,
}

pub(super) async fn end_sessions(
    State(accounts): State<Accounts>,
    shell: Shell,
    asking: Asking,
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<EndForm>,
) -> Result<Response, Error> {
    let id = PersonId(id);
    let session = Some(form.session.as_str()).filter(|session| !session.is_empty());
    let ended = accounts
        .sessions
        .end(id, session, &asking.assertion)
        .await?;
    let flash = ui::flash(Flash::success(
        shell.tn("accounts-sessions-ended", i64::from(ended)),
    ));
    Ok((flash, ui::see_other(&format!("{PEOPLE}/{id}"))).into_response())
}

/// A moment that auth tells in Unix seconds.
fn moment(seconds: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(seconds).unwrap_or_default()
}
