//! Networks that may try nothing for a while.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use platform::identity::CurrentUser;
use serde::Deserialize;
use ui::{CsrfForm, Flash, Shell, Tab};

use super::{audit, tabs};
use crate::error::Error;
use crate::service::client::Client;
use crate::store::guesses::BlockedNetwork;
use crate::web::Web;

const NETWORKS: &str = "/admin/auth/networks";

#[derive(Template)]
#[template(path = "auth/admin/networks.html")]
struct NetworksPage {
    shell: Shell,
    tabs: Vec<Tab>,
    networks: Vec<BlockedNetwork>,
}

/// `GET /admin/auth/networks`
pub(super) async fn list(State(web): State<Web>, shell: Shell) -> Result<Response, Error> {
    let guesses = web.services.core.limits.guesses();
    Ok(ui::page(NetworksPage {
        networks: guesses.blocked_networks().await?,
        tabs: tabs(&shell, NETWORKS),
        shell: shell.title("auth-admin-title").wide(),
    }))
}

/// Which network.
#[derive(Debug, Deserialize)]
pub(super) struct NetworkForm {
    #[serde(default)]
    network: String,
}

/// `POST /admin/auth/networks/forgive`
pub(super) async fn forgive(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    shell: Shell,
    CsrfForm(form): CsrfForm<NetworkForm>,
) -> Result<Response, Error> {
    let audit = audit("network.forgive", &who, &client);
    web.services
        .explain
        .forgive_network(&form.network, audit)
        .await?;
    let done = ui::flash(Flash::success(shell.t("auth-network-forgiven")));
    Ok((done, ui::see_other(NETWORKS)).into_response())
}
