//! Making the first administrator.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use platform::http::Path;
use serde::Deserialize;
use ui::Shell;
use ui::form::Errors;

use super::choose_password::dead_link;
use super::submitted::Submitted;
use super::{Web, cookies, throttled};
use crate::domain::password::Password;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::set_up::{Outcome, Problems, Request};

/// What the form sends.
#[derive(Default, Deserialize)]
pub(super) struct SetUpForm {
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: Password,
}

#[derive(Template)]
#[template(path = "auth/set_up.html")]
struct SetUpPage {
    shell: Shell,
    form: SetUpForm,
    errors: Errors,
}

impl SetUpPage {
    fn new(shell: Shell, form: SetUpForm) -> Self {
        let subtitle = shell.t("auth-set-up-text").into_owned();
        Self {
            shell: shell.title("auth-set-up-title").subtitled(subtitle),
            form,
            errors: Errors::none(),
        }
    }

    fn saying(mut self, message: String) -> Self {
        self.errors.add_general(message);
        self
    }
}

/// `GET /auth/setup/{token}`
pub(super) async fn show(
    State(web): State<Web>,
    Path(token): Path<String>,
    client: Client,
    shell: Shell,
) -> Result<Response, Error> {
    if !web.services.set_up.is_live(&token, &client).await? {
        return Ok(dead_link(shell));
    }
    Ok(ui::page(SetUpPage::new(shell, SetUpForm::default())))
}

/// `POST /auth/setup/{token}`
pub(super) async fn submit(
    State(web): State<Web>,
    Path(token): Path<String>,
    client: Client,
    shell: Shell,
    submitted: Submitted<SetUpForm>,
) -> Result<Response, Error> {
    let (form, is_genuine) = submitted.into_parts();
    if !is_genuine {
        let message = shell.t("auth-stale").into_owned();
        let page = SetUpPage::new(shell, form).saying(message);
        return Ok(ui::page::render(StatusCode::FORBIDDEN, &page));
    }
    let request = Request {
        token,
        display_name: form.display_name.clone(),
        username: form.username.clone(),
        email: form.email.clone(),
        password: form.password.clone(),
        client,
    };
    let outcome = match web.services.set_up.create(request).await {
        Ok(outcome) => outcome,
        Err(error) => {
            let wait = throttled::away(error)?;
            let message = shell.t("auth-away").into_owned();
            let page = SetUpPage::new(shell, form).saying(message);
            return Ok(throttled::busy(&page, wait));
        }
    };
    match outcome {
        Outcome::Created(admitted) => Ok(cookies::admitted(&admitted, &shell, web.secure)),
        Outcome::Dead => Ok(dead_link(shell)),
        Outcome::Invalid(problems) => {
            let errors = explained(&problems, &shell);
            Ok(ui::invalid(SetUpPage {
                errors,
                ..SetUpPage::new(shell, form)
            }))
        }
        Outcome::Busy(wait) => {
            let message = shell.t("auth-busy").into_owned();
            Ok(throttled::busy(
                &SetUpPage::new(shell, form).saying(message),
                wait,
            ))
        }
    }
}

fn explained(problems: &Problems, shell: &Shell) -> Errors {
    let mut errors = Errors::none();
    if problems.display_name {
        errors.add("display_name", shell.t("auth-display-name-invalid"));
    }
    if problems.username {
        errors.add("username", shell.t("auth-username-invalid"));
    }
    if problems.email {
        errors.add("email", shell.t("auth-email-invalid"));
    }
    if let Some(problem) = problems.password {
        errors.add("password", shell.t(problem.message_key()));
    }
    errors
}
