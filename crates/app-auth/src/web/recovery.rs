//! Forgot your password? A link by mail, and the page behind it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use platform::http::Path;
use platform::identity::Visitor;
use serde::Deserialize;
use ui::Shell;
use ui::form::Errors;

use super::invitation::dead_link;
use super::security::acting;
use super::submitted::Submitted;
use super::{Web, cookies, throttled};
use crate::domain::password::Password;
use crate::domain::subject::Subject;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::invitations::{Acceptance, Outcome};
use crate::service::recovery::Asked;

/// What the first form sends.
#[derive(Default, Deserialize)]
pub(super) struct LoginForm {
    #[serde(default)]
    login: String,
}

/// What the second form sends.
#[derive(Deserialize)]
pub(super) struct PasswordForm {
    #[serde(default)]
    password: Password,
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

#[derive(Template)]
#[template(path = "auth/reset.html")]
struct ResetPage {
    shell: Shell,
    subject: Subject,
    errors: Errors,
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

impl ResetPage {
    fn new(shell: Shell, subject: Subject) -> Self {
        Self {
            shell: shell
                .title("auth-reset-title")
                .subtitled_by("auth-reset-text"),
            subject,
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
    let (form, is_genuine) = match submitted {
        Submitted::Genuine(form) => (form, true),
        Submitted::Doubtful(form) => (form, false),
    };
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
        .await?
    {
        Asked::Noted => Ok(ui::see_other("/auth/forgotten/sent")),
        Asked::Limited(wait) => {
            let message = shell.tn("auth-limited", throttled::minutes(wait));
            let page = ForgottenPage::new(&web, shell, &form.login).saying("", message);
            Ok(throttled::limited(&page, wait))
        }
    }
}

/// `GET /auth/forgotten/sent`
pub(super) async fn sent(shell: Shell) -> Response {
    let shell = shell.title("auth-forgotten-sent-title");
    ui::page(SentPage { shell })
}

/// `GET /auth/reset/{token}`. Uses nothing up.
pub(super) async fn choose(
    State(web): State<Web>,
    Path(token): Path<String>,
    client: Client,
    shell: Shell,
) -> Result<Response, Error> {
    match web.services.invitations.find(&token, &client).await? {
        Some(subject) => Ok(ui::page(ResetPage::new(shell, subject))),
        None => Ok(dead_link(shell)),
    }
}

/// `POST /auth/reset/{token}`
pub(super) async fn reset(
    State(web): State<Web>,
    Path(token): Path<String>,
    (Visitor(who), client): (Visitor, Client),
    shell: Shell,
    submitted: Submitted<PasswordForm>,
) -> Result<Response, Error> {
    let form = match submitted {
        Submitted::Genuine(form) => form,
        Submitted::Doubtful(_) => {
            let found = web.services.invitations.find(&token, &client).await?;
            let Some(subject) = found else {
                return Ok(dead_link(shell));
            };
            let message = shell.t("auth-stale").into_owned();
            let page = ResetPage::new(shell, subject).saying("", message);
            return Ok(ui::page::render(StatusCode::FORBIDDEN, &page));
        }
    };
    let acceptance = Acceptance {
        token,
        password: form.password,
        client,
        replaces: who.as_ref().map(acting),
    };
    match web.services.invitations.accept(acceptance).await? {
        Outcome::Accepted(admitted) => Ok(cookies::admitted(&admitted, &shell, web.secure)),
        Outcome::Dead => Ok(dead_link(shell)),
        Outcome::Unacceptable(subject, problem) => {
            let message = shell.t(problem.message_key()).into_owned();
            let page = ResetPage::new(shell, subject).saying("password", message);
            Ok(ui::invalid(page))
        }
        Outcome::Busy(subject, wait) => {
            let message = shell.t("auth-busy").into_owned();
            let page = ResetPage::new(shell, subject).saying("", message);
            Ok(throttled::busy(&page, wait))
        }
    }
}
