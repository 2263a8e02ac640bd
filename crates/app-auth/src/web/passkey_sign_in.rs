//! Signing in with a passkey, and proving with one that it is still you. The island `ui-passkey` asks for a
//! challenge, lets the browser answer it and sends the answer as an ordinary form.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use platform::http::LocalPath;
use platform::identity::{CurrentUser, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ui::{CsrfForm, Flash, Shell};

use super::security::acting;
use super::sign_out::Nothing;
use super::{Web, cookies};
use crate::domain::return_to::return_to;
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::passkey_sign_in::Whither;
use crate::service::passkeys::{self, Challenge};

/// What the island gets.
#[derive(Serialize)]
struct ChallengeResponse {
    challenge: String,
    options: Value,
}

pub(super) fn challenge(made: Challenge) -> Response {
    let body = ChallengeResponse {
        challenge: made.token.text().to_string(),
        options: made.options,
    };
    Json(body).into_response()
}

/// What the island sends.
#[derive(Deserialize)]
pub(super) struct AnswerForm {
    #[serde(default)]
    challenge: String,
    #[serde(default)]
    credential: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    return_to: Option<String>,
    /// On the page where it can be chosen: "on" or "off".
    #[serde(default)]
    remember: String,
}

impl AnswerForm {
    pub(super) fn response(self, client: Client) -> passkeys::Response {
        passkeys::Response {
            challenge: self.challenge,
            credential: self.credential,
            client,
        }
    }

    pub(super) fn return_to(&self) -> LocalPath {
        return_to(self.return_to.as_deref())
    }
}

/// `POST /auth/passkeys/challenge`
pub(super) async fn begin(
    State(web): State<Web>,
    client: Client,
    _: CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let begun = web.services.passkey_sign_in.begin(&client);
    Ok(challenge(begun.await?))
}

/// `POST /auth/passkeys/sign-in`
pub(super) async fn finish(
    State(web): State<Web>,
    (Visitor(who), mut client): (Visitor, Client),
    shell: Shell,
    CsrfForm(form): CsrfForm<AnswerForm>,
) -> Result<Response, Error> {
    let return_to = form.return_to();
    if !form.remember.is_empty() {
        client.remember = form.remember == "on";
    }
    let remember = client.remember;
    let whither = Whither {
        return_to: &return_to,
        replaces: who.as_ref().map(acting),
    };
    let finished = web
        .services
        .passkey_sign_in
        .finish(form.response(client), whither)
        .await?;
    let mut response = match finished {
        Some(admitted) => cookies::admitted(&admitted, &shell, web.secure),
        None => refused(&shell, "/auth/sign-in", &return_to),
    };
    cookies::keep_remembering(response.headers_mut(), remember, web.secure);
    Ok(response)
}

/// `POST /auth/sudo/passkey/challenge`
pub(super) async fn begin_confirming(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    _: CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let begun = web
        .services
        .passkey_sign_in
        .begin_confirming(UserId(who.user_id), &client);
    Ok(challenge(begun.await?))
}

/// `POST /auth/sudo/passkey`
pub(super) async fn confirm(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    shell: Shell,
    CsrfForm(form): CsrfForm<AnswerForm>,
) -> Result<Response, Error> {
    let return_to = form.return_to();
    let confirmed = web
        .services
        .passkey_sign_in
        .confirm(acting(&who), form.response(client), &return_to)
        .await?;
    Ok(match confirmed {
        Some(admitted) => cookies::admitted(&admitted, &shell, web.secure),
        None => refused(&shell, "/auth/sudo", &return_to),
    })
}

/// Back to where it was tried, with one sentence whatever was wrong.
fn refused(shell: &Shell, page: &str, return_to: &LocalPath) -> Response {
    let told = ui::flash(Flash::danger(shell.t("auth-passkey-refused")));
    let again = format!("{page}?return_to={}", return_to.encoded());
    (told, ui::see_other(&again)).into_response()
}
