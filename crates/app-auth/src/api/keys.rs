//! One's own keys.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use jiff::SignedDuration;
use platform::http::{Json, Path};
use platform::identity::CurrentUser;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::recent;
use crate::domain::api_key::{DEFAULT_DAYS, KeyId, MOST_DAYS};
use crate::domain::reach::Reach;
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::api_keys::{Made, MadeKey, Whose, Wish};
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::store::api_keys::{Holder, ListedKey};
use crate::web::Web;

/// A key without its secret.
#[derive(Serialize, ToSchema)]
pub(super) struct Key {
    /// UUID of the key.
    id: String,
    /// What names it in its text, after the prefix.
    public_id: String,
    /// What its owner calls it.
    name: String,
    /// What it may be used for.
    scopes: Vec<String>,
    /// The one app it is for; empty for any.
    app: String,
    /// The one resource it is for; empty for any.
    resource: String,
    /// Networks it may be used from; none for any.
    networks: Vec<String>,
    /// When it was made.
    created_at: String,
    /// When it stops working, or stopped.
    expires_at: String,
    /// Last use, to about a minute.
    last_used_at: Option<String>,
    /// Network of the last use.
    last_used_from: String,
    /// Why it was ended.
    revoke_reason: Option<String>,
}

/// A key somebody wants.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewKey {
    /// What to call it, 1 to 80 characters.
    name: String,
    /// What it may be used for, as in `files:read`.
    scopes: Vec<String>,
    /// The one app it is for.
    #[serde(default)]
    app: String,
    /// The one resource it is for.
    #[serde(default)]
    resource: String,
    /// Networks in CIDR form it may be used from.
    #[serde(default)]
    networks: Vec<String>,
    /// For how many days, 1 to 365; 90 unless told otherwise.
    days: Option<u16>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct CreatedKey {
    /// UUID of the key.
    id: String,
    /// The key itself: never shown again.
    key: String,
    /// When it stops working.
    expires_at: String,
}

/// How long the old key goes on.
#[derive(Deserialize, ToSchema)]
pub(super) struct Roll {
    /// Hours, at most 168.
    #[serde(default)]
    overlap_hours: u8,
}

/// Keys of the person who asks.
#[derive(Serialize, ToSchema)]
pub(super) struct Keys {
    keys: Vec<Key>,
}

/// A key found where it should not be.
#[derive(Deserialize, ToSchema)]
pub(super) struct Leak {
    /// The key itself.
    key: String,
}

impl From<ListedKey> for Key {
    fn from(listed: ListedKey) -> Self {
        let key = listed.key;
        Self {
            id: key.key_id.0.to_string(),
            public_id: key.public_id,
            name: key.name,
            scopes: key.reach.scopes().to_vec(),
            app: key.reach.app().to_owned(),
            resource: key.reach.resource().to_owned(),
            networks: key.reach.networks().to_vec(),
            created_at: key.created_at.to_string(),
            expires_at: key.validity.expires_at.to_string(),
            last_used_at: key.last_used_at.map(|at| at.to_string()),
            last_used_from: key.last_used_from,
            revoke_reason: key.revoke_reason,
        }
    }
}

impl From<MadeKey> for CreatedKey {
    fn from(made: MadeKey) -> Self {
        Self {
            id: made.key_id.0.to_string(),
            key: made.text.to_string(),
            expires_at: made.expires_at.to_string(),
        }
    }
}

impl NewKey {
    fn wish(self, holder: Holder) -> Result<Wish, Error> {
        let reach = Reach::parse(
            &self.scopes.join(" "),
            &self.app,
            &self.resource,
            &self.networks.join(" "),
        )
        .map_err(|problem| Error::InvalidRequest(problem.sentence()))?;
        let name = self.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > 80 {
            return Err(Error::InvalidRequest("name must have 1 to 80 characters"));
        }
        let days = self.days.unwrap_or(DEFAULT_DAYS);
        if !(1..=MOST_DAYS).contains(&days) {
            return Err(Error::InvalidRequest("days must be 1 to 365"));
        }
        Ok(Wish {
            holder,
            name,
            reach,
            days,
        })
    }
}

/// Lists one's own keys, newest first.
#[utoipa::path(get, path = "/api/auth/keys", responses((status = 200, body = Keys), (status = 401),
    (status = 403, description = "the scope keys:read is missing")))]
pub(super) async fn list(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
) -> Result<Json<Keys>, Error> {
    let keys = web.services.api_keys.list(Whose::Of(who.user_id)).await?;
    let keys = keys.into_iter().map(Key::from).collect();
    Ok(Json(Keys { keys }))
}

/// Makes a key. Needs a sign-in of the last ten minutes.
#[utoipa::path(post, path = "/api/auth/keys", request_body = NewKey, responses(
    (status = 201, body = CreatedKey), (status = 400), (status = 401),
    (status = 403, description = "sign in again first; a key makes no keys"), (status = 409, description = "50 keys work already")))]
pub(super) async fn create(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    Json(body): Json<NewKey>,
) -> Result<Response, Error> {
    if let Err(denial) = recent(&who, web.services.core.clock.now()) {
        return Ok(denial.problem().into_response());
    }
    let wish = body.wish(Holder::Person(UserId(who.user_id)))?;
    let audit = Audit::success("key.create")
        .actor(UserId(who.user_id))
        .client(&client);
    match web.services.api_keys.create(&wish, audit).await? {
        Made::Key(made) => Ok((StatusCode::CREATED, Json(CreatedKey::from(made))).into_response()),
        Made::TooMany => Err(Error::TooManyKeys),
        Made::Disabled => Err(Error::Disabled),
    }
}

/// Ends a key at once.
#[utoipa::path(delete, path = "/api/auth/keys/{id}", params(("id" = String, Path,)), responses(
    (status = 204), (status = 401), (status = 404)))]
pub(super) async fn revoke(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    let audit = Audit::success("key.revoke")
        .actor(UserId(who.user_id))
        .client(&client);
    let which = (Whose::Of(who.user_id), KeyId(id));
    web.services.api_keys.revoke(which, "owner", audit).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a successor; the old key goes on for a while. Needs a sign-in of the last ten minutes.
#[utoipa::path(post, path = "/api/auth/keys/{id}/roll", params(("id" = String, Path,)), request_body = Roll, responses(
    (status = 201, body = CreatedKey), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn roll(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    Path(id): Path<Uuid>,
    Json(body): Json<Roll>,
) -> Result<Response, Error> {
    let audit = Audit::success("key.roll")
        .actor(UserId(who.user_id))
        .client(&client);
    let which = (Whose::Of(who.user_id), KeyId(id));
    let overlap = SignedDuration::from_hours(i64::from(body.overlap_hours.min(168)));
    let made = web.services.api_keys.roll(which, overlap, audit).await?;
    Ok((StatusCode::CREATED, Json(CreatedKey::from(made))).into_response())
}

/// Reports a key that was found in the open: it ends at once and its owner is told. The answer is the same for
/// anything that is sent.
#[utoipa::path(post, path = "/api/auth/keys/report-leak", request_body = Leak, responses(
    (status = 202), (status = 429, description = "20 reports within ten minutes from one network")))]
pub(super) async fn report_leak(
    State(web): State<Web>,
    client: Client,
    Json(body): Json<Leak>,
) -> Result<StatusCode, Error> {
    let key = zeroize::Zeroizing::new(body.key);
    web.services.api_keys.report_leak(&key, &client).await?;
    Ok(StatusCode::ACCEPTED)
}
