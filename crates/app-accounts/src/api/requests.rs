//! Requests of strangers for an account, for programs.

use axum::extract::State;
use http::StatusCode;
use jiff::Timestamp;
use platform::http::{Json, Path};
use platform::{CurrentUser, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::refusals::{Always, OfBodies};
use crate::Accounts;
use crate::domain::group::GroupId;
use crate::domain::name::Line;
use crate::domain::registration::{AccountRequest as Found, AccountRequestId};
use crate::error::Error;
use crate::service::registrations::Decided;
use crate::web::asking::Asking;

/// Most groups that somebody is let into at once.
const MOST_GROUPS: usize = 50;

/// Somebody who proved their address and waits for an account.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AccountRequest {
    /// UUID; whoever is let in becomes the person of this id.
    id: String,
    /// Their mail address.
    email: String,
    /// The name they gave.
    display_name: String,
    /// What they say about themselves; may be empty.
    note: String,
    /// When they asked.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// Those who wait.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AccountRequests {
    requests: Vec<AccountRequest>,
}

/// What somebody is to be who is let in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Approval {
    /// `guest` or `user`; `user` unless told otherwise.
    role: Option<String>,
    /// UUIDs of the groups they are in from the first day on, at most 50.
    #[serde(default)]
    group_ids: Vec<Uuid>,
}

/// What the stranger reads.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountDenial {
    /// At most 120 characters.
    #[serde(default)]
    reason: String,
}

impl From<Found> for AccountRequest {
    fn from(request: Found) -> Self {
        Self {
            id: request.id.to_string(),
            email: request.email,
            display_name: request.display_name,
            note: request.note,
            created_at: request.created_at,
        }
    }
}

impl Approval {
    fn check(self) -> Result<(Role, Vec<GroupId>), Error> {
        let role = match self.role.as_deref() {
            None | Some("user") => Role::User,
            Some("guest") => Role::Guest,
            Some(_) => return Err(Error::NotAWord("role", "guest or user")),
        };
        if self.group_ids.len() > MOST_GROUPS {
            return Err(Error::Unfit(
                "group_ids",
                crate::domain::name::Unfit::TooLong,
            ));
        }
        Ok((role, self.group_ids.into_iter().map(GroupId).collect()))
    }
}

/// Lists who waits for an account, oldest first, at most 100. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/requests", responses((status = 200, body = AccountRequests), Always))]
pub(super) async fn list(State(accounts): State<Accounts>) -> Result<Json<AccountRequests>, Error> {
    let found = accounts.registrations.waiting().await?;
    Ok(Json(AccountRequests {
        requests: found.into_iter().map(AccountRequest::from).collect(),
    }))
}

/// Lets somebody in: they are invited by mail. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/requests/{request}/approve", request_body = Approval, params(
    ("request" = Uuid, Path)), responses((status = 204),
    (status = 409, description = "it was decided on, or the address belongs to somebody"), Always, OfBodies))]
pub(super) async fn approve(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(request): Path<Uuid>,
    Json(approval): Json<Approval>,
) -> Result<StatusCode, Error> {
    let (actor, what) = (asking.actor(&who), approval.check()?);
    let id = AccountRequestId(request);
    decided(accounts.registrations.approve(&actor, id, what).await?)
}

/// Turns somebody down; a mail tells them why. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/requests/{request}/deny", request_body = AccountDenial, params(
    ("request" = Uuid, Path)), responses((status = 204),
    (status = 409, description = "it was decided on"), Always, OfBodies))]
pub(super) async fn deny(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(request): Path<Uuid>,
    Json(denial): Json<AccountDenial>,
) -> Result<StatusCode, Error> {
    let reason = Line::parse(&denial.reason).map_err(|unfit| Error::Unfit("reason", unfit))?;
    let (actor, id) = (asking.actor(&who), AccountRequestId(request));
    decided(accounts.registrations.deny(&actor, id, &reason).await?)
}

fn decided(decided: Decided) -> Result<StatusCode, Error> {
    match decided {
        Decided::Done => Ok(StatusCode::NO_CONTENT),
        Decided::Late => Err(Error::Decided),
        Decided::EmailTaken => Err(Error::EmailTaken),
        Decided::GroupGone => Err(Error::GroupsGone),
    }
}
