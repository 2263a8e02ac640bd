//! Choosing who manages a group.

use axum::extract::State;
use axum::response::Response;
use platform::CurrentUser;
use platform::http::{Path, Query};
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

use super::members::MemberForm;
use super::page::{Refused, again, back};
use crate::Accounts;
use crate::domain::group::GroupId;
use crate::error::Error;
use crate::service::memberships::MemberChange;
use crate::web::asking::Asking;

/// `?manages=on` names a manager, `?manages=off` does the opposite.
#[derive(Deserialize)]
pub(super) struct Wanted {
    manages: String,
}

pub(super) async fn set(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    (Path(id), Query(wanted)): (Path<Uuid>, Query<Wanted>),
    CsrfForm(form): CsrfForm<MemberForm>,
) -> Result<Response, Error> {
    let (id, chosen) = (GroupId(id), wanted.manages == "on");
    let change = match form.member(&accounts).await? {
        None => MemberChange::MemberGone,
        Some(manager) => {
            let actor = asking.actor(&who);
            accounts.managers.set(&actor, id, manager, chosen).await?
        }
    };
    let message = match change {
        MemberChange::Forbidden => return Err(Error::NotManager),
        MemberChange::MemberGone => {
            let field = match form.group {
                Some(_) => "manager_group",
                None => "manager",
            };
            let refused = Refused {
                errors: Errors::one(field, shell.t("accounts-member-unknown")),
                ..Refused::default()
            };
            return again(&accounts, shell, (&who, &asking), id, refused).await;
        }
        MemberChange::Done if chosen => "accounts-manager-added",
        MemberChange::Done => "accounts-manager-removed",
        _ => "accounts-unchanged",
    };
    let flash = Flash::success(shell.t(message));
    Ok(back(&shell, id, flash))
}
