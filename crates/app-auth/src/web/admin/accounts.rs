//! Service accounts: who answers for them, whether they work, and their keys.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use platform::http::Path;
use platform::identity::CurrentUser;
use serde::Deserialize;
use ui::form::Errors;
use ui::{Choice, CsrfForm, Flash, Shell, Tab};
use uuid::Uuid;

use super::{audit, tabs};
use crate::domain::login::Username;
use crate::domain::service_account::{AccountState, ServiceAccount, ServiceAccountId};
use crate::domain::subject::Role;
use crate::error::Error;
use crate::service::api_keys::{Made, Whose};
use crate::service::client::Client;
use crate::service::service_accounts::{Outcome, Wish};
use crate::store::api_keys::Holder;
use crate::web::Web;
use crate::web::key_form::KeyForm;
use crate::web::key_view::KeyRow;
use crate::web::keys::{MadePage, NewKeyPage};

const ACCOUNTS: &str = "/admin/auth/service-accounts";
/// For the field whose suggestions come from accounts.
const NO_CHOICES: &[Choice] = &[];

/// What the form for a new one sends.
#[derive(Debug, Default, Deserialize)]
pub(super) struct AccountForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    role: String,
}

#[derive(Template)]
#[template(path = "auth/admin/accounts.html")]
struct AccountsPage {
    shell: Shell,
    tabs: Vec<Tab>,
    accounts: Vec<ServiceAccount>,
    form: AccountForm,
    roles: Vec<Choice>,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "auth/admin/account.html")]
struct AccountPage {
    shell: Shell,
    account: ServiceAccount,
    rows: Vec<KeyRow>,
    owner: String,
    errors: Errors,
}

/// Key of the word for a state.
fn state_key(state: AccountState) -> &'static str {
    match state {
        AccountState::Active => "auth-account-active",
        AccountState::Orphaned => "auth-account-orphaned",
        AccountState::Disabled => "auth-account-disabled",
    }
}

/// Tone of its badge.
fn state_tone(state: AccountState) -> &'static str {
    match state {
        AccountState::Active => "success",
        AccountState::Orphaned => "warning",
        AccountState::Disabled => "neutral",
    }
}

impl AccountsPage {
    async fn of(web: &Web, shell: Shell, form: AccountForm, errors: Errors) -> Result<Self, Error> {
        let roles = [("user", "auth-role-user"), ("guest", "auth-role-guest")];
        Ok(Self {
            accounts: web.services.service_accounts.list().await?,
            tabs: tabs(&shell, ACCOUNTS),
            roles: roles
                .map(|(value, key)| Choice::new(value, shell.t(key)))
                .into(),
            shell: shell.title("auth-admin-title").wide(),
            form,
            errors,
        })
    }
}

impl AccountPage {
    async fn of(web: &Web, shell: Shell, id: Uuid) -> Result<Self, Error> {
        let account = web
            .services
            .service_accounts
            .find(ServiceAccountId(id))
            .await?;
        let keys = web.services.api_keys.list(Whose::Of(id)).await?;
        let accounts = shell.t("auth-admin-accounts").into_owned();
        Ok(Self {
            rows: keys
                .into_iter()
                .map(|key| KeyRow::of(key, &shell))
                .collect(),
            shell: shell.titled(account.name.clone()).crumb(accounts, ACCOUNTS),
            account,
            owner: String::new(),
            errors: Errors::none(),
        })
    }
}

/// `GET /admin/auth/service-accounts`
pub(super) async fn list(State(web): State<Web>, shell: Shell) -> Result<Response, Error> {
    let form = AccountForm::default();
    Ok(ui::page(
        AccountsPage::of(&web, shell, form, Errors::none()).await?,
    ))
}

/// `POST /admin/auth/service-accounts`
pub(super) async fn create(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    shell: Shell,
    CsrfForm(form): CsrfForm<AccountForm>,
) -> Result<Response, Error> {
    let mut errors = Errors::none();
    let name = Username::parse(&form.name);
    if name.is_none() {
        errors.add("name", shell.t("auth-account-name-invalid"));
    }
    if form.description.chars().count() > 200 {
        errors.add("description", shell.t("auth-account-description-invalid"));
    }
    if let Some(name) = name.filter(|_| errors.is_empty()) {
        let wish = Wish {
            name: name.to_string(),
            description: form.description.trim().to_owned(),
            owner: form.owner.clone(),
            role: Role::parse(&form.role).unwrap_or(Role::Guest),
        };
        let audit = audit("service_account.create", &who, &client);
        match web.services.service_accounts.create(&wish, audit).await? {
            Outcome::Done(id) => return Ok(ui::see_other(&format!("{ACCOUNTS}/{}", id.0))),
            Outcome::NameTaken => errors.add("name", shell.t("auth-account-name-taken")),
            Outcome::NoOwner => errors.add("owner", shell.t("auth-account-owner-invalid")),
        }
    }
    Ok(ui::invalid(
        AccountsPage::of(&web, shell, form, errors).await?,
    ))
}

/// `GET /admin/auth/service-accounts/{id}`
pub(super) async fn show(
    State(web): State<Web>,
    Path(id): Path<Uuid>,
    shell: Shell,
) -> Result<Response, Error> {
    Ok(ui::page(AccountPage::of(&web, shell, id).await?))
}

/// Who takes it over.
#[derive(Debug, Deserialize)]
pub(super) struct OwnerForm {
    #[serde(default)]
    owner: String,
}

/// `POST /admin/auth/service-accounts/{id}/owner`
pub(super) async fn hand_over(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    (Path(id), client): (Path<Uuid>, Client),
    shell: Shell,
    CsrfForm(form): CsrfForm<OwnerForm>,
) -> Result<Response, Error> {
    let audit = audit("service_account.hand_over", &who, &client);
    let account = ServiceAccountId(id);
    let outcome = web
        .services
        .service_accounts
        .hand_over(account, &form.owner, audit)
        .await?;
    if outcome == Outcome::NoOwner {
        let message = shell.t("auth-account-owner-invalid").into_owned();
        let page = AccountPage::of(&web, shell, id).await?;
        return Ok(ui::invalid(AccountPage {
            owner: form.owner,
            errors: Errors::one("owner", message),
            ..page
        }));
    }
    let done = ui::flash(Flash::success(shell.t("auth-account-handed-over")));
    Ok((done, ui::see_other(&format!("{ACCOUNTS}/{id}"))).into_response())
}

/// On or off.
#[derive(Debug, Deserialize)]
pub(super) struct SwitchForm {
    #[serde(default)]
    enabled: String,
}

/// `POST /admin/auth/service-accounts/{id}/switch`
pub(super) async fn switch(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    (Path(id), client): (Path<Uuid>, Client),
    shell: Shell,
    form: Result<CsrfForm<SwitchForm>, Response>,
) -> Result<Response, Error> {
    let form = match form {
        Ok(CsrfForm(form)) => form,
        Err(refusal) => return Ok(refusal),
    };
    let enabled = form.enabled == "on";
    let action = if enabled {
        "service_account.enable"
    } else {
        "service_account.disable"
    };
    let audit = audit(action, &who, &client);
    web.services
        .service_accounts
        .set_enabled(ServiceAccountId(id), enabled, audit)
        .await?;
    let message = if enabled {
        shell.t("auth-account-enabled")
    } else {
        shell.t("auth-account-switched-off")
    };
    let done = ui::flash(Flash::success(message));
    Ok((done, ui::see_other(&format!("{ACCOUNTS}/{id}"))).into_response())
}

fn key_page(shell: Shell, account: &ServiceAccount, form: KeyForm, errors: Errors) -> NewKeyPage {
    let place = format!("{ACCOUNTS}/{}", account.id.0);
    let shell = shell
        .title("auth-key-new")
        .subtitled_by("auth-key-new-text")
        .crumb(account.name.clone(), place.clone())
        .narrow();
    NewKeyPage::new(shell, &format!("{place}/keys"), form, errors)
}

/// `GET /admin/auth/service-accounts/{id}/keys`
pub(super) async fn ask_key(
    State(web): State<Web>,
    Path(id): Path<Uuid>,
    shell: Shell,
) -> Result<Response, Error> {
    let account = web
        .services
        .service_accounts
        .find(ServiceAccountId(id))
        .await?;
    Ok(ui::page(key_page(
        shell,
        &account,
        KeyForm::fresh(),
        Errors::none(),
    )))
}

/// `POST /admin/auth/service-accounts/{id}/keys`
pub(super) async fn make_key(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    (Path(id), client): (Path<Uuid>, Client),
    shell: Shell,
    CsrfForm(form): CsrfForm<KeyForm>,
) -> Result<Response, Error> {
    let id = ServiceAccountId(id);
    let account = web.services.service_accounts.find(id).await?;
    let wish = match form.check(Holder::Account(id), &shell) {
        Ok(wish) => wish,
        Err(errors) => return Ok(ui::invalid(key_page(shell, &account, form, errors))),
    };
    let audit = audit("key.create", &who, &client);
    match web.services.api_keys.create(&wish, audit).await? {
        Made::Key(made) => {
            let back = format!("{ACCOUNTS}/{}", id.0);
            Ok(MadePage::answer(shell, made, &back))
        }
        Made::TooMany => {
            let errors = Errors::one("", shell.t("auth-key-too-many"));
            Ok(ui::invalid(key_page(shell, &account, form, errors)))
        }
        Made::Disabled => Err(Error::Disabled),
    }
}
