//! One membership: until when, and why a person is in a group at all.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::CurrentUser;
use platform::http::Path;
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

use super::{Desk, end, rights};
use crate::Accounts;
use crate::domain::group::GroupId;
use crate::domain::membership::Member;
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::actor::Actor;
use crate::service::memberships::{MemberChange, Why};
use crate::web::asking::Asking;

/// Until when.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EndForm {
    ends_at: String,
}

#[derive(askama::Template)]
#[template(path = "accounts/group/membership.html")]
struct PersonMembershipPage {
    shell: Shell,
    desk: Desk,
    /// Whether they may change the membership, or only see why it is there.
    manages: bool,
    why: Why,
    form: EndForm,
    errors: Errors,
    end_hint: String,
}

#[derive(askama::Template)]
#[template(path = "accounts/group/group_membership.html")]
struct GroupMembershipPage {
    shell: Shell,
    desk: Desk,
    group: GroupId,
    inner: GroupId,
    names: (String, String),
    form: EndForm,
    errors: Errors,
    end_hint: String,
}

async fn person_page(
    accounts: &Accounts,
    shell: Shell,
    actor: &Actor,
    (id, person): (GroupId, PersonId),
    refused: Option<(EndForm, Errors)>,
) -> Result<PersonMembershipPage, Error> {
    let desk = Desk::of(&shell);
    let manages = accounts.managers.rights(actor, id).await?.is_some();
    // Why they themselves are in a group, everybody may know.
    if !manages && !actor.is(person) {
        return Err(Error::NotManager);
    }
    let why = accounts.memberships.why(id, person).await?;
    if !manages && why.ways.is_empty() {
        return Err(Error::GroupNotFound(id));
    }
    let (form, errors) = refused.unwrap_or_else(|| {
        let ends_at = shell.written_moment(why.own.flatten());
        (EndForm { ends_at }, Errors::none())
    });
    let groups = shell.t("accounts-groups").into_owned();
    Ok(PersonMembershipPage {
        end_hint: end::hint(&shell),
        shell: shell
            .titled(&why.person.display_name)
            .crumb(groups, desk.groups())
            .crumb(&why.group.name, desk.group(id)),
        desk,
        manages,
        why,
        form,
        errors,
    })
}

pub(super) async fn show_person(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path((id, person)): Path<(Uuid, Uuid)>,
) -> Result<Response, Error> {
    let which = (GroupId(id), PersonId(person));
    let actor = asking.actor(&who);
    Ok(ui::page(
        person_page(&accounts, shell, &actor, which, None).await?,
    ))
}

pub(super) async fn end_person(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path((id, person)): Path<(Uuid, Uuid)>,
    CsrfForm(form): CsrfForm<EndForm>,
) -> Result<Response, Error> {
    let (id, person) = (GroupId(id), PersonId(person));
    let member = Member::Person(person);
    let actor = asking.actor(&who);
    match set_end(&accounts, &shell, &actor, (id, member), &form).await? {
        Ok(flash) => {
            let group = Desk::of(&shell).group(id);
            Ok(back(&format!("{group}/people/{person}"), flash))
        }
        Err(errors) => Ok(ui::invalid(
            person_page(&accounts, shell, &actor, (id, person), Some((form, errors))).await?,
        )),
    }
}

async fn group_page(
    accounts: &Accounts,
    shell: Shell,
    (id, inner): (GroupId, GroupId),
    refused: Option<(EndForm, Errors)>,
) -> Result<GroupMembershipPage, Error> {
    let desk = Desk::of(&shell);
    let (outer, name, ends_at) = accounts
        .memberships
        .inner(id, inner)
        .await?
        .ok_or(Error::GroupNotFound(inner))?;
    let (form, errors) = refused.unwrap_or_else(|| {
        let ends_at = shell.written_moment(ends_at);
        (EndForm { ends_at }, Errors::none())
    });
    let groups = shell.t("accounts-groups").into_owned();
    Ok(GroupMembershipPage {
        end_hint: end::hint(&shell),
        shell: shell
            .titled(&name)
            .crumb(groups, desk.groups())
            .crumb(&outer, desk.group(id))
            .narrow(),
        desk,
        group: id,
        inner,
        names: (outer, name),
        form,
        errors,
    })
}

pub(super) async fn show_group(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path((id, inner)): Path<(Uuid, Uuid)>,
) -> Result<Response, Error> {
    rights(&accounts, &asking.actor(&who), GroupId(id)).await?;
    let which = (GroupId(id), GroupId(inner));
    Ok(ui::page(group_page(&accounts, shell, which, None).await?))
}

pub(super) async fn end_group(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path((id, inner)): Path<(Uuid, Uuid)>,
    CsrfForm(form): CsrfForm<EndForm>,
) -> Result<Response, Error> {
    let (id, inner) = (GroupId(id), GroupId(inner));
    let member = Member::Group(inner);
    let actor = asking.actor(&who);
    match set_end(&accounts, &shell, &actor, (id, member), &form).await? {
        Ok(flash) => Ok(back(&Desk::of(&shell).group(id), flash)),
        Err(errors) => Ok(ui::invalid(
            group_page(&accounts, shell, (id, inner), Some((form, errors))).await?,
        )),
    }
}

async fn set_end(
    accounts: &Accounts,
    shell: &Shell,
    actor: &Actor,
    (id, member): (GroupId, Member),
    form: &EndForm,
) -> Result<Result<Flash, Errors>, Error> {
    let Ok(ends_at) = end::parse(&form.ends_at, shell) else {
        let message = shell.t("accounts-unfit-form");
        return Ok(Err(Errors::one("ends_at", message)));
    };
    let change = accounts
        .memberships
        .set_end(actor, id, member, ends_at)
        .await?;
    Ok(match change {
        MemberChange::Past => Err(Errors::one("ends_at", shell.t("accounts-end-past"))),
        MemberChange::MemberGone => Ok(Flash::danger(shell.t("accounts-member-gone"))),
        MemberChange::Forbidden => return Err(Error::NotManager),
        MemberChange::Unchanged => Ok(Flash::info(shell.t("accounts-unchanged"))),
        MemberChange::Done | MemberChange::Cycle => Ok(Flash::success(shell.t("accounts-saved"))),
    })
}

fn back(path: &str, flash: Flash) -> Response {
    (ui::flash(flash), ui::see_other(path)).into_response()
}
