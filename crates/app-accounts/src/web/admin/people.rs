//! `/admin/accounts/people`: everybody, searched, filtered, sorted and paged by the database.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::CurrentUser;
use serde::Deserialize;
use ui::table::BulkAction;
use ui::{Choice, Column, CsrfForm, Filter as TableFilter, Flash, Shell, Table, TableQuery};
use uuid::Uuid;

use crate::Accounts;
use crate::domain::person::{Person, PersonId, State as PersonState};
use crate::error::Error;
use crate::service::people::Change;
use crate::store::person::{Filter, Order};
use crate::web::asking::Asking;
use crate::web::form::role_choices;

const PEOPLE: &str = "/admin/accounts/people";

#[derive(askama::Template)]
#[template(path = "accounts/admin/people.html")]
struct PeoplePage {
    shell: Shell,
    people: Vec<Person>,
    table: Table,
    actions: Vec<BulkAction>,
}

pub(super) async fn list(
    State(accounts): State<Accounts>,
    shell: Shell,
    query: TableQuery,
) -> Result<Response, Error> {
    let filter = Filter {
        query: Filter::words(&query.search),
        role: query
            .filter("role")
            .and_then(|word| word.parse().ok())
            .map(platform::Role::as_str),
        state: query.filter("state").and_then(|word| word.parse().ok()),
    };
    let page = accounts
        .directory
        .page(&filter, order(&query), query.limit(), query.offset())
        .await?;
    let states =
        PersonState::ALL.map(|state| Choice::new(state.as_str(), shell.t(state_key(state))));
    let table = Table::new(PEOPLE, &query, u64::try_from(page.total).unwrap_or(0))
        .column(Column::new("name", shell.t("accounts-name")).sortable())
        .column(Column::new("email", shell.t("accounts-email")).optional())
        .column(Column::new("role", shell.t("accounts-role")))
        .column(Column::new("state", shell.t("accounts-state")))
        .column(
            Column::new("created", shell.t("accounts-added"))
                .sortable()
                .optional(),
        )
        .filter(TableFilter::new(
            "role",
            shell.t("accounts-role"),
            role_choices(&shell),
        ))
        .filter(TableFilter::new(
            "state",
            shell.t("accounts-state"),
            states.into(),
        ))
        .sorted_by("name")
        .searchable()
        .bulk();
    let actions = vec![
        BulkAction::new(
            shell.t("accounts-enable"),
            "/admin/accounts/people/access?access=on",
        ),
        BulkAction::new(
            shell.t("accounts-disable"),
            "/admin/accounts/people/access?access=off",
        )
        .danger(),
    ];
    Ok(ui::page(PeoplePage {
        shell: shell.title("accounts-people").wide(),
        people: page.people,
        table,
        actions,
    }))
}

fn order(query: &TableQuery) -> Order {
    match query
        .sort
        .as_ref()
        .map(|sort| (sort.key.as_str(), sort.descending))
    {
        Some(("name", true)) => Order::NameDescending,
        Some(("created", false)) => Order::Created,
        Some(("created", true)) => Order::CreatedDescending,
        _ => Order::Name,
    }
}

/// Key of the name of a state.
pub(super) fn state_key(state: PersonState) -> &'static str {
    match state {
        PersonState::Invited => "accounts-state-invited",
        PersonState::Active => "accounts-state-active",
        PersonState::Disabled => "accounts-state-disabled",
    }
}

/// Tone of the badge of a state.
pub(super) fn state_tone(state: PersonState) -> &'static str {
    match state {
        PersonState::Invited => "warning",
        PersonState::Active => "success",
        PersonState::Disabled => "neutral",
    }
}

/// Whom a bulk action is about.
#[derive(Deserialize)]
pub(super) struct Selected {
    #[serde(default)]
    id: Vec<Uuid>,
}

#[derive(Deserialize)]
pub(super) struct AccessQuery {
    access: String,
}

/// Gives or takes access of all selected; says how many it did not do, and why is in the audit trail.
pub(super) async fn set_access(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    platform::http::Query(query): platform::http::Query<AccessQuery>,
    CsrfForm(form): CsrfForm<Selected>,
) -> Result<Response, Error> {
    let actor = asking.actor(&who);
    let (mut done, mut refused) = (0_i64, 0_i64);
    for id in form.id.into_iter().take(100) {
        match accounts
            .people
            .set_access(&actor, PersonId(id), query.access == "on")
            .await?
        {
            Change::Done => done += 1,
            Change::Unchanged => {}
            _ => refused += 1,
        }
    }
    let message = shell.t2("accounts-bulk-done", "done", done, "refused", refused);
    let flash = if refused > 0 {
        Flash::warning(message)
    } else {
        Flash::success(message)
    };
    Ok((ui::flash(flash), ui::see_other(PEOPLE)).into_response())
}
