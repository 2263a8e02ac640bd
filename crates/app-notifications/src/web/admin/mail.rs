//! The latest mails without what they say, and the test of the settings.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::CurrentUser;
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell, TableQuery};
use uuid::Uuid;

use super::MAIL;
use crate::Notifications;
use crate::domain::address::MailAddress;
use crate::domain::mail::{Block, Mail, MailClass};
use crate::domain::trouble::Trouble;
use crate::error::Error;
use crate::service::mail::settings::Way;
use crate::store::mail::MailRecord;

#[derive(askama::Template)]
#[template(path = "notifications/admin/mail.html")]
struct MailPage {
    shell: Shell,
    /// How mail leaves, in words.
    way: String,
    is_set: bool,
    has_outbox: bool,
    /// Waiting mails.
    queued: u64,
    mails: Vec<MailRecord>,
    newer: String,
    older: String,
    form: TestForm,
    errors: Errors,
    /// Why the test mail did not leave, and what the server said.
    trouble: Option<(String, String)>,
}

/// Where a test mail goes.
#[derive(Debug, Default, Deserialize)]
pub(super) struct TestForm {
    #[serde(default)]
    address: String,
}

pub(super) async fn show(
    State(app): State<Notifications>,
    shell: Shell,
    who: CurrentUser,
    query: TableQuery,
) -> Result<Response, Error> {
    let form = TestForm {
        address: who.email.clone(),
    };
    Ok(ui::page(page(&app, shell, &query, form).await?))
}

/// Sends a test mail at once; the page says what came of it.
pub(super) async fn test(
    State(app): State<Notifications>,
    shell: Shell,
    who: CurrentUser,
    query: TableQuery,
    CsrfForm(form): CsrfForm<TestForm>,
) -> Result<Response, Error> {
    let Some(address) = MailAddress::parse(&form.address) else {
        let message = shell.t("notifications-mail-test-address").into_owned();
        let mut page = page(&app, shell, &query, form).await?;
        page.errors.add("address", message);
        return Ok(ui::invalid(page));
    };
    let mail = test_mail(&shell, &app, address, who.user_id);
    match app.mailing.try_out(&mail).await? {
        Ok(()) => {
            let text = shell.t1("notifications-mail-test-sent", "address", &form.address);
            let done = ui::flash(Flash::success(text));
            Ok((done, ui::see_other(MAIL)).into_response())
        }
        Err(trouble) => {
            tracing::info!(cause = trouble.cause.name(), "a test mail did not leave");
            let said = said(&shell, &trouble);
            let mut page = page(&app, shell, &query, form).await?;
            page.trouble = Some(said);
            Ok(ui::invalid(page))
        }
    }
}

async fn page(
    app: &Notifications,
    shell: Shell,
    query: &TableQuery,
    form: TestForm,
) -> Result<MailPage, Error> {
    let size = usize::try_from(query.size).unwrap_or(usize::MAX);
    let (mut mails, queued) = app.mailing.list(query.limit() + 1, query.offset()).await?;
    let link = |shown: bool, number: u32| {
        if shown {
            format!("{MAIL}?page={number}")
        } else {
            String::new()
        }
    };
    let older = link(mails.len() > size, query.page.saturating_add(1));
    mails.truncate(size);
    let (way, is_set) = words(&shell, &app.mailing.settings().way());
    Ok(MailPage {
        shell: shell.title("notifications-mail").wide(),
        way,
        is_set,
        has_outbox: app.mailing.settings().outbox().is_some(),
        queued: u64::try_from(queued).unwrap_or(0),
        mails,
        newer: link(query.page > 1, query.page.saturating_sub(1)),
        older,
        form,
        errors: Errors::none(),
        trouble: None,
    })
}

/// How mail leaves, and whether it does.
fn words(shell: &Shell, way: &Way) -> (String, bool) {
    match way {
        Way::Smtp(server) => {
            let server = format!("{}:{}", server.host, server.port);
            let text = shell.t1("notifications-mail-way-smtp", "server", &server);
            (text, true)
        }
        Way::Outbox(outbox) => {
            let path = outbox.path().display().to_string();
            let text = shell.t1("notifications-mail-way-outbox", "path", &path);
            (text, true)
        }
        Way::None => (shell.t("notifications-mail-way-none").into_owned(), false),
    }
}

fn said(shell: &Shell, trouble: &Trouble) -> (String, String) {
    let text = shell.t(cause(trouble.cause.name())).into_owned();
    (text, trouble.reply.clone())
}

fn test_mail(shell: &Shell, app: &Notifications, address: MailAddress, by: Uuid) -> Mail {
    let head = app.mailing.letterhead();
    let organisation = head.map_or_else(|| shell.brand().to_owned(), |head| head.organisation);
    Mail {
        idempotency_key: String::new(),
        address,
        name: String::new(),
        person: Some(by),
        template: "notifications.test".to_owned(),
        language: shell.language(),
        class: MailClass::Normal,
        subject: shell.t1(
            "notifications-mail-test-subject",
            "organisation",
            &organisation,
        ),
        blocks: vec![Block::Paragraph(
            shell.t("notifications-mail-test-text").into_owned(),
        )],
        expires_at: None,
    }
}

/// The words for a state and the colour it is shown in.
fn state(mail: &MailRecord) -> (&'static str, &'static str) {
    match mail.state.as_str() {
        "delivered" => ("notifications-mail-delivered", "success"),
        "refused" => ("notifications-mail-refused", "danger"),
        "expired" => ("notifications-mail-expired", "danger"),
        _ if mail.attempts > 0 => ("notifications-mail-retrying", "warning"),
        _ => ("notifications-mail-queued", "neutral"),
    }
}

/// Key of the words for why an attempt failed.
fn cause(name: &str) -> &'static str {
    match name {
        "unconfigured" => "notifications-mail-cause-unconfigured",
        "unreachable" => "notifications-mail-cause-unreachable",
        "timeout" => "notifications-mail-cause-timeout",
        "tls" => "notifications-mail-cause-tls",
        "no_tls" => "notifications-mail-cause-no-tls",
        "unprotected" => "notifications-mail-cause-unprotected",
        "login" => "notifications-mail-cause-login",
        "later" => "notifications-mail-cause-later",
        "refused" => "notifications-mail-cause-refused",
        "address" => "notifications-mail-cause-address",
        "sealed" => "notifications-mail-cause-sealed",
        "outbox" => "notifications-mail-cause-outbox",
        _ => "notifications-mail-cause-broken",
    }
}
