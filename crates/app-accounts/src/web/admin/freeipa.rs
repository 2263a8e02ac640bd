//! What administrators do in FreeIPA from here: `/admin/accounts/people/{id}/freeipa/{step}` for somebody who comes from
//! there, and `/admin/accounts/directories/{id}/people/new` for somebody who is to.

mod arrival;
mod section;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use platform::http::Path;
use platform::{Access, CurrentUser, Role, Routes};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

pub(super) use self::section::Section;
use super::life_cycle;
use super::person::PEOPLE;
use crate::Accounts;
use crate::domain::person::{Person, PersonId};
use crate::error::Error;
use crate::service::freeipa::Unmade;
use crate::web::asking::Asking;
use crate::web::form::Nothing;

/// The routes.
pub(super) fn routes() -> Routes<Accounts> {
    let sudo = Access::Sudo(Role::Admin);
    Routes::new()
        .page(
            "/admin/accounts/people/{id}/freeipa/{step}",
            sudo,
            post(act),
        )
        .page(
            "/admin/accounts/directories/{id}/people/new",
            sudo,
            get(arrival::show).post(arrival::add),
        )
}

/// What is to be done with somebody's account there.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Step {
    /// Let them in again whom wrong passwords locked out.
    Unlock,
    /// Switch it off.
    Disable,
    /// Switch it on.
    Enable,
    /// Give them a password for one sign-in.
    Password,
}

async fn act(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path((id, step)): Path<(Uuid, Step)>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let (id, actor) = (PersonId(id), asking.actor(&who));
    let person = accounts.directory.person(id).await?;
    let freeipa = &accounts.freeipa;
    let (done, key) = match step {
        Step::Unlock => (
            freeipa.unlock(&actor, id).await,
            "accounts-freeipa-unlocked",
        ),
        Step::Disable => (
            freeipa.set_enabled(&actor, id, false).await,
            "accounts-freeipa-was-disabled",
        ),
        Step::Enable => (
            freeipa.set_enabled(&actor, id, true).await,
            "accounts-freeipa-was-enabled",
        ),
        Step::Password => match freeipa.temporary_password(&actor, id).await {
            Ok(password) => return Ok(shown_once(shell, &person, &password)),
            Err(unmade) => (Err(unmade), ""),
        },
    };
    let flash = match done {
        Ok(()) => Flash::success(shell.t(key)),
        Err(unmade) => Flash::danger(said(&shell, unmade)?),
    };
    Ok((ui::flash(flash), ui::see_other(&format!("{PEOPLE}/{id}"))).into_response())
}

/// Why something was not done, in a sentence.
fn said(shell: &Shell, unmade: Unmade) -> Result<String, Error> {
    let key = match unmade {
        Unmade::Refused(refusal) => {
            return Ok(shell.t1("accounts-freeipa-refuses", "said", refusal.said));
        }
        Unmade::Nowhere => "accounts-unchanged",
        Unmade::Gone => "accounts-freeipa-gone",
        Unmade::Away => "accounts-freeipa-away",
        Unmade::ManagerElsewhere => "accounts-freeipa-manager-elsewhere",
        Unmade::Here(change) => life_cycle::refusal(change),
        Unmade::Failed(error) => return Err(error),
    };
    Ok(shell.t(key).into_owned())
}

/// What is wrong with a form, at the field that it is about. What would not do here is not among it.
pub(super) fn wrong(shell: &Shell, unmade: Unmade) -> Result<Errors, Error> {
    let field = match &unmade {
        Unmade::Refused(refusal) => match refusal.field.as_str() {
            "display_name" => "display_name",
            "given_name" => "given_name",
            "family_name" => "family_name",
            "title" => "title",
            "department" => "department",
            "phone" => "phone",
            "manager" => "manager",
            "username" => "username",
            "email" => "email",
            _ => "",
        },
        Unmade::ManagerElsewhere => "manager",
        _ => "",
    };
    Ok(Errors::one(field, said(shell, unmade)?))
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/freeipa_password.html")]
struct PasswordPage {
    shell: Shell,
    password: zeroize::Zeroizing<String>,
    back: String,
}

/// The page that shows a password, which nothing keeps.
fn shown_once(shell: Shell, person: &Person, password: &SecretString) -> Response {
    let people = shell.t("accounts-people").into_owned();
    let title = shell.t1("accounts-freeipa-password-of", "name", &person.display_name);
    let back = format!("{PEOPLE}/{}", person.id);
    ui::page(PasswordPage {
        shell: shell
            .titled(title)
            .crumb(people, PEOPLE)
            .crumb(&person.display_name, back.clone())
            .narrow(),
        password: password.expose_secret().to_owned().into(),
        back,
    })
}
