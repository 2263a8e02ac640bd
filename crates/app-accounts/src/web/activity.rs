//! `/app/accounts/activity`: what one did, and what was done to one.

use axum::extract::State;
use axum::response::Response;
use jiff::SignedDuration;
use platform::CurrentUser;
use platform::http::Query;
use serde::Deserialize;
use ui::{Shell, Tab};

use crate::Accounts;
use crate::error::Error;
use crate::store::audit::{AuditFilter, Entry};

const ACTIVITY: &str = "/app/accounts/activity";
/// Periods to choose from, in days; the first is shown at first.
const PERIODS: [i64; 3] = [7, 30, 90];
/// Most entries shown.
const MOST: i64 = 200;

#[derive(askama::Template)]
#[template(path = "accounts/activity.html")]
struct ActivityPage {
    shell: Shell,
    tabs: Vec<Tab>,
    entries: Vec<Entry>,
}

/// How far back.
#[derive(Debug, Deserialize)]
pub(super) struct Period {
    #[serde(default)]
    days: i64,
}

pub(super) async fn list(
    State(accounts): State<Accounts>,
    shell: Shell,
    who: CurrentUser,
    Query(asked): Query<Period>,
) -> Result<Response, Error> {
    let mut periods = PERIODS.into_iter();
    let days = periods.find(|days| *days == asked.days);
    let days = days.unwrap_or(PERIODS[0]);
    let filter = AuditFilter {
        since: Some(accounts.clock.now() - SignedDuration::from_hours(24 * days)),
        about: Some(who.user_id),
        ..AuditFilter::default()
    };
    let entries = accounts.directory.audit(&filter, MOST, 0).await?;
    // Where others were when they did something is not for everybody it was done to.
    let shown = |entry: Entry| match entry.actor {
        Some(actor) if actor == who.user_id => entry,
        _ => entry.without_origin(),
    };
    let entries = entries.into_iter().map(shown).collect();
    let path = |days: i64| format!("{ACTIVITY}?days={days}");
    let here = path(days);
    let tab = |days| Tab::new(shell.tn("accounts-days", days), path(days), &here);
    let (profile, tabs) = (shell.t("accounts-profile").into_owned(), PERIODS.map(tab));
    Ok(ui::page(ActivityPage {
        shell: shell
            .title("accounts-activity")
            .crumb(profile, "/app/accounts"),
        tabs: tabs.into(),
        entries,
    }))
}
