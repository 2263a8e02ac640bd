//! `/admin/accounts/groups`: all groups, and making one.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::CurrentUser;
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

use crate::Accounts;
use crate::domain::group::{Group, GroupId};
use crate::domain::name::Line;
use crate::error::Error;
use crate::service::groups::GroupChange;
use crate::web::asking::Asking;
use crate::web::form::Fields;

pub(super) const GROUPS: &str = "/admin/accounts/groups";

/// Name and purpose of a group.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct GroupForm {
    /// Chosen when the form is shown: a second submit of it is recognised.
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) description: String,
}

impl GroupForm {
    fn empty() -> Self {
        Self {
            id: Uuid::now_v7(),
            ..Self::default()
        }
    }

    pub(super) fn check(&self, shell: &Shell) -> Result<(Line, Line), Errors> {
        let mut fields = Fields::new(shell);
        let name = fields.take("name", Line::required(&self.name));
        let description = fields.take("description", Line::parse(&self.description));
        fields.finish(name.zip(description))
    }
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/groups.html")]
struct GroupsPage {
    shell: Shell,
    groups: Vec<Group>,
    form: GroupForm,
    errors: Errors,
}

impl GroupsPage {
    async fn build(
        accounts: &Accounts,
        shell: Shell,
        form: GroupForm,
        errors: Errors,
    ) -> Result<Self, Error> {
        let groups = accounts.groups.list().await?;
        Ok(Self {
            shell: shell.title("accounts-groups"),
            groups,
            form,
            errors,
        })
    }
}

pub(super) async fn list(
    State(accounts): State<Accounts>,
    shell: Shell,
) -> Result<Response, Error> {
    Ok(ui::page(
        GroupsPage::build(&accounts, shell, GroupForm::empty(), Errors::none()).await?,
    ))
}

pub(super) async fn create(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    CsrfForm(form): CsrfForm<GroupForm>,
) -> Result<Response, Error> {
    let (name, description) = match form.check(&shell) {
        Ok(checked) => checked,
        Err(errors) => {
            return Ok(ui::invalid(
                GroupsPage::build(&accounts, shell, form, errors).await?,
            ));
        }
    };
    let id = GroupId(form.id);
    let change = accounts
        .groups
        .create(&asking.actor(&who), id, &name, &description)
        .await?;
    if change == GroupChange::NameTaken {
        let errors = Errors::one("name", shell.t("accounts-group-name-taken"));
        return Ok(ui::invalid(
            GroupsPage::build(&accounts, shell, form, errors).await?,
        ));
    }
    let created = ui::flash(Flash::success(shell.t("accounts-group-created")));
    Ok((created, ui::see_other(&format!("{GROUPS}/{id}"))).into_response())
}
