//! The mail addresses of somebody, for administrators: they stand on the page of the person.

use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use platform::http::Path;
use platform::{Access, CurrentUser, Role, Routes};
use ui::form::Errors;
use ui::{CsrfForm, Shell};
use uuid::Uuid;

use super::person::{PEOPLE, PersonPage, Refused};
use crate::Accounts;
use crate::domain::address::AddressId;
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::addresses::AddressChange;
use crate::web::addresses::{Step, change_flash, told, too_many};
use crate::web::asking::Asking;
use crate::web::form::{AddressForm, Nothing};

/// The routes. They ask for the role and again who it is; the use cases ask for the role once more.
pub(super) fn routes() -> Routes<Accounts> {
    Routes::new()
        .page(
            "/admin/accounts/people/{id}/addresses",
            Access::Sudo(Role::Admin),
            post(add),
        )
        .page(
            "/admin/accounts/people/{id}/addresses/{address}/{step}",
            Access::Sudo(Role::Admin),
            post(take_step),
        )
}

async fn add(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<AddressForm>,
) -> Result<Response, Error> {
    let (id, actor) = (PersonId(id), asking.actor(&who));
    let errors = match form.check(&shell) {
        Err(errors) if actor.administers => errors,
        Err(_) => return Err(Error::NotAdministrator),
        Ok(address) => {
            let addresses = &accounts.addresses;
            match addresses.add(&actor, id, &address, form.primary).await? {
                AddressChange::Taken => Errors::one("address", shell.t("accounts-email-taken")),
                AddressChange::TooMany => Errors::one("address", too_many(&shell)),
                change => {
                    let flash = change_flash(&shell, change, "accounts-saved")?;
                    return Ok(told(flash, &format!("{PEOPLE}/{id}")));
                }
            }
        }
    };
    let refused = Refused {
        address: form,
        errors,
        ..Refused::default()
    };
    Ok(ui::invalid(
        PersonPage::build(&accounts, shell, &asking, id, refused).await?,
    ))
}

async fn take_step(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path((id, address, step)): Path<(Uuid, Uuid, Step)>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let which = (PersonId(id), AddressId(address));
    let actor = asking.actor(&who);
    let flash = step.take(&accounts, (&shell, &actor), which).await?;
    Ok(told(flash, &format!("{PEOPLE}/{id}")))
}
