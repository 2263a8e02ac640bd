//! `/admin/accounts/audit`: who changed what, newest first, and the same as a file.

use axum::extract::State;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use platform::http::Query;
use ui::{Choice, Column, Filter, Shell, Table, TableQuery};
use uuid::Uuid;

use crate::Accounts;
use crate::error::Error;
use crate::store::audit::{AuditFilter, Entry, KINDS, OUTCOMES};
use crate::web::export::{self, Asked, Columns, Links};

const AUDIT: &str = "/admin/accounts/audit";
/// Days that the address may name.
const PERIODS: [(&str, i64); 3] = [("7", 7), ("30", 30), ("90", 90)];

#[derive(askama::Template)]
#[template(path = "accounts/admin/audit.html")]
struct AuditPage {
    shell: Shell,
    entries: Vec<Entry>,
    table: Table,
    exports: Links,
}

fn filter(query: &TableQuery, now: Timestamp) -> AuditFilter {
    let known = |key: &str, words: &[&'static str]| {
        let asked = query.filter(key)?;
        words.iter().copied().find(|word| *word == asked)
    };
    let days = query.filter("days").and_then(|asked| {
        let mut periods = PERIODS.into_iter();
        periods.find(|(word, _)| *word == asked)
    });
    AuditFilter {
        target_kind: known("kind", &KINDS),
        outcome: known("outcome", &OUTCOMES),
        since: days.map(|(_, days)| now - SignedDuration::from_hours(24 * days)),
        about: None,
        words: Some(query.search.clone()),
        after: None,
    }
}

pub(super) async fn list(
    State(accounts): State<Accounts>,
    shell: Shell,
    query: TableQuery,
) -> Result<Response, Error> {
    let filter = filter(&query, accounts.clock.now());
    let directory = &accounts.directory;
    let entries = directory
        .audit(&filter, query.limit(), query.offset())
        .await?;
    let total = directory.audit_total(&filter).await?;
    let choice = |word: &'static str, key: &str| Choice::new(word, shell.t(key));
    let kinds = vec![
        choice("person", "accounts-people"),
        choice("group", "accounts-groups"),
        choice("directory", "accounts-directories"),
        choice("field", "accounts-fields"),
        choice("filter", "accounts-filters"),
        choice("grant", "accounts-grants"),
        choice("import", "accounts-imports"),
        choice("request", "accounts-account-requests"),
        choice("webhook", "accounts-webhooks"),
    ];
    let outcomes = vec![
        choice("done", "accounts-outcome-done"),
        choice("refused", "accounts-refused"),
    ];
    let periods = PERIODS.map(|(word, days)| Choice::new(word, shell.tn("accounts-days", days)));
    let table = Table::new(AUDIT, &query, u64::try_from(total).unwrap_or(0))
        .column(Column::new("when", shell.t("accounts-when")))
        .column(Column::new("who", shell.t("accounts-who")))
        .column(Column::new("what", shell.t("accounts-what")))
        .column(Column::new("whom", shell.t("accounts-whom")).optional())
        .column(Column::new("changes", shell.t("accounts-changes")).optional())
        .filter(Filter::new("kind", shell.t("accounts-whom"), kinds))
        .filter(Filter::new("outcome", shell.t("accounts-what"), outcomes))
        .filter(Filter::new(
            "days",
            shell.t("accounts-when"),
            periods.into(),
        ))
        .searchable();
    Ok(ui::page(AuditPage {
        shell: shell.title("accounts-audit").wide(),
        exports: Links::new(&query, &format!("{AUDIT}/export")),
        entries,
        table,
    }))
}

/// `GET /admin/accounts/audit/export`: what the list shows on all its pages.
pub(super) async fn export(
    State(accounts): State<Accounts>,
    query: TableQuery,
    Query(asked): Query<Asked>,
) -> Response {
    let filter = filter(&query, accounts.clock.now());
    export::download("audit", asked.format, Vec::new(), move |offset| {
        let (accounts, filter) = (accounts.clone(), filter.clone());
        async move {
            accounts
                .directory
                .audit(&filter, export::PAGE, offset)
                .await
        }
    })
}

impl Columns for Entry {
    const NAMES: &'static [&'static str] = &[
        "occurred_at",
        "actor",
        "action",
        "outcome",
        "target",
        "changes",
        "reason",
        "target_kind",
        "target_id",
        "actor_id",
        "on_behalf",
        "address",
        "request_id",
    ];

    fn cells(&self) -> Vec<String> {
        let id = |of: Option<Uuid>| of.map(|id| id.to_string()).unwrap_or_default();
        vec![
            self.at.to_string(),
            self.actor_name.clone(),
            self.action.clone(),
            self.outcome.clone(),
            self.target_name.clone(),
            self.changes.to_string(),
            self.reason().unwrap_or_default().to_owned(),
            self.target_kind.clone(),
            id(self.target),
            id(self.actor),
            self.through.clone(),
            self.address.clone(),
            self.request_id.clone(),
        ]
    }
}
