//! The page everybody knows, second half: prove it. Named by the handle in the address, one for each tab.
//!
//! Never a dead end: a page that waited too long begins afresh with what was typed.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use platform::http::{LocalPath, Path};
use platform::identity::Visitor;
use serde::Deserialize;
use ui::Shell;
use ui::form::Errors;

use super::security::acting;
use super::sign_in::path_of;
use super::submitted::Submitted;
use super::{Web, cookies, second_factor, throttled};
use crate::domain::factor::Way;
use crate::domain::flow::Flow;
use crate::domain::password::Password;
use crate::domain::return_to::return_to;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::flows::Found;
use crate::service::sign_in::{Attempt, Outcome};
use crate::web::refusal::Refusal;

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct PasswordForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: Password,
    #[serde(default)]
    return_to: Option<String>,
    #[serde(default)]
    add: Option<String>,
    /// The browser says that it could keep a passkey. Only a hint: it is offered one then.
    #[serde(default, deserialize_with = "ui::form::checked")]
    could_have_passkey: bool,
}

#[derive(Template)]
#[template(path = "auth/sign_in_ways.html")]
struct WaysPage {
    shell: Shell,
    /// What the form is sent to.
    path: String,
    login: String,
    return_to: LocalPath,
    ways: Vec<Way>,
    /// For a further account.
    adds: bool,
    errors: Errors,
}

impl WaysPage {
    fn new(web: &Web, shell: Shell, path: String, (login, return_to): (String, LocalPath)) -> Self {
        let services = &web.services;
        Self {
            shell: shell.title("auth-sign-in-title"),
            path,
            login,
            return_to,
            ways: Way::offered(
                services.mail_links.is_offered(),
                services.passkeys.are_possible(),
            ),
            adds: false,
            errors: Errors::none(),
        }
    }

    fn adding(mut self, adds: bool) -> Self {
        self.adds = adds;
        self
    }

    fn saying(mut self, field: &'static str, message: String) -> Self {
        self.errors.add(field, message);
        self
    }

    fn offers(&self, way: Way) -> bool {
        self.ways.contains(&way)
    }
}

/// `GET /auth/sign-in/{handle}`
pub(super) async fn show(
    State(web): State<Web>,
    Path(handle): Path<String>,
    (Visitor(who), client): (Visitor, Client),
    shell: Shell,
) -> Result<Response, Error> {
    let flow = match web.services.flows.find(&handle).await? {
        Found::Unknown => return Ok(ui::see_other("/auth/sign-in")),
        Found::Late(flow) | Found::Live(flow)
            if who.is_some() && flow.proof.is_none() && !flow.adds =>
        {
            return Ok(ui::see_other(flow.return_to.as_str()));
        }
        Found::Late(flow) => return afresh(&web, &flow, &client).await,
        Found::Live(flow) => flow,
    };
    if flow.proof.is_some() {
        return match web.services.second_factor.halfway(&handle).await? {
            Some(halfway) => second_factor::page(&web, shell, &handle, halfway).await,
            None => Ok(ui::see_other("/auth/sign-in")),
        };
    }
    let path = shell.path().to_owned();
    let page = WaysPage::new(&web, shell, path, (flow.login, flow.return_to));
    Ok(ui::page(page.adding(flow.adds)))
}

/// A new flow with what was typed.
async fn afresh(web: &Web, late: &Flow, client: &Client) -> Result<Response, Error> {
    let begun = web
        .services
        .flows
        .begin(&late.login, (late.return_to.clone(), late.adds), client)
        .await;
    Ok(ui::see_other(&path_of(&begun?)))
}

/// `POST /auth/sign-in/{handle}`: the password. Everything that matters is in the form, so that it makes no
/// difference how long the page was open.
pub(super) async fn password(
    State(web): State<Web>,
    Visitor(who): Visitor,
    client: Client,
    shell: Shell,
    submitted: Submitted<PasswordForm>,
) -> Result<Response, Error> {
    let (form, is_genuine) = submitted.into_parts();
    let return_to = return_to(form.return_to.as_deref());
    let adds = form.add.is_some();
    if who.is_some() && !adds {
        // A tab that was left open while its owner signed in elsewhere: it simply goes on.
        return Ok(ui::see_other(return_to.as_str()));
    }
    let path = shell.path().to_owned();
    let typed = (form.login.clone(), return_to.clone());
    let page = |shell: Shell| WaysPage::new(&web, shell, path, typed).adding(adds);
    if !is_genuine {
        let message = shell.t("auth-stale").into_owned();
        let page = page(shell).saying("", message);
        return Ok(ui::page::render(StatusCode::FORBIDDEN, &page));
    }
    if form.password.is_empty() {
        let message = shell.t("auth-password-missing").into_owned();
        return Ok(ui::invalid(page(shell).saying("password", message)));
    }
    let attempt = Attempt {
        login: form.login.clone(),
        password: form.password.clone(),
        client,
        return_to: return_to.clone(),
        replaces: who.as_ref().map(acting),
    };
    let outcome = match web.services.sign_in.attempt(attempt).await {
        Ok(outcome) => outcome,
        Err(error) => {
            let wait = throttled::away(error)?;
            let message = shell.t("auth-away").into_owned();
            return Ok(throttled::busy(&page(shell).saying("", message), wait));
        }
    };
    match outcome {
        Outcome::Admitted(admitted) if form.could_have_passkey => {
            Ok(cookies::admitted_by_password(&admitted, &shell, web.secure))
        }
        Outcome::Admitted(admitted) => Ok(cookies::admitted(&admitted, &shell, web.secure)),
        Outcome::MustChange => Ok(ui::see_other(&format!("{}/new-password", shell.path()))),
        refused => {
            let refusal = Refusal::of(refused, &shell, web.services.mail_links.is_offered());
            Ok(refusal.answer(|field, message| page(shell).saying(field, message)))
        }
    }
}
