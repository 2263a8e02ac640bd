//! `/admin/accounts/guests`: guests, who answers for each, and handing them over when somebody leaves.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use platform::http::Path;
use platform::{Access, CurrentUser, Role, Routes};
use serde::Deserialize;
use ui::form::Errors;
use ui::{Choice, Column, CsrfForm, Filter as TableFilter, Flash, Shell, Table, TableQuery};
use uuid::Uuid;

use crate::Accounts;
use crate::domain::person::PersonId;
use crate::domain::sponsorship::Guest;
use crate::error::Error;
use crate::service::sponsors::Sponsoring;
use crate::store::membership::Span;
use crate::store::person::Filter;
use crate::web::asking::Asking;

pub(super) const GUESTS: &str = "/admin/accounts/guests";
const HAND_OVER: &str = "/admin/accounts/guests/hand-over";
const PEOPLE: &str = "/admin/accounts/people";

/// The routes.
pub(super) fn routes() -> Routes<Accounts> {
    let admin = Access::Role(Role::Admin);
    Routes::new()
        .page(GUESTS, admin, get(list))
        .page(HAND_OVER, admin, post(hand_over))
        .page(
            "/admin/accounts/people/{id}/sponsor",
            admin,
            post(name_sponsor),
        )
}

/// Whose guests go to whom, as typed: user names or mail addresses.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct HandOverForm {
    from: String,
    to: String,
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/guests.html")]
struct GuestsPage {
    shell: Shell,
    guests: Vec<Guest>,
    table: Table,
    form: HandOverForm,
    errors: Errors,
}

impl GuestsPage {
    async fn build(
        accounts: &Accounts,
        shell: Shell,
        query: &TableQuery,
        (form, errors): (HandOverForm, Errors),
    ) -> Result<Self, Error> {
        let words = Filter::words(&query.search);
        let without = query.filter("sponsor") == Some("none");
        let span = Span {
            limit: query.limit(),
            offset: query.offset(),
        };
        let sponsors = &accounts.sponsors;
        let found = sponsors.list(words.as_deref(), without, span).await?;
        let none = Choice::new("none", shell.t("accounts-sponsor-none"));
        let table = Table::new(GUESTS, query, u64::try_from(found.total).unwrap_or(0))
            .column(Column::new("name", shell.t("accounts-name")))
            .column(Column::new("sponsor", shell.t("accounts-sponsor")))
            .column(Column::new("state", shell.t("accounts-state")))
            .column(Column::new("end", shell.t("accounts-ends-on")).optional())
            .filter(TableFilter::new(
                "sponsor",
                shell.t("accounts-sponsor"),
                vec![none],
            ))
            .searchable();
        let people = shell.t("accounts-people").into_owned();
        Ok(Self {
            shell: shell.title("accounts-guests").crumb(people, PEOPLE).wide(),
            guests: found.rows,
            table,
            form,
            errors,
        })
    }
}

async fn list(
    State(accounts): State<Accounts>,
    shell: Shell,
    query: TableQuery,
) -> Result<Response, Error> {
    let nothing = (HandOverForm::default(), Errors::none());
    Ok(ui::page(
        GuestsPage::build(&accounts, shell, &query, nothing).await?,
    ))
}

async fn hand_over(
    State(accounts): State<Accounts>,
    (shell, query): (Shell, TableQuery),
    (who, asking): (CurrentUser, Asking),
    CsrfForm(form): CsrfForm<HandOverForm>,
) -> Result<Response, Error> {
    let mut errors = Errors::none();
    let mut found = Vec::with_capacity(2);
    for (field, login) in [("from", &form.from), ("to", &form.to)] {
        match accounts.directory.by_login(login).await? {
            Some(person) => found.push(person.id),
            None => errors.add(field, shell.t("accounts-member-unknown")),
        }
    }
    if let [from, to] = found[..] {
        let actor = asking.actor(&who);
        let flash = match accounts.sponsors.hand_over(&actor, from, to).await? {
            Sponsoring::Done(count) => {
                let count = i64::try_from(count).unwrap_or(i64::MAX);
                Some(Flash::success(shell.tn("accounts-guests-moved", count)))
            }
            Sponsoring::Unchanged => Some(Flash::info(shell.t("accounts-guests-none-moved"))),
            Sponsoring::Unfit | Sponsoring::NotGuest | Sponsoring::Forbidden => None,
        };
        match flash {
            Some(flash) => return Ok((ui::flash(flash), ui::see_other(GUESTS)).into_response()),
            None => errors.add("to", shell.t("accounts-sponsor-unfit")),
        }
    }
    let page = GuestsPage::build(&accounts, shell, &query, (form, errors));
    Ok(ui::invalid(page.await?))
}

/// Who answers for a guest, as typed: user name or mail address; empty for nobody.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SponsorForm {
    sponsor: String,
}

/// `POST /admin/accounts/people/{id}/sponsor`.
async fn name_sponsor(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<SponsorForm>,
) -> Result<Response, Error> {
    let sponsor = match form.sponsor.trim() {
        "" => None,
        login => match accounts.directory.by_login(login).await? {
            Some(person) => Some(person.id),
            None => return Ok(back(Flash::danger(shell.t("accounts-member-unknown")), id)),
        },
    };
    let actor = asking.actor(&who);
    let named = accounts.sponsors.set(&actor, PersonId(id), sponsor).await?;
    let flash = match named {
        Sponsoring::Done(_) => Flash::success(shell.t("accounts-saved")),
        Sponsoring::Unchanged => Flash::info(shell.t("accounts-unchanged")),
        Sponsoring::NotGuest => Flash::danger(shell.t("accounts-sponsor-not-guest")),
        Sponsoring::Unfit | Sponsoring::Forbidden => {
            Flash::danger(shell.t("accounts-sponsor-unfit"))
        }
    };
    Ok(back(flash, id))
}

fn back(flash: Flash, id: Uuid) -> Response {
    (ui::flash(flash), ui::see_other(&format!("{PEOPLE}/{id}"))).into_response()
}
