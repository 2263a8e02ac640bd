//! Attempts to sign in, and why one of them failed.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::http::{Path, Query};
use serde::Deserialize;
use ui::{Shell, Tab};
use uuid::Uuid;

use super::tabs;
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::explain::Finding;
use crate::store::sign_in_events::SignInEvent;
use crate::web::Web;
use crate::web::security::device_in_words;
use crate::web::throttled::minutes;

const SIGN_INS: &str = "/admin/auth/sign-ins";

/// Whose attempts.
#[derive(Debug, Deserialize)]
pub(super) struct Whose {
    person: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "auth/admin/sign_ins.html")]
struct SignInsPage {
    shell: Shell,
    tabs: Vec<Tab>,
    events: Vec<SignInEvent>,
    is_narrowed: bool,
}

#[derive(Template)]
#[template(path = "auth/admin/explain.html")]
struct ExplainPage {
    shell: Shell,
    event: SignInEvent,
    device: String,
    findings: Vec<Line>,
}

/// One thing that was looked at, in words.
struct Line {
    tone: &'static str,
    text: String,
}

/// `GET /admin/auth/sign-ins`
pub(super) async fn list(
    State(web): State<Web>,
    Query(whose): Query<Whose>,
    shell: Shell,
) -> Result<Response, Error> {
    let events = web.services.explain.list(whose.person.map(UserId)).await?;
    Ok(ui::page(SignInsPage {
        tabs: tabs(&shell, SIGN_INS),
        events,
        is_narrowed: whose.person.is_some(),
        shell: shell.title("auth-admin-title").wide(),
    }))
}

/// `GET /admin/auth/sign-ins/{id}`
pub(super) async fn explain(
    State(web): State<Web>,
    Path(id): Path<Uuid>,
    shell: Shell,
) -> Result<Response, Error> {
    let (event, findings) = web.services.explain.event(id).await?;
    let findings = findings
        .into_iter()
        .map(|finding| line(&finding, &shell))
        .collect();
    let sign_ins = shell.t("auth-admin-sign-ins").into_owned();
    Ok(ui::page(ExplainPage {
        device: device_in_words(&event.device, &shell),
        findings,
        event,
        shell: shell.title("auth-explain-title").crumb(sign_ins, SIGN_INS),
    }))
}

fn line(finding: &Finding, shell: &Shell) -> Line {
    let (tone, text) = match finding {
        Finding::NobodyNamed => ("warning", shell.t("auth-explain-unknown").into_owned()),
        Finding::WrongPassword => ("warning", shell.t("auth-explain-password").into_owned()),
        Finding::WrongCode => ("warning", shell.t("auth-explain-code").into_owned()),
        Finding::WrongMailCode => ("warning", shell.t("auth-explain-mail-code").into_owned()),
        Finding::WrongBreakGlass => ("danger", shell.t("auth-explain-break-glass").into_owned()),
        Finding::WrongPasskey => ("warning", shell.t("auth-explain-passkey").into_owned()),
        Finding::CopiedPasskey => (
            "danger",
            shell.t("auth-explain-passkey-counter").into_owned(),
        ),
        Finding::SignedIn => ("success", shell.t("auth-explain-success").into_owned()),
        Finding::Limited => ("warning", shell.t("auth-explain-limited").into_owned()),
        Finding::DirectoryChange => (
            "warning",
            shell.t("auth-explain-directory-change").into_owned(),
        ),
        Finding::DirectoryExpired => (
            "danger",
            shell.t("auth-explain-directory-expired").into_owned(),
        ),
        Finding::DirectoryLocked => (
            "danger",
            shell.t("auth-explain-directory-locked").into_owned(),
        ),
        Finding::DirectoryNobody => (
            "danger",
            shell.t("auth-explain-directory-nobody").into_owned(),
        ),
        Finding::DirectoryAway => (
            "danger",
            shell.t("auth-explain-directory-away").into_owned(),
        ),
        Finding::DirectorySpared => (
            "warning",
            shell.t("auth-explain-directory-spared").into_owned(),
        ),
        Finding::KeptElsewhere(name) => (
            "success",
            shell.t1("auth-explain-kept-elsewhere", "directory", name.as_str()),
        ),
        Finding::Other(reason) => (
            "warning",
            shell.t1("auth-explain-other", "reason", reason.as_str()),
        ),
        Finding::PersonActive => ("success", shell.t("auth-explain-active").into_owned()),
        Finding::PersonDisabled => ("danger", shell.t("auth-explain-disabled").into_owned()),
        Finding::NoPassword => ("danger", shell.t("auth-explain-no-password").into_owned()),
        Finding::NetworkBlocked(wait) => {
            ("danger", shell.tn("auth-explain-network", minutes(*wait)))
        }
        Finding::NameBlocked(wait) => ("danger", shell.tn("auth-explain-name", minutes(*wait))),
        Finding::NothingBlocked => ("success", shell.t("auth-explain-free").into_owned()),
    };
    Line { tone, text }
}
