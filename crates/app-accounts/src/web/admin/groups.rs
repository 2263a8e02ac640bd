//! `/admin/accounts/groups`: all groups, and making one.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::CurrentUser;
use ui::form::Errors;
use ui::{Column, CsrfForm, Flash, Shell, Table, TableQuery};

use crate::Accounts;
use crate::domain::group::{Group, GroupId};
use crate::error::Error;
use crate::service::groups::GroupChange;
use crate::store::membership::Span;
use crate::web::asking::Asking;
use crate::web::form::GroupForm;
use crate::web::group::ADMIN;

#[derive(askama::Template)]
#[template(path = "accounts/admin/groups.html")]
struct GroupsPage {
    shell: Shell,
    groups: Vec<Group>,
    table: Table,
    form: GroupForm,
    errors: Errors,
}

impl GroupsPage {
    async fn build(
        accounts: &Accounts,
        shell: Shell,
        query: &TableQuery,
        (form, errors): (GroupForm, Errors),
    ) -> Result<Self, Error> {
        let span = Span {
            limit: query.limit(),
            offset: query.offset(),
        };
        let part = accounts.groups.list(&query.search, span).await?;
        let table = Table::new(ADMIN, query, u64::try_from(part.total).unwrap_or(0))
            .column(Column::new("name", shell.t("accounts-group")))
            .column(Column::new("description", shell.t("accounts-description")).optional())
            .column(Column::new("people", shell.t("accounts-people")).numeric())
            .column(Column::new("groups", shell.t("accounts-groups-inside")).numeric())
            .searchable();
        Ok(Self {
            shell: shell.title("accounts-groups"),
            groups: part.rows,
            table,
            form,
            errors,
        })
    }
}

pub(super) async fn list(
    State(accounts): State<Accounts>,
    shell: Shell,
    query: TableQuery,
) -> Result<Response, Error> {
    let form = (GroupForm::empty(), Errors::none());
    Ok(ui::page(
        GroupsPage::build(&accounts, shell, &query, form).await?,
    ))
}

pub(super) async fn create(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    CsrfForm(form): CsrfForm<GroupForm>,
) -> Result<Response, Error> {
    let (name, description) = match form.check_new(&shell) {
        Ok(checked) => checked,
        Err(errors) => {
            return Ok(ui::invalid(
                GroupsPage::build(&accounts, shell, &TableQuery::default(), (form, errors)).await?,
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
            GroupsPage::build(&accounts, shell, &TableQuery::default(), (form, errors)).await?,
        ));
    }
    let created = ui::flash(Flash::success(shell.t("accounts-group-created")));
    Ok((created, ui::see_other(&format!("{ADMIN}/{id}"))).into_response())
}
