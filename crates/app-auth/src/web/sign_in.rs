//! The page everybody knows, first half: who are you? Whatever is typed, the answer is the same.

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
use crate::domain::return_to::return_to;
use crate::domain::token::Token;
use crate::error::Error;
use crate::service::client::Client;

/// The address may say where to go afterwards.
#[derive(Debug, Deserialize)]
pub(super) struct Target {
    #[serde(default)]
    return_to: Option<String>,
    /// Somebody who is signed in wants to be with a further account.
    #[serde(default)]
    add: Option<String>,
}

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct LoginForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    return_to: Option<String>,
    #[serde(default)]
    remember: Option<String>,
    #[serde(default)]
    add: Option<String>,
}

/// What somebody chose beside the name.
#[derive(Debug, Clone, Copy, Default)]
struct Choices {
    /// This device is to be remembered.
    remember: bool,
    /// A further account signs in.
    add: bool,
}

/// Where app-accounts lets strangers ask for an account.
const REGISTER: &str = "/app/accounts/register";

#[derive(Template)]
#[template(path = "auth/sign_in.html")]
struct SignInPage {
    shell: Shell,
    login: String,
    return_to: LocalPath,
    /// Nobody can sign in yet.
    is_empty: bool,
    choices: Choices,
    /// Other accounts wait in this browser.
    others: bool,
    /// There can be passkeys here.
    offers_passkeys: bool,
    /// Where strangers ask for an account, if they may.
    register: Option<&'static str>,
    errors: Errors,
}

impl SignInPage {
    fn new(web: &Web, shell: Shell, (login, return_to): (&str, LocalPath)) -> Self {
        Self {
            offers_passkeys: web.services.passkeys.are_possible(),
            shell: shell.title("auth-sign-in-title"),
            login: login.to_owned(),
            return_to,
            is_empty: false,
            choices: Choices::default(),
            others: false,
            register: web.services.sign_in.offers_account().then_some(REGISTER),
            errors: Errors::none(),
        }
    }

    fn choosing(mut self, choices: Choices, client: &Client) -> Self {
        self.choices = choices;
        self.others = !client.others.is_empty();
        self
    }

    fn saying(mut self, field: &'static str, message: String) -> Self {
        self.errors.add(field, message);
        self
    }
}

/// Where a flow goes on.
pub(super) fn path_of(handle: &Token) -> String {
    format!("/auth/sign-in/{}", *handle.text())
}

/// `GET /auth/sign-in`
pub(super) async fn show(
    State(web): State<Web>,
    Visitor(who): Visitor,
    Query(target): Query<Target>,
    client: Client,
    shell: Shell,
) -> Response {
    let return_to = return_to(target.return_to.as_deref());
    let choices = Choices {
        remember: client.remember,
        add: target.add.is_some(),
    };
    if who.is_some() && !choices.add {
        return ui::see_other(return_to.as_str());
    }
    let page = SignInPage::new(&web, shell, ("", return_to));
    let mut page = page.choosing(choices, &client);
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
    submitted: Submitted<LoginForm>,
) -> Result<Response, Error> {
    let (form, is_genuine) = submitted.into_parts();
    let return_to = return_to(form.return_to.as_deref());
    let choices = Choices {
        remember: form.remember.is_some(),
        add: form.add.is_some(),
    };
    if who.is_some() && !choices.add {
        // A tab that was left open while its owner signed in elsewhere: it simply goes on.
        return Ok(ui::see_other(return_to.as_str()));
    }
    let page = |shell: Shell| {
        SignInPage::new(&web, shell, (&form.login, return_to.clone())).choosing(choices, &client)
    };
    if !is_genuine {
        let message = shell.t("auth-stale").into_owned();
        let page = page(shell).saying("", message);
        return Ok(ui::page::render(StatusCode::FORBIDDEN, &page));
    }
    if form.login.trim().is_empty() {
        let message = shell.t("auth-login-missing").into_owned();
        let page = page(shell).saying("login", message);
        return Ok(ui::invalid(page));
    }
    match web
        .services
        .flows
        .begin(&form.login, (return_to.clone(), choices.add), &client)
        .await
    {
        Ok(handle) => {
            let mut response = ui::see_other(&path_of(&handle));
            cookies::keep_remembering(response.headers_mut(), choices.remember, web.secure);
            Ok(response)
        }
        Err(Error::Limited(wait)) => {
            let message = shell.tn("auth-limited", throttled::minutes(wait));
            let page = page(shell).saying("", message);
            Ok(throttled::limited(&page, wait))
        }
        Err(error) => {
            let wait = throttled::away(error)?;
            let message = shell.t("auth-away").into_owned();
            Ok(throttled::busy(&page(shell).saying("", message), wait))
        }
    }
}
