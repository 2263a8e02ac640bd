//! `/admin/accounts/groups/{id}`: one group, its people and the groups inside it.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::CurrentUser;
use platform::http::Path;
use serde::Deserialize;
use ui::form::{Errors, confirmed};
use ui::{Choice, Column, CsrfForm, Flash, Shell, Tab, Table, TableQuery};
use uuid::Uuid;

use super::groups::{GROUPS, GroupForm};
use super::members::MemberForm;
use crate::Accounts;
use crate::domain::group::{Group, GroupId};
use crate::error::Error;
use crate::service::groups::GroupChange;
use crate::service::memberships::Contents;
use crate::store::membership::Span;
use crate::web::asking::Asking;
use crate::web::end;

#[derive(askama::Template)]
#[template(path = "accounts/admin/group.html")]
pub(super) struct GroupPage {
    shell: Shell,
    tabs: Vec<Tab>,
    contents: Contents,
    table: Table,
    form: GroupForm,
    typed: MemberForm,
    errors: Errors,
    end_hint: String,
    /// Groups that may be put into this one, as far as their names tell.
    others: Vec<Choice>,
}

/// What was typed and refused.
#[derive(Default)]
pub(super) struct Refused {
    /// About the group itself.
    pub(super) form: Option<GroupForm>,
    /// About a member.
    pub(super) typed: MemberForm,
    /// What is wrong.
    pub(super) errors: Errors,
}

impl GroupPage {
    pub(super) async fn build(
        accounts: &Accounts,
        shell: Shell,
        id: GroupId,
        query: &TableQuery,
        refused: Refused,
    ) -> Result<Self, Error> {
        let span = Span {
            limit: query.limit(),
            offset: query.offset(),
        };
        let contents = accounts.memberships.contents(id, span).await?;
        let inside = |other: &GroupId| {
            *other == id || contents.groups.iter().any(|group| group.id == *other)
        };
        let others = accounts.groups.names().await?.into_iter();
        let others = others
            .filter(|(id, _)| !inside(id))
            .map(|(id, name)| Choice::new(id.to_string(), name))
            .collect();
        let group = &contents.group;
        let path = format!("{GROUPS}/{id}");
        let table = Table::new(
            path,
            query,
            u64::try_from(contents.people.total).unwrap_or(0),
        )
        .column(Column::new("name", shell.t("accounts-member-person")))
        .column(Column::new("until", shell.t("accounts-until")).optional())
        .column(Column::new("actions", ""));
        let groups = shell.t("accounts-groups").into_owned();
        Ok(Self {
            form: refused.form.unwrap_or_else(|| GroupForm {
                id: id.0,
                name: group.name.clone(),
                description: group.description.clone(),
                version: group.version,
            }),
            tabs: tabs(&shell, group),
            end_hint: end::hint(&shell),
            shell: shell.titled(&group.name).crumb(groups, GROUPS),
            contents,
            table,
            typed: refused.typed,
            errors: refused.errors,
            others,
        })
    }
}

/// The pages about one group.
pub(super) fn tabs(shell: &Shell, group: &Group) -> Vec<Tab> {
    let own = format!("{GROUPS}/{}", group.id);
    let everybody = format!("{own}/people");
    let here = shell.path();
    vec![
        Tab::new(shell.t("accounts-group-tab"), own, here),
        Tab::new(shell.t("accounts-everybody"), everybody, here)
            .count(u64::try_from(group.people).unwrap_or(0)),
    ]
}

pub(super) async fn show(
    State(accounts): State<Accounts>,
    shell: Shell,
    Path(id): Path<Uuid>,
    query: TableQuery,
) -> Result<Response, Error> {
    let page = GroupPage::build(&accounts, shell, GroupId(id), &query, Refused::default());
    Ok(ui::page(page.await?))
}

pub(super) async fn edit(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<GroupForm>,
) -> Result<Response, Error> {
    let id = GroupId(id);
    let errors = match form.check(&shell) {
        Err(errors) => errors,
        Ok((name, description)) => {
            match accounts
                .groups
                .edit(&asking.actor(&who), (id, form.version), &name, &description)
                .await?
            {
                GroupChange::NameTaken => Errors::one("name", shell.t("accounts-group-name-taken")),
                GroupChange::Stale => Errors::one("", shell.t("accounts-group-stale")),
                GroupChange::Done | GroupChange::Unchanged => {
                    return Ok(back(id, Flash::success(shell.t("accounts-saved"))));
                }
            }
        }
    };
    let refused = Refused {
        form: Some(form),
        errors,
        ..Refused::default()
    };
    again(&accounts, shell, id, refused).await
}

#[derive(Deserialize)]
pub(super) struct DeleteForm {
    #[serde(default)]
    confirm_name: String,
}

pub(super) async fn delete(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<DeleteForm>,
) -> Result<Response, Error> {
    let id = GroupId(id);
    if !confirmed(&form.confirm_name, &accounts.groups.name(id).await?) {
        let refused = Refused {
            errors: Errors::one("", shell.t("accounts-group-not-confirmed")),
            ..Refused::default()
        };
        return again(&accounts, shell, id, refused).await;
    }
    accounts.groups.delete(&asking.actor(&who), id).await?;
    let deleted = ui::flash(Flash::success(shell.t("accounts-group-deleted")));
    Ok((deleted, ui::see_other(GROUPS)).into_response())
}

/// Back to the group, with a message.
pub(super) fn back(id: GroupId, flash: Flash) -> Response {
    (ui::flash(flash), ui::see_other(&format!("{GROUPS}/{id}"))).into_response()
}

/// The page again, with what was typed and what is wrong.
pub(super) async fn again(
    accounts: &Accounts,
    shell: Shell,
    id: GroupId,
    refused: Refused,
) -> Result<Response, Error> {
    let query = TableQuery::default();
    let page = GroupPage::build(accounts, shell, id, &query, refused);
    Ok(ui::invalid(page.await?))
}
