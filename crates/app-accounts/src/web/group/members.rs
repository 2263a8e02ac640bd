//! Putting people and groups into a group, taking them out, and putting them back.

use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use platform::CurrentUser;
use platform::http::{Path, Query};
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

use super::page::{Refused, again, back};
use super::{Desk, end};
use crate::Accounts;
use crate::domain::group::GroupId;
use crate::domain::membership::Member;
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::memberships::{MemberChange, Removal};
use crate::web::asking::Asking;
use crate::web::form::Nothing;

/// Who is meant: a person by user name or mail address, or a group by id; and until when.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MemberForm {
    pub(super) person: String,
    pub(super) person_id: Option<Uuid>,
    pub(super) group: Option<Uuid>,
    pub(super) ends_at: String,
}

impl MemberForm {
    /// What was typed into the form for people, or into the one for groups.
    pub(super) fn end_typed(&self, for_groups: bool) -> &str {
        if self.group.is_some() == for_groups {
            &self.ends_at
        } else {
            ""
        }
    }

    /// The group that was chosen.
    pub(super) fn group_typed(&self) -> String {
        self.group.map(|id| id.to_string()).unwrap_or_default()
    }

    fn end_field(&self) -> &'static str {
        match self.group {
            Some(_) => "group_ends_at",
            None => "person_ends_at",
        }
    }

    fn member_field(&self) -> &'static str {
        match self.group {
            Some(_) => "group",
            None => "person",
        }
    }

    pub(super) async fn member(&self, accounts: &Accounts) -> Result<Option<Member>, Error> {
        if let Some(group) = self.group {
            return Ok(Some(Member::Group(GroupId(group))));
        }
        if let Some(person) = self.person_id {
            return Ok(Some(Member::Person(PersonId(person))));
        }
        let person = accounts.directory.by_login(&self.person).await?;
        Ok(person.map(|person| Member::Person(person.id)))
    }
}

pub(super) async fn add(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<MemberForm>,
) -> Result<Response, Error> {
    let id = GroupId(id);
    let (field, message) = match end::parse(&form.ends_at, &shell) {
        Err(_) => (form.end_field(), "accounts-unfit-form"),
        Ok(ends_at) => {
            let change = match form.member(&accounts).await? {
                None => MemberChange::MemberGone,
                Some(member) => {
                    let actor = asking.actor(&who);
                    let added = accounts.memberships.add(&actor, id, member, ends_at).await;
                    match of_directory(&shell, added)? {
                        Ok(change) => change,
                        Err(said) => {
                            let refused = Refused {
                                errors: Errors::one(form.member_field(), said),
                                typed: form,
                                ..Refused::default()
                            };
                            return again(&accounts, shell, (&who, &asking), id, refused).await;
                        }
                    }
                }
            };
            match change {
                MemberChange::Done => return Ok(told(&shell, id, "accounts-member-added")),
                MemberChange::Unchanged => return Ok(told(&shell, id, "accounts-member-there")),
                MemberChange::Cycle => (form.member_field(), "accounts-group-cycle"),
                MemberChange::MemberGone => (form.member_field(), "accounts-member-unknown"),
                MemberChange::Past => (form.end_field(), "accounts-end-past"),
                MemberChange::Forbidden => return Err(Error::NotManager),
            }
        }
    };
    let refused = Refused {
        errors: Errors::one(field, shell.t(message)),
        typed: form,
        ..Refused::default()
    };
    again(&accounts, shell, (&who, &asking), id, refused).await
}

pub(super) async fn remove(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<MemberForm>,
) -> Result<Response, Error> {
    let id = GroupId(id);
    let Some(member) = form.member(&accounts).await? else {
        return Ok(told(&shell, id, "accounts-unchanged"));
    };
    let actor = asking.actor(&who);
    let removed = accounts.memberships.remove(&actor, id, member).await;
    let removal = match of_directory(&shell, removed)? {
        Ok(removal) => removal,
        Err(said) => return Ok(back(&shell, id, Flash::danger(said))),
    };
    match removal {
        Removal::Unchanged => Ok(told(&shell, id, "accounts-unchanged")),
        Removal::ByRule => Ok(told(&shell, id, "accounts-member-by-rule")),
        Removal::Forbidden => Err(Error::NotManager),
        Removal::Done(ends_at) => {
            let flash = Flash::success(shell.t("accounts-member-removed"));
            let undo = undo(Desk::of(&shell), id, member, ends_at);
            Ok(back(&shell, id, flash.undo(undo)))
        }
    }
}

/// Who was taken out, as the path says that takes it back.
#[derive(Deserialize)]
pub(super) struct Former {
    person: Option<Uuid>,
    group: Option<Uuid>,
    /// Microseconds since 1970.
    until: Option<i64>,
}

fn undo(desk: Desk, id: GroupId, member: Member, ends_at: Option<Timestamp>) -> String {
    let until = ends_at.map_or_else(String::new, |at| format!("&until={}", at.as_microsecond()));
    let who = match member {
        Member::Person(person) => format!("person={person}"),
        Member::Group(group) => format!("group={group}"),
    };
    format!("{}/put-back?{who}{until}", desk.group(id))
}

pub(super) async fn put_back(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    (Path(id), Query(former)): (Path<Uuid>, Query<Former>),
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let id = GroupId(id);
    let member = match (former.person, former.group) {
        (Some(person), _) => Member::Person(PersonId(person)),
        (None, Some(group)) => Member::Group(GroupId(group)),
        (None, None) => return Ok(told(&shell, id, "accounts-unchanged")),
    };
    let ends_at = former
        .until
        .and_then(|at| Timestamp::from_microsecond(at).ok());
    let actor = asking.actor(&who);
    let added = accounts.memberships.add(&actor, id, member, ends_at).await;
    let change = match of_directory(&shell, added)? {
        Ok(change) => change,
        Err(said) => return Ok(back(&shell, id, Flash::danger(said))),
    };
    Ok(match change {
        MemberChange::Done => told(&shell, id, "accounts-member-put-back"),
        MemberChange::Unchanged => told(&shell, id, "accounts-member-there"),
        MemberChange::Cycle => back(&shell, id, Flash::danger(shell.t("accounts-group-cycle"))),
        MemberChange::MemberGone => {
            back(&shell, id, Flash::danger(shell.t("accounts-member-gone")))
        }
        MemberChange::Past => back(&shell, id, Flash::danger(shell.t("accounts-end-past"))),
        MemberChange::Forbidden => return Err(Error::NotManager),
    })
}

/// What came of a change, or what is said where the directory that the group comes from does not take it.
fn of_directory<T>(shell: &Shell, done: Result<T, Error>) -> Result<Result<T, String>, Error> {
    match done {
        Err(Error::DirectoryRefused(said)) => {
            Ok(Err(shell.t1("accounts-freeipa-refuses", "said", said)))
        }
        Err(Error::DirectoryAway) => Ok(Err(shell.t("accounts-freeipa-away").into_owned())),
        done => done.map(Ok),
    }
}

fn told(shell: &Shell, id: GroupId, message: &str) -> Response {
    back(shell, id, Flash::success(shell.t(message)))
}
