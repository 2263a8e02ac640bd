//! Behind an invitation or reset link: choose a password and come in.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use platform::http::Path;
use platform::identity::Visitor;
use serde::Deserialize;
use ui::Shell;
use ui::form::Errors;

use super::security::acting;
use super::submitted::Submitted;
use super::{Web, cookies, throttled};
use crate::domain::password::Password;
use crate::domain::subject::Subject;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::invitations::{Acceptance, Outcome};

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct InvitationForm {
    #[serde(default)]
    password: Password,
}

#[derive(Template)]
#[template(path = "auth/invitation.html")]
struct InvitationPage {
    shell: Shell,
    subject: Subject,
    /// The browser belongs to somebody else at the moment.
    signed_in_as: Option<String>,
    errors: Errors,
}

impl InvitationPage {
    fn new(shell: Shell, subject: Subject) -> Self {
        let subtitle = shell.t("auth-invitation-text").into_owned();
        let title = shell.t1(
            "auth-invitation-title",
            "name",
            subject.display_name.as_str(),
        );
        let signed_in_as = shell
            .principal()
            .filter(|who| who.user_id != subject.user_id.0)
            .map(|who| who.display_name.clone());
        Self {
            shell: shell.titled(title).subtitled(subtitle),
            subject,
            signed_in_as,
            errors: Errors::none(),
        }
    }

    fn saying(mut self, field: &'static str, message: String) -> Self {
        self.errors.add(field, message);
        self
    }
}

#[derive(Template)]
#[template(path = "auth/dead_link.html")]
struct DeadLinkPage {
    shell: Shell,
}

/// The same for links that never were, were used, or are too old: nobody learns which.
pub(super) fn dead_link(shell: Shell) -> Response {
    let shell = shell.title("auth-dead-link-title");
    ui::page::render(StatusCode::GONE, &DeadLinkPage { shell })
}

/// `GET /auth/invitation/{token}`. Uses nothing up.
pub(super) async fn show(
    State(web): State<Web>,
    Path(token): Path<String>,
    client: Client,
    shell: Shell,
) -> Result<Response, Error> {
    match web.services.invitations.find(&token, &client).await? {
        Some(subject) => Ok(ui::page(InvitationPage::new(shell, subject))),
        None => Ok(dead_link(shell)),
    }
}

/// `POST /auth/invitation/{token}`
pub(super) async fn submit(
    State(web): State<Web>,
    Path(token): Path<String>,
    (Visitor(who), client): (Visitor, Client),
    shell: Shell,
    submitted: Submitted<InvitationForm>,
) -> Result<Response, Error> {
    let form = match submitted {
        Submitted::Genuine(form) => form,
        Submitted::Doubtful(_) => return stale(&web, &token, &client, shell).await,
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
            Ok(ui::invalid(
                InvitationPage::new(shell, subject).saying("password", message),
            ))
        }
        Outcome::Busy(subject, wait) => {
            let message = shell.t("auth-busy").into_owned();
            Ok(throttled::busy(
                &InvitationPage::new(shell, subject).saying("", message),
                wait,
            ))
        }
    }
}

/// The page was open for too long, or the form came from elsewhere: the page again, nothing used up.
async fn stale(web: &Web, token: &str, client: &Client, shell: Shell) -> Result<Response, Error> {
    let Some(subject) = web.services.invitations.find(token, client).await? else {
        return Ok(dead_link(shell));
    };
    let message = shell.t("auth-stale").into_owned();
    let page = InvitationPage::new(shell, subject).saying("", message);
    Ok(ui::page::render(StatusCode::FORBIDDEN, &page))
}
