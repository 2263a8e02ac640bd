//! The accounts of this browser: choosing which one acts, adding one, signing out of one or all.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use platform::identity::Visitor;
use serde::Deserialize;
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

use super::security::acting;
use super::sign_out::Nothing;
use super::{Web, cookies};
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::aside::MOST_OTHERS;
use crate::service::browser_accounts::Waiting;
use crate::service::client::Client;

const HERE: &str = "/auth/accounts";

#[derive(Template)]
#[template(path = "auth/accounts_here.html")]
struct AccountsPage {
    shell: Shell,
    waiting: Vec<Waiting>,
    is_full: bool,
}

/// What the forms send.
#[derive(Deserialize)]
pub(super) struct Chosen {
    account: Uuid,
}

/// `GET /auth/accounts`
pub(super) async fn show(
    State(web): State<Web>,
    Visitor(who): Visitor,
    client: Client,
    shell: Shell,
) -> Result<Response, Error> {
    let waiting = web.services.browser_accounts.waiting(&client).await?;
    if who.is_none() && waiting.is_empty() {
        return Ok(ui::see_other("/auth/sign-in"));
    }
    Ok(ui::page(AccountsPage {
        shell: shell
            .title("auth-accounts-here")
            .subtitled_by("auth-accounts-here-text"),
        is_full: waiting.len() >= MOST_OTHERS,
        waiting,
    }))
}

/// `POST /auth/accounts/switch`
pub(super) async fn switch(
    State(web): State<Web>,
    Visitor(who): Visitor,
    client: Client,
    shell: Shell,
    CsrfForm(chosen): CsrfForm<Chosen>,
) -> Result<Response, Error> {
    let acts = who.as_ref().map(acting);
    let accounts = &web.services.browser_accounts;
    let switched = accounts
        .switch(UserId(chosen.account), acts, &client)
        .await?;
    let Some(switched) = switched else {
        // Signed out meanwhile, here or elsewhere, or another tab was faster.
        let gone = ui::flash(Flash::warning(shell.t("auth-accounts-gone")));
        return Ok((gone, ui::see_other(HERE)).into_response());
    };
    Ok(cookies::switched(&switched, web.secure))
}

/// `POST /auth/accounts/leave`
pub(super) async fn leave(
    State(web): State<Web>,
    client: Client,
    shell: Shell,
    CsrfForm(chosen): CsrfForm<Chosen>,
) -> Result<Response, Error> {
    let who = Some(UserId(chosen.account));
    let left = web.services.browser_accounts.leave(who, &client).await?;
    let done = ui::flash(Flash::success(shell.t("auth-signed-out")));
    let mut response = (done, ui::see_other(HERE)).into_response();
    cookies::keep_others(response.headers_mut(), &left, web.secure);
    Ok(response)
}

/// `POST /auth/accounts/sign-out`: of all.
pub(super) async fn leave_all(
    State(web): State<Web>,
    Visitor(who): Visitor,
    client: Client,
    shell: Shell,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    web.services.browser_accounts.leave(None, &client).await?;
    if let Some(who) = who {
        let sessions = &web.services.sessions;
        sessions.sign_out(acting(&who), &client).await?;
    }
    let done = ui::flash(Flash::success(shell.t("auth-signed-out")));
    let gone = cookies::signed_out("/auth/sign-in", web.secure);
    let mut response = (done, gone).into_response();
    cookies::keep_others(response.headers_mut(), &[], web.secure);
    Ok(response)
}
