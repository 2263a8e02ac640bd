//! `/admin/accounts/requests`: strangers who proved their address and wait for an account.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use platform::http::Path;
use platform::{Access, CurrentUser, Role, Routes};
use serde::Deserialize;
use ui::form::Errors;
use ui::{Choice, CsrfForm, Flash, Shell};
use uuid::Uuid;

use crate::Accounts;
use crate::domain::import_row::names_in;
use crate::domain::name::Line;
use crate::domain::registration::{AccountRequest, AccountRequestId};
use crate::error::Error;
use crate::service::registrations::Decided;
use crate::web::asking::Asking;
use crate::web::form::{Fields, role_choices};

pub(super) const REQUESTS: &str = "/admin/accounts/requests";

/// The routes.
pub(super) fn routes() -> Routes<Accounts> {
    let admin = Access::Role(Role::Admin);
    Routes::new().page(REQUESTS, admin, get(list)).page(
        "/admin/accounts/requests/{id}",
        admin,
        post(decide),
    )
}

/// What is decided about a request.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct DecisionForm {
    /// `approve` or `deny`.
    decision: String,
    role: String,
    groups: String,
    reason: String,
}

/// What was typed for one request and refused.
#[derive(Default)]
struct Refused {
    id: Uuid,
    form: DecisionForm,
    errors: Errors,
}

impl Refused {
    /// What was typed for this request.
    fn typed(&self, id: &AccountRequestId) -> DecisionForm {
        if self.id == id.0 {
            return self.form.clone();
        }
        DecisionForm {
            role: Role::User.as_str().to_owned(),
            ..DecisionForm::default()
        }
    }

    /// What is wrong with a field for this request.
    fn of(&self, id: &AccountRequestId, field: &str) -> &str {
        if self.id == id.0 {
            self.errors.of(field)
        } else {
            ""
        }
    }
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/requests.html")]
struct RequestsPage {
    shell: Shell,
    requests: Vec<AccountRequest>,
    roles: Vec<Choice>,
    refused: Refused,
}

impl RequestsPage {
    async fn build(accounts: &Accounts, shell: Shell, refused: Refused) -> Result<Self, Error> {
        let people = shell.t("accounts-people").into_owned();
        let mut roles = role_choices(&shell);
        roles.retain(|role| role.value != Role::Admin.as_str());
        Ok(Self {
            requests: accounts.registrations.waiting().await?,
            shell: shell
                .title("accounts-account-requests")
                .crumb(people, "/admin/accounts/people"),
            roles,
            refused,
        })
    }
}

async fn list(State(accounts): State<Accounts>, shell: Shell) -> Result<Response, Error> {
    let page = RequestsPage::build(&accounts, shell, Refused::default());
    Ok(ui::page(page.await?))
}

async fn decide(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<DecisionForm>,
) -> Result<Response, Error> {
    let (actor, registrations) = (asking.actor(&who), &accounts.registrations);
    let request = AccountRequestId(id);
    let mut fields = Fields::new(&shell);
    let (decided, done) = if form.decision == "deny" {
        let reason = fields.take("reason", Line::parse(&form.reason));
        match fields.finish(reason) {
            Err(errors) => return refuse(&accounts, shell, Refused { id, form, errors }).await,
            Ok(reason) => {
                let denied = registrations.deny(&actor, request, &reason).await?;
                (denied, "accounts-account-denied")
            }
        }
    } else {
        let names = names_in(&form.groups);
        let known = accounts.groups.by_names(&names).await?;
        let role = fields.take("role", crate::web::form::role(&form.role));
        let unknown: Vec<String> = names
            .into_iter()
            .filter(|name| !known.contains_key(name))
            .collect();
        if !unknown.is_empty() {
            let names = ("names", unknown.join(", "));
            fields.refuse_with("groups", "accounts-groups-unknown", names);
        }
        match fields.finish(role) {
            Err(errors) => return refuse(&accounts, shell, Refused { id, form, errors }).await,
            Ok(role) => {
                let groups = known.into_values().collect();
                let approved = registrations.approve(&actor, request, (role, groups));
                (approved.await?, "accounts-account-approved")
            }
        }
    };
    let flash = match decided {
        Decided::Done => Flash::success(shell.t(done)),
        Decided::Late => Flash::warning(shell.t("accounts-request-late")),
        Decided::EmailTaken => Flash::danger(shell.t("accounts-email-taken")),
        Decided::GroupGone => Flash::danger(shell.t("accounts-groups-gone")),
    };
    Ok((ui::flash(flash), ui::see_other(REQUESTS)).into_response())
}

async fn refuse(accounts: &Accounts, shell: Shell, refused: Refused) -> Result<Response, Error> {
    Ok(ui::invalid(
        RequestsPage::build(accounts, shell, refused).await?,
    ))
}
