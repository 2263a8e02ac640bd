//! The page everybody knows: who are you, and what is your password.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use platform::http::{LocalPath, Query};
use platform::identity::Visitor;
use serde::Deserialize;
use ui::Shell;
use ui::form::Errors;

use super::submitted::Submitted;
use super::{Web, cookies, throttled};
use crate::domain::password::Password;
use crate::domain::return_to::return_to;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::sign_in::{Attempt, Outcome};

/// The address may say where to go afterwards.
#[derive(Debug, Deserialize)]
pub(super) struct Target {
    #[serde(default)]
    return_to: Option<String>,
}

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct SignInForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: Password,
    #[serde(default)]
    return_to: Option<String>,
}

#[derive(Template)]
#[template(path = "auth/sign_in.html")]
struct SignInPage {
    shell: Shell,
    login: String,
    return_to: LocalPath,
    /// Nobody can sign in yet.
    is_empty: bool,
    errors: Errors,
}

impl SignInPage {
    fn new(shell: Shell, return_to: LocalPath) -> Self {
        Self {
            shell: shell.title("auth-sign-in-title"),
            login: String::new(),
            return_to,
            is_empty: false,
            errors: Errors::none(),
        }
    }

    fn again(shell: Shell, form: SignInForm, return_to: LocalPath) -> Self {
        Self {
            login: form.login,
            ..Self::new(shell, return_to)
        }
    }

    fn saying(mut self, message: String) -> Self {
        self.errors.add_general(message);
        self
    }
}

/// `GET /auth/sign-in`
pub(super) async fn show(
    State(web): State<Web>,
    Visitor(who): Visitor,
    Query(target): Query<Target>,
    shell: Shell,
) -> Response {
    let return_to = return_to(target.return_to.as_deref());
    if who.is_some() {
        return ui::see_other(return_to.as_str());
    }
    let mut page = SignInPage::new(shell, return_to);
    // Only a hint: when it cannot be told, the page is as useful as ever.
    page.is_empty = matches!(web.services.sign_in.is_set_up().await, Ok(false));
    ui::page(page)
}

/// `POST /auth/sign-in`
pub(super) async fn submit(
    State(web): State<Web>,
    Visitor(who): Visitor,
    client: Client,
    shell: Shell,
    submitted: Submitted<SignInForm>,
) -> Result<Response, Error> {
    let (form, genuine) = match submitted {
        Submitted::Genuine(form) => (form, true),
        Submitted::Doubtful(form) => (form, false),
    };
    let return_to = return_to(form.return_to.as_deref());
    if who.is_some() {
        // A tab that was left open while its owner signed in elsewhere: it simply goes on.
        return Ok(ui::see_other(return_to.as_str()));
    }
    if !genuine {
        let message = shell.t("auth-stale").into_owned();
        let page = SignInPage::again(shell, form, return_to).saying(message);
        return Ok(ui::page::render(StatusCode::FORBIDDEN, &page));
    }
    let missing = missing(&form, &shell);
    if !missing.is_empty() {
        let page = SignInPage {
            errors: missing,
            ..SignInPage::again(shell, form, return_to)
        };
        return Ok(ui::invalid(page));
    }
    let attempt = Attempt {
        login: form.login.clone(),
        password: form.password.clone(),
        client,
        replaces: None,
    };
    match web.services.sign_in.attempt(attempt).await? {
        Outcome::SignedIn(opened) => Ok(cookies::signed_in(&opened, &return_to, web.secure)),
        Outcome::Refused => {
            let message = shell.t("auth-refused").into_owned();
            Ok(ui::invalid(
                SignInPage::again(shell, form, return_to).saying(message),
            ))
        }
        Outcome::Limited(wait) => {
            let message = shell.tn("auth-limited", throttled::minutes(wait));
            Ok(throttled::limited(
                &SignInPage::again(shell, form, return_to).saying(message),
                wait,
            ))
        }
        Outcome::Busy(wait) => {
            let message = shell.t("auth-busy").into_owned();
            Ok(throttled::busy(
                &SignInPage::again(shell, form, return_to).saying(message),
                wait,
            ))
        }
    }
}

fn missing(form: &SignInForm, shell: &Shell) -> Errors {
    let mut errors = Errors::none();
    if form.login.trim().is_empty() {
        errors.add("login", shell.t("auth-login-missing"));
    }
    if form.password.is_empty() {
        errors.add("password", shell.t("auth-password-missing"));
    }
    errors
}
