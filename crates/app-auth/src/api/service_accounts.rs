//! Service accounts.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use platform::http::Json;
use platform::identity::CurrentUser;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::login::Username;
use crate::domain::service_account::{AccountState, ServiceAccount};
use crate::domain::subject::{Role, UserId};
use crate::error::Error;
use crate::service::audit::Audit;
use crate::service::client::Client;
use crate::service::service_accounts::{Outcome, Wish};
use crate::web::Web;

/// A service account.
#[derive(Serialize, ToSchema)]
pub(super) struct Account {
    /// UUID.
    id: String,
    /// Its name.
    name: String,
    /// What it is for.
    description: String,
    /// UUID of who answers for it.
    owner_id: Option<String>,
    /// guest or user.
    role: &'static str,
    /// `active`, `orphaned` (it waits for an owner) or `disabled`.
    state: &'static str,
}

/// All of them.
#[derive(Serialize, ToSchema)]
pub(super) struct Accounts {
    service_accounts: Vec<Account>,
}

/// One somebody wants.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewAccount {
    /// 2 to 40 lower-case letters, digits, dots, hyphens and underscores.
    name: String,
    /// What it is for, at most 200 characters.
    #[serde(default)]
    description: String,
    /// Sign-in name or mail address of who answers for it.
    owner: String,
    /// guest or user; user unless told otherwise.
    role: Option<String>,
}

/// The one that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct CreatedAccount {
    /// UUID.
    id: String,
}

impl From<ServiceAccount> for Account {
    fn from(account: ServiceAccount) -> Self {
        Self {
            id: account.id.0.to_string(),
            name: account.name,
            description: account.description,
            owner_id: account.owner_id.map(|id| id.0.to_string()),
            role: account.role.name(),
            state: match account.state {
                AccountState::Active => "active",
                AccountState::Orphaned => "orphaned",
                AccountState::Disabled => "disabled",
            },
        }
    }
}

/// Lists service accounts by name.
#[utoipa::path(get, path = "/api/auth/service-accounts", responses(
    (status = 200, body = Accounts), (status = 401), (status = 403)))]
pub(super) async fn list(State(web): State<Web>) -> Result<Json<Accounts>, Error> {
    let accounts = web.services.service_accounts.list().await?;
    Ok(Json(Accounts {
        service_accounts: accounts.into_iter().map(Account::from).collect(),
    }))
}

/// Makes a service account.
#[utoipa::path(post, path = "/api/auth/service-accounts", request_body = NewAccount, responses(
    (status = 201, body = CreatedAccount), (status = 400), (status = 401), (status = 403), (status = 409)))]
pub(super) async fn create(
    State(web): State<Web>,
    CurrentUser(who): CurrentUser,
    client: Client,
    Json(body): Json<NewAccount>,
) -> Result<Response, Error> {
    let name = Username::parse(&body.name).ok_or(Error::InvalidRequest(
        "name must be 2 to 40 lower-case letters, digits, dots, hyphens or underscores",
    ))?;
    if body.description.chars().count() > 200 {
        return Err(Error::InvalidRequest(
            "description must have at most 200 characters",
        ));
    }
    let role = match body.role.as_deref() {
        None | Some("user") => Role::User,
        Some("guest") => Role::Guest,
        Some(_) => return Err(Error::InvalidRequest("role must be guest or user")),
    };
    let wish = Wish {
        name: name.to_string(),
        description: body.description.trim().to_owned(),
        owner: body.owner,
        role,
    };
    let audit = Audit::success("service_account.create")
        .actor(UserId(who.user_id))
        .client(&client);
    match web.services.service_accounts.create(&wish, audit).await? {
        Outcome::Done(id) => {
            let created = CreatedAccount {
                id: id.0.to_string(),
            };
            Ok((StatusCode::CREATED, Json(created)).into_response())
        }
        Outcome::NameTaken => Err(Error::NameTaken),
        Outcome::NoOwner => Err(Error::InvalidRequest(
            "owner must be the sign-in name or mail address of somebody who may sign in",
        )),
    }
}
