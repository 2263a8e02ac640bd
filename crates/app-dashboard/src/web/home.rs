//! Home: a greeting, the apps, the widgets.

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use platform::http::{Context, Query};
use platform::{CurrentUser, Principal};
use registry::Watch;
use serde::Deserialize;
use ui::Shell;

use crate::launchpad::{WidgetSlot, fingerprint, widgets};

/// How long a browser's question for news is held open.
const PATIENCE: Duration = Duration::from_secs(25);

#[derive(askama::Template)]
#[template(path = "dashboard/home.html")]
struct HomePage {
    shell: Shell,
    widgets: Vec<WidgetSlot>,
    seen: String,
}

#[derive(askama::Template)]
#[template(path = "dashboard/launchpad.html")]
struct Launchpad {
    shell: Shell,
    seen: String,
}

pub(super) async fn show(
    State(registry): State<Watch>,
    axum::Extension(context): axum::Extension<Context>,
    shell: Shell,
    who: CurrentUser,
) -> Response {
    let snapshot = registry.snapshot();
    let greeting = greeting(&who, context.clock.now());
    let title = shell.t1(greeting, "name", &who.display_name);
    ui::page(HomePage {
        widgets: widgets(&snapshot, who.role, shell.lang()),
        seen: fingerprint(&snapshot),
        shell: shell.titled(title),
    })
}

#[derive(Deserialize)]
pub(super) struct Seen {
    #[serde(default)]
    seen: String,
}

/// The launchpad as a fragment, as soon as it differs from what was seen, and after a while in any case.
pub(super) async fn launchpad(
    State(registry): State<Watch>,
    Query(Seen { seen }): Query<Seen>,
    parts: axum::http::request::Parts,
) -> Response {
    let mut changes = registry.subscribe();
    let news = async {
        while fingerprint(&registry.snapshot()) == seen && changes.changed().await.is_ok() {}
    };
    // Nothing new is an answer too.
    let _elapsed = tokio::time::timeout(PATIENCE, news).await;
    // Taken only now: the shell shows the apps of the moment it is made.
    let mut parts = parts;
    match <Shell as axum::extract::FromRequestParts<()>>::from_request_parts(&mut parts, &()).await
    {
        Ok(shell) => ui::page(Launchpad {
            shell,
            seen: fingerprint(&registry.snapshot()),
        }),
        Err(refusal) => refusal,
    }
}

/// Key of the greeting for the hour where the person is; by UTC when they never said where.
fn greeting(who: &Principal, now: Timestamp) -> &'static str {
    let zone = who
        .zone
        .as_deref()
        .and_then(|zone| TimeZone::get(zone).ok())
        .unwrap_or(TimeZone::UTC);
    match now.to_zoned(zone).hour() {
        _ if who.zone.is_none() => "dashboard-welcome",
        5..=10 => "dashboard-morning",
        11..=16 => "dashboard-day",
        _ => "dashboard-evening",
    }
}
