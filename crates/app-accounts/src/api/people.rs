//! People for programs: listed, read, and what they are in.

use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::Role;
use platform::http::{Json, Path, Query};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::cursor::{self, Page};
use super::entity_tag::tagged;
use super::refusals::Always;
use crate::Accounts;
use crate::domain::dormancy;
use crate::domain::group::GroupId;
use crate::domain::membership::Belonging;
use crate::domain::person::{Person as Found, PersonId, State as PersonState};
use crate::error::Error;
use crate::store::person::{Filter, Inside};

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Person {
    /// UUID, for ever.
    id: String,
    /// Name to sign in with.
    username: String,
    /// Name to show.
    display_name: String,
    /// First names; may be empty.
    given_name: String,
    /// Last names; may be empty.
    family_name: String,
    /// Mail address.
    email: String,
    /// Job title; may be empty.
    title: String,
    /// Department; may be empty.
    department: String,
    /// Telephone number; may be empty.
    phone: String,
    /// UUID of whom they report to.
    manager_id: Option<String>,
    /// IANA time zone, or empty for the browser's.
    zone: String,
    /// BCP 47 language tag, or empty for the browser's.
    locale: String,
    /// `guest`, `user` or `admin`.
    role: &'static str,
    /// `invited`, `active`, `suspended`, `expired` or `deleted` (in the trash).
    state: &'static str,
    /// Last day the account counts, in UTC; none for ever.
    #[schema(value_type = Option<String>, format = Date)]
    ends_on: Option<Date>,
    /// When they were added.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Counts up with each change, of their effective groups too; also the `ETag`.
    version: i64,
    /// When they were last seen, by a session or a key, as known up to an hour ago; none where nobody knows.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_seen_at: Option<Timestamp>,
}

impl Person {
    /// Somebody, and when they were last seen.
    pub(super) fn new(person: Found, last_seen_at: Option<Timestamp>) -> Self {
        Self {
            last_seen_at,
            id: person.id.to_string(),
            username: person.username,
            display_name: person.display_name,
            given_name: person.given_name,
            family_name: person.family_name,
            email: person.email,
            manager_id: person.manager.map(|manager| manager.id.to_string()),
            title: person.title,
            department: person.department,
            phone: person.phone,
            zone: person.zone,
            locale: person.locale,
            role: person.role.as_str(),
            state: person.state.as_str(),
            ends_on: person.ends_on,
            created_at: person.created_at,
            version: person.version,
        }
    }
}

/// One page of people.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct People {
    people: Vec<Person>,
    /// Where the next page begins; none on the last.
    next: Option<String>,
}

/// Which people are asked for.
#[derive(Debug, Deserialize)]
pub(super) struct PeopleQuery {
    after: Option<String>,
    limit: Option<u16>,
    #[serde(default)]
    q: String,
    role: Option<String>,
    state: Option<String>,
    group: Option<Uuid>,
    #[serde(default)]
    direct: Option<bool>,
    dormant_days: Option<String>,
}

/// A group somebody is in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PersonsGroup {
    /// UUID.
    id: String,
    /// Its name.
    name: String,
    /// Whether they are in it by themselves, and not only through a group inside it.
    direct: bool,
    /// When their own membership ends; none for good, or where they have none.
    #[schema(value_type = Option<String>, format = DateTime)]
    ends_at: Option<Timestamp>,
}

/// All groups of somebody, nesting resolved.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PersonsGroups {
    groups: Vec<PersonsGroup>,
}

impl From<Belonging> for PersonsGroup {
    fn from(group: Belonging) -> Self {
        Self {
            id: group.id.to_string(),
            name: group.name,
            direct: group.own.is_some(),
            ends_at: group.own.flatten(),
        }
    }
}

impl PeopleQuery {
    fn filter(&self, now: Timestamp) -> Result<Filter, Error> {
        let role = self.role.as_deref().map(str::parse::<Role>).transpose();
        let state = self.state.as_deref().map(str::parse::<PersonState>);
        let days = self.dormant_days.as_deref().map(|text| {
            dormancy::days(text).ok_or(Error::NotAWord("dormant_days", "a number from 1 to 3650"))
        });
        Ok(Filter {
            unseen_since: days
                .transpose()?
                .map(|days| dormancy::unseen_since(now, days)),
            query: Filter::words(&self.q),
            role: role
                .map_err(|_| Error::NotAWord("role", "guest, user or admin"))?
                .map(Role::as_str),
            state: state.transpose().map_err(|_| {
                Error::NotAWord("state", "invited, active, suspended, expired or deleted")
            })?,
        })
    }
}

/// Lists people by name, those in the trash only if asked for. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/people", params(
    ("after" = Option<String>, Query, description = "`next` of the page before"),
    ("limit" = Option<u16>, Query, description = "50 unless told otherwise", minimum = 1, maximum = 200),
    ("q" = Option<String>, Query, description = "beginnings of words of name, user name, address and department"),
    ("role" = Option<String>, Query, description = "guest, user or admin"),
    ("state" = Option<String>, Query, description = "invited, active, suspended, expired or deleted"),
    ("dormant_days" = Option<u16>, Query, description = "active people who were not seen for so many days", minimum = 1, maximum = 3650),
    ("group" = Option<Uuid>, Query, description = "a group they are in"),
    ("direct" = Option<bool>, Query, description = "in the group by themselves, not through groups inside it")),
    responses((status = 200, body = People), Always))]
pub(super) async fn list(
    State(accounts): State<Accounts>,
    Query(query): Query<PeopleQuery>,
) -> Result<Json<People>, Error> {
    let filter = query.filter(accounts.clock.now())?;
    let inside = query.group.map(|group| Inside {
        group: GroupId(group),
        direct: query.direct.unwrap_or(false),
    });
    let (after, limit) = Page::new(query.after, query.limit).read()?;
    let mut found = accounts
        .directory
        .after(&filter, inside, after, i64::from(limit) + 1)
        .await?;
    let next = cursor::next(&mut found, limit, |person| {
        (person.id.0, person.display_name.clone())
    });
    let ids: Vec<_> = found.iter().map(|person| person.id).collect();
    let mut seen = accounts.last_seen.of(&ids).await?;
    let described = |person: Found| {
        let seen_at = seen.remove(&person.id);
        Person::new(person, seen_at)
    };
    Ok(Json(People {
        people: found.into_iter().map(described).collect(),
        next,
    }))
}

/// One person. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/people/{id}", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Person, headers(("ETag" = String, description = "for If-Match"))), Always))]
pub(super) async fn show(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    answered(&accounts, PersonId(id)).await
}

/// The person as they are now.
pub(super) async fn answered(accounts: &Accounts, id: PersonId) -> Result<Response, Error> {
    let person = accounts.directory.person(id).await?;
    let seen_at = accounts.last_seen.of(&[id]).await?.remove(&id);
    Ok(tagged(person.version, Person::new(person, seen_at)))
}

/// The effective groups of a person, by name. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/people/{id}/groups", params(("id" = Uuid, Path)),
    responses((status = 200, body = PersonsGroups), Always))]
pub(super) async fn groups(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
) -> Result<Json<PersonsGroups>, Error> {
    let person = accounts.directory.person(PersonId(id)).await?;
    let groups = accounts.memberships.of(person.id).await?;
    Ok(Json(PersonsGroups {
        groups: groups.into_iter().map(PersonsGroup::from).collect(),
    }))
}
