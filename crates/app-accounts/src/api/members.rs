//! Who is directly in a group, for programs: listed by its managers, put in and taken out by them.

use axum::extract::State;
use http::StatusCode;
use jiff::Timestamp;
use platform::CurrentUser;
use platform::http::{Json, Path, Query};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::cursor::{self, Page};
use super::groups::look_into;
use super::refusals::{Always, OfBodies};
use crate::Accounts;
use crate::domain::group::GroupId;
use crate::domain::membership::{GroupInside, Member, PersonNamed};
use crate::domain::person::PersonId;
use crate::domain::way::Link;
use crate::error::Error;
use crate::service::memberships::{MemberChange, Removal};
use crate::web::asking::Asking;

/// A person directly in a group.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PersonMember {
    /// UUID.
    id: String,
    /// Name to sign in with.
    username: String,
    /// Name to show.
    display_name: String,
    /// When the membership ends; none for good.
    #[schema(value_type = Option<String>, format = DateTime)]
    ends_at: Option<Timestamp>,
}

/// One page of the people directly in a group.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PersonMembers {
    people: Vec<PersonMember>,
    /// Where the next page begins; none on the last.
    next: Option<String>,
}

/// A group directly in a group.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GroupMember {
    /// UUID.
    id: String,
    /// Its name.
    name: String,
    /// When the membership ends; none for good.
    #[schema(value_type = Option<String>, format = DateTime)]
    ends_at: Option<Timestamp>,
}

/// The groups directly in a group.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GroupMembers {
    groups: Vec<GroupMember>,
}

/// Until when.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Membership {
    /// A moment (RFC 3339) from which on it counts nowhere; without it for good.
    #[schema(value_type = Option<String>, format = DateTime)]
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
    /// When the membership ends; none for good.
    #[schema(value_type = Option<String>, format = DateTime)]
    ends_at: Option<Timestamp>,
}

impl From<PersonNamed> for PersonMember {
    fn from(member: PersonNamed) -> Self {
        Self {
            id: member.id.to_string(),
            username: member.username,
            display_name: member.display_name,
            ends_at: member.ends_at,
        }
    }
}

impl From<GroupInside> for GroupMember {
    fn from(member: GroupInside) -> Self {
        Self {
            id: member.id.to_string(),
            name: member.name,
            ends_at: member.ends_at,
        }
    }
}

impl From<Link> for Step {
    fn from(link: Link) -> Self {
        Self {
            group_id: link.group.to_string(),
            name: link.name,
            ends_at: link.ends_at,
        }
    }
}

/// Lists the people directly in a group by name. Its managers and administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/groups/{id}/people", params(("id" = Uuid, Path),
    ("after" = Option<String>, Query, description = "`next` of the page before"),
    ("limit" = Option<u16>, Query, description = "50 unless told otherwise", minimum = 1, maximum = 200)),
    responses((status = 200, body = PersonMembers), Always))]
pub(super) async fn people(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    Query(page): Query<Page>,
) -> Result<Json<PersonMembers>, Error> {
    let (id, (after, limit)) = (GroupId(id), page.read()?);
    look_into(&accounts, (&who, &asking), id).await?;
    accounts.groups.name(id).await?;
    let mut found = accounts
        .memberships
        .people_after(id, after, i64::from(limit) + 1)
        .await?;
    let next = cursor::next(&mut found, limit, |member| {
        (member.id.0, member.display_name.clone())
    });
    Ok(Json(PersonMembers {
        people: found.into_iter().map(PersonMember::from).collect(),
        next,
    }))
}

/// Lists the groups directly in a group by name, at most 500. Its managers and administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/groups/{id}/groups", params(("id" = Uuid, Path)),
    responses((status = 200, body = GroupMembers), Always))]
pub(super) async fn groups(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<Json<GroupMembers>, Error> {
    let id = GroupId(id);
    look_into(&accounts, (&who, &asking), id).await?;
    accounts.groups.name(id).await?;
    let found = accounts.memberships.groups_inside(id).await?;
    Ok(Json(GroupMembers {
        groups: found.into_iter().map(GroupMember::from).collect(),
    }))
}

/// Puts a person into a group, or moves the end of their membership. Managers and administrators; scope accounts:write.
#[utoipa::path(put, path = "/api/accounts/groups/{id}/people/{person}", request_body = Membership, params(
    ("id" = Uuid, Path), ("person" = Uuid, Path)),
    responses((status = 204), (status = 409, description = "the directory that the group comes from refuses"), Always, OfBodies))]
pub(super) async fn put_person(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path((id, person)): Path<(Uuid, Uuid)>,
    Json(wanted): Json<Membership>,
) -> Result<StatusCode, Error> {
    let member = Member::Person(PersonId(person));
    put(&accounts, (&who, &asking), (GroupId(id), member), wanted).await
}

/// Puts a group into a group, or moves the end of its membership. Managers and administrators; scope accounts:write.
#[utoipa::path(put, path = "/api/accounts/groups/{id}/groups/{member}", request_body = Membership, params(
    ("id" = Uuid, Path), ("member" = Uuid, Path)),
    responses((status = 204), (status = 409, description = "the group would be inside itself, or the directory it comes from refuses"), Always, OfBodies))]
pub(super) async fn put_group(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path((id, inner)): Path<(Uuid, Uuid)>,
    Json(wanted): Json<Membership>,
) -> Result<StatusCode, Error> {
    let member = Member::Group(GroupId(inner));
    put(&accounts, (&who, &asking), (GroupId(id), member), wanted).await
}

async fn put(
    accounts: &Accounts,
    (who, asking): (&CurrentUser, &Asking),
    (id, member): (GroupId, Member),
    wanted: Membership,
) -> Result<StatusCode, Error> {
    let (actor, memberships) = (asking.actor(who), &accounts.memberships);
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
        MemberChange::Cycle => Err(Error::Cycle),
        MemberChange::MemberGone => Err(gone(member)),
    }
}

/// There is no such member.
pub(super) fn gone(member: Member) -> Error {
    match member {
        Member::Person(id) => Error::PersonNotFound(id),
        Member::Group(id) => Error::GroupNotFound(id),
    }
}

/// Takes a person out of a group. Managers and administrators; scope accounts:write.
#[utoipa::path(delete, path = "/api/accounts/groups/{id}/people/{person}", params(
    ("id" = Uuid, Path), ("person" = Uuid, Path)), responses((status = 204),
        (status = 409, description = "the directory that the group comes from refuses"), Always))]
pub(super) async fn remove_person(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path((id, person)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Error> {
    let member = Member::Person(PersonId(person));
    remove(&accounts, (&who, &asking), (GroupId(id), member)).await
}

/// Takes a group out of a group. Managers and administrators; scope accounts:write.
#[utoipa::path(delete, path = "/api/accounts/groups/{id}/groups/{member}", params(
    ("id" = Uuid, Path), ("member" = Uuid, Path)), responses((status = 204),
        (status = 409, description = "the directory that the group comes from refuses"), Always))]
pub(super) async fn remove_group(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path((id, inner)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Error> {
    let member = Member::Group(GroupId(inner));
    remove(&accounts, (&who, &asking), (GroupId(id), member)).await
}

async fn remove(
    accounts: &Accounts,
    (who, asking): (&CurrentUser, &Asking),
    (id, member): (GroupId, Member),
) -> Result<StatusCode, Error> {
    let actor = asking.actor(who);
    match accounts.memberships.remove(&actor, id, member).await? {
        Removal::Done(_) | Removal::Unchanged => Ok(StatusCode::NO_CONTENT),
        Removal::ByRule => Err(Error::ByRule),
        Removal::Forbidden => Err(Error::NotManager),
    }
}

/// Why a person is in a group. Managers and administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/groups/{id}/people/{person}", params(
    ("id" = Uuid, Path), ("person" = Uuid, Path)),
    responses((status = 200, body = Why), Always))]
pub(super) async fn why(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path((id, person)): Path<(Uuid, Uuid)>,
) -> Result<Json<Why>, Error> {
    let id = GroupId(id);
    look_into(&accounts, (&who, &asking), id).await?;
    let why = accounts.memberships.why(id, PersonId(person)).await?;
    let steps = |way: Vec<Link>| way.into_iter().map(Step::from).collect();
    Ok(Json(Why {
        ways: why.ways.into_iter().map(steps).collect(),
        more: why.more,
    }))
}
