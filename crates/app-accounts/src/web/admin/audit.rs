//! `/admin/accounts/audit`: who changed what, newest first.

use axum::extract::State;
use axum::response::Response;
use ui::{Shell, TableQuery};

use crate::Accounts;
use crate::error::Error;
use crate::store::audit::Entry;

const AUDIT: &str = "/admin/accounts/audit";

#[derive(askama::Template)]
#[template(path = "accounts/admin/audit.html")]
struct AuditPage {
    shell: Shell,
    entries: Vec<Entry>,
    newer: String,
    older: String,
}

pub(super) async fn list(
    State(accounts): State<Accounts>,
    shell: Shell,
    query: TableQuery,
) -> Result<Response, Error> {
    let size = usize::try_from(query.size).unwrap_or(usize::MAX);
    let mut entries = accounts
        .directory
        .audit(query.limit() + 1, query.offset())
        .await?;
    let older = if entries.len() > size {
        page(query.page + 1)
    } else {
        String::new()
    };
    entries.truncate(size);
    let newer = if query.page > 1 {
        page(query.page - 1)
    } else {
        String::new()
    };
    Ok(ui::page(AuditPage {
        shell: shell.title("accounts-audit").wide(),
        entries,
        newer,
        older,
    }))
}

fn page(number: u32) -> String {
    format!("{AUDIT}?page={number}")
}
