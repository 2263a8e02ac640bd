//! What answers: messages, dialogs, menus, progress, empty states, errors.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use platform::http::Path;
use platform::problem::Problem;
use serde::Deserialize;
use ui::flash::Tone;
use ui::{CsrfForm, Flash, Shell};

const PATH: &str = "/app/ui-lab/feedback";

#[derive(askama::Template)]
#[template(path = "ui-lab/feedback.html")]
pub(crate) struct FeedbackPage {
    pub(crate) shell: Shell,
}

#[derive(askama::Template)]
#[template(path = "ui-lab/fragment.html")]
struct Fragment {
    shell: Shell,
    now: jiff::Timestamp,
}

impl FeedbackPage {
    pub(crate) fn new(shell: Shell) -> Self {
        Self {
            shell: shell
                .title("lab-feedback")
                .subtitled_by("lab-feedback-hint"),
        }
    }
}

pub(crate) async fn show(shell: Shell) -> Response {
    ui::page(FeedbackPage::new(shell))
}

#[derive(Deserialize)]
pub(crate) struct ActForm {
    #[serde(default)]
    tone: String,
    confirm_name: Option<String>,
}

pub(crate) async fn act(shell: Shell, CsrfForm(form): CsrfForm<ActForm>) -> Response {
    if let Some(typed) = &form.confirm_name
        && !ui::form::confirmed(typed, "Ada Lovelace")
    {
        let refused = Flash::danger(shell.t("lab-not-confirmed"));
        return (ui::flash(refused), ui::see_other(PATH)).into_response();
    }
    let tone = match form.tone.as_str() {
        "info" => Tone::Info,
        "warning" => Tone::Warning,
        "danger" => Tone::Danger,
        _ => Tone::Success,
    };
    let done = Flash::new(tone, shell.t("lab-done")).undo("/app/ui-lab/undo");
    (ui::flash(done), ui::see_other(PATH)).into_response()
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

pub(crate) async fn undo(shell: Shell, CsrfForm(Nothing {}): CsrfForm<Nothing>) -> Response {
    let undone = ui::flash(Flash::info(shell.t("lab-undone")));
    (undone, ui::see_other(PATH)).into_response()
}

pub(crate) async fn fragment(shell: Shell) -> Response {
    ui::page(Fragment {
        now: shell.now(),
        shell,
    })
}

pub(crate) async fn error(Path(status): Path<u16>) -> Response {
    let status = StatusCode::from_u16(status)
        .ok()
        .filter(|status| status.is_client_error() || status.is_server_error())
        .unwrap_or(StatusCode::NOT_FOUND);
    Problem::from_status(status).into_response()
}
