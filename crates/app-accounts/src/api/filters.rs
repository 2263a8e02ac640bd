//! Filters of the list of people for programs: those of whoever asks, and those that others share.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;
use platform::CurrentUser;
use platform::http::{Json, Path};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::created::created;
use super::refusals::{Always, OfBodies};
use crate::Accounts;
use crate::domain::name::Line;
use crate::domain::saved_filter::{Criteria, FilterId, SavedFilter, Wish};
use crate::error::Error;
use crate::service::saved_filters::Kept;
use crate::web::asking::Asking;

/// A filter of the list of people that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Filter {
    /// UUID.
    id: String,
    /// What its owner calls it.
    name: String,
    /// What it lets through: the query part of an address of `/admin/accounts/people`, such as `role=guest&state=active`.
    query: String,
    /// Whether other administrators see it.
    shared: bool,
    /// UUID of whose it is: nobody else changes or deletes it.
    owner_id: String,
    /// Since when it is kept.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<SavedFilter> for Filter {
    fn from(filter: SavedFilter) -> Self {
        Self {
            id: filter.id.to_string(),
            name: filter.name,
            query: filter.criteria.as_str().to_owned(),
            shared: filter.is_shared,
            owner_id: filter.owner.to_string(),
            created_at: filter.created_at,
        }
    }
}

/// One's own by name, and then those that others share.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Filters {
    filters: Vec<Filter>,
}

/// A filter to keep.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewFilter {
    /// What it is to be called; no other of theirs has this name.
    name: String,
    /// What it lets through: any of `q`, `role`, `state`, `dormant` and `sort`, as in the address of the list. What the
    /// list does not know is left out.
    query: String,
    /// Whether other administrators see it.
    #[serde(default)]
    shared: bool,
}

/// Identifies what was made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KeptFilter {
    /// UUID.
    id: String,
}

/// Lists filters. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/filters", responses((status = 200, body = Filters), Always))]
pub(super) async fn list(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
) -> Result<Json<Filters>, Error> {
    let filters = accounts.filters.list(&asking.actor(&who)).await?;
    Ok(Json(Filters {
        filters: filters.into_iter().map(Filter::from).collect(),
    }))
}

/// Keeps a filter. Administrators, and their keys; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/filters", request_body = NewFilter,
    responses((status = 201, body = KeptFilter, headers(("Location" = String, description = "the filter"))),
        (status = 409, description = "the name is taken, or there are 50"), Always, OfBodies))]
pub(super) async fn create(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Json(body): Json<NewFilter>,
) -> Result<Response, Error> {
    let wish = Wish {
        name: Line::required(&body.name).map_err(|unfit| Error::Unfit("name", unfit))?,
        criteria: Criteria::parse(&body.query).ok_or(Error::NothingToFilter)?,
        is_shared: body.shared,
    };
    let id = FilterId(Uuid::now_v7());
    match accounts
        .filters
        .keep(&asking.actor(&who), id, &wish)
        .await?
    {
        Kept::Done => {
            let body = KeptFilter { id: id.to_string() };
            Ok(created(format!("/api/accounts/filters/{id}"), body))
        }
        Kept::NameTaken => Err(Error::FilterNameTaken),
        Kept::TooMany => Err(Error::TooManyFilters),
    }
}

/// Deletes a filter of one's own. Administrators, and their keys; scope accounts:write.
#[utoipa::path(delete, path = "/api/accounts/filters/{id}", params(("id" = Uuid, Path)),
    responses((status = 204), Always))]
pub(super) async fn remove(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    let actor = asking.actor(&who);
    accounts.filters.delete(&actor, FilterId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
