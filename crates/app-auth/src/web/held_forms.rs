//! A form that came too late after the last proof of who its sender is: kept while they confirm, then offered again.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::access::{CONFIRM, HELD_FORMS};
use platform::http::{LocalPath, Path, Query};
use platform::identity::CurrentUser;
use serde::Deserialize;
use ui::{CsrfForm, Shell};
use uuid::Uuid;

use super::Web;
use super::sign_out::Nothing;
use super::submitted::Submitted;
use crate::domain::held_form::{FormId, HeldForm};
use crate::domain::return_to::return_to;
use crate::domain::subject::UserId;
use crate::error::Error;

/// Where the form was sent to, and the page it stands on.
#[derive(Deserialize)]
pub(super) struct Target {
    #[serde(default)]
    action: Option<String>,
    #[serde(default)]
    return_to: Option<String>,
}

#[derive(Template)]
#[template(path = "auth/held_form.html")]
struct HeldFormPage {
    shell: Shell,
    id: Uuid,
    action: LocalPath,
    fields: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "auth/held_form_gone.html")]
struct GonePage {
    shell: Shell,
}

/// `POST /auth/held-forms`: keeps the form and asks for the confirmation.
pub(super) async fn hold(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    Query(target): Query<Target>,
    submitted: Submitted<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let back = return_to(target.return_to.as_deref());
    let action = target.action.and_then(|text| LocalPath::parse(&text).ok());
    // Of a form that another site may have made the browser send, nothing is kept.
    let (Some(action), (mut fields, true)) = (action, submitted.into_parts()) else {
        return Ok(ui::see_other(&format!(
            "{CONFIRM}?return_to={}",
            back.encoded()
        )));
    };
    // It gets the token of the session to come.
    fields.retain(|(name, _)| name != ui::csrf::FIELD);
    let form = HeldForm::new(&action, &back, fields);
    let id = web.services.held_forms.hold(UserId(who.user_id), &form);
    Ok(ui::see_other(&format!("{HELD_FORMS}/{}", id.await?.0)))
}

/// `GET /auth/held-forms/{id}`: after the confirmation.
pub(super) async fn show(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    Path(id): Path<Uuid>,
    shell: Shell,
) -> Result<Response, Error> {
    let held = &web.services.held_forms;
    let found = held.find(UserId(who.user_id), FormId(id)).await?;
    Ok(match found {
        Some(form) => ui::page(HeldFormPage {
            shell: shell
                .title("auth-held-title")
                .subtitled_by("auth-held-text"),
            id,
            action: form.action(),
            fields: form.fields,
        }),
        None => ui::page(GonePage {
            shell: shell
                .title("auth-held-gone-title")
                .subtitled_by("auth-held-gone-text"),
        }),
    })
}

/// `POST /auth/held-forms/{id}/discard`
pub(super) async fn discard(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    Path(id): Path<Uuid>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let (who, id) = (UserId(who.user_id), FormId(id));
    let held = &web.services.held_forms;
    let form = held.find(who, id).await?;
    held.discard(who, id).await?;
    let back = form.map_or_else(LocalPath::default, |form| form.return_to());
    Ok(ui::see_other(back.as_str()))
}
