//! All apps that declare settings.

use axum::extract::State;
use axum::response::Response;
use registry::Watch;
use ui::Shell;

use super::{Pages, app_path};
use crate::domain::catalog::{AppSettings, OWN_APP};
use crate::error::Error;

struct Row {
    path: String,
    name: String,
    icon: String,
    version: String,
    total: i64,
    stored: i64,
    misfits: i64,
    running: bool,
}

#[derive(askama::Template)]
#[template(path = "settings/overview.html")]
struct OverviewPage {
    shell: Shell,
    rows: Vec<Row>,
}

pub(super) async fn show(State(pages): State<Pages>, shell: Shell) -> Result<Response, Error> {
    let catalog = pages.settings.catalog().await?;
    let mut rows: Vec<_> = catalog
        .apps
        .iter()
        .filter(|app| !app.settings.is_empty())
        .map(|app| {
            (
                app.id.as_str() != OWN_APP,
                row(&shell, app, &pages.registry),
            )
        })
        .collect();
    // The organisation's first, then by name.
    rows.sort_by(|(other, a), (other_b, b)| (other, &a.name).cmp(&(other_b, &b.name)));
    let subtitle = shell.t("settings-subtitle").into_owned();
    Ok(ui::page(OverviewPage {
        shell: shell.title("settings-title").subtitled(subtitle),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
    }))
}

fn row(shell: &Shell, app: &AppSettings, registry: &Watch) -> Row {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    Row {
        path: app_path(app.id.as_str()),
        name: app.name.get(shell.lang()).to_owned(),
        icon: app.icon.clone(),
        version: app.version.clone(),
        total: count(app.settings.len()),
        stored: count(app.stored_count()),
        misfits: count(app.misfit_count()),
        running: registry.snapshot().live().any(|entry| entry.id == app.id),
    }
}
