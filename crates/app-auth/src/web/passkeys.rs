//! One's own passkeys: adding one, also on the way in, being offered one, naming and removing them.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use platform::http::{LocalPath, Path, Query};
use platform::identity::CurrentUser;
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

use super::Web;
use super::passkey_sign_in::{AnswerForm, challenge};
use super::security::acting;
use super::sign_out::Nothing;
use crate::domain::factor::Verdict;
use crate::domain::passkey::{model_name, typed_name};
use crate::domain::return_to::return_to;
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::client::Client;
use crate::service::passkeys::{Added, Removed};
use crate::store::passkeys::ListedPasskey;

const SECURITY: &str = "/auth/security";
const OWN: &str = "/auth/security/passkeys";

/// The page with the one button.
#[derive(Template)]
#[template(path = "auth/passkey_add.html")]
pub(super) struct AddPage {
    shell: Shell,
    /// Where the island gets its challenge.
    challenge: String,
    /// Where the answer goes.
    action: String,
    /// Where it leads.
    return_to: LocalPath,
    /// There is no way round it.
    required: bool,
    /// It may be put off: the form for that goes there.
    later: &'static str,
}

impl AddPage {
    fn new(shell: Shell, text: &str, return_to: LocalPath) -> Self {
        let subtitle = shell.t(text).into_owned();
        Self {
            shell: shell.title("auth-passkey-add-title").subtitled(subtitle),
            challenge: format!("{OWN}/challenge"),
            action: OWN.to_owned(),
            return_to,
            required: false,
            later: "",
        }
    }

    /// For whoever does not get in without: the forms belong to the sign-in at `flow`.
    pub(super) fn required(shell: Shell, flow: &str) -> Self {
        Self {
            challenge: format!("{flow}/passkey/challenge"),
            action: format!("{flow}/passkey"),
            required: true,
            ..Self::new(shell, "auth-passkey-add-text", LocalPath::default())
        }
    }
}

/// One of them.
#[derive(Template)]
#[template(path = "auth/passkey.html")]
struct PasskeyPage {
    shell: Shell,
    passkey: ListedPasskey,
    model: &'static str,
    /// What is typed for it. Not `name`: macros of templates have a parameter of that name.
    typed: String,
    errors: Errors,
}

impl PasskeyPage {
    fn new(shell: Shell, passkey: ListedPasskey) -> Self {
        let security = shell.t("auth-security-title").into_owned();
        Self {
            shell: shell.titled(passkey.name.clone()).crumb(security, SECURITY),
            model: model_name(passkey.model).unwrap_or_default(),
            typed: passkey.name.clone(),
            passkey,
            errors: Errors::none(),
        }
    }
}

/// What the form for a name sends.
#[derive(Deserialize)]
pub(super) struct NameForm {
    #[serde(default)]
    name: String,
}

/// What the form for removing sends.
#[derive(Deserialize)]
pub(super) struct RemovalForm {
    #[serde(default, deserialize_with = "ui::form::checked")]
    end_others: bool,
}

/// The address says where to go afterwards.
#[derive(Debug, Deserialize)]
pub(super) struct Target {
    #[serde(default)]
    return_to: Option<String>,
}

/// `GET /auth/security/passkeys/new`
pub(super) async fn ask(shell: Shell) -> Result<Response, Error> {
    let back = return_to(Some(SECURITY));
    Ok(ui::page(AddPage::new(shell, "auth-passkey-add-text", back)))
}

/// `POST /auth/security/passkeys/challenge`
pub(super) async fn begin(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    _: CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let begun = web
        .services
        .passkeys
        .begin_adding(UserId(who.user_id), &client);
    Ok(challenge(begun.await?))
}

/// `POST /auth/security/passkeys`
pub(super) async fn add(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    shell: Shell,
    CsrfForm(form): CsrfForm<AnswerForm>,
) -> Result<Response, Error> {
    let (id, name, next) = (UserId(who.user_id), form.name.clone(), form.return_to());
    let added = web
        .services
        .passkeys
        .add(id, &name, form.response(client))
        .await?;
    let (told, path) = match added {
        Added::Done(name) => {
            let told = shell.t1("auth-passkey-added", "name", name);
            (Flash::success(told), next.as_str())
        }
        other => (not_added(&shell, &other), "/auth/security/passkeys/new"),
    };
    Ok((ui::flash(told), ui::see_other(path)).into_response())
}

fn not_added(shell: &Shell, added: &Added) -> Flash {
    Flash::danger(shell.t(match added {
        Added::TooMany => "auth-passkey-too-many",
        Added::Done(_) | Added::Refused => "auth-passkey-not-added",
    }))
}

/// `GET /auth/security/passkeys/{id}`
pub(super) async fn show(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    Path(id): Path<Uuid>,
    shell: Shell,
) -> Result<Response, Error> {
    let passkey = web.services.passkeys.find(UserId(who.user_id), id).await?;
    Ok(ui::page(PasskeyPage::new(shell, passkey)))
}

/// `POST /auth/security/passkeys/{id}`: another name.
pub(super) async fn rename(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    Path(id): Path<Uuid>,
    shell: Shell,
    CsrfForm(form): CsrfForm<NameForm>,
) -> Result<Response, Error> {
    let who = UserId(who.user_id);
    let Some(name) = typed_name(&form.name) else {
        let passkey = web.services.passkeys.find(who, id).await?;
        let message = shell.t("auth-passkey-name-invalid").into_owned();
        let mut page = PasskeyPage::new(shell, passkey);
        page.typed = form.name;
        page.errors.add("name", message);
        return Ok(ui::invalid(page));
    };
    web.services.passkeys.rename(who, id, &name).await?;
    let told = ui::flash(Flash::success(shell.t("auth-passkey-renamed")));
    Ok((told, ui::see_other(SECURITY)).into_response())
}

/// `POST /auth/security/passkeys/{id}/remove`
pub(super) async fn remove(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    (Path(id), client): (Path<Uuid>, Client),
    shell: Shell,
    CsrfForm(form): CsrfForm<RemovalForm>,
) -> Result<Response, Error> {
    let services = &web.services;
    let removed = services
        .passkeys
        .remove(acting(&who), (id, form.end_others), &client)
        .await?;
    if removed == Removed::LastWayIn {
        let passkey = services.passkeys.find(UserId(who.user_id), id).await?;
        let message = shell.t("auth-passkey-last").into_owned();
        let mut page = PasskeyPage::new(shell, passkey);
        page.errors.add("", message);
        return Ok(ui::invalid(page));
    }
    let told = ui::flash(Flash::success(shell.t("auth-passkey-removed")));
    Ok((told, ui::see_other(SECURITY)).into_response())
}

/// `GET /auth/passkey-offer`: after a sign-in by password in a browser that could do better.
pub(super) async fn offer(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    Query(target): Query<Target>,
    shell: Shell,
) -> Result<Response, Error> {
    let next = return_to(target.return_to.as_deref());
    let worth = web.services.passkeys.is_worth_offering(UserId(who.user_id));
    if !worth.await? {
        return Ok(ui::see_other(next.as_str()));
    }
    let mut page = AddPage::new(shell, "auth-passkey-offer-text", next);
    page.later = "/auth/passkey-offer/later";
    Ok(ui::page(page))
}

/// `POST /auth/passkey-offer/later`
pub(super) async fn later(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    CsrfForm(target): CsrfForm<Target>,
) -> Result<Response, Error> {
    web.services
        .passkeys
        .refuse_offer(UserId(who.user_id))
        .await?;
    let next = return_to(target.return_to.as_deref());
    Ok(ui::see_other(next.as_str()))
}

/// Who may add a passkey on the way in: somebody who proved who they are and has to have more than they have.
async fn owing(web: &Web, handle: &str) -> Result<Option<UserId>, Error> {
    let halfway = web.services.second_factor.halfway(handle).await?;
    let owing = halfway.filter(|halfway| matches!(halfway.verdict, Verdict::SetUp(_)));
    Ok(owing.map(|halfway| halfway.subject.user_id))
}

/// `POST /auth/sign-in/{handle}/passkey/challenge`
pub(super) async fn begin_on_the_way(
    State(web): State<Web>,
    (Path(handle), client): (Path<String>, Client),
    _: CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let who = owing(&web, &handle).await?.ok_or(Error::PasskeyNotFound)?;
    Ok(challenge(
        web.services.passkeys.begin_adding(who, &client).await?,
    ))
}

/// `POST /auth/sign-in/{handle}/passkey`: it is there then, and used once right away to go on.
pub(super) async fn add_on_the_way(
    State(web): State<Web>,
    (Path(handle), client): (Path<String>, Client),
    shell: Shell,
    CsrfForm(form): CsrfForm<AnswerForm>,
) -> Result<Response, Error> {
    let flow = format!("/auth/sign-in/{handle}");
    let Some(who) = owing(&web, &handle).await? else {
        return Ok(ui::see_other(&flow));
    };
    let name = form.name.clone();
    let added = web
        .services
        .passkeys
        .add(who, &name, form.response(client))
        .await?;
    let told = match added {
        Added::Done(name) => Flash::success(shell.t1("auth-passkey-added-use", "name", name)),
        other => not_added(&shell, &other),
    };
    Ok((ui::flash(told), ui::see_other(&flow)).into_response())
}
