//! Who answers for guests, for programs.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use platform::http::{Json, Path, Query};
use platform::{Class, CurrentUser, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::offset;
use super::refusals::{Always, OfBodies};
use crate::Accounts;
use crate::domain::person::PersonId;
use crate::domain::sponsorship::{Guest as Found, Sponsor as Named};
use crate::error::Error;
use crate::service::sponsors::Sponsoring;
use crate::web::asking::Asking;

/// Who was named to answer for a guest.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Sponsor {
    /// UUID.
    id: String,
    /// Name to sign in with.
    username: String,
    /// Name to show.
    display_name: String,
    /// Whether they still can: they have access and are no guest themselves.
    answers: bool,
}

/// A guest.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Guest {
    /// UUID.
    id: String,
    /// Name to sign in with.
    username: String,
    /// Name to show.
    display_name: String,
    /// `invited`, `active`, `suspended` or `expired`.
    state: &'static str,
    /// Who answers for them; none when nobody was named.
    sponsor: Option<Sponsor>,
}

/// Some guests.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Guests {
    guests: Vec<Guest>,
    /// How many there are in all.
    total: i64,
}

/// Who is to answer for the guest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSponsor {
    /// UUID of a person who has access and is no guest.
    sponsor_id: Uuid,
}

/// Which guests.
#[derive(Debug, Deserialize)]
pub(super) struct Which {
    /// Only those for whom nobody answers.
    #[serde(default)]
    without_sponsor: bool,
    /// Left out from the first on; each answer holds at most 200.
    #[serde(default)]
    offset: u32,
}

impl From<Named> for Sponsor {
    fn from(sponsor: Named) -> Self {
        Self {
            id: sponsor.id.to_string(),
            answers: sponsor.answers(),
            username: sponsor.username,
            display_name: sponsor.display_name,
        }
    }
}

impl From<Found> for Guest {
    fn from(guest: Found) -> Self {
        Self {
            id: guest.id.to_string(),
            username: guest.username,
            display_name: guest.display_name,
            state: guest.state.as_str(),
            sponsor: guest.sponsor.map(Sponsor::from),
        }
    }
}

/// Lists guests by name, with who answers for them. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/guests", params(
    ("without_sponsor" = Option<bool>, Query, description = "only those for whom nobody answers"),
    ("offset" = Option<u32>, Query, description = "left out from the first on", minimum = 0, maximum = 1_000_000)), responses((status = 200, body = Guests), Always))]
pub(super) async fn list(
    State(accounts): State<Accounts>,
    Query(which): Query<Which>,
) -> Result<Json<Guests>, Error> {
    let span = offset::from(which.offset)?;
    let found = accounts
        .sponsors
        .list(None, which.without_sponsor, span)
        .await?;
    Ok(Json(Guests {
        guests: found.rows.into_iter().map(Guest::from).collect(),
        total: found.total,
    }))
}

/// Names who answers for a guest, in place of whoever did. Administrators; scope accounts:write.
#[utoipa::path(put, path = "/api/accounts/people/{id}/sponsor", request_body = NewSponsor, params(("id" = Uuid, Path)),
    responses((status = 204), (status = 409, description = "the person is no guest"), Always, OfBodies))]
pub(super) async fn put(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    Json(new): Json<NewSponsor>,
) -> Result<Response, Error> {
    let sponsor = Some(PersonId(new.sponsor_id));
    set(&accounts, (&who, &asking), PersonId(id), sponsor).await
}

/// Nobody answers for the guest from now on. Administrators; scope accounts:write.
#[utoipa::path(delete, path = "/api/accounts/people/{id}/sponsor", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 409, description = "the person is no guest"), Always))]
pub(super) async fn remove(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    set(&accounts, (&who, &asking), PersonId(id), None).await
}

async fn set(
    accounts: &Accounts,
    (who, asking): (&CurrentUser, &Asking),
    guest: PersonId,
    sponsor: Option<PersonId>,
) -> Result<Response, Error> {
    let actor = asking.actor(who);
    let refused =
        |class, code, why: &str| Ok(Problem::new(class, code).detail(why).into_response());
    match accounts.sponsors.set(&actor, guest, sponsor).await? {
        Sponsoring::Done(_) | Sponsoring::Unchanged => Ok(StatusCode::NO_CONTENT.into_response()),
        Sponsoring::NotGuest => refused(
            Class::Conflict,
            "accounts.not_guest",
            "Only guests have somebody who answers for them.",
        ),
        Sponsoring::Unfit => refused(
            Class::Unprocessable,
            "accounts.sponsor_unfit",
            "sponsor_id must name somebody who has access and is no guest.",
        ),
        Sponsoring::Forbidden => Err(Error::NotAdministrator),
    }
}
