//! The way in for the day nothing else works, and the codes that are printed for it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;
use platform::identity::{CurrentUser, Visitor};
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Shell};
use zeroize::Zeroizing;

use super::security::acting;
use super::sign_out::Nothing;
use super::submitted::Submitted;
use super::{Web, cookies, throttled};
use crate::domain::break_glass::BreakGlassCode;
use crate::error::Error;
use crate::service::break_glass::{Attempt, Outcome};
use crate::service::client::Client;

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct CodeForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "auth/break_glass.html")]
struct EntryPage {
    shell: Shell,
    login: String,
    errors: Errors,
}

impl EntryPage {
    fn new(shell: Shell, login: &str) -> Self {
        Self {
            shell: shell
                .title("auth-break-glass-title")
                .subtitled_by("auth-break-glass-text"),
            login: login.to_owned(),
            errors: Errors::none(),
        }
    }

    fn saying(mut self, field: &'static str, message: String) -> Self {
        self.errors.add(field, message);
        self
    }
}

/// The sheet to print, shown once.
#[derive(Template)]
#[template(path = "auth/break_glass_codes.html")]
struct SheetPage {
    shell: Shell,
    username: String,
    /// Where they are typed.
    address: String,
    made_at: Timestamp,
    codes: Vec<Zeroizing<String>>,
}

/// `GET /auth/break-glass`
pub(super) async fn show(shell: Shell) -> Response {
    ui::page(EntryPage::new(shell, ""))
}

/// `POST /auth/break-glass`
pub(super) async fn submit(
    State(web): State<Web>,
    (Visitor(who), client): (Visitor, Client),
    shell: Shell,
    submitted: Submitted<CodeForm>,
) -> Result<Response, Error> {
    let (form, is_genuine) = submitted.into_parts();
    let page = |shell| EntryPage::new(shell, &form.login);
    if !is_genuine {
        let message = shell.t("auth-stale").into_owned();
        let page = page(shell).saying("", message);
        return Ok(ui::page::render(StatusCode::FORBIDDEN, &page));
    }
    if form.login.trim().is_empty() {
        let message = shell.t("auth-login-missing").into_owned();
        return Ok(ui::invalid(page(shell).saying("login", message)));
    }
    let attempt = Attempt {
        login: form.login.clone(),
        code: form.code.clone(),
        client,
        replaces: who.as_ref().map(acting),
    };
    let outcome = match web.services.break_glass.enter(attempt).await {
        Ok(outcome) => outcome,
        Err(error) => {
            let wait = throttled::away(error)?;
            let message = shell.t("auth-away").into_owned();
            return Ok(throttled::busy(&page(shell).saying("", message), wait));
        }
    };
    match outcome {
        Outcome::Admitted(admitted) => Ok(cookies::admitted(&admitted, &shell, web.secure)),
        Outcome::Refused => {
            let message = shell.t("auth-break-glass-refused").into_owned();
            Ok(ui::invalid(page(shell).saying("code", message)))
        }
        Outcome::Limited(wait) => {
            let message = shell.tn("auth-limited", throttled::minutes(wait));
            Ok(throttled::limited(&page(shell).saying("", message), wait))
        }
    }
}

/// `POST /auth/security/break-glass`: new codes for an administrator.
pub(super) async fn make(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    shell: Shell,
    _: CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let codes = web.services.break_glass.make(acting(&who), &client).await?;
    Ok(ui::page(SheetPage {
        shell: shell.title("auth-break-glass-sheet"),
        username: who.username,
        address: web.services.mailer.address("/auth/break-glass"),
        made_at: web.services.core.clock.now(),
        codes: codes.iter().map(BreakGlassCode::text).collect(),
    }))
}
