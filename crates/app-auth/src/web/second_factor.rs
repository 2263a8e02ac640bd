//! The second step of signing in: a code, or, where somebody has to set one up first, that.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use platform::http::{LocalPath, Path};
use platform::identity::Visitor;
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Shell};

use super::passkeys::AddPage;
use super::security::acting;
use super::totp::{CodesPage, TotpForm, TotpPage};
use super::{Web, cookies, throttled};
use crate::domain::factor::{Requirement, Verdict};
use crate::error::Error;
use crate::service::admission::Admitted;
use crate::service::client::Client;
use crate::service::second_factor::{Answer, Halfway, Outcome};
use crate::service::totp::Confirmed;

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct CodeForm {
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "auth/second_factor.html")]
struct SecondFactorPage {
    shell: Shell,
    /// Address of the flow.
    path: String,
    username: String,
    /// A code from an app or from paper goes on.
    takes_codes: bool,
    /// So does a passkey.
    takes_passkeys: bool,
    return_to: LocalPath,
    errors: Errors,
}

impl SecondFactorPage {
    fn new(shell: Shell, handle: &str, halfway: Halfway) -> Self {
        let standing = halfway.standing;
        // Somebody whose codes cannot help and who has no passkey: the code form says so when it is sent.
        let takes_codes = standing.takes_codes() || !standing.passkeys;
        let text = if standing.passkeys {
            "auth-second-factor-text-passkey"
        } else {
            "auth-second-factor-text"
        };
        let subtitle = shell.t(text).into_owned();
        Self {
            shell: shell.title("auth-second-factor-title").subtitled(subtitle),
            path: path_of(handle),
            username: halfway.subject.username,
            takes_codes,
            takes_passkeys: standing.passkeys,
            return_to: halfway.return_to,
            errors: Errors::none(),
        }
    }

    fn saying(mut self, message: String) -> Self {
        self.errors.add("code", message);
        self
    }
}

pub(super) fn path_of(handle: &str) -> String {
    format!("/auth/sign-in/{handle}")
}

/// The page for whoever is halfway in.
pub(super) async fn page(
    web: &Web,
    shell: Shell,
    handle: &str,
    halfway: Halfway,
) -> Result<Response, Error> {
    match halfway.verdict {
        Verdict::Prove | Verdict::Enough => {
            Ok(ui::page(SecondFactorPage::new(shell, handle, halfway)))
        }
        Verdict::SetUp(Requirement::PhishingResistant) => {
            Ok(ui::page(AddPage::required(shell, &path_of(handle))))
        }
        Verdict::SetUp(_) => {
            let offer = web.services.totp.offer(halfway.subject.user_id).await?;
            let action = format!("{}/totp", path_of(handle));
            let page = TotpPage::new(shell, (action, halfway.subject.username), &offer);
            Ok(ui::page(page.required(web, handle)))
        }
    }
}

/// `GET /auth/sign-in/{handle}/code`: where a reload after a refused code ends up.
pub(super) async fn back(Path(handle): Path<String>) -> Response {
    ui::see_other(&path_of(&handle))
}

/// `POST /auth/sign-in/{handle}/code`
pub(super) async fn submit(
    State(web): State<Web>,
    Path(handle): Path<String>,
    (Visitor(who), client): (Visitor, Client),
    shell: Shell,
    CsrfForm(form): CsrfForm<CodeForm>,
) -> Result<Response, Error> {
    let answer = Answer {
        handle: handle.clone(),
        code: form.code,
        client,
        replaces: who.as_ref().map(acting),
    };
    let (message, wait) = match web.services.second_factor.answer(answer).await? {
        Outcome::Admitted(admitted) => return Ok(cookies::admitted(&admitted, &shell, web.secure)),
        Outcome::Gone => return Ok(ui::see_other(&path_of(&handle))),
        Outcome::Refused => (shell.t("auth-code-wrong").into_owned(), None),
        Outcome::Limited(wait) => {
            let message = shell.tn("auth-limited", throttled::minutes(wait));
            (message, Some(wait))
        }
    };
    let Some(halfway) = web.services.second_factor.halfway(&handle).await? else {
        return Ok(ui::see_other(&path_of(&handle)));
    };
    let page = SecondFactorPage::new(shell, &handle, halfway).saying(message);
    Ok(match wait {
        Some(wait) => throttled::limited(&page, wait),
        None => ui::invalid(page),
    })
}

/// `POST /auth/sign-in/{handle}/totp`: sets one-time passwords up on the way in.
pub(super) async fn set_up(
    State(web): State<Web>,
    Path(handle): Path<String>,
    (Visitor(who), client): (Visitor, Client),
    shell: Shell,
    CsrfForm(form): CsrfForm<TotpForm>,
) -> Result<Response, Error> {
    let halfway = web.services.second_factor.halfway(&handle).await?;
    let Some(halfway) = halfway.filter(|halfway| matches!(halfway.verdict, Verdict::SetUp(_)))
    else {
        return Ok(ui::see_other(&path_of(&handle)));
    };
    let subject = halfway.subject;
    let confirmed = web
        .services
        .totp
        .confirm(subject.user_id, form.parts(), &client)
        .await?;
    let action = format!("{}/totp", path_of(&handle));
    let (offer, key) = match confirmed {
        Confirmed::Refused(offer) => (offer, "auth-code-wrong"),
        Confirmed::Stale(offer) => (offer, "auth-totp-stale"),
        Confirmed::Done(codes) => {
            let replaces = who.as_ref().map(acting);
            let admitted = web
                .services
                .second_factor
                .after_set_up(&handle, &client, replaces)
                .await?;
            return Ok(match admitted {
                Some(admitted @ (Admitted::In(..) | Admitted::InForNow(..))) => {
                    let (path, cookies) = cookies::carried(&admitted, web.secure);
                    (cookies, ui::page(CodesPage::new(shell, &codes, &path))).into_response()
                }
                _ => ui::page(CodesPage::new(shell, &codes, &path_of(&handle))),
            });
        }
    };
    let message = shell.t(key).into_owned();
    let page = TotpPage::new(shell, (action, subject.username), &offer).required(&web, &handle);
    Ok(ui::invalid(page.saying(message)))
}
