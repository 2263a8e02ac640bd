//! `/auth/security/keys`: one's own keys. Making and rolling one asks who it is first.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use jiff::{SignedDuration, Timestamp};
use platform::http::Path;
use platform::identity::{CurrentUser, Principal};
use serde::Deserialize;
use ui::form::Errors;
use ui::{Choice, CsrfForm, Flash, Shell};
use uuid::Uuid;

use super::Web;
use super::key_form::{KeyForm, overlaps, terms};
use super::key_view::KeyRow;
use super::security::acting;
use super::sign_out::Nothing;
use crate::domain::api_key::KeyId;
use crate::domain::subject::UserId;
use crate::error::Error;
use crate::service::api_keys::{Made, MadeKey, Whose};
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::store::api_keys::Holder;

/// Where they are.
const KEYS: &str = "/auth/security/keys";

#[derive(Template)]
#[template(path = "auth/keys.html")]
struct KeysPage {
    shell: Shell,
    rows: Vec<KeyRow>,
}

#[derive(Template)]
#[template(path = "auth/key.html")]
struct KeyPage {
    shell: Shell,
    row: KeyRow,
    /// Where its forms go.
    place: String,
    overlaps: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "auth/key_new.html")]
pub(super) struct NewKeyPage {
    shell: Shell,
    /// Where the form goes.
    place: String,
    form: KeyForm,
    terms: Vec<Choice>,
    errors: Errors,
}

/// The one page that shows a key.
#[derive(Template)]
#[template(path = "auth/key_made.html")]
pub(super) struct MadePage {
    shell: Shell,
    name: String,
    text: zeroize::Zeroizing<String>,
    expires_at: Timestamp,
    back: String,
}

impl NewKeyPage {
    /// The empty form, or the form again with what to mend.
    pub(super) fn new(shell: Shell, place: &str, form: KeyForm, errors: Errors) -> Self {
        Self {
            terms: terms(&shell),
            shell,
            place: place.to_owned(),
            form,
            errors,
        }
    }
}

impl MadePage {
    /// Shows it, once: it is kept by no browser and no proxy.
    pub(super) fn answer(shell: Shell, made: MadeKey, back: &str) -> Response {
        let page = Self {
            shell: shell.title("auth-key-made-title").narrow(),
            name: made.name,
            text: made.text,
            expires_at: made.expires_at,
            back: back.to_owned(),
        };
        ui::page(page)
    }
}

fn audit(action: &'static str, who: &Principal, client: &Client) -> Audit {
    Audit::success(action)
        .actor(acting(who).user_id)
        .client(client)
}

/// `GET /auth/security/keys`
pub(super) async fn list(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    shell: Shell,
) -> Result<Response, Error> {
    let keys = web.services.api_keys.list(Whose::Of(who.user_id)).await?;
    let rows = keys
        .into_iter()
        .map(|key| KeyRow::of(key, &shell))
        .collect();
    let security = shell.t("auth-security-title").into_owned();
    Ok(ui::page(KeysPage {
        rows,
        shell: shell
            .title("auth-keys-title")
            .subtitled_by("auth-keys-text")
            .crumb(security, "/auth/security"),
    }))
}

fn new_shell(shell: Shell) -> Shell {
    let keys = shell.t("auth-keys-title").into_owned();
    shell
        .title("auth-key-new")
        .subtitled_by("auth-key-new-text")
        .crumb(keys, KEYS)
        .narrow()
}

/// `GET /auth/security/keys/new`
pub(super) async fn ask(shell: Shell) -> Response {
    let place = format!("{KEYS}/new");
    ui::page(NewKeyPage::new(
        new_shell(shell),
        &place,
        KeyForm::fresh(),
        Errors::none(),
    ))
}

/// `POST /auth/security/keys/new`
pub(super) async fn create(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    shell: Shell,
    CsrfForm(form): CsrfForm<KeyForm>,
) -> Result<Response, Error> {
    let holder = Holder::Person(UserId(who.user_id));
    let again = |shell: Shell, form: KeyForm, errors: Errors| {
        let place = format!("{KEYS}/new");
        ui::invalid(NewKeyPage::new(new_shell(shell), &place, form, errors))
    };
    let wish = match form.check(holder, &shell) {
        Ok(wish) => wish,
        Err(errors) => return Ok(again(shell, form, errors)),
    };
    let audit = audit("key.create", &who, &client);
    match web.services.api_keys.create(&wish, audit).await? {
        Made::Key(made) => Ok(MadePage::answer(shell, made, KEYS)),
        Made::TooMany => {
            let errors = Errors::one("", shell.t("auth-key-too-many"));
            Ok(again(shell, form, errors))
        }
        Made::Disabled => Err(Error::Disabled),
    }
}

/// `GET /auth/security/keys/{id}`
pub(super) async fn show(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    Path(id): Path<Uuid>,
    shell: Shell,
) -> Result<Response, Error> {
    let keys = web.services.api_keys.list(Whose::Of(who.user_id)).await?;
    let found = keys.into_iter().find(|listed| listed.key.key_id.0 == id);
    let row = KeyRow::of(found.ok_or(Error::KeyNotFound)?, &shell);
    let title = shell.t("auth-keys-title").into_owned();
    Ok(ui::page(KeyPage {
        place: format!("{KEYS}/{id}"),
        overlaps: overlaps(&shell),
        shell: shell.titled(row.name.clone()).crumb(title, KEYS).narrow(),
        row,
    }))
}

/// How long the old key goes on.
#[derive(Debug, Deserialize)]
pub(super) struct RollForm {
    #[serde(default)]
    overlap: String,
}

impl RollForm {
    /// Anything that was not offered is nothing.
    pub(super) fn overlap(&self) -> SignedDuration {
        let hours = self.overlap.parse().ok().filter(|hours| *hours <= 168_i64);
        SignedDuration::from_hours(hours.unwrap_or(0).max(0))
    }
}

/// `POST /auth/security/keys/{id}/roll`
pub(super) async fn roll(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    (Path(id), client): (Path<Uuid>, Client),
    shell: Shell,
    CsrfForm(form): CsrfForm<RollForm>,
) -> Result<Response, Error> {
    let which = (Whose::Of(who.user_id), KeyId(id));
    let audit = audit("key.roll", &who, &client);
    let made = web
        .services
        .api_keys
        .roll(which, form.overlap(), audit)
        .await?;
    Ok(MadePage::answer(shell, made, KEYS))
}

/// `POST /auth/security/keys/{id}/revoke`
pub(super) async fn revoke(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    (Path(id), client): (Path<Uuid>, Client),
    shell: Shell,
    _: CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let which = (Whose::Of(who.user_id), KeyId(id));
    let audit = audit("key.revoke", &who, &client);
    web.services.api_keys.revoke(which, "owner", audit).await?;
    let done = ui::flash(Flash::success(shell.t("auth-key-revoked")));
    Ok((done, ui::see_other(KEYS)).into_response())
}
