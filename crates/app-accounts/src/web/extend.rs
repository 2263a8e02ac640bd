//! `/app/accounts/extend/{token}`: letting an account go on by the link of a reminder.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use platform::http::Path;
use platform::{Access, CurrentUser, Routes};
use ui::{CsrfForm, Shell};

use super::asking::Asking;
use super::form::Nothing;
use crate::Accounts;
use crate::error::Error;
use crate::service::extensions::Offer;

/// The routes. Whoever follows a link signs in: the audit trail names them, and a link that went astray is worth
/// nothing.
pub(super) fn routes() -> Routes<Accounts> {
    Routes::new().page(
        "/app/accounts/extend/{token}",
        Access::SignedIn,
        get(look).post(extend),
    )
}

#[derive(askama::Template)]
#[template(path = "accounts/extend.html")]
struct ExtendPage {
    shell: Shell,
    /// Nothing where the link does nothing.
    offer: Option<Offer>,
    is_done: bool,
}

impl ExtendPage {
    fn new(shell: Shell, offer: Option<Offer>, is_done: bool) -> Self {
        Self {
            shell: shell.title("accounts-extend").narrow(),
            offer,
            is_done,
        }
    }
}

async fn look(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let offer = accounts
        .extensions
        .look(&asking.actor(&who), &token)
        .await?;
    Ok(ui::page(ExtendPage::new(shell, offer, false)))
}

async fn extend(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(token): Path<String>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let actor = asking.actor(&who);
    let offer = accounts.extensions.extend(&actor, &token).await?;
    let is_done = offer.is_some();
    Ok(ui::page(ExtendPage::new(shell, offer, is_done)))
}
