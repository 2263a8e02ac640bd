//! Setting, replacing and clearing one secret.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use platform::http::Path;
use secrecy::SecretString;
use serde::Deserialize;
use ui::{CsrfForm, Flash, Shell};

use super::fields::Again;
use super::form::{FormPage, find};
use super::{Pages, app_path, words};
use crate::domain::seal::Place;
use crate::error::Error;
use crate::service::{Author, SecretChange, SecretOutcome};

#[derive(Deserialize)]
pub(super) struct SecretForm {
    #[serde(default)]
    version: i64,
    #[serde(default)]
    action: String,
    #[serde(default)]
    secret: String,
}

pub(super) async fn change(
    State(pages): State<Pages>,
    shell: Shell,
    author: Author,
    Path((id, key)): Path<(String, String)>,
    CsrfForm(form): CsrfForm<SecretForm>,
) -> Result<Response, Error> {
    let change = match form.action.as_str() {
        "clear" => SecretChange::Clear,
        _ => SecretChange::Set(SecretString::from(form.secret)),
    };
    let place = Place {
        app: &id,
        key: &key,
    };
    let outcome = pages
        .settings
        .change_secret(&place, form.version, &change, &author)
        .await?;
    let error = match outcome {
        SecretOutcome::Done => {
            let text = match change {
                SecretChange::Set(_) => shell.t("settings-secret-saved"),
                SecretChange::Clear => shell.t("settings-secret-cleared"),
            };
            let done = ui::flash(Flash::success(text));
            return Ok((done, ui::see_other(&app_path(&id))).into_response());
        }
        SecretOutcome::Refused(fault) => words::fault(&shell, fault),
        SecretOutcome::Conflict {
            by: Some((name, _)),
        } => shell.t1("settings-secret-conflict", "name", name),
        SecretOutcome::Conflict { by: None } => {
            shell.t("settings-secret-conflict-cleared").into_owned()
        }
    };
    let catalog = pages.settings.catalog().await?;
    let app = find(&catalog, &id)?;
    let again = Again::default();
    let page = FormPage::new(shell, &catalog, app, &again, Some((&key, &error)));
    Ok(ui::invalid(page))
}
