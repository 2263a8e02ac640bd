//! `/api/accounts`: people for pickers and programs.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use platform::http::{Json, Query};
use platform::{Access, Role, Routes};
use serde::{Deserialize, Serialize};

use crate::Accounts;
use crate::domain::person::{Person, State as PersonState};
use crate::error::Error;
use crate::store::person::{Filter, Order};

/// People of a picker's list.
const MOST: i64 = 20;

/// The routes of the API.
pub fn routes() -> Routes<Accounts> {
    Routes::new().api(
        "/api/accounts/people",
        Access::Role(Role::User),
        get(people),
    )
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
    let filter = Filter {
        query: Filter::words(&query.q),
        state: Some(PersonState::Active),
        ..Filter::default()
    };
    let page = accounts
        .directory
        .page(&filter, Order::Name, MOST, 0)
        .await?;
    let suggestion = |person: Person| Suggestion {
        value: person.username,
        label: person.display_name,
        hint: person.email,
    };
    let suggestions: Vec<Suggestion> = page.people.into_iter().map(suggestion).collect();
    Ok(Json(suggestions).into_response())
}
