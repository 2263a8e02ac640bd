//! Who changed what in one app's settings.

use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use platform::http::{Path, Query};
use serde::Deserialize;
use ui::{Choice, Shell};
use uuid::Uuid;

use super::form::find;
use super::{Pages, app_path, words};
use crate::domain::catalog::AppSettings;
use crate::error::Error;
use crate::store::history::{Action, Page, Remembered};

/// Changes on one page.
const LIMIT: i64 = 50;

#[derive(Deserialize)]
pub(super) struct HistoryQuery {
    #[serde(default)]
    key: String,
    before: Option<Uuid>,
}

struct Row {
    at: Timestamp,
    by: String,
    label: String,
    key: String,
    what: String,
}

#[derive(askama::Template)]
#[template(path = "settings/history.html")]
struct HistoryPage {
    shell: Shell,
    path: String,
    settings: Vec<Choice>,
    key: String,
    rows: Vec<Row>,
    /// Address of older changes; empty at the end.
    older: String,
}

pub(super) async fn show(
    State(pages): State<Pages>,
    shell: Shell,
    Path(id): Path<String>,
    Query(query): Query<HistoryQuery>,
) -> Result<Response, Error> {
    let catalog = pages.settings.catalog().await?;
    let app = find(&catalog, &id)?;
    let page = Page {
        app: &id,
        key: Some(query.key.as_str()).filter(|key| !key.is_empty()),
        before: query.before,
        limit: LIMIT + 1,
    };
    let mut changes = pages.settings.history(page).await?;
    let is_more = i64::try_from(changes.len()).is_ok_and(|count| count > LIMIT);
    changes.truncate(usize::try_from(LIMIT).unwrap_or(usize::MAX));
    let older = match changes.last().filter(|_| is_more) {
        Some(last) => format!("?key={}&before={}", query.key, last.id),
        None => String::new(),
    };
    let rows = changes
        .into_iter()
        .map(|change| row(&shell, app, change))
        .collect();
    let settings = app
        .settings
        .iter()
        .map(|setting| {
            let declaration = &setting.declaration;
            Choice::new(&declaration.key, declaration.label.get(shell.lang()))
        })
        .collect();
    let name = app.name.get(shell.lang()).to_owned();
    let root = shell.t("settings-title").into_owned();
    Ok(ui::page(HistoryPage {
        shell: shell
            .title("settings-history")
            .crumb(root, "/admin/settings")
            .crumb(name, app_path(&id)),
        path: app_path(&id),
        settings,
        key: query.key,
        rows,
        older,
    }))
}

fn row(shell: &Shell, app: &AppSettings, change: Remembered) -> Row {
    let declaration = app.setting(&change.key).map(|setting| &setting.declaration);
    let text = |value: &Option<serde_json::Value>| {
        let value = value.as_ref().unwrap_or(&serde_json::Value::Null);
        declaration.map_or_else(
            || words::input(value),
            |declaration| words::value(shell, declaration, value),
        )
    };
    let what = match (change.change.secret, change.change.action) {
        (true, Action::Set) => shell.t("settings-history-secret-set").into_owned(),
        (true, Action::Reset) => shell.t("settings-history-secret-cleared").into_owned(),
        (false, Action::Set) => shell.t2(
            "settings-history-set",
            "old",
            text(&change.change.old),
            "new",
            text(&change.change.new),
        ),
        (false, Action::Reset) => shell.t2(
            "settings-history-reset",
            "old",
            text(&change.change.old),
            "new",
            text(&change.change.new),
        ),
    };
    Row {
        at: change.at,
        by: change.by_name,
        label: declaration.map_or_else(
            || change.key.clone(),
            |declaration| declaration.label.get(shell.lang()).to_owned(),
        ),
        key: change.key,
        what,
    }
}
