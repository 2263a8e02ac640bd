//! `/admin/auth/people/{id}/reset`: starting a reset for somebody. There is no field for a password.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use platform::http::Path;
use platform::identity::CurrentUser;
use serde::Deserialize;
use ui::form::Errors;
use ui::{Choice, CsrfForm, Flash, Shell};
use uuid::Uuid;

use super::audit;
use crate::domain::subject::{Subject, UserId};
use crate::error::Error;
use crate::service::client::Client;
use crate::service::resets::{Delivery, Request, Started};
use crate::web::Web;
use crate::web::security::acting;

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(super) struct ResetForm {
    #[serde(default)]
    delivery: String,
}

#[derive(Template)]
#[template(path = "auth/admin/reset.html")]
struct ResetPage {
    shell: Shell,
    ways: Vec<Choice>,
    /// Name of the directory that keeps the password; empty when it is kept here.
    directory: String,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "auth/admin/reset_link.html")]
struct LinkPage {
    shell: Shell,
    address: String,
    name: String,
    expires_at: Timestamp,
}

impl ResetPage {
    fn new(shell: Shell, subject: &Subject) -> Self {
        let ways = [
            ("mail", "auth-reset-by-mail"),
            ("link", "auth-reset-by-link"),
        ];
        let ways = ways.map(|(value, key)| Choice::new(value, shell.t(key)));
        let title = shell.t1("auth-reset-for", "name", subject.display_name.as_str());
        Self {
            ways: ways.into(),
            directory: subject.password_directory.clone(),
            shell: shell.titled(title).subtitled_by("auth-reset-for-text"),
            errors: Errors::none(),
        }
    }
}

fn path_of(id: Uuid) -> String {
    format!("/admin/auth/people/{id}/reset")
}

/// `GET /admin/auth/people/{id}/reset`
pub(super) async fn show(
    State(web): State<Web>,
    Path(id): Path<Uuid>,
    shell: Shell,
) -> Result<Response, Error> {
    let subject = web.services.resets.person(UserId(id)).await?;
    Ok(ui::page(ResetPage::new(shell, &subject)))
}

/// `POST /admin/auth/people/{id}/reset`
pub(super) async fn start(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    (Path(id), client): (Path<Uuid>, Client),
    shell: Shell,
    CsrfForm(form): CsrfForm<ResetForm>,
) -> Result<Response, Error> {
    let subject = web.services.resets.person(UserId(id)).await?;
    let delivery = match form.delivery.as_str() {
        "mail" => Delivery::Mail,
        "link" => Delivery::Shown,
        _ => {
            let message = shell.t("auth-reset-how-missing").into_owned();
            let mut page = ResetPage::new(shell, &subject);
            page.errors.add("delivery", message);
            return Ok(ui::invalid(page));
        }
    };
    let request = Request {
        user_id: UserId(id),
        started_by: Some(acting(&who).user_id),
        delivery,
    };
    let audit = audit("recovery.start", &who, &client);
    match web.services.resets.start(&request, audit).await? {
        Started::Mailed => {
            let done = ui::flash(Flash::success(shell.t("auth-reset-mailed")));
            Ok((done, ui::see_other(&path_of(id))).into_response())
        }
        Started::Link(token, expires_at) => {
            let path = format!("/auth/reset/{}", *token.text());
            let title = shell.t1("auth-reset-for", "name", subject.display_name.as_str());
            Ok(ui::page(LinkPage {
                address: web.services.mailer.address(&path),
                shell: shell.titled(title).narrow(),
                name: subject.display_name,
                expires_at,
            }))
        }
        Started::KeptElsewhere(directory) => {
            let message = shell.t1("auth-reset-elsewhere", "directory", directory.as_str());
            let mut page = ResetPage::new(shell, &subject);
            page.errors.add("", message);
            Ok(ui::invalid(page))
        }
        Started::NoMail => {
            let message = shell.t("auth-reset-no-mail").into_owned();
            let mut page = ResetPage::new(shell, &subject);
            page.errors.add("delivery", message);
            Ok(ui::invalid(page))
        }
    }
}
