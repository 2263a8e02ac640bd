//! `/admin/accounts/webhooks`: addresses that are told who comes, changes places and goes.

mod form;
mod page;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use platform::http::Path;
use platform::{Access, CurrentUser, Role, Routes};
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

use self::form::WebhookForm;
use self::page::{NewPage, SecretPage, WebhookPage, WebhooksPage};
use crate::Accounts;
use crate::domain::webhook::{Secret, WebhookId};
use crate::error::Error;
use crate::service::webhooks::{Changed, Declared};
use crate::web::asking::Asking;
use crate::web::form::Nothing;

const WEBHOOKS: &str = "/admin/accounts/webhooks";

/// The routes.
pub(super) fn routes() -> Routes<Accounts> {
    let admin = Access::Role(Role::Admin);
    let of = |rest: &str| format!("{WEBHOOKS}/{{id}}{rest}");
    Routes::new()
        .page(WEBHOOKS, admin, get(list))
        .page(
            "/admin/accounts/webhooks/new",
            admin,
            get(blank).post(declare),
        )
        .page(&of(""), admin, get(show).post(change))
        .page(&of("/secret"), admin, post(roll_secret))
        .page(&of("/switch/{on}"), admin, post(switch))
        .page(&of("/test"), admin, post(test))
        .page(&of("/delete"), admin, post(delete))
        .page(&of("/deliveries/{delivery}/again"), admin, post(again))
}

fn path(id: WebhookId) -> String {
    format!("{WEBHOOKS}/{id}")
}

async fn list(State(accounts): State<Accounts>, shell: Shell) -> Result<Response, Error> {
    let webhooks = accounts.webhooks.list().await?;
    Ok(ui::page(WebhooksPage::new(shell, webhooks)))
}

async fn blank(shell: Shell) -> Response {
    ui::page(NewPage::new(shell, WebhookForm::empty(), Errors::none()))
}

async fn declare(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    CsrfForm(form): CsrfForm<WebhookForm>,
) -> Result<Response, Error> {
    let errors = match form.check(&shell, accounts.webhooks.reach()) {
        Err(errors) => errors,
        Ok(wish) => {
            let id = WebhookId(form.id);
            let actor = asking.actor(&who);
            match accounts.webhooks.add(&actor, id, &wish).await? {
                Declared::Done(secret) => return Ok(shown_once(shell, (id, &form.name), &secret)),
                // The same form once more: the secret was shown.
                Declared::Known => return Ok(ui::see_other(&path(id))),
                Declared::NameTaken => Errors::one("name", shell.t("accounts-webhook-name-taken")),
                Declared::TooMany => Errors::one("", shell.t("accounts-webhooks-full")),
            }
        }
    };
    Ok(ui::invalid(NewPage::new(shell, form, errors)))
}

async fn show(
    State(accounts): State<Accounts>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let webhook = accounts.webhooks.find(WebhookId(id)).await?;
    let form = (WebhookForm::of(&webhook), Errors::none());
    Ok(ui::page(
        WebhookPage::build(&accounts, shell, webhook, form).await?,
    ))
}

async fn change(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<WebhookForm>,
) -> Result<Response, Error> {
    let id = WebhookId(id);
    let errors = match form.check(&shell, accounts.webhooks.reach()) {
        Err(errors) => errors,
        Ok(wish) => {
            let (actor, which) = (asking.actor(&who), (id, form.version));
            match accounts.webhooks.change(&actor, which, &wish).await? {
                Changed::Done => return Ok(said(id, Flash::success(shell.t("accounts-saved")))),
                Changed::NameTaken => Errors::one("name", shell.t("accounts-webhook-name-taken")),
                Changed::Stale => Errors::one("", shell.t("accounts-stale")),
            }
        }
    };
    let webhook = accounts.webhooks.find(id).await?;
    Ok(ui::invalid(
        WebhookPage::build(&accounts, shell, webhook, (form, errors)).await?,
    ))
}

async fn roll_secret(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let id = WebhookId(id);
    let webhook = accounts.webhooks.find(id).await?;
    let secret = accounts
        .webhooks
        .roll_secret(&asking.actor(&who), id)
        .await?;
    Ok(shown_once(shell, (id, &webhook.name), &secret))
}

/// Whether to switch it on or off.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Wanted {
    On,
    Off,
}

async fn switch(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path((id, wanted)): Path<(Uuid, Wanted)>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let id = WebhookId(id);
    let (on, key) = match wanted {
        Wanted::On => (true, "accounts-webhook-switched-on"),
        Wanted::Off => (false, "accounts-webhook-switched-off"),
    };
    let actor = asking.actor(&who);
    accounts.webhooks.switch(&actor, id, on).await?;
    Ok(said(id, Flash::success(shell.t(key))))
}

async fn test(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let id = WebhookId(id);
    accounts.webhooks.test(&asking.actor(&who), id).await?;
    Ok(said(id, Flash::info(shell.t("accounts-webhook-tested"))))
}

/// The name of the webhook to delete, typed once more.
#[derive(Deserialize)]
struct Confirmed {
    #[serde(default)]
    confirm_name: String,
}

async fn delete(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<Confirmed>,
) -> Result<Response, Error> {
    let id = WebhookId(id);
    let webhook = accounts.webhooks.find(id).await?;
    if !ui::form::confirmed(&form.confirm_name, &webhook.name) {
        let flash = Flash::danger(shell.t("accounts-webhook-not-confirmed"));
        return Ok(said(id, flash));
    }
    accounts.webhooks.delete(&asking.actor(&who), id).await?;
    let flash = Flash::success(shell.t("accounts-webhook-deleted"));
    Ok((ui::flash(flash), ui::see_other(WEBHOOKS)).into_response())
}

async fn again(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path((id, delivery)): Path<(Uuid, Uuid)>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let id = WebhookId(id);
    let actor = asking.actor(&who);
    let flash = if accounts.webhooks.again(&actor, id, delivery).await? {
        Flash::info(shell.t("accounts-webhook-sent-again"))
    } else {
        Flash::warning(shell.t("accounts-webhook-not-sent-again"))
    };
    Ok(said(id, flash))
}

fn said(id: WebhookId, flash: Flash) -> Response {
    (ui::flash(flash), ui::see_other(&path(id))).into_response()
}

/// The page that shows a secret, which nothing keeps.
fn shown_once(shell: Shell, (id, name): (WebhookId, &str), secret: &Secret) -> Response {
    let page = ui::page(SecretPage::new(shell, (id, name), secret));
    ([(http::header::CACHE_CONTROL, "no-store")], page).into_response()
}
