//! `/app/accounts/people`: who is here, for every member.

use axum::extract::State;
use axum::response::Response;
use platform::http::Path;
use ui::{Shell, Table, TableQuery};
use uuid::Uuid;

use crate::Accounts;
use crate::domain::custom_field::Viewer;
use crate::domain::person::{Person, PersonId, State as PersonState};
use crate::domain::sponsorship::Sponsor;
use crate::error::Error;
use crate::service::reporting::Place;
use crate::store::person::{Filter, Order};
use crate::web::custom_fields::{Shown, shown};

const PEOPLE: &str = "/app/accounts/people";

#[derive(askama::Template)]
#[template(path = "accounts/directory.html")]
struct DirectoryPage {
    shell: Shell,
    people: Vec<Person>,
    table: Table,
}

#[derive(askama::Template)]
#[template(path = "accounts/person.html")]
struct PersonPage {
    shell: Shell,
    person: Person,
    place: Place,
    custom: Vec<Shown>,
    groups: Vec<String>,
    /// Only of a guest.
    sponsor: Option<Sponsor>,
}

pub(super) async fn list(
    State(accounts): State<Accounts>,
    shell: Shell,
    query: TableQuery,
) -> Result<Response, Error> {
    let filter = Filter {
        query: Filter::words(&query.search),
        state: Some(PersonState::Active),
        ..Filter::default()
    };
    let page = accounts
        .directory
        .page(&filter, Order::Name, query.limit(), query.offset())
        .await?;
    Ok(ui::page(DirectoryPage {
        shell: shell.title("accounts-people"),
        table: Table::new(PEOPLE, &query, u64::try_from(page.total).unwrap_or(0)).searchable(),
        people: page.people,
    }))
}

pub(super) async fn show(
    State(accounts): State<Accounts>,
    shell: Shell,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let id = PersonId(id);
    let person = accounts.directory.person(id).await?;
    let groups = accounts.directory.groups(id).await?;
    let custom = shown(&accounts, &shell, (id, Viewer::Member), None).await?;
    let people = shell.t("accounts-people").into_owned();
    Ok(ui::page(PersonPage {
        shell: shell
            .titled(&person.display_name)
            .crumb(people, PEOPLE)
            .narrow(),
        groups: groups.into_iter().map(|(_, name)| name).collect(),
        custom,
        sponsor: accounts.sponsors.of(&person).await?,
        place: accounts.reporting.place(id).await?,
        person,
    }))
}
