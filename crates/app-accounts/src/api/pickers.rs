//! People for pickers and for the search across apps: a few, active, by the beginnings of words. For pages only.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::CurrentUser;
use platform::http::{Json, Query};
use serde::{Deserialize, Serialize};
use ui::Shell;

use crate::Accounts;
use crate::domain::person::Person;
use crate::error::Error;

/// People of a picker's list.
const MOST: i64 = 20;
/// People the search across apps shows.
const MOST_FOUND: usize = 6;

#[derive(Debug, Deserialize)]
pub(super) struct PeopleQuery {
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

fn suggestion(person: Person) -> Suggestion {
    Suggestion {
        value: person.username,
        label: person.display_name,
        hint: person.email,
    }
}

pub(super) async fn suggest(
    State(accounts): State<Accounts>,
    Query(query): Query<PeopleQuery>,
) -> Result<Response, Error> {
    let found = accounts.directory.suggest(&query.q, MOST).await?;
    let suggestions: Vec<Suggestion> = found.into_iter().map(suggestion).collect();
    Ok(Json(suggestions).into_response())
}

/// Whom somebody may share a thing with: scoped to what they may find, and never by fewer than two letters.
pub(super) async fn grantees(
    State(accounts): State<Accounts>,
    shell: Shell,
    who: CurrentUser,
    Query(query): Query<PeopleQuery>,
) -> Result<Response, Error> {
    let found = accounts.grantees.suggest(&who, &query.q).await?;
    let group = |(value, label): (String, String)| Suggestion {
        value,
        label,
        hint: shell.t("accounts-group").into_owned(),
    };
    let groups = found.groups.into_iter().map(group);
    let people = found.people.into_iter().map(suggestion);
    Ok(Json(people.chain(groups).collect::<Vec<_>>()).into_response())
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

pub(super) async fn search(
    State(accounts): State<Accounts>,
    Query(query): Query<PeopleQuery>,
) -> Result<Response, Error> {
    let result = |person: Person| SearchResult {
        path: format!("/app/accounts/people/{}", person.id),
        title: person.display_name,
        subtitle: person.email,
        app: "accounts",
    };
    let found = accounts.directory.suggest(&query.q, MOST).await?;
    let results = found.into_iter().take(MOST_FOUND).map(result).collect();
    Ok(Json(SearchBody { results }).into_response())
}
