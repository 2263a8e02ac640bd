//! Groups for programs: read and changed under the same rules as on the pages.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use platform::CurrentUser;
use platform::http::{Json, Path, Query};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::created::{Creating, made, sent};
use super::cursor::{self, Page};
use super::entity_tag::{IfMatch, stale, tagged};
use super::refusals::{Always, OfBodies};
use crate::Accounts;
use crate::domain::group::{Group as Found, GroupId, NewGroup as New};
use crate::domain::joining::Joining;
use crate::domain::name::{Line, Unfit};
use crate::error::Error;
use crate::service::groups::{GroupChange, GroupEdit};
use crate::service::once::Once;
use crate::web::asking::Asking;

/// A group.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Group {
    /// UUID.
    id: String,
    /// Unique without regard to case.
    name: String,
    /// What it is for.
    description: String,
    /// `closed`, `request` or `open`: how people come in by themselves.
    joining: &'static str,
    /// Counts up with each change; also the `ETag`.
    version: i64,
}

impl From<Found> for Group {
    fn from(group: Found) -> Self {
        Self {
            id: group.id.to_string(),
            name: group.name,
            description: group.description,
            joining: group.joining.as_str(),
            version: group.version,
        }
    }
}

/// One page of groups.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Groups {
    groups: Vec<Group>,
    /// Where the next page begins; none on the last.
    next: Option<String>,
}

/// A group that is to be made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewGroup {
    /// 1 to 120 characters.
    name: String,
    /// At most 120 characters.
    #[serde(default)]
    description: String,
    /// `closed`, `request` or `open`; `closed` unless told otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    joining: Option<String>,
}

/// What is to be different.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Changes {
    /// 1 to 120 characters.
    name: Option<String>,
    /// At most 120 characters.
    description: Option<String>,
    /// `closed`, `request` or `open`.
    joining: Option<String>,
}

/// Lists all groups by name. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/groups", params(
    ("after" = Option<String>, Query, description = "`next` of the page before"),
    ("limit" = Option<u16>, Query, description = "50 unless told otherwise", minimum = 1, maximum = 200)),
    responses((status = 200, body = Groups), Always))]
pub(super) async fn list(
    State(accounts): State<Accounts>,
    Query(page): Query<Page>,
) -> Result<Json<Groups>, Error> {
    let (after, limit) = page.read()?;
    let after = after
        .as_ref()
        .map(|(id, name)| (GroupId(*id), name.as_str()));
    let mut found = accounts.groups.after(after, i64::from(limit) + 1).await?;
    let next = cursor::next(&mut found, limit, |group| (group.id.0, group.name.clone()));
    Ok(Json(Groups {
        next,
        groups: found.into_iter().map(Group::from).collect(),
    }))
}

/// Makes a group. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/groups", request_body = NewGroup, params(
    ("Idempotency-Key" = Option<String>, Header, description = "repeating a request with its key makes nothing twice")),
    responses((status = 201, body = Group, headers(("Location" = String, description = "the group"))),
        (status = 409, description = "the name is taken, or a request with the key is being worked on"), Always, OfBodies))]
pub(super) async fn create(
    State(accounts): State<Accounts>,
    creating: Creating,
    Json(body): Json<NewGroup>,
) -> Result<Response, Error> {
    let unfit = |field: &'static str| move |unfit: Unfit| Error::Unfit(field, unfit);
    let new = New {
        id: GroupId(Uuid::now_v7()),
        name: Line::required(&body.name).map_err(unfit("name"))?,
        description: Line::parse(&body.description).map_err(unfit("description"))?,
        joining: body
            .joining
            .as_deref()
            .map_or(Ok(Joining::default()), joining)?,
    };
    let answer = |group: &Found| {
        let location = format!("/api/accounts/groups/{}", group.id);
        made(location, &Group::from(group.clone()))
    };
    let attempt = creating.attempt(&body)?;
    let made = accounts
        .groups
        .create_once(&creating.actor(), &new, attempt.as_ref(), answer)
        .await?;
    match made {
        Once::Done(answer) => Ok(sent(answer)),
        // No id is made twice: what is refused is the name.
        Once::Refused(_) => Err(Error::GroupNameTaken),
    }
}

/// One group. Its managers and administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/groups/{id}", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Group, headers(("ETag" = String, description = "for If-Match"))), Always))]
pub(super) async fn show(
    State(accounts): State<Accounts>,
    who: CurrentUser,
    asking: Asking,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let id = GroupId(id);
    look_into(&accounts, (&who, &asking), id).await?;
    Ok(answered(accounts.groups.find(id).await?))
}

/// Refuses whoever does not manage the group.
pub(super) async fn look_into(
    accounts: &Accounts,
    (who, asking): (&CurrentUser, &Asking),
    id: GroupId,
) -> Result<(), Error> {
    let rights = accounts.managers.rights(&asking.actor(who), id).await?;
    rights.map(drop).ok_or(Error::NotManager)
}

/// Changes a group, unless somebody did since the version named by If-Match. Administrators; managers the description
/// alone. Scope accounts:write.
#[utoipa::path(patch, path = "/api/accounts/groups/{id}", request_body = Changes, params(
    ("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "the ETag of what is changed")),
    responses((status = 200, body = Group, headers(("ETag" = String, description = "of what is there now"))),
        (status = 409, description = "the name is taken"), (status = 412, description = "changed meanwhile"),
        (status = 428, description = "If-Match is missing"), Always, OfBodies))]
pub(super) async fn change(
    State(accounts): State<Accounts>,
    (who, asking, expected): (CurrentUser, Asking, IfMatch),
    Path(id): Path<Uuid>,
    Json(changes): Json<Changes>,
) -> Result<Response, Error> {
    let (id, actor) = (GroupId(id), asking.actor(&who));
    let before = accounts.groups.find(id).await?;
    let which = (id, expected.version(before.version));
    let edit = changes.onto(&before)?;
    match accounts.groups.edit(&actor, which, &edit).await? {
        GroupChange::Done | GroupChange::Unchanged => Ok(answered(accounts.groups.find(id).await?)),
        GroupChange::NameTaken => Err(Error::GroupNameTaken),
        GroupChange::Forbidden => Err(Error::NotManager),
        GroupChange::Stale => Ok(stale().into_response()),
    }
}

/// Removes a group; its members stay what they are. Administrators; scope accounts:write.
#[utoipa::path(delete, path = "/api/accounts/groups/{id}", params(("id" = Uuid, Path)),
    responses((status = 204), Always))]
pub(super) async fn remove(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    let actor = asking.actor(&who);
    match accounts.groups.delete(&actor, GroupId(id)).await? {
        GroupChange::Forbidden => Err(Error::NotManager),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}

impl Changes {
    fn onto(self, before: &Found) -> Result<GroupEdit, Error> {
        let unfit = |field: &'static str| move |unfit: Unfit| Error::Unfit(field, unfit);
        let description = self.description.as_deref().unwrap_or(&before.description);
        let description = Line::parse(description).map_err(unfit("description"))?;
        if self.name.is_none() && self.joining.is_none() {
            return Ok(GroupEdit::Description(description));
        }
        let name = self.name.as_deref().unwrap_or(&before.name);
        let joining = self
            .joining
            .as_deref()
            .map_or(Ok(before.joining), joining)?;
        Ok(GroupEdit::All {
            name: Line::required(name).map_err(unfit("name"))?,
            description,
            joining,
        })
    }
}

fn joining(word: &str) -> Result<Joining, Error> {
    let words = "closed, request or open";
    word.parse().map_err(|_| Error::NotAWord("joining", words))
}

fn answered(group: Found) -> Response {
    tagged(group.version, Group::from(group))
}
