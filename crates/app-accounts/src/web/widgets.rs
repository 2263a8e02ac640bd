//! Parts of the home page: what waits for administrators.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use platform::{Access, Role, Routes};
use ui::Shell;

use crate::Accounts;
use crate::domain::expiry::Due;
use crate::domain::registration::AccountRequest;
use crate::error::Error;

/// Strangers who wait for an account.
pub(crate) const REQUESTS: &str = "/app/accounts/widgets/requests";
/// Whose account ends soon.
pub(crate) const ENDING: &str = "/app/accounts/widgets/ending";
/// Rows of a widget; the rest is behind its link.
const ROWS: usize = 5;

/// The routes.
pub(super) fn routes() -> Routes<Accounts> {
    let admin = Access::Role(Role::Admin);
    Routes::new()
        .page(REQUESTS, admin, get(requests))
        .page(ENDING, admin, get(ending))
}

#[derive(askama::Template)]
#[template(path = "accounts/widgets/requests.html")]
struct RequestsWidget {
    shell: Shell,
    requests: Vec<AccountRequest>,
    total: i64,
}

async fn requests(State(accounts): State<Accounts>, shell: Shell) -> Result<Response, Error> {
    let mut requests = accounts.registrations.waiting().await?;
    requests.truncate(ROWS);
    Ok(ui::page(RequestsWidget {
        total: accounts.registrations.count().await?,
        shell,
        requests,
    }))
}

#[derive(askama::Template)]
#[template(path = "accounts/widgets/ending.html")]
struct EndingWidget {
    shell: Shell,
    due: Vec<Due>,
    total: i64,
    /// Guests for whom nobody answers.
    alone: i64,
}

async fn ending(State(accounts): State<Accounts>, shell: Shell) -> Result<Response, Error> {
    let mut due = accounts.expiry.due().await?;
    due.rows.truncate(ROWS);
    Ok(ui::page(EndingWidget {
        shell,
        due: due.rows,
        total: due.total,
        alone: accounts.sponsors.without().await?,
    }))
}
