//! `/app/accounts/addresses`: one's own mail addresses, and the link that proves one.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use platform::http::Path;
use platform::{Access, CurrentUser, Role, Routes};
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

use super::asking::Asking;
use super::form::{AddressForm, Nothing};
use crate::Accounts;
use crate::domain::address::{AddressBook, AddressId, MOST_ADDRESSES};
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::actor::Actor;
use crate::service::addresses::{AddressChange, Asked, Confirmed};
use crate::service::mailer::Sent;

const ADDRESSES: &str = "/app/accounts/addresses";

/// The routes. Whatever changes where mail may go asks again who it is.
pub(super) fn routes() -> Routes<Accounts> {
    Routes::new()
        .page(ADDRESSES, Access::SignedIn, get(show))
        .page(
            "/app/accounts/addresses/add",
            Access::Sudo(Role::Guest),
            post(ask),
        )
        .page(
            "/app/accounts/addresses/{id}/{step}",
            Access::Sudo(Role::Guest),
            post(take_step),
        )
        .page(
            "/app/accounts/addresses/{id}/withdraw",
            Access::SignedIn,
            post(withdraw),
        )
        .page(
            "/app/accounts/addresses/confirm/{token}",
            Access::SignedIn,
            get(open).post(confirm),
        )
}

#[derive(askama::Template)]
#[template(path = "accounts/addresses.html")]
struct AddressesPage {
    shell: Shell,
    book: AddressBook,
    form: AddressForm,
    errors: Errors,
}

impl AddressesPage {
    async fn build(
        accounts: &Accounts,
        shell: Shell,
        id: PersonId,
        (form, errors): (AddressForm, Errors),
    ) -> Result<Self, Error> {
        let profile = shell.t("accounts-profile").into_owned();
        Ok(Self {
            shell: shell
                .title("accounts-addresses")
                .crumb(profile, "/app/accounts")
                .narrow(),
            book: accounts.addresses.book(id).await?,
            form,
            errors,
        })
    }
}

#[derive(askama::Template)]
#[template(path = "accounts/address_link.html")]
struct LinkPage {
    shell: Shell,
    /// `None`: the link does not work.
    address: Option<String>,
}

impl LinkPage {
    fn new(shell: Shell, address: Option<String>) -> Self {
        let addresses = shell.t("accounts-addresses").into_owned();
        Self {
            shell: shell
                .title("accounts-confirm-address")
                .crumb(addresses, ADDRESSES)
                .narrow(),
            address,
        }
    }
}

async fn show(
    State(accounts): State<Accounts>,
    shell: Shell,
    who: CurrentUser,
) -> Result<Response, Error> {
    let id = PersonId(who.user_id);
    let untouched = (AddressForm::default(), Errors::none());
    Ok(ui::page(
        AddressesPage::build(&accounts, shell, id, untouched).await?,
    ))
}

/// Sends a link, the first time or again.
async fn ask(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    CsrfForm(form): CsrfForm<AddressForm>,
) -> Result<Response, Error> {
    let (id, actor) = (PersonId(who.user_id), asking.actor(&who));
    let errors = match form.check(&shell) {
        Err(errors) => errors,
        Ok(address) => {
            let language = shell.language();
            let asked = accounts
                .addresses
                .ask(&actor, id, &address, language)
                .await?;
            match asked_flash(&shell, asked, address.as_str()) {
                Ok(flash) => return Ok(told(flash, ADDRESSES)),
                Err(message) => Errors::one("address", message),
            }
        }
    };
    Ok(ui::invalid(
        AddressesPage::build(&accounts, shell, id, (form, errors)).await?,
    ))
}

/// What to say of a link that was asked for, on top of the page or at the field.
fn asked_flash(shell: &Shell, asked: Asked, address: &str) -> Result<Flash, String> {
    let text = |key: &str| shell.t1(key, "address", address);
    match asked {
        Asked::Sent => Ok(Flash::success(text("accounts-link-sent"))),
        Asked::Unsent(Sent::NoServer) => Ok(Flash::danger(shell.t("accounts-link-no-server"))),
        Asked::Unsent(_) => Ok(Flash::danger(shell.t("accounts-link-away"))),
        Asked::Confirmed => Err(shell.t("accounts-address-yours").into_owned()),
        Asked::TooMany => Err(too_many(shell)),
        Asked::Limited(wait) => {
            let minutes = wait.as_secs().div_ceil(60);
            Err(shell.tn(
                "accounts-links-limited",
                i64::try_from(minutes).unwrap_or(i64::MAX),
            ))
        }
    }
}

/// Says how many addresses one may have.
pub(super) fn too_many(shell: &Shell) -> String {
    let most = i64::try_from(MOST_ADDRESSES).unwrap_or(i64::MAX);
    shell.tn("accounts-addresses-full", most)
}

/// What can be done to an address.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Step {
    /// Make it the one that mail goes to.
    Primary,
    /// Take it away.
    Remove,
}

impl Step {
    /// Does it, and says what became of it.
    pub(super) async fn take(
        self,
        accounts: &Accounts,
        (shell, actor): (&Shell, &Actor),
        (person, address): (PersonId, AddressId),
    ) -> Result<Flash, Error> {
        let addresses = &accounts.addresses;
        let (change, done) = match self {
            Self::Primary => (
                addresses.make_primary(actor, person, address).await?,
                "accounts-primary-changed",
            ),
            Self::Remove => (
                addresses.remove(actor, person, address).await?,
                "accounts-address-removed",
            ),
        };
        change_flash(shell, change, done)
    }
}

async fn take_step(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path((address, step)): Path<(Uuid, Step)>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let which = (PersonId(who.user_id), AddressId(address));
    let actor = asking.actor(&who);
    let flash = step.take(&accounts, (&shell, &actor), which).await?;
    Ok(told(flash, ADDRESSES))
}

async fn withdraw(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(claim): Path<Uuid>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let (id, actor) = (PersonId(who.user_id), asking.actor(&who));
    let change = accounts
        .addresses
        .withdraw(&actor, id, AddressId(claim))
        .await?;
    let flash = change_flash(&shell, change, "accounts-address-removed")?;
    Ok(told(flash, ADDRESSES))
}

/// `GET /app/accounts/addresses/confirm/{token}`. Uses nothing up: mail scanners follow links, too.
async fn open(
    State(accounts): State<Accounts>,
    shell: Shell,
    who: CurrentUser,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let id = PersonId(who.user_id);
    let claim = accounts.addresses.look(id, &token).await?;
    let address = claim.map(|claim| claim.address);
    Ok(ui::page(LinkPage::new(shell, address)))
}

/// `POST /app/accounts/addresses/confirm/{token}`
async fn confirm(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(token): Path<String>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let (id, actor) = (PersonId(who.user_id), asking.actor(&who));
    let flash = match accounts.addresses.confirm(&actor, id, &token).await? {
        Confirmed::Dead => return Ok(ui::page(LinkPage::new(shell, None))),
        Confirmed::Done(address) => {
            Flash::success(shell.t1("accounts-address-confirmed", "address", address))
        }
        Confirmed::Taken(address) => {
            Flash::danger(shell.t1("accounts-address-taken", "address", address))
        }
    };
    Ok(told(flash, ADDRESSES))
}

/// What to say of a change; `done` is the key of what to say when it is done.
pub(super) fn change_flash(
    shell: &Shell,
    change: AddressChange,
    done: &str,
) -> Result<Flash, Error> {
    let (is_done, key) = match change {
        AddressChange::Done => (true, done),
        AddressChange::Unchanged => (true, "accounts-unchanged"),
        AddressChange::Gone => (false, "accounts-address-gone"),
        AddressChange::Unconfirmed => (false, "accounts-address-unconfirmed"),
        AddressChange::IsPrimary => (false, "accounts-address-is-primary"),
        AddressChange::Taken => (false, "accounts-email-taken"),
        AddressChange::TooMany => return Ok(Flash::danger(too_many(shell))),
        AddressChange::InTrash => (false, "accounts-in-trash"),
        AddressChange::Stale => (false, "accounts-stale"),
        AddressChange::Forbidden => return Err(Error::NotAdministrator),
    };
    let text = shell.t(key);
    Ok(if is_done {
        Flash::success(text)
    } else {
        Flash::danger(text)
    })
}

/// Says it on top of the next page.
pub(super) fn told(flash: Flash, next: &str) -> Response {
    (ui::flash(flash), ui::see_other(next)).into_response()
}
