//! Who is signed in, and ending it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use platform::http::{Path, Query};
use platform::identity::CurrentUser;
use serde::Deserialize;
use ui::{CsrfForm, Flash, Shell, Tab};
use uuid::Uuid;

use super::{audit, tabs};
use crate::domain::session::SessionId;
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::client::Client;
use crate::web::Web;
use crate::web::security::{device_in_words, factors_in_words, place_in_words};
use crate::web::sign_out::Nothing;

const SESSIONS: &str = "/admin/auth/sessions";

/// Whom somebody looks for.
#[derive(Debug, Deserialize)]
pub(super) struct Sought {
    #[serde(default)]
    pub(super) q: String,
}

/// A line of the list.
struct Row {
    id: Uuid,
    user_id: Uuid,
    who: String,
    username: String,
    device: String,
    address: String,
    place: String,
    factors: String,
    created_at: Timestamp,
    last_seen_at: Timestamp,
    current: bool,
}

#[derive(Template)]
#[template(path = "auth/admin/sessions.html")]
struct SessionsPage {
    shell: Shell,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    q: String,
}

/// `GET /admin/auth/sessions`
pub(super) async fn list(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    Query(sought): Query<Sought>,
    shell: Shell,
) -> Result<Response, Error> {
    let sessions = web.services.sessions.list_everybody(&sought.q).await?;
    let rows = sessions
        .into_iter()
        .map(|session| Row {
            id: session.session_id.0,
            user_id: session.user_id.0,
            who: session.display_name,
            username: session.username,
            device: device_in_words(&session.device, &shell),
            place: place_in_words(&session.address, &shell),
            address: session.address,
            factors: factors_in_words(&session.factors, &shell),
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            current: session.session_id.0 == who.session_id,
        })
        .collect();
    Ok(ui::page(SessionsPage {
        tabs: tabs(&shell, SESSIONS),
        rows,
        q: sought.q,
        shell: shell.title("auth-admin-title").wide(),
    }))
}

/// `POST /admin/auth/people/{id}/sessions/{session}/end`
pub(super) async fn end(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    (Path((person, session)), client): (Path<(Uuid, Uuid)>, Client),
    shell: Shell,
    _: CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let audit = audit("session.end", &who, &client);
    let which = Some(SessionId(session));
    let ended = web
        .services
        .sessions
        .end_for(UserId(person), which, audit)
        .await?;
    if ended == 0 {
        return Err(Error::SessionNotFound);
    }
    let done = ui::flash(Flash::success(shell.t("auth-session-ended")));
    Ok((done, ui::see_other(SESSIONS)).into_response())
}

/// `POST /admin/auth/people/{id}/sessions/end`
pub(super) async fn end_all(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    (Path(person), client): (Path<Uuid>, Client),
    shell: Shell,
    _: CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let audit = audit("session.end", &who, &client);
    let ended = web
        .services
        .sessions
        .end_for(UserId(person), None, audit)
        .await?;
    let message = shell.tn("auth-admin-sessions-ended", ended);
    let done = ui::flash(Flash::success(message));
    Ok((done, ui::see_other(SESSIONS)).into_response())
}
