//! `/auth/device`: a person decides whether a program without a browser may act for them. The code is typed or comes with
//! the address, but an address alone looks nothing up and decides nothing.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use platform::http::Query;
use platform::identity::CurrentUser;
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell};

use super::security::{acting, place_in_words};
use super::{Web, throttled};
use crate::domain::subject::UserId;
use crate::domain::user_code::UserCode;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::device_grants::Typed;
use crate::store::device_grants::DeviceGrant;

/// Longest code that is shown again.
const LONGEST_TYPED: usize = 32;

/// The address says which code, perhaps.
#[derive(Deserialize)]
pub(super) struct Target {
    #[serde(default)]
    user_code: String,
}

/// What the forms send.
#[derive(Deserialize)]
pub(super) struct CodeForm {
    #[serde(default)]
    user_code: String,
    #[serde(default)]
    decision: String,
}

/// Asks for the code.
#[derive(Template)]
#[template(path = "auth/device.html")]
struct CodePage {
    shell: Shell,
    /// As typed, or from the address.
    user_code: String,
    errors: Errors,
}

/// Shows what asks.
#[derive(Template)]
#[template(path = "auth/device_confirm.html")]
struct ConfirmPage {
    shell: Shell,
    user_code: String,
    username: String,
    grant: DeviceGrant,
    scopes: String,
    bounds: String,
    place: String,
    /// It asks from another network than the one this browser is in.
    elsewhere: bool,
    /// When the key would end.
    ends_at: Timestamp,
}

impl CodePage {
    fn new(shell: Shell, typed: &str) -> Self {
        Self {
            shell: shell
                .title("auth-device-title")
                .subtitled_by("auth-device-text"),
            user_code: typed.chars().take(LONGEST_TYPED).collect(),
            errors: Errors::none(),
        }
    }

    fn saying(mut self, message: String) -> Self {
        self.errors.add("user_code", message);
        self
    }
}

impl ConfirmPage {
    fn new(shell: Shell, grant: DeviceGrant, (typed, username): (&str, String)) -> Self {
        let reach = &grant.asked.reach;
        let mut bounds = Vec::new();
        if !reach.app().is_empty() {
            bounds.push(shell.t1("auth-key-bound-app", "app", reach.app()));
        }
        if !reach.resource().is_empty() {
            bounds.push(shell.t1("auth-key-bound-resource", "resource", reach.resource()));
        }
        if !reach.networks().is_empty() {
            let networks = reach.networks().join(", ");
            bounds.push(shell.t1("auth-key-bound-networks", "networks", &networks));
        }
        let user_code = UserCode::parse(typed).map(|code| code.text().to_string());
        Self {
            user_code: user_code.unwrap_or_default(),
            username,
            scopes: reach.scopes().join(" "),
            bounds: bounds.join(" \u{b7} "),
            place: place_in_words(&grant.address, &shell),
            elsewhere: false,
            ends_at: crate::domain::api_key::expiry(shell.now(), grant.asked.days),
            shell: shell.title("auth-device-confirm-title"),
            grant,
        }
    }
}

/// `GET /auth/device`
pub(super) async fn ask(Query(target): Query<Target>, shell: Shell) -> Response {
    ui::page(CodePage::new(shell, &target.user_code))
}

/// What somebody typed leads nowhere: the form again, with why.
fn again<T>(shell: Shell, typed: &str, outcome: &Typed<T>) -> Response {
    let (message, wait) = match outcome {
        Typed::Limited(wait) => {
            let message = shell.tn("auth-device-limited", throttled::minutes(*wait));
            (message, Some(*wait))
        }
        Typed::NoRoom => (shell.t("auth-key-too-many").into_owned(), None),
        Typed::Known(_) | Typed::Unknown => {
            (shell.t("auth-device-unknown-code").into_owned(), None)
        }
    };
    let page = CodePage::new(shell, typed).saying(message);
    match wait {
        Some(wait) => throttled::limited(&page, wait),
        None => ui::invalid(page),
    }
}

/// `POST /auth/device`: shows what asks.
pub(super) async fn look_up(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    shell: Shell,
    CsrfForm(form): CsrfForm<CodeForm>,
) -> Result<Response, Error> {
    let typed = form.user_code.as_str();
    let grants = &web.services.device_grants;
    match grants.find(UserId(who.user_id), typed, &client).await? {
        Typed::Known(grant) => {
            let elsewhere = grant.network != client.network();
            let mut page = ConfirmPage::new(shell, grant, (typed, who.username));
            page.elsewhere = elsewhere;
            Ok(ui::page(page))
        }
        other => Ok(again(shell, typed, &other)),
    }
}

/// `POST /auth/device/decide`
pub(super) async fn decide(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    shell: Shell,
    CsrfForm(form): CsrfForm<CodeForm>,
) -> Result<Response, Error> {
    // Anything but a clear yes is no.
    let approved = form.decision == "approve";
    let typed = form.user_code.as_str();
    let grants = &web.services.device_grants;
    let decided = grants.decide(acting(&who), (typed, approved), &client);
    match decided.await? {
        Typed::Known(asked) => {
            let told = if approved {
                Flash::success(shell.t1("auth-device-approved", "name", &asked.name))
            } else {
                Flash::info(shell.t1("auth-device-denied", "name", &asked.name))
            };
            Ok((ui::flash(told), ui::see_other("/auth/security/keys")).into_response())
        }
        other => Ok(again(shell, typed, &other)),
    }
}
