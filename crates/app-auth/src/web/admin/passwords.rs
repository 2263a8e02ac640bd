//! What passwords cost here, and which are refused.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ui::{Shell, Tab};

use super::tabs;
use crate::domain::hashing::Cost;
use crate::error::Error;
use crate::service::password_policy::Leaked;
use crate::web::Web;

const PASSWORDS: &str = "/admin/auth/passwords";

#[derive(Template)]
#[template(path = "auth/admin/passwords.html")]
struct PasswordsPage {
    shell: Shell,
    tabs: Vec<Tab>,
    leaked: Leaked,
    cost: Cost,
    workers: usize,
}

/// `GET /admin/auth/passwords`
pub(super) async fn show(State(web): State<Web>, shell: Shell) -> Result<Response, Error> {
    let core = &web.services.core;
    Ok(ui::page(PasswordsPage {
        leaked: core.policy.leaked(),
        cost: core.hasher.cost(),
        workers: core.hasher.workers(),
        tabs: tabs(&shell, PASSWORDS),
        shell: shell.title("auth-admin-title").wide(),
    }))
}
