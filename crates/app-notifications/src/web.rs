//! The pages: the inbox and what can be done with what is in it.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use platform::http::{LocalPath, Path};
use platform::{Access, CurrentUser, Routes};
use serde::Deserialize;
use ui::{CsrfForm, Flash, Shell, Tab, Table, TableQuery};
use uuid::Uuid;

pub mod admin;

use crate::Notifications;
use crate::domain::notification::{Count, Item};
use crate::error::Error;

const INBOX: &str = "/app/notifications";

/// The routes of the pages.
pub fn routes() -> Routes<Notifications> {
    Routes::new()
        .page(INBOX, Access::SignedIn, get(show))
        .page(
            "/app/notifications/read-all",
            Access::SignedIn,
            post(read_all),
        )
        .page("/app/notifications/{id}/open", Access::SignedIn, get(open))
        .page("/app/notifications/{id}/read", Access::SignedIn, post(read))
        .page(
            "/app/notifications/{id}/unread",
            Access::SignedIn,
            post(unread),
        )
        .page(
            "/app/notifications/{id}/dismiss",
            Access::SignedIn,
            post(dismiss),
        )
        .page(
            "/app/notifications/{id}/restore",
            Access::SignedIn,
            post(restore),
        )
}

#[derive(askama::Template)]
#[template(path = "notifications/inbox.html")]
struct InboxPage {
    shell: Shell,
    tabs: Vec<Tab>,
    items: Vec<Item>,
    count: Count,
    /// For its pager alone: the items are no table.
    table: Table,
    only_unread: bool,
}

async fn show(
    State(app): State<Notifications>,
    shell: Shell,
    who: CurrentUser,
    query: TableQuery,
) -> Result<Response, Error> {
    let only_unread = query.filter("show") == Some("unread");
    let size = i64::from(query.size);
    let offset = i64::from(query.page - 1) * size;
    let (items, count) = app
        .inbox
        .list(who.user_id, only_unread, size, offset)
        .await?;
    let total = if only_unread { count.unread } else { count.all };
    let here = if only_unread {
        "/app/notifications?show=unread"
    } else {
        INBOX
    };
    let tabs = vec![
        Tab::new(shell.t("notifications-all"), INBOX, here),
        Tab::new(
            shell.t("notifications-unread"),
            "/app/notifications?show=unread",
            here,
        )
        .count(u64::try_from(count.unread).unwrap_or(0)),
    ];
    Ok(ui::page(InboxPage {
        shell: shell.title("notifications-title").narrow(),
        tabs,
        items,
        count,
        table: Table::new(INBOX, &query, u64::try_from(total).unwrap_or(0)),
        only_unread,
    }))
}

/// Follows a notification: it is read then. A GET that changes no more than what was seen.
async fn open(
    State(app): State<Notifications>,
    who: CurrentUser,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let path = app.inbox.read(who.user_id, id).await?;
    let path = LocalPath::parse(&path).map_or_else(|_| INBOX.to_owned(), |path| path.to_string());
    Ok(ui::see_other(&path))
}

/// A form with nothing but its token.
#[derive(Deserialize)]
struct Nothing {}

async fn read_all(
    State(app): State<Notifications>,
    shell: Shell,
    who: CurrentUser,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    app.inbox.read_all(who.user_id).await?;
    let done = ui::flash(Flash::success(shell.t("notifications-all-read")));
    Ok((done, ui::see_other(INBOX)).into_response())
}

async fn read(
    State(app): State<Notifications>,
    who: CurrentUser,
    Path(id): Path<Uuid>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    app.inbox.read(who.user_id, id).await?;
    Ok(ui::see_other(INBOX))
}

async fn unread(
    State(app): State<Notifications>,
    who: CurrentUser,
    Path(id): Path<Uuid>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    app.inbox.unread(who.user_id, id).await?;
    Ok(ui::see_other(INBOX))
}

async fn dismiss(
    State(app): State<Notifications>,
    shell: Shell,
    who: CurrentUser,
    Path(id): Path<Uuid>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    app.inbox.set_dismissed(who.user_id, id, true).await?;
    let undo = format!("/app/notifications/{id}/restore");
    let done = ui::flash(Flash::success(shell.t("notifications-dismissed")).undo(undo));
    Ok((done, ui::see_other(INBOX)).into_response())
}

async fn restore(
    State(app): State<Notifications>,
    who: CurrentUser,
    Path(id): Path<Uuid>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    app.inbox.set_dismissed(who.user_id, id, false).await?;
    Ok(ui::see_other(INBOX))
}
