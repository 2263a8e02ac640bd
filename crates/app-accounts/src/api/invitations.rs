//! Open invitations for programs: how far each got, another mail, and taking one back.

use axum::extract::State;
use http::StatusCode;
use jiff::Timestamp;
use platform::CurrentUser;
use platform::http::{Json, Path, Query};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::offset;
use super::refusals::Always;
use crate::Accounts;
use crate::domain::invitation::{OpenInvitation as Found, Stage};
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::invitations::Asked;
use crate::web::asking::Asking;

/// Somebody who was invited and has not come yet.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OpenInvitation {
    /// UUID of the person.
    person_id: String,
    /// Name to sign in with.
    username: String,
    /// Name to show.
    display_name: String,
    /// Where it was sent to.
    email: String,
    /// `guest`, `user` or `admin`.
    role: &'static str,
    /// `new`, `sending`, `sent`, `unsent`, `shown`, `expired` or `revoked`.
    stage: &'static str,
    /// When they were invited.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Until when the last link works; none before the first.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// Some invitations.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OpenInvitations {
    invitations: Vec<OpenInvitation>,
    /// How many there are in all.
    total: i64,
}

/// Which invitations.
#[derive(Debug, Deserialize)]
pub(super) struct Which {
    /// Only those that got so far.
    stage: Option<String>,
    /// Left out from the first on; each answer holds at most 200.
    #[serde(default)]
    offset: u32,
}

impl From<Found> for OpenInvitation {
    fn from(found: Found) -> Self {
        Self {
            person_id: found.invitation.person.to_string(),
            username: found.username,
            display_name: found.display_name,
            email: found.email,
            role: found.role.as_str(),
            stage: found.invitation.stage.as_str(),
            created_at: found.invitation.created_at,
            expires_at: found.invitation.expires_at,
        }
    }
}

/// Lists who was invited and has not come yet, oldest first. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/invitations", params(
    ("stage" = Option<String>, Query, description = "only those that got so far: new, sending, sent, unsent, shown, expired or revoked"),
    ("offset" = Option<u32>, Query, description = "left out from the first on", minimum = 0, maximum = 1_000_000)),
    responses((status = 200, body = OpenInvitations), Always))]
pub(super) async fn list(
    State(accounts): State<Accounts>,
    Query(which): Query<Which>,
) -> Result<Json<OpenInvitations>, Error> {
    let stage = which.stage.as_deref().map(str::parse::<Stage>).transpose();
    let stage = stage.map_err(|_| {
        let words = "new, sending, sent, unsent, shown, expired or revoked";
        Error::NotAWord("stage", words)
    })?;
    let span = offset::from(which.offset)?;
    let found = accounts.invitations.open(stage, None, span).await?;
    Ok(Json(OpenInvitations {
        invitations: found.rows.into_iter().map(OpenInvitation::from).collect(),
        total: found.total,
    }))
}

/// Mails an invited person a new link; their former one works until then. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/invitations/{id}/mail", params(("id" = Uuid, Path, description = "of the person")),
    responses((status = 202, description = "it is to be sent"),
    (status = 409, description = "the person accepted, or has no access at all"), Always))]
pub(super) async fn resend(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    let actor = asking.actor(&who);
    let asked = accounts.invitations.resend(&actor, PersonId(id)).await?;
    answered(asked, StatusCode::ACCEPTED)
}

/// Takes an invitation back: its links work no more, and the person goes into the trash. Administrators; scope
/// accounts:write.
#[utoipa::path(delete, path = "/api/accounts/invitations/{id}", params(("id" = Uuid, Path, description = "of the person")),
    responses((status = 204), (status = 409, description = "the person accepted, or has no access at all"), Always))]
pub(super) async fn revoke(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    let actor = asking.actor(&who);
    let asked = accounts.invitations.revoke(&actor, PersonId(id)).await?;
    answered(asked, StatusCode::NO_CONTENT)
}

fn answered(asked: Asked, done: StatusCode) -> Result<StatusCode, Error> {
    match asked {
        Asked::Done | Asked::Unchanged => Ok(done),
        Asked::NotInvited => Err(Error::NotInvited),
    }
}
