//! Behind a link of an invitation or a reset: choose a password and come in.

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
pub(super) struct PasswordForm {
    #[serde(default)]
    password: Password,
}

/// What the link is to the person who follows it. It works the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// The first way in.
    Invitation,
    /// A way back in.
    Reset,
}

#[derive(Template)]
#[template(path = "auth/choose_password.html")]
struct ChoosePage {
    shell: Shell,
    subject: Subject,
    /// The browser belongs to somebody else at the moment.
    signed_in_as: Option<String>,
    submit_key: &'static str,
    errors: Errors,
}

impl ChoosePage {
    fn new(link: Link, shell: Shell, subject: Subject) -> Self {
        let signed_in_as = shell
            .principal()
            .filter(|who| who.user_id != subject.user_id.0)
            .map(|who| who.display_name.clone());
        let (shell, submit_key) = match link {
            Link::Invitation => {
                let name = subject.display_name.as_str();
                let title = shell.t1("auth-invitation-title", "name", name);
                let shell = shell.titled(title).subtitled_by("auth-invitation-text");
                (shell, "auth-invitation-submit")
            }
            Link::Reset => {
                let shell = shell.title("auth-reset-title");
                (shell.subtitled_by("auth-reset-text"), "auth-reset-submit")
            }
        };
        Self {
            shell,
            subject,
            signed_in_as,
            submit_key,
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

#[derive(Template)]
#[template(path = "auth/kept_elsewhere.html")]
struct KeptElsewherePage {
    shell: Shell,
    directory: String,
}

/// A directory keeps the password: it is not chosen here.
fn kept_elsewhere(shell: Shell, subject: Subject) -> Response {
    let name = subject.display_name.as_str();
    let title = shell.t1("auth-kept-elsewhere-title", "name", name);
    ui::page(KeptElsewherePage {
        shell: shell.titled(title),
        directory: subject.password_directory,
    })
}

/// The same for links that never were, were used, or are too old: nobody learns which.
pub(super) fn dead_link(shell: Shell) -> Response {
    let shell = shell.title("auth-dead-link-title");
    ui::page::render(StatusCode::GONE, &DeadLinkPage { shell })
}

/// `GET /auth/invitation/{token}`. Uses nothing up.
pub(super) async fn show_invitation(
    State(web): State<Web>,
    Path(token): Path<String>,
    client: Client,
    shell: Shell,
) -> Result<Response, Error> {
    show(&web, (Link::Invitation, &token), &client, shell).await
}

/// `GET /auth/reset/{token}`. Uses nothing up.
pub(super) async fn show_reset(
    State(web): State<Web>,
    Path(token): Path<String>,
    client: Client,
    shell: Shell,
) -> Result<Response, Error> {
    show(&web, (Link::Reset, &token), &client, shell).await
}

/// `POST /auth/invitation/{token}`
pub(super) async fn submit_invitation(
    State(web): State<Web>,
    Path(token): Path<String>,
    from: (Visitor, Client),
    shell: Shell,
    submitted: Submitted<PasswordForm>,
) -> Result<Response, Error> {
    submit(&web, (Link::Invitation, token), from, shell, submitted).await
}

/// `POST /auth/reset/{token}`
pub(super) async fn submit_reset(
    State(web): State<Web>,
    Path(token): Path<String>,
    from: (Visitor, Client),
    shell: Shell,
    submitted: Submitted<PasswordForm>,
) -> Result<Response, Error> {
    submit(&web, (Link::Reset, token), from, shell, submitted).await
}

async fn show(
    web: &Web,
    (link, token): (Link, &str),
    client: &Client,
    shell: Shell,
) -> Result<Response, Error> {
    match web.services.invitations.find(token, client).await? {
        Some(subject) if subject.signs_in_by_directory() => Ok(kept_elsewhere(shell, subject)),
        Some(subject) => Ok(ui::page(ChoosePage::new(link, shell, subject))),
        None => Ok(dead_link(shell)),
    }
}

async fn submit(
    web: &Web,
    (link, token): (Link, String),
    (Visitor(who), client): (Visitor, Client),
    shell: Shell,
    submitted: Submitted<PasswordForm>,
) -> Result<Response, Error> {
    let (form, is_genuine) = submitted.into_parts();
    let invitations = &web.services.invitations;
    if !is_genuine {
        // The page was open for too long, or the form came from elsewhere: nothing is used up.
        let Some(subject) = invitations.find(&token, &client).await? else {
            return Ok(dead_link(shell));
        };
        let message = shell.t("auth-stale").into_owned();
        let page = ChoosePage::new(link, shell, subject).saying("", message);
        return Ok(ui::page::render(StatusCode::FORBIDDEN, &page));
    }
    let acceptance = Acceptance {
        token,
        password: form.password,
        client,
        replaces: who.as_ref().map(acting),
    };
    match invitations.accept(acceptance).await? {
        Outcome::Accepted(admitted) => Ok(cookies::admitted(&admitted, &shell, web.secure)),
        Outcome::Dead => Ok(dead_link(shell)),
        Outcome::KeptElsewhere(subject) => Ok(kept_elsewhere(shell, subject)),
        Outcome::Unacceptable(subject, problem) => {
            let message = shell.t(problem.message_key()).into_owned();
            let page = ChoosePage::new(link, shell, subject).saying("password", message);
            Ok(ui::invalid(page))
        }
        Outcome::Busy(subject, wait) => {
            let message = shell.t("auth-busy").into_owned();
            let page = ChoosePage::new(link, shell, subject).saying("", message);
            Ok(throttled::busy(&page, wait))
        }
    }
}
