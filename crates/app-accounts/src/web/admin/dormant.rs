//! `/admin/accounts/life-cycle/dormant`: active people whom nobody has seen for long.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use jiff::Timestamp;
use platform::http::Query;
use platform::{Access, Role, Routes};
use serde::Deserialize;
use ui::{Shell, TableQuery};

use super::cycle::LIFE_CYCLE;
use crate::Accounts;
use crate::api::cursor;
use crate::domain::dormancy::{Report, days};
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::web::export::Links;

const DORMANT: &str = "/admin/accounts/life-cycle/dormant";
/// People on one page.
const PAGE: usize = 50;

/// The routes.
pub(super) fn routes() -> Routes<Accounts> {
    Routes::new().page(DORMANT, Access::Role(Role::Admin), get(show))
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/dormant.html")]
struct DormantPage {
    shell: Shell,
    dormant: Report,
    now: Timestamp,
    exports: Links,
    /// The page after this one; empty on the last.
    next: String,
}

/// For how many days, and from where on.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    days: String,
    after: Option<String>,
}

async fn show(
    State(accounts): State<Accounts>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    // Nonsense becomes what is set.
    let days = days(&asked.days).unwrap_or_else(|| accounts.terms.get().dormant_days);
    let after = asked.after.as_deref().map(place).transpose()?;
    let dormant = accounts.last_seen.report(days, after, PAGE).await?;
    let next = dormant.next.map(|(id, at)| {
        let after = cursor::encode(id.0, &at.to_string());
        format!("{DORMANT}?days={days}&after={after}")
    });
    let cycle = shell.t("accounts-life-cycle").into_owned();
    let exported = TableQuery::parse(&format!("dormant={days}"));
    Ok(ui::page(DormantPage {
        shell: shell
            .title("accounts-dormant-accounts")
            .crumb(cycle, LIFE_CYCLE)
            .wide(),
        exports: Links::new(&exported, "/admin/accounts/people/export"),
        now: accounts.clock.now(),
        next: next.unwrap_or_default(),
        dormant,
    }))
}

/// The place in the list that an address names.
fn place(text: &str) -> Result<(PersonId, Timestamp), Error> {
    let (id, at) = cursor::decode(text)?;
    let at = at.parse().map_err(|_| Error::NotACursor)?;
    Ok((PersonId(id), at))
}
