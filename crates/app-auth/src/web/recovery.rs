//! Forgot your password? A link by mail.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use ui::Shell;
use ui::form::Errors;

use super::submitted::Submitted;
use super::{Web, throttled};
use crate::error::Error;
use crate::service::client::Client;
use crate::service::recovery::Asked;

/// What the form sends.
#[derive(Default, Deserialize)]
pub(super) struct LoginForm {
    #[serde(default)]
    login: String,
}

#[derive(Template)]
#[template(path = "auth/forgotten.html")]
struct ForgottenPage {
    shell: Shell,
    login: String,
    /// No mail can be sent: people have to ask an administrator.
    is_offered: bool,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "auth/forgotten_sent.html")]
struct SentPage {
    shell: Shell,
}

impl ForgottenPage {
    fn new(web: &Web, shell: Shell, login: &str) -> Self {
        Self {
            shell: shell.title("auth-forgotten-title"),
            login: login.to_owned(),
            is_offered: web.services.recovery.is_offered(),
            errors: Errors::none(),
        }
    }

    fn saying(mut self, field: &'static str, message: String) -> Self {
        self.errors.add(field, message);
        self
    }
}

/// `GET /auth/forgotten`
pub(super) async fn show(State(web): State<Web>, shell: Shell) -> Response {
    ui::page(ForgottenPage::new(&web, shell, ""))
}

/// `POST /auth/forgotten`. Answered the same for every name; a page that was open too long is shown again with what
/// was typed.
pub(super) async fn submit(
    State(web): State<Web>,
    client: Client,
    shell: Shell,
    submitted: Submitted<LoginForm>,
) -> Result<Response, Error> {
    let (form, is_genuine) = submitted.into_parts();
    if !is_genuine {
        let message = shell.t("auth-stale").into_owned();
        let page = ForgottenPage::new(&web, shell, &form.login).saying("", message);
        return Ok(ui::page::render(StatusCode::FORBIDDEN, &page));
    }
    if form.login.trim().is_empty() {
        let message = shell.t("auth-login-missing").into_owned();
        let page = ForgottenPage::new(&web, shell, "").saying("login", message);
        return Ok(ui::invalid(page));
    }
    let language = shell.language();
    match web
        .services
        .recovery
        .ask(&form.login, language, &client)
        .await
    {
        Ok(Asked::Noted) => Ok(ui::see_other("/auth/forgotten/sent")),
        Ok(Asked::Limited(wait)) => {
            let message = shell.tn("auth-limited", throttled::minutes(wait));
            let page = ForgottenPage::new(&web, shell, &form.login).saying("", message);
            Ok(throttled::limited(&page, wait))
        }
        Err(error) => {
            let wait = throttled::away(error)?;
            let message = shell.t("auth-away").into_owned();
            let page = ForgottenPage::new(&web, shell, &form.login).saying("", message);
            Ok(throttled::busy(&page, wait))
        }
    }
}

/// `GET /auth/forgotten/sent`
pub(super) async fn sent(shell: Shell) -> Response {
    let shell = shell.title("auth-forgotten-sent-title");
    ui::page(SentPage { shell })
}
