//! "Is it still you?": asks for the password again before an act that matters. The session gets a new id.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::http::{LocalPath, Query};
use platform::identity::CurrentUser;
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Shell};

use super::security::acting;
use super::{Web, cookies, throttled};
use crate::domain::password::Password;
use crate::domain::return_to::return_to;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::sign_in::Outcome;

/// The address says where to go afterwards.
#[derive(Debug, Deserialize)]
pub(super) struct Target {
    #[serde(default)]
    return_to: Option<String>,
}

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct SudoForm {
    #[serde(default)]
    password: Password,
    #[serde(default)]
    return_to: Option<String>,
}

#[derive(Template)]
#[template(path = "auth/sudo.html")]
struct SudoPage {
    shell: Shell,
    username: String,
    return_to: LocalPath,
    errors: Errors,
}

impl SudoPage {
    fn new(shell: Shell, username: &str, return_to: LocalPath) -> Self {
        let subtitle = shell.t("auth-sudo-text").into_owned();
        Self {
            shell: shell.title("auth-sudo-title").subtitled(subtitle),
            username: username.to_owned(),
            return_to,
            errors: Errors::none(),
        }
    }

    fn refused(mut self, message: String) -> Self {
        self.errors.add("password", message);
        self
    }
}

/// `GET /auth/sudo`
pub(super) async fn show(
    CurrentUser(who): CurrentUser,
    Query(target): Query<Target>,
    shell: Shell,
) -> Response {
    ui::page(SudoPage::new(
        shell,
        &who.username,
        return_to(target.return_to.as_deref()),
    ))
}

/// `POST /auth/sudo`
pub(super) async fn submit(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    shell: Shell,
    CsrfForm(form): CsrfForm<SudoForm>,
) -> Result<Response, Error> {
    let return_to = return_to(form.return_to.as_deref());
    let page = |shell: Shell, message: String| {
        SudoPage::new(shell, &who.username, return_to.clone()).refused(message)
    };
    if form.password.is_empty() {
        let message = shell.t("auth-password-missing").into_owned();
        return Ok(ui::invalid(page(shell, message)));
    }
    let password = form.password.clone();
    match web
        .services
        .sign_in
        .confirm(acting(&who), (password, return_to.clone()), client)
        .await?
    {
        Outcome::Admitted(admitted) => Ok(cookies::admitted(&admitted, &shell, web.secure)),
        Outcome::Refused => {
            let message = shell.t("auth-password-wrong").into_owned();
            Ok(ui::invalid(page(shell, message)))
        }
        Outcome::Limited(wait) => {
            let message = shell.tn("auth-limited", throttled::minutes(wait));
            Ok(throttled::limited(&page(shell, message), wait))
        }
        Outcome::Busy(wait) => {
            let message = shell.t("auth-busy").into_owned();
            Ok(throttled::busy(&page(shell, message), wait))
        }
    }
}
