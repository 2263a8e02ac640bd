//! Who is gone for good, for programs, and which services have confirmed that they keep nothing of them.

use axum::extract::State;
use jiff::Timestamp;
use platform::http::Json;
use rpc::events::accounts::USER_FORGOTTEN;
use serde::Serialize;
use utoipa::ToSchema;

use super::refusals::Always;
use crate::Accounts;
use crate::error::Error;
use crate::store::purge::Purge as Found;

/// Somebody who is gone for good.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Purge {
    /// UUID of who it was.
    person_id: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    purged_at: Timestamp,
    /// Services that keep nothing of them any more.
    confirmed: Vec<String>,
    /// Services that have not said so yet; they are told again each hour.
    waiting: Vec<&'static str>,
}

impl From<Found> for Purge {
    fn from(purge: Found) -> Self {
        let services = USER_FORGOTTEN.map(|(service, _)| service);
        let waiting = services.into_iter();
        Self {
            waiting: waiting
                .filter(|service| !purge.is_confirmed_by(service))
                .collect(),
            person_id: purge.person.to_string(),
            purged_at: purge.at,
            confirmed: purge.confirmed,
        }
    }
}

/// The newest purges.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Purges {
    purges: Vec<Purge>,
}

/// Lists who is gone for good, newest first, at most 200. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/purges", responses((status = 200, body = Purges), Always))]
pub(super) async fn list(State(accounts): State<Accounts>) -> Result<Json<Purges>, Error> {
    let found = accounts.purges.list().await?;
    Ok(Json(Purges {
        purges: found.into_iter().map(Purge::from).collect(),
    }))
}
