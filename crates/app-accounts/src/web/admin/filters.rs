//! `/admin/accounts/people/filters`: searches and filters of the list of people that are kept under a name.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use platform::http::Path;
use platform::{Access, CurrentUser, Role, Routes};
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell, Tab, TableQuery};
use uuid::Uuid;

use super::people::{DORMANT, state_key};
use super::person::PEOPLE;
use crate::Accounts;
use crate::domain::name::Line;
use crate::domain::saved_filter::{Criteria, FilterId, SavedFilter, Wish};
use crate::error::Error;
use crate::service::saved_filters::Kept;
use crate::web::asking::Asking;
use crate::web::form::{Fields, Nothing, role_key};

const FILTERS: &str = "/admin/accounts/people/filters";

/// The routes.
pub(super) fn routes() -> Routes<Accounts> {
    let admin = Access::Role(Role::Admin);
    Routes::new()
        .page(FILTERS, admin, get(list))
        .page(
            "/admin/accounts/people/filters/new",
            admin,
            get(blank).post(keep),
        )
        .page(
            "/admin/accounts/people/filters/{id}",
            admin,
            get(show).post(change),
        )
        .page(
            "/admin/accounts/people/filters/{id}/delete",
            admin,
            post(delete),
        )
}

/// A filter as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FilterForm {
    name: String,
    /// What it lets through, as in the address of the list.
    query: String,
    /// Present when it is ticked.
    shared: Option<String>,
}

impl FilterForm {
    fn of(filter: &SavedFilter) -> Self {
        Self {
            name: filter.name.clone(),
            query: filter.criteria.as_str().to_owned(),
            shared: filter.is_shared.then(String::new),
        }
    }

    fn is_shared(&self) -> bool {
        self.shared.is_some()
    }

    fn check(&self, shell: &Shell) -> Result<Line, Errors> {
        let mut fields = Fields::new(shell);
        let name = fields.take("name", Line::required(&self.name));
        fields.finish(name)
    }
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/filters.html")]
struct FiltersPage {
    shell: Shell,
    own: Vec<SavedFilter>,
    shared: Vec<SavedFilter>,
}

impl FiltersPage {
    fn says(&self, filter: &SavedFilter) -> String {
        said(&self.shell, &filter.criteria)
    }
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/filter.html")]
struct FilterPage {
    shell: Shell,
    form: FilterForm,
    errors: Errors,
    /// Where it is sent.
    action: String,
    /// What it lets through, in words.
    says: String,
    /// Whether it is kept already.
    is_kept: bool,
}

impl FilterPage {
    fn new(shell: Shell, criteria: &Criteria, (form, errors): (FilterForm, Errors)) -> Self {
        Self {
            says: said(&shell, criteria),
            shell: under_people(shell.title("accounts-filter-keep")).narrow(),
            form,
            errors,
            action: format!("{FILTERS}/new"),
            is_kept: false,
        }
    }

    fn of(shell: Shell, filter: &SavedFilter, (form, errors): (FilterForm, Errors)) -> Self {
        let filters = shell.t("accounts-filters").into_owned();
        Self {
            says: said(&shell, &filter.criteria),
            shell: under_people(shell.titled(&filter.name))
                .crumb(filters, FILTERS)
                .narrow(),
            form,
            errors,
            action: format!("{FILTERS}/{}", filter.id),
            is_kept: true,
        }
    }
}

fn under_people(shell: Shell) -> Shell {
    let people = shell.t("accounts-people").into_owned();
    shell.crumb(people, PEOPLE)
}

/// What a filter lets through, in words.
fn said(shell: &Shell, criteria: &Criteria) -> String {
    let query = TableQuery::parse(criteria.as_str());
    let mut said = Vec::new();
    if !query.search.is_empty() {
        said.push(shell.t1("accounts-filter-words", "words", query.search.as_str()));
    }
    if let Some(role) = query.filter("role").and_then(|word| word.parse().ok()) {
        said.push(shell.t(role_key(role)).into_owned());
    }
    let state = query.filter("state").and_then(|word| word.parse().ok());
    if let Some(state) = state.map(state_key) {
        said.push(shell.t(state).into_owned());
    }
    if let Some(days) = query
        .filter(DORMANT)
        .and_then(|days| days.parse::<i64>().ok())
    {
        said.push(shell.tn("accounts-dormant-for", days));
    }
    if let Some(sort) = &query.sort {
        let column = match sort.key.as_str() {
            "created" => "accounts-added",
            _ => "accounts-name",
        };
        said.push(shell.t1("accounts-filter-order", "column", shell.t(column)));
    }
    said.join(", ")
}

async fn list(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
) -> Result<Response, Error> {
    let all = accounts.filters.list(&asking.actor(&who)).await?;
    let (own, shared) = all
        .into_iter()
        .partition(|filter| filter.owner.0 == who.user_id);
    Ok(ui::page(FiltersPage {
        shell: under_people(shell.title("accounts-filters")),
        own,
        shared,
    }))
}

/// Without anything to keep there is nothing to name.
fn nothing_to_keep(shell: &Shell) -> Response {
    let flash = Flash::info(shell.t("accounts-filter-empty"));
    (ui::flash(flash), ui::see_other(PEOPLE)).into_response()
}

async fn blank(shell: Shell, query: TableQuery) -> Response {
    let Some(criteria) = Criteria::parse(&query.href("")) else {
        return nothing_to_keep(&shell);
    };
    let form = FilterForm {
        query: criteria.as_str().to_owned(),
        ..FilterForm::default()
    };
    ui::page(FilterPage::new(shell, &criteria, (form, Errors::none())))
}

async fn keep(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    CsrfForm(form): CsrfForm<FilterForm>,
) -> Result<Response, Error> {
    let Some(criteria) = Criteria::parse(&form.query) else {
        return Ok(nothing_to_keep(&shell));
    };
    let errors = match form.check(&shell) {
        Err(errors) => errors,
        Ok(name) => {
            let wish = Wish {
                name,
                criteria: criteria.clone(),
                is_shared: form.is_shared(),
            };
            let (id, actor) = (FilterId(Uuid::now_v7()), asking.actor(&who));
            match accounts.filters.keep(&actor, id, &wish).await? {
                Kept::Done => {
                    let flash = Flash::success(shell.t("accounts-filter-kept"));
                    let list = format!("{PEOPLE}?{}", criteria.as_str());
                    return Ok((ui::flash(flash), ui::see_other(&list)).into_response());
                }
                Kept::NameTaken => Errors::one("name", shell.t("accounts-filter-name-taken")),
                Kept::TooMany => Errors::one("", shell.t("accounts-filters-full")),
            }
        }
    };
    Ok(ui::invalid(FilterPage::new(
        shell,
        &criteria,
        (form, errors),
    )))
}

/// A filter of the person who asks.
async fn own(
    accounts: &Accounts,
    (who, asking): (&CurrentUser, &Asking),
    id: FilterId,
) -> Result<SavedFilter, Error> {
    let all = accounts.filters.list(&asking.actor(who)).await?;
    let mut all = all.into_iter();
    all.find(|filter| filter.id == id && filter.owner.0 == who.user_id)
        .ok_or(Error::FilterNotFound)
}

async fn show(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let filter = own(&accounts, (&who, &asking), FilterId(id)).await?;
    let form = (FilterForm::of(&filter), Errors::none());
    Ok(ui::page(FilterPage::of(shell, &filter, form)))
}

async fn change(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<FilterForm>,
) -> Result<Response, Error> {
    let id = FilterId(id);
    let errors = match form.check(&shell) {
        Err(errors) => errors,
        Ok(name) => {
            let (actor, wish) = (asking.actor(&who), (&name, form.is_shared()));
            match accounts.filters.change(&actor, id, wish).await? {
                Kept::NameTaken => Errors::one("name", shell.t("accounts-filter-name-taken")),
                Kept::Done | Kept::TooMany => {
                    let flash = Flash::success(shell.t("accounts-saved"));
                    return Ok((ui::flash(flash), ui::see_other(FILTERS)).into_response());
                }
            }
        }
    };
    let filter = own(&accounts, (&who, &asking), id).await?;
    Ok(ui::invalid(FilterPage::of(shell, &filter, (form, errors))))
}

async fn delete(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    let actor = asking.actor(&who);
    accounts.filters.delete(&actor, FilterId(id)).await?;
    let flash = Flash::success(shell.t("accounts-filter-deleted"));
    Ok((ui::flash(flash), ui::see_other(FILTERS)).into_response())
}

/// Filters beside the list of people.
pub(super) struct Offers {
    pub(super) tabs: Vec<Tab>,
    /// Where what the list shows can be kept; none where there is nothing to keep, or it is.
    pub(super) keep: Option<String>,
}

/// Filters that fit beside the list; the others are on their own page.
const MOST_OFFERED: usize = 12;

impl Offers {
    pub(super) fn new(filters: Vec<SavedFilter>, query: &TableQuery) -> Self {
        let shown = Criteria::parse(&query.href(""));
        let is_kept = filters
            .iter()
            .any(|filter| Some(&filter.criteria) == shown.as_ref());
        let path = |criteria: &Criteria| format!("{PEOPLE}?{}", criteria.as_str());
        let here = shown.as_ref().map(path).unwrap_or_default();
        let tab = |filter: SavedFilter| Tab::new(filter.name, path(&filter.criteria), &here);
        Self {
            tabs: filters.into_iter().take(MOST_OFFERED).map(tab).collect(),
            keep: shown
                .filter(|_| !is_kept)
                .map(|criteria| format!("{FILTERS}/new?{}", criteria.as_str())),
        }
    }
}
