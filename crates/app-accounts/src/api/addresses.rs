//! The mail addresses of people for programs.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use platform::http::{Json, Path};
use platform::{Class, CurrentUser, FieldProblem, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity_tag::{IfMatch, stale, tagged};
use super::refusals::{Always, OfBodies};
use crate::Accounts;
use crate::domain::address::{Address as Found, AddressId};
use crate::domain::name::EmailAddress;
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::addresses::{AddressChange, AddressEdit};
use crate::web::asking::Asking;

/// A mail address of a person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MailAddress {
    /// UUID.
    id: String,
    /// The address itself.
    address: String,
    /// Whether mail goes there.
    primary: bool,
    /// When somebody followed a link that was sent there; none where nobody did.
    #[schema(value_type = Option<String>, format = DateTime)]
    confirmed_at: Option<Timestamp>,
}

/// All addresses of a person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MailAddresses {
    /// The primary one first; at most 10.
    addresses: Vec<MailAddress>,
}

/// An address that somebody is to have.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAddress {
    /// The address itself.
    address: String,
    /// Whether mail goes there from now on. The former primary address is told.
    #[serde(default)]
    primary: bool,
}

impl From<Found> for MailAddress {
    fn from(found: Found) -> Self {
        Self {
            id: found.id.to_string(),
            address: found.address,
            primary: found.is_primary,
            confirmed_at: found.verified_at,
        }
    }
}

/// The mail addresses of a person. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/people/{id}/addresses", params(("id" = Uuid, Path)), responses(
    (status = 200, body = MailAddresses, headers(("ETag" = String, description = "for If-Match"))), Always))]
pub(super) async fn list(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    answered(&accounts, PersonId(id)).await
}

async fn answered(accounts: &Accounts, id: PersonId) -> Result<Response, Error> {
    let person = accounts.directory.person(id).await?;
    let book = accounts.addresses.book(person.id).await?;
    let version = book.version();
    let addresses = book.addresses.into_iter().map(MailAddress::from).collect();
    Ok(tagged(version, MailAddresses { addresses }))
}

/// Gives a person an address that nobody confirmed; one of theirs stays theirs. Administrators, not of themselves;
/// scope accounts:write. A session of the pages proves anew who it is.
#[utoipa::path(post, path = "/api/accounts/people/{id}/addresses", request_body = NewAddress, params(
    ("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "the ETag of the addresses")),
    responses((status = 200, body = MailAddresses, headers(("ETag" = String, description = "of what is there now"))),
        (status = 409, description = "somebody has it, or the person is in the trash"),
        (status = 412, description = "changed meanwhile"), (status = 428, description = "If-Match is missing"),
        Always, OfBodies))]
pub(super) async fn add(
    State(accounts): State<Accounts>,
    caller: (CurrentUser, Asking, IfMatch),
    Path(id): Path<Uuid>,
    Json(body): Json<NewAddress>,
) -> Result<Response, Error> {
    let address = EmailAddress::parse(&body.address);
    let address = address.map_err(|unfit| Error::Unfit("address", unfit))?;
    let edit = AddressEdit::Add(&address, body.primary);
    change(&accounts, caller, id, edit).await
}

/// Sends mail to this address of a person from now on, and tells the former one. Administrators; scope accounts:write.
/// A session of the pages proves anew who it is.
#[utoipa::path(post, path = "/api/accounts/people/{id}/addresses/{address}/primary", params(
    ("id" = Uuid, Path), ("address" = Uuid, Path),
    ("If-Match" = Option<String>, Header, description = "the ETag of the addresses")),
    responses((status = 200, body = MailAddresses, headers(("ETag" = String, description = "of what is there now"))),
        (status = 409, description = "nobody confirmed it, or the person is in the trash"),
        (status = 412, description = "changed meanwhile"), (status = 428, description = "If-Match is missing"), Always))]
pub(super) async fn make_primary(
    State(accounts): State<Accounts>,
    caller: (CurrentUser, Asking, IfMatch),
    Path((id, address)): Path<(Uuid, Uuid)>,
) -> Result<Response, Error> {
    let edit = AddressEdit::MakePrimary(AddressId(address));
    change(&accounts, caller, id, edit).await
}

/// Takes an address away from a person, unless mail goes there. Administrators; scope accounts:write. A session of the
/// pages proves anew who it is.
#[utoipa::path(delete, path = "/api/accounts/people/{id}/addresses/{address}", params(
    ("id" = Uuid, Path), ("address" = Uuid, Path),
    ("If-Match" = Option<String>, Header, description = "the ETag of the addresses")),
    responses((status = 200, body = MailAddresses, headers(("ETag" = String, description = "of what is there now"))),
        (status = 409, description = "it is the primary one, or the person is in the trash"),
        (status = 412, description = "changed meanwhile"), (status = 428, description = "If-Match is missing"), Always))]
pub(super) async fn remove(
    State(accounts): State<Accounts>,
    caller: (CurrentUser, Asking, IfMatch),
    Path((id, address)): Path<(Uuid, Uuid)>,
) -> Result<Response, Error> {
    let edit = AddressEdit::Remove(AddressId(address));
    change(&accounts, caller, id, edit).await
}

async fn change(
    accounts: &Accounts,
    (who, asking, expected): (CurrentUser, Asking, IfMatch),
    id: Uuid,
    edit: AddressEdit<'_>,
) -> Result<Response, Error> {
    let (id, actor) = (PersonId(id), asking.actor(&who));
    let addresses = &accounts.addresses;
    match addresses
        .change(&actor, id, expected.stated(), edit)
        .await?
    {
        AddressChange::Done | AddressChange::Unchanged => answered(accounts, id).await,
        refused => Ok(problem(refused).into_response()),
    }
}

/// Why the addresses were not changed.
fn problem(change: AddressChange) -> Problem {
    let conflict = |code, detail| Problem::new(Class::Conflict, code).detail(detail);
    match change {
        AddressChange::Stale => stale(),
        AddressChange::Gone => Problem::new(Class::NotFound, "accounts.address_not_found")
            .detail("It is no address of this person. Read their addresses again."),
        AddressChange::Taken => {
            let detail = "Another person has this mail address. Choose another.";
            let field = FieldProblem::new("address", "accounts.email_taken", detail);
            conflict("accounts.email_taken", detail).field(field)
        }
        AddressChange::TooMany => {
            let detail = "People have at most 10 addresses. Remove one first.";
            Problem::new(Class::Unprocessable, "accounts.too_many_addresses").detail(detail)
        }
        AddressChange::Unconfirmed => conflict(
            "accounts.address_unconfirmed",
            "Nobody followed a link that was sent there: of your own addresses choose one that is confirmed.",
        ),
        AddressChange::IsPrimary => conflict(
            "accounts.address_is_primary",
            "Mail goes to this address. Make another one primary first.",
        ),
        AddressChange::InTrash => conflict(
            "accounts.in_trash",
            "The person is in the trash. Restore them first.",
        ),
        AddressChange::Forbidden => {
            let detail =
                "Administrators add addresses to others; their own they confirm on their page.";
            Problem::new(Class::Forbidden, "accounts.not_administrator").detail(detail)
        }
        AddressChange::Done | AddressChange::Unchanged => {
            Problem::new(Class::Internal, "accounts.done")
        }
    }
}
