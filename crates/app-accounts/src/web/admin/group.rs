//! `/admin/accounts/groups/{id}`: one group, its people and the groups inside it.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::CurrentUser;
use platform::http::Path;
use serde::Deserialize;
use ui::form::{Errors, confirmed};
use ui::{Choice, CsrfForm, Flash, Shell};
use uuid::Uuid;

use super::groups::{GROUPS, GroupForm};
use crate::Accounts;
use crate::domain::group::GroupId;
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::groups::{Contents, GroupChange, Member};
use crate::web::asking::Asking;

#[derive(askama::Template)]
#[template(path = "accounts/admin/group.html")]
struct GroupPage {
    shell: Shell,
    contents: Contents,
    form: GroupForm,
    errors: Errors,
    /// Groups that may be put into this one, as far as their names tell.
    others: Vec<Choice>,
}

impl GroupPage {
    async fn build(
        accounts: &Accounts,
        shell: Shell,
        id: GroupId,
        refused: Option<(GroupForm, Errors)>,
    ) -> Result<Self, Error> {
        let contents = accounts.groups.contents(id).await?;
        let inside = |other: &GroupId| {
            *other == id || contents.groups.iter().any(|group| group.id == *other)
        };
        let others = accounts
            .groups
            .list()
            .await?
            .into_iter()
            .filter(|group| !inside(&group.id));
        let others = others
            .map(|group| Choice::new(group.id.to_string(), group.name))
            .collect();
        let (form, errors) = refused.unwrap_or_else(|| {
            let group = &contents.group;
            let form = GroupForm {
                id: id.0,
                name: group.name.clone(),
                description: group.description.clone(),
            };
            (form, Errors::none())
        });
        let groups = shell.t("accounts-groups").into_owned();
        Ok(Self {
            shell: shell.titled(&contents.group.name).crumb(groups, GROUPS),
            contents,
            form,
            errors,
            others,
        })
    }
}

pub(super) async fn show(
    State(accounts): State<Accounts>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    Ok(ui::page(
        GroupPage::build(&accounts, shell, GroupId(id), None).await?,
    ))
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
                .edit(&asking.actor(&who), id, &name, &description)
                .await?
            {
                GroupChange::NameTaken => Errors::one("name", shell.t("accounts-group-name-taken")),
                _ => return Ok(saved(&shell, id, "accounts-saved")),
            }
        }
    };
    Ok(ui::invalid(
        GroupPage::build(&accounts, shell, id, Some((form, errors))).await?,
    ))
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
    let name = accounts.groups.contents(id).await?.group.name;
    if !confirmed(&form.confirm_name, &name) {
        let errors = Errors::one("", shell.t("accounts-group-not-confirmed"));
        let unchanged = GroupForm {
            id: id.0,
            name,
            description: String::new(),
        };
        return Ok(ui::invalid(
            GroupPage::build(&accounts, shell, id, Some((unchanged, errors))).await?,
        ));
    }
    accounts.groups.delete(&asking.actor(&who), id).await?;
    let deleted = ui::flash(Flash::success(shell.t("accounts-group-deleted")));
    Ok((deleted, ui::see_other(GROUPS)).into_response())
}

/// Who is meant: a person by user name or mail address, or a group by id.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MemberForm {
    person: String,
    person_id: Option<Uuid>,
    group: Option<Uuid>,
}

pub(super) async fn add(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<MemberForm>,
) -> Result<Response, Error> {
    let id = GroupId(id);
    let Some(member) = member(&accounts, &form).await? else {
        return refused(&accounts, shell, id, "accounts-member-unknown").await;
    };
    match accounts.groups.add(&asking.actor(&who), id, member).await? {
        GroupChange::Cycle => refused(&accounts, shell, id, "accounts-group-cycle").await,
        GroupChange::MemberGone => refused(&accounts, shell, id, "accounts-member-unknown").await,
        GroupChange::Unchanged => Ok(saved(&shell, id, "accounts-member-there")),
        GroupChange::Done | GroupChange::NameTaken => {
            Ok(saved(&shell, id, "accounts-member-added"))
        }
    }
}

pub(super) async fn remove(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<MemberForm>,
) -> Result<Response, Error> {
    let id = GroupId(id);
    let Some(member) = member(&accounts, &form).await? else {
        return refused(&accounts, shell, id, "accounts-member-unknown").await;
    };
    accounts
        .groups
        .remove(&asking.actor(&who), id, member)
        .await?;
    Ok(saved(&shell, id, "accounts-member-removed"))
}

async fn member(accounts: &Accounts, form: &MemberForm) -> Result<Option<Member>, Error> {
    if let Some(group) = form.group {
        return Ok(Some(Member::Group(GroupId(group))));
    }
    if let Some(person) = form.person_id {
        return Ok(Some(Member::Person(PersonId(person))));
    }
    Ok(accounts
        .directory
        .by_login(&form.person)
        .await?
        .map(|person| Member::Person(person.id)))
}

fn saved(shell: &Shell, id: GroupId, message: &str) -> Response {
    let flash = ui::flash(Flash::success(shell.t(message)));
    (flash, ui::see_other(&format!("{GROUPS}/{id}"))).into_response()
}

async fn refused(
    accounts: &Accounts,
    shell: Shell,
    id: GroupId,
    message: &str,
) -> Result<Response, Error> {
    let contents = accounts.groups.contents(id).await?;
    let form = GroupForm {
        id: id.0,
        name: contents.group.name,
        description: contents.group.description,
    };
    let errors = Errors::one("person", shell.t(message));
    Ok(ui::invalid(
        GroupPage::build(accounts, shell, id, Some((form, errors))).await?,
    ))
}
