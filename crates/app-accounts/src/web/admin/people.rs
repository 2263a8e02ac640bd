//! `/admin/accounts/people`: everybody, searched, filtered, sorted and paged by the database.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use platform::CurrentUser;
use platform::http::Query;
use ui::table::BulkAction;
use ui::{Choice, Column, Filter as TableFilter, Shell, Table, TableQuery};
use uuid::Uuid;

use super::filters::Offers;
use crate::Accounts;
use crate::domain::custom_field::Viewer;
use crate::domain::dormancy;
use crate::domain::person::{Person, PersonId, State as PersonState};
use crate::error::Error;
use crate::store::person::{Filter, Order};
use crate::web::asking::Asking;
use crate::web::export::{self, Asked, Columns, Links};
use crate::web::form::role_choices;

const PEOPLE: &str = "/admin/accounts/people";
/// Days for which active people were not seen, as a filter.
pub(super) const DORMANT: &str = "dormant";

#[derive(askama::Template)]
#[template(path = "accounts/admin/people.html")]
struct PeoplePage {
    shell: Shell,
    people: Vec<Person>,
    /// When they were last seen, those who were.
    seen: HashMap<PersonId, Timestamp>,
    table: Table,
    actions: Vec<BulkAction>,
    /// Whether the list is the trash.
    in_trash: bool,
    exports: Links,
    offers: Offers,
    /// Strangers who wait for an account.
    requests: i64,
}

impl PeoplePage {
    fn seen_at(&self, person: &Person) -> Option<Timestamp> {
        self.seen.get(&person.id).copied()
    }
}

pub(super) async fn list(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    query: TableQuery,
) -> Result<Response, Error> {
    let filter = filter(&query, accounts.clock.now());
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
        .column(Column::new("seen", shell.t("accounts-seen")).optional())
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
        .filter(TableFilter::new(
            DORMANT,
            shell.t("accounts-dormant"),
            dormant_choices(&shell, &query, accounts.terms.get().dormant_days),
        ))
        .sorted_by("name")
        .searchable()
        .bulk();
    let actions = actions(&shell, filter.state);
    let requests = accounts.registrations.count().await?;
    let kept = accounts.filters.list(&asking.actor(&who)).await?;
    let ids: Vec<_> = page.people.iter().map(|person| person.id).collect();
    Ok(ui::page(PeoplePage {
        requests,
        shell: shell.title("accounts-people").wide(),
        offers: Offers::new(kept, &query),
        in_trash: filter.state == Some(PersonState::Deleted),
        exports: Links::new(&query, &format!("{PEOPLE}/export")),
        seen: accounts.last_seen.of(&ids).await?,
        people: page.people,
        table,
        actions,
    }))
}

/// How long active people were not seen, as the filter offers it: what is usual, what is set, and what the address says.
fn dormant_choices(shell: &Shell, query: &TableQuery, set: u16) -> Vec<Choice> {
    let asked = query.filter(DORMANT).and_then(dormancy::days);
    let days: BTreeSet<u16> = [30, 90, 180, 365, set].into_iter().chain(asked).collect();
    let choice = |days: u16| {
        let label = shell.tn("accounts-dormant-for", i64::from(days));
        Choice::new(days.to_string(), label)
    };
    days.into_iter().map(choice).collect()
}

fn filter(query: &TableQuery, now: Timestamp) -> Filter {
    Filter {
        unseen_since: query
            .filter(DORMANT)
            .and_then(dormancy::days)
            .map(|days| dormancy::unseen_since(now, days)),
        query: Filter::words(&query.search),
        role: query
            .filter("role")
            .and_then(|word| word.parse().ok())
            .map(platform::Role::as_str),
        state: query.filter("state").and_then(|word| word.parse().ok()),
    }
}

/// A person with what the declared fields hold of them, in the order of the fields.
struct Exported {
    person: Person,
    seen_at: Option<Timestamp>,
    custom: Vec<String>,
}

/// `GET /admin/accounts/people/export`: what the list shows on all its pages.
pub(super) async fn export(
    State(accounts): State<Accounts>,
    query: TableQuery,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let (filter, order) = (filter(&query, accounts.clock.now()), order(&query));
    let mut fields = accounts.custom_fields.list().await?;
    fields.retain(|field| field.is_seen_by(Viewer::Administrator));
    let more = fields.iter().map(|field| format!("custom_{}", field.name));
    let more = more.collect();
    let fields: Arc<[Uuid]> = fields.iter().map(|field| field.id).collect();
    Ok(export::download(
        "people",
        asked.format,
        more,
        move |offset| {
            let (accounts, filter, fields) =
                (accounts.clone(), filter.clone(), Arc::clone(&fields));
            async move {
                let page = accounts
                    .directory
                    .page(&filter, order, export::PAGE, offset)
                    .await?;
                let ids: Vec<_> = page.people.iter().map(|person| person.id).collect();
                let mut values = accounts.custom_fields.of_all(&ids).await?;
                let seen = accounts.last_seen.of(&ids).await?;
                let whole = |person: Person| {
                    let mut values = values.remove(&person.id).unwrap_or_default();
                    let custom = fields
                        .iter()
                        .map(|id| values.remove(id).unwrap_or_default());
                    Exported {
                        custom: custom.collect(),
                        seen_at: seen.get(&person.id).copied(),
                        person,
                    }
                };
                Ok(page.people.into_iter().map(whole).collect())
            }
        },
    ))
}

impl Columns for Exported {
    const NAMES: &'static [&'static str] = &[
        "id",
        "username",
        "display_name",
        "given_name",
        "family_name",
        "email",
        "title",
        "department",
        "manager",
        "phone",
        "role",
        "state",
        "last_day",
        "created_at",
        "last_seen_at",
    ];

    fn cells(&self) -> Vec<String> {
        let (person, custom) = (&self.person, &self.custom);
        let manager = person.present_manager();
        let mut cells = vec![
            person.id.to_string(),
            person.username.clone(),
            person.display_name.clone(),
            person.given_name.clone(),
            person.family_name.clone(),
            person.email.clone(),
            person.title.clone(),
            person.department.clone(),
            manager.map_or_else(String::new, |manager| manager.username.clone()),
            person.phone.clone(),
            person.role.as_str().to_owned(),
            person.state.as_str().to_owned(),
            person
                .ends_on
                .map(|day| day.to_string())
                .unwrap_or_default(),
            person.created_at.to_string(),
            self.seen_at.map(|at| at.to_string()).unwrap_or_default(),
        ];
        cells.extend(custom.iter().cloned());
        cells
    }
}

/// What can be done with the selected people of such a list.
fn actions(shell: &Shell, shown: Option<PersonState>) -> Vec<BulkAction> {
    let action = |key, step: &str| BulkAction::new(shell.t(key), format!("{PEOPLE}/access/{step}"));
    if shown == Some(PersonState::Deleted) {
        return vec![action("accounts-restore", "restore").icon("restore")];
    }
    vec![
        action("accounts-enable", "enable"),
        action("accounts-disable", "disable"),
        action("accounts-trash", "trash").icon("trash").danger(),
    ]
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
        PersonState::Suspended => "accounts-state-suspended",
        PersonState::Expired => "accounts-state-expired",
        PersonState::Deleted => "accounts-state-deleted",
    }
}

/// Tone of the badge of a state.
pub(super) fn state_tone(state: PersonState) -> &'static str {
    match state {
        PersonState::Invited => "warning",
        PersonState::Active => "success",
        PersonState::Suspended | PersonState::Expired | PersonState::Deleted => "neutral",
    }
}
