//! `/api/accounts`: people for pickers and programs, and groups, described by OpenAPI.

mod groups;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use platform::http::{Json, Query};
use platform::{Access, Role, Routes};
use serde::{Deserialize, Serialize};
use utoipa::OpenApi;

use crate::Accounts;
use crate::domain::person::{Person, State as PersonState};
use crate::error::Error;
use crate::store::person::{Filter, Order};

/// People of a picker's list.
const MOST: i64 = 20;
/// People the search across apps shows.
const MOST_FOUND: usize = 6;

/// Where the description is.
pub const OPENAPI: &str = "/api/accounts/openapi.json";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Cloud: people and groups",
        description = "Groups, who is in them, and why. Errors are problem+json (RFC 9457)."
    ),
    paths(
        groups::list,
        groups::show,
        groups::change,
        groups::put_person,
        groups::remove_person,
        groups::why,
    )
)]
struct Description;

async fn describe() -> Response {
    Json(Description::openapi()).into_response()
}

/// The routes of the API.
pub fn routes() -> Routes<Accounts> {
    let member = Access::Role(Role::User);
    Routes::new()
        .api(OPENAPI, Access::Public, get(describe))
        .api(
            "/api/accounts/groups",
            Access::Role(Role::Admin),
            get(groups::list),
        )
        .api(
            "/api/accounts/groups/{id}",
            member,
            get(groups::show).patch(groups::change),
        )
        .api(
            "/api/accounts/groups/{id}/people/{person}",
            member,
            put(groups::put_person)
                .delete(groups::remove_person)
                .get(groups::why),
        )
        .api("/api/accounts/people", member, get(people))
        .api("/api/accounts/search", member, get(search))
}

#[derive(Debug, Deserialize)]
struct PeopleQuery {
    #[serde(default)]
    q: String,
}

/// One suggestion of a picker.
#[derive(Debug, Serialize)]
struct Suggestion {
    value: String,
    label: String,
    hint: String,
}

async fn people(
    State(accounts): State<Accounts>,
    Query(query): Query<PeopleQuery>,
) -> Result<Response, Error> {
    let suggestion = |person: Person| Suggestion {
        value: person.username,
        label: person.display_name,
        hint: person.email,
    };
    let found = find(&accounts, &query.q).await?;
    let suggestions: Vec<Suggestion> = found.into_iter().map(suggestion).collect();
    Ok(Json(suggestions).into_response())
}

/// What the search across apps shows.
#[derive(Debug, Serialize)]
struct SearchBody {
    results: Vec<SearchResult>,
}

#[derive(Debug, Serialize)]
struct SearchResult {
    title: String,
    subtitle: String,
    path: String,
    app: &'static str,
}

async fn search(
    State(accounts): State<Accounts>,
    Query(query): Query<PeopleQuery>,
) -> Result<Response, Error> {
    let result = |person: Person| SearchResult {
        path: format!("/app/accounts/people/{}", person.id),
        title: person.display_name,
        subtitle: person.email,
        app: "accounts",
    };
    let found = find(&accounts, &query.q).await?;
    let results = found.into_iter().take(MOST_FOUND).map(result).collect();
    Ok(Json(SearchBody { results }).into_response())
}

/// Active people by the beginnings of words.
async fn find(accounts: &Accounts, words: &str) -> Result<Vec<Person>, Error> {
    let filter = Filter {
        query: Filter::words(words),
        state: Some(PersonState::Active),
        ..Filter::default()
    };
    Ok(accounts
        .directory
        .page(&filter, Order::Name, MOST, 0)
        .await?
        .people)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn every_route_about_groups_is_described() {
        let described = Description::openapi().paths.paths;
        for route in routes().table() {
            if route.path.starts_with("/api/accounts/groups") {
                assert!(described.contains_key(&route.path), "{}", route.path);
            }
        }
    }
}
