//! `../groups/{id}`: one group, its people and the groups inside it.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::CurrentUser;
use platform::http::Path;
use ui::form::Errors;
use ui::{Choice, Column, CsrfForm, Flash, Shell, Tab, Table, TableQuery};
use uuid::Uuid;

use super::members::MemberForm;
use super::{ADMIN, Desk, end, rights, tabs};
use crate::Accounts;
use crate::domain::group::GroupId;
use crate::domain::joining::Request;
use crate::domain::membership::Member;
use crate::domain::source::DirectoryId;
use crate::error::Error;
use crate::service::groups::GroupChange;
use crate::service::managers::Rights;
use crate::service::memberships::Contents;
use crate::store::membership::Span;
use crate::web::asking::Asking;
use crate::web::form::{Confirmed, GroupForm, joining_choices};

#[derive(askama::Template)]
#[template(path = "accounts/group/page.html")]
pub(super) struct GroupPage {
    shell: Shell,
    desk: Desk,
    /// Whether they may do everything with the group.
    administers: bool,
    tabs: Vec<Tab>,
    contents: Contents,
    managers: Vec<(Member, String)>,
    requests: Vec<Request>,
    joinings: Vec<Choice>,
    table: Table,
    form: GroupForm,
    typed: MemberForm,
    reason: String,
    errors: Errors,
    end_hint: String,
    /// Where it comes from, if administrators look at it.
    directories: Vec<(DirectoryId, String)>,
    /// Groups that may be put into this one, as far as their names tell.
    others: Vec<Choice>,
    /// All groups, which may manage this one.
    all: Vec<Choice>,
}

/// What was typed and refused.
#[derive(Default)]
pub(super) struct Refused {
    /// About the group itself.
    pub(super) form: Option<GroupForm>,
    /// About a member, or a manager.
    pub(super) typed: MemberForm,
    /// Why a request is denied.
    pub(super) reason: String,
    /// What is wrong.
    pub(super) errors: Errors,
}

impl GroupPage {
    pub(super) async fn build(
        accounts: &Accounts,
        (shell, rights): (Shell, Rights),
        id: GroupId,
        query: &TableQuery,
        refused: Refused,
    ) -> Result<Self, Error> {
        let desk = Desk::of(&shell);
        let span = Span {
            limit: query.limit(),
            offset: query.offset(),
        };
        let contents = accounts.memberships.contents(id, span).await?;
        let inside = |other: &GroupId| {
            *other == id || contents.groups.iter().any(|group| group.id == *other)
        };
        let names = accounts.groups.names().await?;
        let choice = |(id, name): &(GroupId, String)| Choice::new(id.to_string(), name);
        let others = names.iter().filter(|(id, _)| !inside(id));
        let others = others.map(choice).collect();
        let all = names.iter().map(choice).collect();
        let group = &contents.group;
        let table = Table::new(
            desk.group(id),
            query,
            u64::try_from(contents.people.total).unwrap_or(0),
        )
        .column(Column::new("name", shell.t("accounts-member-person")))
        .column(Column::new("until", shell.t("accounts-until")).optional())
        .column(Column::new("actions", ""));
        let groups = shell.t("accounts-groups").into_owned();
        let administers = rights == Rights::Administers;
        let directories = if administers && desk == Desk::Admin {
            accounts.directories.of_group(id).await?
        } else {
            Vec::new()
        };
        Ok(Self {
            directories,
            form: refused.form.unwrap_or_else(|| GroupForm {
                id: id.0,
                name: group.name.clone(),
                description: group.description.clone(),
                joining: group.joining.as_str().to_owned(),
                version: group.version,
            }),
            managers: accounts.managers.list(id).await?,
            requests: accounts.joining.requests(id).await?,
            joinings: joining_choices(&shell),
            tabs: tabs(&shell, group),
            end_hint: end::hint(&shell),
            shell: shell.titled(&group.name).crumb(groups, desk.groups()),
            desk,
            administers,
            contents,
            table,
            typed: refused.typed,
            reason: refused.reason,
            errors: refused.errors,
            others,
            all,
        })
    }
}

pub(super) async fn show(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    query: TableQuery,
) -> Result<Response, Error> {
    let id = GroupId(id);
    let rights = rights(&accounts, &asking.actor(&who), id).await?;
    let page = GroupPage::build(&accounts, (shell, rights), id, &query, Refused::default());
    Ok(ui::page(page.await?))
}

pub(super) async fn edit(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<GroupForm>,
) -> Result<Response, Error> {
    let (id, actor) = (GroupId(id), asking.actor(&who));
    let checked = match rights(&accounts, &actor, id).await? {
        Rights::Administers => form.check(&shell),
        Rights::Manages => form.check_description(&shell),
    };
    let errors = match checked {
        Err(errors) => errors,
        Ok(edit) => {
            let change = accounts.groups.edit(&actor, (id, form.version), &edit);
            match change.await? {
                GroupChange::NameTaken => Errors::one("name", shell.t("accounts-group-name-taken")),
                GroupChange::Stale => Errors::one("", shell.t("accounts-group-stale")),
                GroupChange::Forbidden => return Err(Error::NotManager),
                GroupChange::Done | GroupChange::Unchanged => {
                    let saved = Flash::success(shell.t("accounts-saved"));
                    return Ok(back(&shell, id, saved));
                }
            }
        }
    };
    let refused = Refused {
        form: Some(form),
        errors,
        ..Refused::default()
    };
    again(&accounts, shell, (&who, &asking), id, refused).await
}

pub(super) async fn delete(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<Confirmed>,
) -> Result<Response, Error> {
    let id = GroupId(id);
    if !form.is(&accounts.groups.name(id).await?) {
        let refused = Refused {
            errors: Errors::one("", shell.t("accounts-group-not-confirmed")),
            ..Refused::default()
        };
        return again(&accounts, shell, (&who, &asking), id, refused).await;
    }
    let change = accounts.groups.delete(&asking.actor(&who), id).await?;
    if change == GroupChange::Forbidden {
        return Err(Error::NotManager);
    }
    let deleted = ui::flash(Flash::success(shell.t("accounts-group-deleted")));
    Ok((deleted, ui::see_other(ADMIN)).into_response())
}

/// Back to the group, with a message.
pub(super) fn back(shell: &Shell, id: GroupId, flash: Flash) -> Response {
    let group = Desk::of(shell).group(id);
    (ui::flash(flash), ui::see_other(&group)).into_response()
}

/// The page again, with what was typed and what is wrong.
pub(super) async fn again(
    accounts: &Accounts,
    shell: Shell,
    (who, asking): (&CurrentUser, &Asking),
    id: GroupId,
    refused: Refused,
) -> Result<Response, Error> {
    let query = TableQuery::default();
    let rights = rights(accounts, &asking.actor(who), id).await?;
    let page = GroupPage::build(accounts, (shell, rights), id, &query, refused);
    Ok(ui::invalid(page.await?))
}
