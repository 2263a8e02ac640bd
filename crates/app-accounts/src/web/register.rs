//! `/app/accounts/register`: strangers ask for an account, where that is switched on. The answer is the same whether
//! or not somebody has the address.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::HeaderMap;
use platform::http::{Path, Query, budget_of, client_address};
use platform::identity::Visitor;
use platform::{Access, Routes};
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Shell};
use uuid::Uuid;

use super::form::{Fields, Nothing};
use crate::Accounts;
use crate::domain::invitation::Message;
use crate::domain::name::{EmailAddress, Line};
use crate::domain::registration::{AccountRequest, AccountRequestId, Mode};
use crate::error::Error;
use crate::service::registrations::{Asked, Policy, Proven};

const REGISTER: &str = "/app/accounts/register";

/// The routes.
pub(super) fn routes() -> Routes<Accounts> {
    Routes::new()
        .page(REGISTER, Access::Public, get(show).post(ask))
        .page(
            "/app/accounts/register/{token}",
            Access::Public,
            get(look).post(prove),
        )
}

/// What somebody says who asks for an account.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct RegisterForm {
    display_name: String,
    email: String,
    note: String,
}

impl RegisterForm {
    fn check(&self, shell: &Shell, now: jiff::Timestamp) -> Result<AccountRequest, Errors> {
        let mut fields = Fields::new(shell);
        let display_name = fields.take("display_name", Line::required(&self.display_name));
        let email = fields.take("email", EmailAddress::parse(&self.email));
        let note = fields.take("note", Message::parse(&self.note));
        let all = display_name.zip(email).zip(note);
        fields.finish(all.map(|((display_name, email), note)| AccountRequest {
            id: AccountRequestId(Uuid::now_v7()),
            email: email.to_string(),
            display_name: display_name.to_string(),
            note: note.as_str().to_owned(),
            locale: shell.language().code().to_owned(),
            created_at: now,
            reason: String::new(),
        }))
    }
}

#[derive(askama::Template)]
#[template(path = "accounts/register.html")]
struct RegisterPage {
    shell: Shell,
    form: RegisterForm,
    errors: Errors,
    /// Whether they are asked about themselves: somebody reads it.
    asks_note: bool,
}

impl RegisterPage {
    fn new(shell: Shell, policy: &Policy, form: RegisterForm, errors: Errors) -> Self {
        Self {
            shell: shell.title("accounts-register").narrow(),
            form,
            errors,
            asks_note: policy.mode == Mode::Requests,
        }
    }
}

/// A page that says one thing.
#[derive(askama::Template)]
#[template(path = "accounts/register_said.html")]
struct SaidPage {
    shell: Shell,
    text: String,
    /// Whether they can ask again.
    again: bool,
}

#[derive(askama::Template)]
#[template(path = "accounts/register_confirm.html")]
struct ConfirmPage {
    shell: Shell,
    text: String,
}

/// The rules, where strangers may ask at all.
fn policy(accounts: &Accounts) -> Result<Policy, Error> {
    let policy = accounts.admission.policy();
    match policy.mode {
        Mode::Off => Err(Error::RegistrationOff),
        _ => Ok(policy),
    }
}

/// What an address says after a request was sent.
#[derive(Deserialize)]
struct After {
    sent: Option<String>,
}

async fn show(
    State(accounts): State<Accounts>,
    Visitor(who): Visitor,
    shell: Shell,
    Query(after): Query<After>,
) -> Result<Response, Error> {
    let policy = policy(&accounts)?;
    if who.is_some() {
        return Ok(ui::see_other("/app/accounts"));
    }
    if after.sent.is_some() {
        return Ok(said(shell, "accounts-register-sent", true));
    }
    let (form, errors) = (RegisterForm::default(), Errors::none());
    Ok(ui::page(RegisterPage::new(shell, &policy, form, errors)))
}

async fn ask(
    State(accounts): State<Accounts>,
    shell: Shell,
    headers: HeaderMap,
    CsrfForm(form): CsrfForm<RegisterForm>,
) -> Result<Response, Error> {
    let policy = policy(&accounts)?;
    let request = match form.check(&shell, accounts.clock.now()) {
        Ok(request) => request,
        Err(errors) => {
            return Ok(ui::invalid(RegisterPage::new(shell, &policy, form, errors)));
        }
    };
    let network = budget_of(client_address(&headers));
    let registrations = &accounts.registrations;
    let errors = match registrations.ask(&network, &policy, &request).await? {
        Asked::Sent => return Ok(ui::see_other(&format!("{REGISTER}?sent=1"))),
        Asked::Unsent => Errors::one("", shell.t("accounts-link-away")),
        Asked::OtherDomain => Errors::one("email", shell.t("accounts-register-domain")),
        Asked::Limited(wait) => {
            let minutes = i64::try_from(wait.as_secs().div_ceil(60)).unwrap_or(i64::MAX);
            Errors::one("", shell.tn("accounts-links-limited", minutes))
        }
    };
    Ok(ui::invalid(RegisterPage::new(shell, &policy, form, errors)))
}

async fn look(
    State(accounts): State<Accounts>,
    shell: Shell,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    policy(&accounts)?;
    let Some(request) = accounts.registrations.look(&token).await? else {
        return Ok(said(shell, "accounts-register-dead", true));
    };
    let text = shell.t1("accounts-register-confirm-text", "address", request.email);
    Ok(ui::page(ConfirmPage {
        shell: shell.title("accounts-register").narrow(),
        text,
    }))
}

async fn prove(
    State(accounts): State<Accounts>,
    shell: Shell,
    Path(token): Path<String>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let policy = policy(&accounts)?;
    Ok(match accounts.registrations.prove(&policy, &token).await? {
        Proven::Admitted(path) => ui::see_other(&path),
        Proven::Waits => said(shell, "accounts-register-waits", false),
        Proven::Mailed => said(shell, "accounts-register-mailed", false),
        Proven::Known => said(shell, "accounts-register-known", false),
        Proven::Dead => said(shell, "accounts-register-dead", true),
    })
}

fn said(shell: Shell, key: &str, again: bool) -> Response {
    let text = shell.t(key).into_owned();
    let shell = shell.title("accounts-register").narrow();
    ui::page(SaidPage { shell, text, again }).into_response()
}
