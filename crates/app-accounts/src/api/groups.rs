//! Groups for programs: read and changed under the same rules as on the pages.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{ETAG, IF_MATCH};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use platform::http::{Json, Path, Query};
use platform::{CurrentUser, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Accounts;
use crate::domain::group::{Group as Found, GroupId};
use crate::domain::membership::Member;
use crate::domain::name::{Line, Unfit};
use crate::domain::person::PersonId;
use crate::domain::way::Link;
use crate::error::Error;
use crate::service::groups::{GroupChange, GroupEdit};
use crate::service::memberships::{MemberChange, Removal};
use crate::web::asking::Asking;

/// Groups of a page unless the caller says otherwise.
const PAGE: u16 = 50;
/// Most groups of a page.
const MOST: u16 = 200;

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

/// Which page.
#[derive(Debug, Deserialize)]
pub(super) struct PageQuery {
    after: Option<String>,
    limit: Option<u16>,
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

/// Until when.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Membership {
    /// A moment (RFC 3339) from which on it counts nowhere; without it for good.
    #[schema(value_type = Option<String>)]
    ends_at: Option<Timestamp>,
}

/// Why somebody is in a group.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Why {
    /// The groups on each way from the person to the group, shortest first; none: they are not in it.
    ways: Vec<Vec<Step>>,
    /// Whether there are more ways than these.
    more: bool,
}

/// One membership on a way.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Step {
    /// UUID of the group.
    group_id: String,
    /// Its name.
    name: String,
    /// When the membership ends.
    ends_at: Option<String>,
}

/// Lists all groups by name. Administrators.
#[utoipa::path(get, path = "/api/accounts/groups", params(
    ("after" = Option<String>, Query, description = "`next` of the page before"),
    ("limit" = Option<u16>, Query, description = "1 to 200; 50 unless told otherwise")),
    responses((status = 200, body = Groups), (status = 400), (status = 401), (status = 403)))]
pub(super) async fn list(
    State(accounts): State<Accounts>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Groups>, Error> {
    let limit = query.limit.unwrap_or(PAGE).clamp(1, MOST);
    let after = query.after.as_deref().map(parse_cursor).transpose()?;
    let mut found = accounts.groups.after(after, i64::from(limit) + 1).await?;
    let more = found.len() > usize::from(limit);
    found.truncate(limit.into());
    let last = found.last().filter(|_| more);
    Ok(Json(Groups {
        next: last.map(|group| format!("{}~{}", group.id, group.name)),
        groups: found.into_iter().map(Group::from).collect(),
    }))
}

/// A place in the list: id and name of the last group before it. It stays right when that group is gone.
fn parse_cursor(text: &str) -> Result<(GroupId, &str), Error> {
    let (id, name) = text.split_once('~').ok_or(Error::NotACursor)?;
    let id = Uuid::parse_str(id).map_err(|_| Error::NotACursor)?;
    Ok((GroupId(id), name))
}

/// One group. Its managers and administrators.
#[utoipa::path(get, path = "/api/accounts/groups/{id}", params(("id" = String, Path,)), responses(
    (status = 200, body = Group, headers(("ETag" = String, description = "for If-Match"))),
    (status = 401), (status = 403), (status = 404)))]
pub(super) async fn show(
    State(accounts): State<Accounts>,
    who: CurrentUser,
    asking: Asking,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let id = GroupId(id);
    let rights = accounts.managers.rights(&asking.actor(&who), id).await?;
    rights.ok_or(Error::NotManager)?;
    Ok(answered(accounts.groups.find(id).await?))
}

/// Changes a group, unless somebody did since the version named by If-Match. Managers change the description.
#[utoipa::path(patch, path = "/api/accounts/groups/{id}", request_body = Changes, params(
    ("id" = String, Path,), ("If-Match" = String, Header, description = "the ETag of what is changed")),
    responses((status = 200, body = Group), (status = 400), (status = 401), (status = 403), (status = 404),
        (status = 409, description = "the name is taken"), (status = 412, description = "changed meanwhile"),
        (status = 428, description = "If-Match is missing")))]
pub(super) async fn change(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    headers: HeaderMap,
    Path(id): Path<Uuid>,
    Json(changes): Json<Changes>,
) -> Result<Response, Error> {
    let id = GroupId(id);
    let Some(version) = headers.get(IF_MATCH) else {
        let detail = "name the version that is changed in If-Match";
        return Ok(refused(StatusCode::PRECONDITION_REQUIRED, detail));
    };
    let before = accounts.groups.find(id).await?;
    let version = match version.to_str() {
        Ok("*") => Some(before.version),
        Ok(tag) => version_of(tag),
        Err(_) => None,
    };
    let edit = changes.onto(&before)?;
    let which = (id, version.unwrap_or(-1));
    let actor = asking.actor(&who);
    match accounts.groups.edit(&actor, which, &edit).await? {
        GroupChange::Done | GroupChange::Unchanged => Ok(answered(accounts.groups.find(id).await?)),
        GroupChange::NameTaken => Err(Error::GroupNameTaken),
        GroupChange::Forbidden => Err(Error::NotManager),
        GroupChange::Stale => {
            let detail = "the group was changed meanwhile: read it again";
            Ok(refused(StatusCode::PRECONDITION_FAILED, detail))
        }
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
        let joining = match self.joining {
            None => before.joining,
            Some(word) => word
                .parse()
                .map_err(|_| Error::Unfit("joining", Unfit::Form))?,
        };
        Ok(GroupEdit::All {
            name: Line::required(name).map_err(unfit("name"))?,
            description,
            joining,
        })
    }
}

/// Puts a person into a group, or moves the end of their membership. Managers and administrators.
#[utoipa::path(put, path = "/api/accounts/groups/{id}/people/{person}", request_body = Membership, params(
    ("id" = String, Path,), ("person" = String, Path,)), responses((status = 204), (status = 401),
    (status = 403), (status = 404), (status = 422, description = "the end lies in the past")))]
pub(super) async fn put_person(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path((id, person)): Path<(Uuid, Uuid)>,
    Json(wanted): Json<Membership>,
) -> Result<StatusCode, Error> {
    let (id, person, actor) = (GroupId(id), PersonId(person), asking.actor(&who));
    let member = Member::Person(person);
    let memberships = &accounts.memberships;
    let mut change = memberships.add(&actor, id, member, wanted.ends_at).await?;
    if change == MemberChange::Unchanged {
        change = memberships
            .set_end(&actor, id, member, wanted.ends_at)
            .await?;
    }
    match change {
        MemberChange::Done | MemberChange::Unchanged => Ok(StatusCode::NO_CONTENT),
        MemberChange::Past => Err(Error::EndPast),
        MemberChange::Forbidden => Err(Error::NotManager),
        MemberChange::MemberGone | MemberChange::Cycle => Err(Error::PersonNotFound(person)),
    }
}

/// Takes a person out of a group. Managers and administrators.
#[utoipa::path(delete, path = "/api/accounts/groups/{id}/people/{person}", params(
    ("id" = String, Path,), ("person" = String, Path,)),
    responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn remove_person(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path((id, person)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Error> {
    let member = Member::Person(PersonId(person));
    let actor = asking.actor(&who);
    match accounts
        .memberships
        .remove(&actor, GroupId(id), member)
        .await?
    {
        Removal::Done(_) | Removal::Unchanged => Ok(StatusCode::NO_CONTENT),
        Removal::Forbidden => Err(Error::NotManager),
    }
}

/// Why a person is in a group. Managers and administrators.
#[utoipa::path(get, path = "/api/accounts/groups/{id}/people/{person}", params(
    ("id" = String, Path,), ("person" = String, Path,)),
    responses((status = 200, body = Why), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn why(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path((id, person)): Path<(Uuid, Uuid)>,
) -> Result<Json<Why>, Error> {
    let id = GroupId(id);
    let rights = accounts.managers.rights(&asking.actor(&who), id).await?;
    rights.ok_or(Error::NotManager)?;
    let why = accounts.memberships.why(id, PersonId(person)).await?;
    let steps = |way: Vec<Link>| {
        let step = |link: Link| Step {
            group_id: link.group.to_string(),
            name: link.name,
            ends_at: link.ends_at.map(|at| at.to_string()),
        };
        way.into_iter().map(step).collect()
    };
    Ok(Json(Why {
        ways: why.ways.into_iter().map(steps).collect(),
        more: why.more,
    }))
}

fn answered(group: Found) -> Response {
    let tag = format!("\"{}\"", group.version);
    ([(ETAG, tag)], Json(Group::from(group))).into_response()
}

/// The version in an entity tag of ours (RFC 9110 section 8.8.3); lists and weak tags match nothing.
fn version_of(tag: &str) -> Option<i64> {
    tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

fn refused(status: StatusCode, detail: &str) -> Response {
    Problem::from_status(status).detail(detail).into_response()
}
