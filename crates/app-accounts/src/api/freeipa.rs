//! People's accounts in FreeIPA for programs: how it stands with them, and letting them in and out. A temporary password
//! stays with a person on the pages, who confirms who they are and passes it on.

use axum::extract::State;
use http::StatusCode;
use jiff::Timestamp;
use platform::CurrentUser;
use platform::http::{Json, Path};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::refusals::Always;
use crate::Accounts;
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::web::asking::Asking;

/// How it stands with an account in FreeIPA.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FreeIpaAccount {
    /// Whether it is switched on.
    enabled: bool,
    /// Whether too many wrong passwords locked it; null where the directory's account may not know.
    locked: Option<bool>,
    /// When the password ends, or ended; null for never.
    #[schema(value_type = Option<String>, format = DateTime)]
    password_ends_at: Option<Timestamp>,
}

/// How it stands with somebody's account in FreeIPA, asked there. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/people/{id}/freeipa", params(("id" = Uuid, Path)), responses(
    (status = 200, body = FreeIpaAccount), (status = 409, description = "FreeIPA refuses to say"), Always))]
pub(super) async fn show(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
) -> Result<Json<FreeIpaAccount>, Error> {
    let state = accounts.freeipa.state(PersonId(id)).await?;
    Ok(Json(FreeIpaAccount {
        enabled: state.enabled,
        locked: state.locked,
        password_ends_at: state.password_ends_at,
    }))
}

/// Lets somebody in again whom wrong passwords locked out of FreeIPA. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/people/{id}/freeipa/unlock", params(("id" = Uuid, Path)), responses(
    (status = 204), (status = 409, description = "FreeIPA refuses"), Always))]
pub(super) async fn unlock(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    let actor = asking.actor(&who);
    accounts.freeipa.unlock(&actor, PersonId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Switches somebody's account in FreeIPA on; access that was taken here because of it is back. Administrators; scope
/// accounts:write.
#[utoipa::path(post, path = "/api/accounts/people/{id}/freeipa/enable", params(("id" = Uuid, Path)), responses(
    (status = 204), (status = 409, description = "FreeIPA refuses"), Always))]
pub(super) async fn enable(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    let actor = asking.actor(&who);
    let freeipa = &accounts.freeipa;
    freeipa.set_enabled(&actor, PersonId(id), true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Switches somebody's account in FreeIPA off, and suspends them here. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/people/{id}/freeipa/disable", params(("id" = Uuid, Path)), responses(
    (status = 204), (status = 409, description = "FreeIPA refuses, or nobody would be left to administer"), Always))]
pub(super) async fn disable(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    let actor = asking.actor(&who);
    let freeipa = &accounts.freeipa;
    freeipa.set_enabled(&actor, PersonId(id), false).await?;
    Ok(StatusCode::NO_CONTENT)
}
