//! Adding somebody to the directory.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::CurrentUser;
use platform::http::Path;
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

use super::super::directories::{DIRECTORIES, path};
use super::super::person::PEOPLE;
use super::wrong;
use crate::Accounts;
use crate::domain::name::{EmailAddress, Line, Username};
use crate::domain::phone::Phone;
use crate::domain::source::{Directory, DirectoryId};
use crate::error::Error;
use crate::service::freeipa::{Arrived, Newcomer, Unmade};
use crate::service::people::Change;
use crate::web::asking::Asking;
use crate::web::form::Fields;

/// Who is to be added, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ArrivalForm {
    username: String,
    given_name: String,
    family_name: String,
    email: String,
    title: String,
    department: String,
    phone: String,
}

impl ArrivalForm {
    fn check(&self, shell: &Shell) -> Result<Newcomer, Errors> {
        let mut fields = Fields::new(shell);
        let username = fields.take("username", Username::parse(&self.username));
        // FreeIPA wants both.
        let given_name = fields.take("given_name", Line::required(&self.given_name));
        let family_name = fields.take("family_name", Line::required(&self.family_name));
        let email = fields.take("email", EmailAddress::parse(&self.email));
        let title = fields.take("title", Line::parse(&self.title));
        let department = fields.take("department", Line::parse(&self.department));
        let phone = fields.take("phone", Phone::parse(&self.phone));
        let newcomer = move || {
            Some(Newcomer {
                username: username?,
                given_name: given_name?,
                family_name: family_name?,
                email: email?,
                title: title?,
                department: department?,
                phone: phone?,
            })
        };
        fields.finish(newcomer())
    }
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/freeipa_arrival.html")]
struct ArrivalPage {
    shell: Shell,
    action: String,
    form: ArrivalForm,
    errors: Errors,
}

impl ArrivalPage {
    fn new(shell: Shell, directory: &Directory, form: ArrivalForm, errors: Errors) -> Self {
        let list = shell.t("accounts-directories").into_owned();
        let name = directory.settings.name.to_string();
        Self {
            shell: shell
                .title("accounts-freeipa-add")
                .crumb(list, DIRECTORIES)
                .crumb(name, path(directory.id))
                .narrow(),
            action: format!("{}/people/new", path(directory.id)),
            form,
            errors,
        }
    }
}

/// The directory, where people can be added to it.
async fn written_back(accounts: &Accounts, id: Uuid) -> Result<Directory, Error> {
    let directory = accounts.directories.find(DirectoryId(id)).await?;
    if directory.settings.writes_back() {
        Ok(directory)
    } else {
        Err(Error::NotWrittenBack)
    }
}

pub(super) async fn show(
    State(accounts): State<Accounts>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let directory = written_back(&accounts, id).await?;
    let form = ArrivalForm::default();
    Ok(ui::page(ArrivalPage::new(
        shell,
        &directory,
        form,
        Errors::none(),
    )))
}

pub(super) async fn add(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<ArrivalForm>,
) -> Result<Response, Error> {
    let directory = written_back(&accounts, id).await?;
    let errors = match form.check(&shell) {
        Err(errors) => errors,
        Ok(new) => {
            let actor = asking.actor(&who);
            match accounts.freeipa.add(&actor, directory.id, &new).await {
                Ok(Arrived::Both(person)) => {
                    let flash = ui::flash(Flash::success(shell.t("accounts-freeipa-added")));
                    return Ok(
                        (flash, ui::see_other(&format!("{PEOPLE}/{person}"))).into_response()
                    );
                }
                Ok(Arrived::ThereAlone) => {
                    let said = shell.t("accounts-freeipa-there-alone");
                    let flash = ui::flash(Flash::warning(said));
                    return Ok((flash, ui::see_other(&path(directory.id))).into_response());
                }
                Err(Unmade::Here(Change::EmailTaken)) => {
                    Errors::one("email", shell.t("accounts-email-taken"))
                }
                Err(Unmade::Here(_)) => Errors::one("username", shell.t("accounts-username-taken")),
                Err(unmade) => wrong(&shell, unmade)?,
            }
        }
    };
    let page = ArrivalPage::new(shell, &directory, form, errors);
    Ok(ui::invalid(page))
}
