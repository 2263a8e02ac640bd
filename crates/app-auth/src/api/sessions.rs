//! One's own sessions.

use axum::extract::State;
use http::StatusCode;
use platform::http::{Json, Path};
use platform::identity::CurrentUser;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::session::SessionId;
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::sessions::Acting;
use crate::web::Web;

/// A browser that is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct Session {
    /// UUID of the session.
    id: String,
    /// `Firefox on Linux`, or empty.
    device: String,
    /// Network address at sign-in.
    address: String,
    /// When it began.
    created_at: String,
    /// Last use, to about a minute.
    last_seen_at: String,
    /// Whether it is the one that asks.
    current: bool,
}

/// Sessions of the person who asks.
#[derive(Serialize, ToSchema)]
pub(super) struct Sessions {
    sessions: Vec<Session>,
}

/// How many ended.
#[derive(Serialize, ToSchema)]
pub(super) struct Ended {
    ended: usize,
}

/// Lists one's own sessions, newest first.
#[utoipa::path(get, path = "/api/auth/sessions", responses((status = 200, body = Sessions), (status = 401)))]
pub(super) async fn list(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
) -> Result<Json<Sessions>, Error> {
    let sessions = web.services.sessions.list(UserId(who.user_id)).await?;
    let sessions = sessions
        .into_iter()
        .map(|session| Session {
            current: session.session_id.0 == who.session_id,
            id: session.session_id.0.to_string(),
            device: session.device,
            address: session.address,
            created_at: session.created_at.to_string(),
            last_seen_at: session.last_seen_at.to_string(),
        })
        .collect();
    Ok(Json(Sessions { sessions }))
}

/// Ends a session.
#[utoipa::path(delete, path = "/api/auth/sessions/{id}", params(("id" = String, Path,)), responses(
    (status = 204), (status = 401), (status = 404)))]
pub(super) async fn end(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    let acting = acting(who.user_id, who.session_id);
    web.services
        .sessions
        .end_own(acting, SessionId(id), &client)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all sessions but the one that asks.
#[utoipa::path(delete, path = "/api/auth/sessions", responses((status = 200, body = Ended), (status = 401)))]
pub(super) async fn end_others(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
) -> Result<Json<Ended>, Error> {
    let acting = acting(who.user_id, who.session_id);
    let ended = web.services.sessions.end_others(acting, &client).await?;
    Ok(Json(Ended { ended }))
}

fn acting(user: Uuid, session: Uuid) -> Acting {
    Acting {
        user_id: UserId(user),
        session_id: SessionId(session),
    }
}
