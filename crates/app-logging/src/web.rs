//! The pages: search among logs, traces, one trace.

mod logs;
mod trace;
mod traces;

use axum::routing::get;
use platform::{Access, Role, Routes};

use crate::service::search::Search;

/// All routes, each with who may use it.
pub fn routes(search: Search) -> Routes {
    let admin = Access::Role(Role::Admin);
    Routes::new()
        .page("/admin/logging", admin, get(logs::show))
        .page("/admin/logging/traces", admin, get(traces::show))
        .page("/admin/logging/traces/{trace_id}", admin, get(trace::show))
        .with_state(search)
}

/// Options of a select of services.
fn service_choices(services: &[String]) -> Vec<ui::Choice> {
    services
        .iter()
        .map(|service| ui::Choice::new(service, service))
        .collect()
}

/// Options of a select of windows.
fn window_choices(shell: &ui::Shell) -> Vec<ui::Choice> {
    let labels = [
        "logging-window-15m",
        "logging-window-1h",
        "logging-window-24h",
        "logging-window-7d",
    ];
    crate::domain::search::Window::ALL
        .into_iter()
        .zip(labels)
        .map(|(window, label)| ui::Choice::new(window.as_str(), shell.t(label)))
        .collect()
}
