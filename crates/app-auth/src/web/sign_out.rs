//! Signing out: the session ends on the server, then the cookie goes.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use platform::identity::Visitor;
use serde::Deserialize;
use ui::{CsrfForm, Flash, Shell};

use super::security::acting;
use super::{Web, cookies};
use crate::error::Error;
use crate::service::client::Client;

/// The form has nothing but its token.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

/// `POST /auth/sign-out`. Whoever is signed out already is simply told so.
pub(super) async fn submit(
    State(web): State<Web>,
    Visitor(who): Visitor,
    client: Client,
    shell: Shell,
    form: Result<CsrfForm<Nothing>, Response>,
) -> Result<Response, Error> {
    if let Some(who) = who {
        if let Err(refusal) = form {
            return Ok(refusal);
        }
        web.services
            .sessions
            .sign_out(acting(&who), &client)
            .await?;
    }
    let gone = ui::flash(Flash::success(shell.t("auth-signed-out")));
    // Other accounts of this browser stay, but none of them acts unasked.
    let next = if client.others.is_empty() {
        "/auth/sign-in"
    } else {
        "/auth/accounts"
    };
    Ok((gone, cookies::signed_out(next, web.secure)).into_response())
}
