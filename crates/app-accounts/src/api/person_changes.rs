//! People for programs: inviting, changing, and the steps of their life cycle.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use platform::http::{Json, Path};
use platform::{CurrentUser, Role};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::created::{Creating, made, sent};
use super::entity_tag::IfMatch;
use super::people::{Person, answered};
use super::refusals::{self, Always, OfBodies};
use crate::Accounts;
use crate::domain::name::{EmailAddress, Line, Unfit, Username};
use crate::domain::person::{Edit, NewPerson as New, Person as Found, PersonId, Profile};
use crate::domain::phone::Phone;
use crate::error::Error;
use crate::service::invitations::{Added, Link};
use crate::service::once::Once;
use crate::service::people::Change;
use crate::web::asking::Asking;
use crate::web::form::zone;

/// Somebody who is to be invited.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPerson {
    /// 2 to 64 of `a-z 0-9 . _ -`, a letter or digit first and last.
    username: String,
    /// Mail address.
    email: String,
    /// 1 to 120 characters; the user name unless told otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    /// `guest`, `user` or `admin`; `user` unless told otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<String>,
}

/// What is to be different; what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonChanges {
    /// 2 to 64 of `a-z 0-9 . _ -`, a letter or digit first and last.
    username: Option<String>,
    /// 1 to 120 characters.
    display_name: Option<String>,
    /// First names, at most 120 characters.
    given_name: Option<String>,
    /// Last names, at most 120 characters.
    family_name: Option<String>,
    /// At most 120 characters.
    title: Option<String>,
    /// At most 120 characters.
    department: Option<String>,
    /// `+4930123456` with its country code, or digits alone within a house; kept in one form.
    phone: Option<String>,
    /// IANA time zone, or empty for the browser's.
    zone: Option<String>,
    /// `guest`, `user` or `admin`.
    role: Option<String>,
    /// Last day the account counts, in UTC; null for ever.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    ends_on: Given<Date>,
    /// UUID of whom they report to; null for nobody.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    manager_id: Given<Uuid>,
}

/// What is said of a field where leaving it out and null are two things.
#[derive(Debug, Default)]
enum Given<T> {
    /// Nothing: it stays.
    #[default]
    Kept,
    /// This value, or none.
    Set(Option<T>),
}

impl<T> Given<T> {
    fn or(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Kept => before,
            Self::Set(value) => value,
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Option::deserialize(from).map(Self::Set)
    }
}

/// A link with which a person chooses their own credentials.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Invitation {
    /// Works once. Whoever has it can become this person: hand it to nobody else.
    address: String,
    /// When it stops working.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

fn unfit(field: &'static str) -> impl FnOnce(Unfit) -> Error {
    move |unfit| Error::Unfit(field, unfit)
}

fn role(word: &str) -> Result<Role, Error> {
    let words = "guest, user or admin";
    word.parse().map_err(|_| Error::NotAWord("role", words))
}

impl NewPerson {
    fn check(&self) -> Result<New, Error> {
        let display_name = self.display_name.as_deref().unwrap_or(&self.username);
        Ok(New {
            id: PersonId(Uuid::now_v7()),
            username: Username::parse(&self.username).map_err(unfit("username"))?,
            email: EmailAddress::parse(&self.email).map_err(unfit("email"))?,
            display_name: Line::required(display_name).map_err(unfit("display_name"))?,
            role: self.role.as_deref().map_or(Ok(Role::User), role)?,
        })
    }
}

impl PersonChanges {
    /// The whole of the person as they are to be.
    fn onto(self, before: &Found) -> Result<Edit, Error> {
        let or = |given: Option<String>, before: &str| given.unwrap_or_else(|| before.to_owned());
        let line =
            |given, before: &str, field| Line::parse(&or(given, before)).map_err(unfit(field));
        let display_name = or(self.display_name, &before.display_name);
        let manager = before.manager.as_ref().map(|manager| manager.id.0);
        let username = or(self.username, &before.username);
        Ok(Edit {
            profile: Profile {
                display_name: Line::required(&display_name).map_err(unfit("display_name"))?,
                given_name: line(self.given_name, &before.given_name, "given_name")?,
                family_name: line(self.family_name, &before.family_name, "family_name")?,
                phone: Phone::parse(&or(self.phone, &before.phone)).map_err(unfit("phone"))?,
                zone: zone(&or(self.zone, &before.zone)).map_err(unfit("zone"))?,
            },
            title: line(self.title, &before.title, "title")?,
            department: line(self.department, &before.department, "department")?,
            manager: self.manager_id.or(manager).map(PersonId),
            username: Username::parse(&username).map_err(unfit("username"))?,
            role: self.role.as_deref().map_or(Ok(before.role), role)?,
            ends_on: self.ends_on.or(before.ends_on),
        })
    }
}

/// Adds a person who has no credentials yet; ask for their invitation next. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/people", request_body = NewPerson, params(
    ("Idempotency-Key" = Option<String>, Header, description = "repeating a request with its key makes nothing twice")),
    responses((status = 201, body = Person, headers(("Location" = String, description = "the person"))),
        (status = 409, description = "a name is taken, or a request with the key is being worked on"), Always, OfBodies))]
pub(super) async fn create(
    State(accounts): State<Accounts>,
    creating: Creating,
    Json(body): Json<NewPerson>,
) -> Result<Response, Error> {
    let new = body.check()?;
    let answer = |person: &Found| {
        let location = format!("/api/accounts/people/{}", person.id);
        made(location, &Person::new(person.clone(), None))
    };
    let attempt = creating.attempt(&body)?;
    let added = accounts
        .invitations
        .add_once(&creating.actor(), &new.into(), attempt.as_ref(), answer)
        .await?;
    match added {
        Once::Done(answer) => Ok(sent(answer)),
        Once::Refused(Added::EmailTaken) => Err(Error::EmailTaken),
        // No id is made twice: what else is refused is the name.
        Once::Refused(_) => Err(Error::UsernameTaken),
    }
}

/// Changes a person, unless somebody did since the version named by If-Match. Administrators; scope accounts:write.
#[utoipa::path(patch, path = "/api/accounts/people/{id}", request_body = PersonChanges, params(
    ("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "the ETag of what is changed")),
    responses((status = 200, body = Person, headers(("ETag" = String, description = "of what is there now"))),
        (status = 409, description = "a name is taken, the state does not allow it, or the directory that decides refuses"),
        (status = 412, description = "changed meanwhile"), (status = 428, description = "If-Match is missing"),
        Always, OfBodies))]
pub(super) async fn change(
    State(accounts): State<Accounts>,
    (who, asking, expected): (CurrentUser, Asking, IfMatch),
    Path(id): Path<Uuid>,
    Json(changes): Json<PersonChanges>,
) -> Result<Response, Error> {
    let id = PersonId(id);
    let before = accounts.directory.person(id).await?;
    let edit = changes.onto(&before)?;
    let version = expected.version(before.version);
    let change = accounts
        .freeipa
        .edit(&asking.actor(&who), (id, version), edit)
        .await
        .map_err(Error::from)?;
    outcome(&accounts, id, change).await
}

async fn outcome(accounts: &Accounts, id: PersonId, change: Change) -> Result<Response, Error> {
    match change {
        Change::Done | Change::Unchanged => answered(accounts, id).await,
        refused => Ok(refusals::of(refused).into_response()),
    }
}

/// Takes away a person's access. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/people/{id}/suspend", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Person), (status = 409, description = "the state does not allow it"), Always))]
pub(super) async fn suspend(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let (id, actor) = (PersonId(id), asking.actor(&who));
    let change = accounts.people.set_access(&actor, id, false).await?;
    outcome(&accounts, id, change).await
}

/// Gives access back to somebody who was suspended or has expired. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/people/{id}/resume", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Person), (status = 409, description = "the state does not allow it"), Always))]
pub(super) async fn resume(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let (id, actor) = (PersonId(id), asking.actor(&who));
    let change = accounts.people.set_access(&actor, id, true).await?;
    outcome(&accounts, id, change).await
}

/// Puts a person into the trash, which keeps them for 30 days without access. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/people/{id}/trash", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Person), (status = 409, description = "nobody would be left to administer"), Always))]
pub(super) async fn trash(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let (id, actor) = (PersonId(id), asking.actor(&who));
    let change = accounts.life_cycle.trash(&actor, id).await?;
    outcome(&accounts, id, change).await
}

/// Takes a person out of the trash; they are what they were before. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/people/{id}/restore", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Person), (status = 409, description = "not in the trash"), Always))]
pub(super) async fn restore(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let (id, actor) = (PersonId(id), asking.actor(&who));
    let change = accounts.life_cycle.restore(&actor, id).await?;
    outcome(&accounts, id, change).await
}

/// Makes a link for an invited person; a former link of theirs stops working. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/people/{id}/invitation", params(("id" = Uuid, Path)), responses(
    (status = 201, body = Invitation), (status = 409, description = "not invited: they chose credentials already, or have no access"),
    Always))]
pub(super) async fn invite(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let link = accounts
        .invitations
        .link(&asking.actor(&who), PersonId(id), Some(&asking.assertion))
        .await?;
    let Link::Made(made) = link else {
        return Err(Error::NotInvited);
    };
    let origin = asking.origin.trim_end_matches('/');
    let invitation = Invitation {
        address: format!("{origin}{}", made.path),
        expires_at: Timestamp::from_second(made.expires_at).unwrap_or_default(),
    };
    Ok((http::StatusCode::CREATED, Json(invitation)).into_response())
}
