//! `/admin`: what runs, and what was refused.

use axum::extract::State;
use axum::response::Response;
use registry::Watch;
use ui::Shell;

use crate::overview::{Refused, RunningApp, apps, refused};

#[derive(askama::Template)]
#[template(path = "dashboard/overview.html")]
struct OverviewPage {
    shell: Shell,
    apps: Vec<RunningApp>,
    instances: usize,
    refused: Vec<Refused>,
}

pub(super) async fn show(State(registry): State<Watch>, shell: Shell) -> Response {
    let snapshot = registry.snapshot();
    let apps = apps(&snapshot, shell.lang());
    ui::page(OverviewPage {
        instances: apps.iter().map(|app| app.instances.len()).sum(),
        apps,
        refused: refused(&snapshot),
        shell: shell.title("dashboard-overview"),
    })
}
