//! `/admin/accounts/purges`: who is gone for good, and which services have confirmed it.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::CurrentUser;
use platform::http::Path;
use rpc::events::accounts::USER_FORGOTTEN;
use ui::{CsrfForm, Flash, Shell};
use uuid::Uuid;

use crate::Accounts;
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::service::people::Change;
use crate::store::purge::Purge;
use crate::web::asking::Asking;
use crate::web::form::Confirmed;

const PURGES: &str = "/admin/accounts/purges";

#[derive(askama::Template)]
#[template(path = "accounts/admin/purges.html")]
struct PurgesPage {
    shell: Shell,
    purges: Vec<Purge>,
    services: [&'static str; USER_FORGOTTEN.len()],
}

pub(super) async fn list(
    State(accounts): State<Accounts>,
    shell: Shell,
) -> Result<Response, Error> {
    let people = shell.t("accounts-people").into_owned();
    Ok(ui::page(PurgesPage {
        purges: accounts.purges.list().await?,
        services: USER_FORGOTTEN.map(|(service, _)| service),
        shell: shell
            .title("accounts-purges")
            .crumb(people, "/admin/accounts/people"),
    }))
}

/// `POST /admin/accounts/people/{id}/purge`: forgets somebody in the trash before the trash does.
pub(super) async fn purge(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<Confirmed>,
) -> Result<Response, Error> {
    let id = PersonId(id);
    let person = accounts.directory.person(id).await?;
    let path = format!("/admin/accounts/people/{id}");
    // The route asks who it is again, not what they are.
    let actor = asking.actor(&who);
    if actor.administers && form.confirm_name.trim() != person.username {
        let flash = Flash::danger(shell.t1("accounts-purge-name", "name", person.username));
        return Ok((ui::flash(flash), ui::see_other(&path)).into_response());
    }
    let (flash, next) = match accounts.purges.purge(&actor, id).await? {
        Change::Forbidden => return Err(Error::NotAdministrator),
        Change::Done => (Flash::success(shell.t("accounts-purged")), PURGES),
        _ => (Flash::danger(shell.t("accounts-unchanged")), path.as_str()),
    };
    Ok((ui::flash(flash), ui::see_other(next)).into_response())
}
