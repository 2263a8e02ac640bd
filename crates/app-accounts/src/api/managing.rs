//! Managers of groups and requests to be let in, for programs.

use axum::extract::State;
use http::StatusCode;
use jiff::Timestamp;
use platform::CurrentUser;
use platform::http::{Json, Path};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::groups::look_into;
use super::members::gone;
use super::refusals::{Always, OfBodies};
use crate::Accounts;
use crate::domain::group::GroupId;
use crate::domain::joining::{Request as Found, RequestId};
use crate::domain::membership::Member;
use crate::domain::name::Line;
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::joining::Joined;
use crate::service::memberships::MemberChange;
use crate::web::asking::Asking;

/// Who manages a group.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Manager {
    /// UUID.
    id: String,
    /// `person`, or `group` for everybody in it.
    kind: &'static str,
    /// Their name.
    name: String,
}

/// All managers of a group.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Managers {
    managers: Vec<Manager>,
}

/// What kind of manager a path names.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// One person.
    People,
    /// Everybody in a group.
    Groups,
}

/// Somebody asks to be let in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Request {
    /// UUID.
    id: String,
    /// UUID of who asks.
    person_id: String,
    /// Their name.
    person_name: String,
    /// What they say about it; may be empty.
    note: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// The open requests for a group.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Requests {
    requests: Vec<Request>,
}

/// What the person reads.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Denial {
    /// At most 120 characters.
    #[serde(default)]
    reason: String,
}

impl From<(Member, String)> for Manager {
    fn from((member, name): (Member, String)) -> Self {
        let (kind, id) = match member {
            Member::Person(id) => ("person", id.0),
            Member::Group(id) => ("group", id.0),
        };
        Self {
            id: id.to_string(),
            kind,
            name,
        }
    }
}

impl Kind {
    fn member(self, id: Uuid) -> Member {
        match self {
            Self::People => Member::Person(PersonId(id)),
            Self::Groups => Member::Group(GroupId(id)),
        }
    }
}

impl From<Found> for Request {
    fn from(request: Found) -> Self {
        Self {
            id: request.id.to_string(),
            person_id: request.person.to_string(),
            person_name: request.person_name,
            note: request.note,
            created_at: request.created_at,
        }
    }
}

/// Lists who manages a group, at most 500. Its managers and administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/groups/{id}/managers", params(("id" = Uuid, Path)),
    responses((status = 200, body = Managers), Always))]
pub(super) async fn managers(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<Json<Managers>, Error> {
    let id = GroupId(id);
    look_into(&accounts, (&who, &asking), id).await?;
    accounts.groups.name(id).await?;
    let found = accounts.managers.list(id).await?;
    Ok(Json(Managers {
        managers: found.into_iter().map(Manager::from).collect(),
    }))
}

/// Lets a person, or everybody in a group, manage a group. Administrators; scope accounts:write.
#[utoipa::path(put, path = "/api/accounts/groups/{id}/managers/{kind}/{manager}", params(
    ("id" = Uuid, Path), ("kind" = inline(Kind), Path), ("manager" = Uuid, Path)),
    responses((status = 204), Always))]
pub(super) async fn put(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path((id, kind, manager)): Path<(Uuid, Kind, Uuid)>,
) -> Result<StatusCode, Error> {
    let which = (GroupId(id), kind.member(manager));
    set(&accounts, (&who, &asking), which, true).await
}

/// Lets a person, or everybody in a group, manage a group no more. Administrators; scope accounts:write.
#[utoipa::path(delete, path = "/api/accounts/groups/{id}/managers/{kind}/{manager}", params(
    ("id" = Uuid, Path), ("kind" = inline(Kind), Path), ("manager" = Uuid, Path)),
    responses((status = 204), Always))]
pub(super) async fn remove(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path((id, kind, manager)): Path<(Uuid, Kind, Uuid)>,
) -> Result<StatusCode, Error> {
    let which = (GroupId(id), kind.member(manager));
    set(&accounts, (&who, &asking), which, false).await
}

async fn set(
    accounts: &Accounts,
    (who, asking): (&CurrentUser, &Asking),
    (id, manager): (GroupId, Member),
    chosen: bool,
) -> Result<StatusCode, Error> {
    let actor = asking.actor(who);
    match accounts.managers.set(&actor, id, manager, chosen).await? {
        MemberChange::Forbidden => Err(Error::NotAdministrator),
        MemberChange::MemberGone => Err(gone(manager)),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}

/// Lists who asks to be let into a group, oldest first, at most 200. Its managers and administrators; scope
/// accounts:read.
#[utoipa::path(get, path = "/api/accounts/groups/{id}/requests", params(("id" = Uuid, Path)),
    responses((status = 200, body = Requests), Always))]
pub(super) async fn requests(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<Json<Requests>, Error> {
    let id = GroupId(id);
    look_into(&accounts, (&who, &asking), id).await?;
    accounts.groups.name(id).await?;
    let found = accounts.joining.requests(id).await?;
    Ok(Json(Requests {
        requests: found.into_iter().map(Request::from).collect(),
    }))
}

/// Lets somebody in who asked. Managers and administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/groups/{id}/requests/{request}/approve", params(
    ("id" = Uuid, Path), ("request" = Uuid, Path)), responses((status = 204),
    (status = 409, description = "it was decided on, or taken back"), Always))]
pub(super) async fn approve(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path((id, request)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Error> {
    let which = (GroupId(id), RequestId(request));
    let actor = asking.actor(&who);
    decided(&accounts.joining.decide(&actor, which, None).await?)
}

/// Does not let somebody in, and tells them why. Managers and administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/groups/{id}/requests/{request}/deny", request_body = Denial, params(
    ("id" = Uuid, Path), ("request" = Uuid, Path)), responses((status = 204),
    (status = 409, description = "it was decided on, or taken back"), Always, OfBodies))]
pub(super) async fn deny(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path((id, request)): Path<(Uuid, Uuid)>,
    Json(denial): Json<Denial>,
) -> Result<StatusCode, Error> {
    let which = (GroupId(id), RequestId(request));
    let reason = Line::parse(&denial.reason).map_err(|unfit| Error::Unfit("reason", unfit))?;
    let actor = asking.actor(&who);
    decided(
        &accounts
            .joining
            .decide(&actor, which, Some(&reason))
            .await?,
    )
}

fn decided(joined: &Joined) -> Result<StatusCode, Error> {
    match joined {
        Joined::Done => Ok(StatusCode::NO_CONTENT),
        Joined::Unchanged => Err(Error::Decided),
        Joined::Forbidden => Err(Error::NotManager),
    }
}
