//! The folder that stands in for a mail server in development, to follow links from. It shows whole mails, so it is
//! there only where `cloud up` runs for a developer.

use axum::extract::State;
use axum::response::Response;
use ui::Shell;

use super::MAIL;
use crate::Notifications;
use crate::error::Error;
use crate::service::mail::outbox::OutboxMail;

#[derive(askama::Template)]
#[template(path = "notifications/admin/outbox.html")]
struct OutboxPage {
    shell: Shell,
    path: String,
    mails: Vec<OutboxMail>,
}

pub(super) async fn show(
    State(app): State<Notifications>,
    shell: Shell,
) -> Result<Response, Error> {
    let outbox = app.mailing.settings().outbox().ok_or(Error::NotFound)?;
    let mails = outbox.list().await?;
    let parent = shell.t("notifications-mail").into_owned();
    Ok(ui::page(OutboxPage {
        shell: shell
            .title("notifications-outbox")
            .subtitled_by("notifications-outbox-hint")
            .crumb(parent, MAIL),
        path: outbox.path().display().to_string(),
        mails,
    }))
}
