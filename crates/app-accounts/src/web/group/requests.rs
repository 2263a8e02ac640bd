//! Deciding on requests to be let into a group.

use axum::extract::State;
use axum::response::Response;
use platform::CurrentUser;
use platform::http::Path;
use serde::Deserialize;
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

use super::page::{Refused, again, back};
use crate::Accounts;
use crate::domain::group::GroupId;
use crate::domain::joining::RequestId;
use crate::domain::name::Line;
use crate::error::Error;
use crate::service::joining::Joined;
use crate::web::asking::Asking;
use crate::web::form::Fields;

/// What is decided, and why.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DecisionForm {
    request: Uuid,
    decision: String,
    reason: String,
}

pub(super) async fn decide(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<DecisionForm>,
) -> Result<Response, Error> {
    let (id, approved) = (GroupId(id), form.decision == "approve");
    let mut fields = Fields::new(&shell);
    // What was typed stands as it is: a denial without a reason is one, too.
    let reason = fields.take("reason", Line::parse(&form.reason));
    let reason = match fields.finish(reason) {
        Ok(reason) => reason,
        Err(errors) => {
            let refused = Refused {
                errors,
                reason: form.reason,
                ..Refused::default()
            };
            return again(&accounts, shell, (&who, &asking), id, refused).await;
        }
    };
    let which = (id, RequestId(form.request));
    let denied = (!approved).then_some(&reason);
    let actor = asking.actor(&who);
    let message = match accounts.joining.decide(&actor, which, denied).await? {
        Joined::Forbidden => return Err(Error::NotManager),
        Joined::Unchanged => "accounts-request-decided",
        Joined::Done if approved => "accounts-request-approved",
        Joined::Done => "accounts-request-denied",
    };
    let flash = Flash::success(shell.t(message));
    Ok(back(&shell, id, flash))
}
