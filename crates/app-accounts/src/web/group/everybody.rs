//! `../groups/{id}/people`: everybody in a group, nested groups included, and through which.

use axum::extract::State;
use axum::response::Response;
use platform::CurrentUser;
use platform::http::Path;
use ui::{Column, Shell, Tab, Table, TableQuery};
use uuid::Uuid;

use super::{Desk, rights, tabs};
use crate::Accounts;
use crate::domain::group::{Group, GroupId};
use crate::domain::membership::Effective;
use crate::error::Error;
use crate::store::membership::Span;
use crate::store::person::Filter;
use crate::web::asking::Asking;

#[derive(askama::Template)]
#[template(path = "accounts/group/everybody.html")]
struct EverybodyPage {
    shell: Shell,
    desk: Desk,
    tabs: Vec<Tab>,
    group: Group,
    people: Vec<Effective>,
    table: Table,
}

pub(super) async fn list(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    query: TableQuery,
) -> Result<Response, Error> {
    let (id, desk) = (GroupId(id), Desk::of(&shell));
    rights(&accounts, &asking.actor(&who), id).await?;
    let span = Span {
        limit: query.limit(),
        offset: query.offset(),
    };
    let words = Filter::words(&query.search);
    let (group, part) = accounts
        .memberships
        .everybody(id, words.as_deref(), span)
        .await?;
    let path = format!("{}/people", desk.group(id));
    let table = Table::new(path, &query, u64::try_from(part.total).unwrap_or(0))
        .column(Column::new("name", shell.t("accounts-member-person")))
        .column(Column::new("through", shell.t("accounts-through")))
        .column(Column::new("actions", ""))
        .searchable();
    let groups = shell.t("accounts-groups").into_owned();
    Ok(ui::page(EverybodyPage {
        desk,
        tabs: tabs(&shell, &group),
        shell: shell.titled(&group.name).crumb(groups, desk.groups()),
        group,
        people: part.rows,
        table,
    }))
}
