//! Another password for one that the directory wants changed before it lets anybody in. What was typed before is not kept:
//! it is typed once more, and counts like at any sign-in.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use platform::http::{LocalPath, Path};
use platform::identity::Visitor;
use serde::Deserialize;
use ui::Shell;
use ui::form::Errors;

use super::refusal::Refusal;
use super::security::acting;
use super::submitted::Submitted;
use super::{Web, cookies, throttled};
use crate::domain::password::Password;
use crate::domain::return_to::return_to;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::flows::Found;
use crate::service::sign_in::{Attempt, Outcome};

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct NewPasswordForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    old_password: Password,
    #[serde(default)]
    new_password: Password,
    #[serde(default)]
    return_to: Option<String>,
    #[serde(default)]
    add: Option<String>,
}

#[derive(Template)]
#[template(path = "auth/new_password.html")]
struct NewPasswordPage {
    shell: Shell,
    login: String,
    return_to: LocalPath,
    adds: bool,
    errors: Errors,
}

impl NewPasswordPage {
    fn new(shell: Shell, login: &str, (return_to, adds): (LocalPath, bool)) -> Self {
        let shell = shell.title("auth-directory-change-title");
        Self {
            shell: shell.subtitled_by("auth-directory-change-text"),
            login: login.to_owned(),
            return_to,
            adds,
            errors: Errors::none(),
        }
    }

    fn saying(mut self, field: &'static str, message: String) -> Self {
        self.errors.add(field, message);
        self
    }
}

/// `GET /auth/sign-in/{handle}/new-password`. The same for every name.
pub(super) async fn show(
    State(web): State<Web>,
    Path(handle): Path<String>,
    shell: Shell,
) -> Result<Response, Error> {
    Ok(match web.services.flows.find(&handle).await? {
        Found::Live(flow) if flow.proof.is_none() => {
            let target = (flow.return_to, flow.adds);
            ui::page(NewPasswordPage::new(shell, &flow.login, target))
        }
        _ => ui::see_other("/auth/sign-in"),
    })
}

/// `POST /auth/sign-in/{handle}/new-password`
pub(super) async fn submit(
    State(web): State<Web>,
    Visitor(who): Visitor,
    client: Client,
    shell: Shell,
    submitted: Submitted<NewPasswordForm>,
) -> Result<Response, Error> {
    let (form, is_genuine) = submitted.into_parts();
    let return_to = return_to(form.return_to.as_deref());
    let adds = form.add.is_some();
    if who.is_some() && !adds {
        return Ok(ui::see_other(return_to.as_str()));
    }
    let target = (return_to.clone(), adds);
    let page = |shell: Shell| NewPasswordPage::new(shell, &form.login, target);
    if !is_genuine {
        let message = shell.t("auth-stale").into_owned();
        let page = page(shell).saying("", message);
        return Ok(ui::page::render(StatusCode::FORBIDDEN, &page));
    }
    if form.old_password.is_empty() {
        let message = shell.t("auth-password-missing").into_owned();
        return Ok(ui::invalid(page(shell).saying("old_password", message)));
    }
    let attempt = Attempt {
        login: form.login.clone(),
        password: form.old_password.clone(),
        client,
        return_to,
        replaces: who.as_ref().map(acting),
    };
    let renewed = web.services.sign_in.renew(attempt, form.new_password);
    let outcome = match renewed.await {
        Ok(outcome) => outcome,
        Err(error) => {
            let wait = throttled::away(error)?;
            let message = shell.t("auth-away").into_owned();
            return Ok(throttled::busy(&page(shell).saying("", message), wait));
        }
    };
    Ok(match outcome {
        Outcome::Admitted(admitted) => cookies::admitted(&admitted, &shell, web.secure),
        refused => {
            let refusal = Refusal::of(refused, &shell, web.services.mail_links.is_offered());
            refusal.answer(|field, message| page(shell).saying(field, message))
        }
    })
}
