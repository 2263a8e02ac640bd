//! Everybody's keys.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use platform::http::Path;
use platform::identity::CurrentUser;
use ui::{CsrfForm, Flash, Shell, Tab};
use uuid::Uuid;

use super::{audit, tabs};
use crate::domain::api_key::KeyId;
use crate::error::Error;
use crate::service::api_keys::Whose;
use crate::service::client::Client;
use crate::web::Web;
use crate::web::key_view::KeyRow;
use crate::web::sign_out::Nothing;

const KEYS: &str = "/admin/auth/keys";

#[derive(Template)]
#[template(path = "auth/admin/keys.html")]
struct KeysPage {
    shell: Shell,
    tabs: Vec<Tab>,
    rows: Vec<KeyRow>,
}

/// `GET /admin/auth/keys`
pub(super) async fn list(State(web): State<Web>, shell: Shell) -> Result<Response, Error> {
    let keys = web.services.api_keys.list(Whose::Anybodys).await?;
    let rows = keys
        .into_iter()
        .map(|key| KeyRow::of(key, &shell))
        .collect();
    Ok(ui::page(KeysPage {
        tabs: tabs(&shell, KEYS),
        rows,
        shell: shell.title("auth-admin-title").wide(),
    }))
}

/// `POST /admin/auth/keys/{id}/revoke`
pub(super) async fn revoke(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    (Path(id), client): (Path<Uuid>, Client),
    shell: Shell,
    _: CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let which = (Whose::Anybodys, KeyId(id));
    let audit = audit("key.revoke", &who, &client);
    web.services
        .api_keys
        .revoke(which, "administrator", audit)
        .await?;
    let done = ui::flash(Flash::success(shell.t("auth-key-revoked")));
    Ok((done, ui::see_other(KEYS)).into_response())
}
