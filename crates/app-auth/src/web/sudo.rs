//! "Is it still you?": asks for the password again before an act that matters. The session gets a new id.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use platform::access::HELD_FORMS;
use platform::http::{LocalPath, Query};
use platform::identity::{CurrentUser, Principal};
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell};

use super::security::acting;
use super::{Web, cookies, throttled};
use crate::domain::password::Password;
use crate::domain::return_to::return_to;
use crate::domain::subject::UserId;
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
    /// There is a passkey to confirm with.
    has_passkeys: bool,
    errors: Errors,
}

impl SudoPage {
    async fn of(
        web: &Web,
        shell: Shell,
        (who, return_to): (&Principal, LocalPath),
    ) -> Result<Self, Error> {
        let passkeys = web.services.passkeys.list(UserId(who.user_id)).await?;
        let text = if return_to.as_str().starts_with(HELD_FORMS) {
            "auth-sudo-held-text"
        } else {
            "auth-sudo-text"
        };
        Ok(Self {
            shell: shell.title("auth-sudo-title").subtitled_by(text),
            username: who.username.clone(),
            return_to,
            has_passkeys: !passkeys.is_empty() && web.services.passkeys.are_possible(),
            errors: Errors::none(),
        })
    }

    fn refused(mut self, message: String) -> Self {
        self.errors.add("password", message);
        self
    }
}

/// `GET /auth/sudo`
pub(super) async fn show(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    Query(target): Query<Target>,
    shell: Shell,
) -> Result<Response, Error> {
    let return_to = return_to(target.return_to.as_deref());
    Ok(ui::page(
        SudoPage::of(&web, shell, (&who, return_to)).await?,
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
    if form.password.is_empty() {
        let message = shell.t("auth-password-missing").into_owned();
        let page = SudoPage::of(&web, shell, (&who, return_to)).await?;
        return Ok(ui::invalid(page.refused(message)));
    }
    let password = form.password.clone();
    let outcome = web
        .services
        .sign_in
        .confirm(acting(&who), (password, return_to.clone()), client)
        .await?;
    let (message, wait, is_busy) = match outcome {
        Outcome::Admitted(admitted) => return Ok(cookies::admitted(&admitted, &shell, web.secure)),
        Outcome::Refused => (shell.t("auth-password-wrong").into_owned(), None, false),
        // Nothing else can be proven with it: it is changed where that asks for no more.
        Outcome::MustChange => {
            let flash = ui::flash(Flash::danger(shell.t("auth-directory-change")));
            return Ok((flash, ui::see_other("/auth/security")).into_response());
        }
        Outcome::Expired(_) | Outcome::NotTaken(_) | Outcome::Unacceptable(_) => {
            (shell.t("auth-directory-closed").into_owned(), None, false)
        }
        Outcome::RefusedOrAway => {
            let message = shell.t("auth-refused-or-away").into_owned();
            (message, Some(throttled::AWAY_RETRY), true)
        }
        Outcome::Limited(wait) => {
            let message = shell.tn("auth-limited", throttled::minutes(wait));
            (message, Some(wait), false)
        }
        Outcome::Busy(wait) => (shell.t("auth-busy").into_owned(), Some(wait), true),
    };
    let page = SudoPage::of(&web, shell, (&who, return_to)).await?;
    let page = page.refused(message);
    Ok(match wait {
        None => ui::invalid(page),
        Some(wait) if is_busy => throttled::busy(&page, wait),
        Some(wait) => throttled::limited(&page, wait),
    })
}
