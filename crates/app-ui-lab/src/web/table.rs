//! A table over sample people: search, filters, order, pages, selection, and the states without rows.

use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use ui::table::TableState;
use ui::{BulkAction, Choice, Column, CsrfForm, Filter, Flash, Shell, Table, TableQuery};

use crate::people::{self, Person};

const PATH: &str = "/app/ui-lab/table";

#[derive(askama::Template)]
#[template(path = "ui-lab/table.html")]
pub(crate) struct TablePage {
    pub(crate) shell: Shell,
    pub(crate) table: Table,
    pub(crate) people: Vec<Person>,
    pub(crate) actions: Vec<BulkAction>,
}

impl TablePage {
    pub(crate) fn new(shell: Shell, query: &TableQuery) -> Self {
        let (people, total) = people::find(people::all(shell.now()), query);
        let roles = people::roles().map(|role| Choice::new(role, role_name(&shell, role)));
        let active = [
            Choice::new("yes", shell.t("lab-active")),
            Choice::new("no", shell.t("lab-inactive")),
        ];
        let (state, total) = match query.filter("state") {
            Some("loading") => (TableState::Loading, total),
            Some("failed") => (TableState::Failed, total),
            Some("empty") => (TableState::Ready, 0),
            _ => (TableState::Ready, total),
        };
        let table = Table::new(PATH, query, total)
            .column(Column::new("name", shell.t("lab-name")).sortable())
            .column(Column::new("role", shell.t("lab-role")).optional())
            .column(Column::new("active", shell.t("lab-state")).optional())
            .column(
                Column::new("sign_ins", shell.t("lab-sign-ins"))
                    .sortable()
                    .numeric()
                    .optional(),
            )
            .column(Column::new("seen", shell.t("lab-seen")).sortable())
            .column(Column::new("actions", ""))
            .filter(Filter::new("role", shell.t("lab-role"), roles.into()))
            .filter(Filter::new("active", shell.t("lab-state"), active.into()))
            .sorted_by("name")
            .searchable()
            .bulk()
            .state(state);
        let actions = vec![
            BulkAction::new(shell.t("lab-disable"), "/app/ui-lab/table/bulk").icon("user-off"),
            BulkAction::new(shell.t("ui-delete"), "/app/ui-lab/table/bulk")
                .icon("trash")
                .danger(),
        ];
        Self {
            shell: shell
                .title("lab-table")
                .subtitled_by("lab-table-hint")
                .wide(),
            table,
            people,
            actions,
        }
    }
}

fn role_name(shell: &Shell, role: &str) -> String {
    let key = match role {
        "admin" => "lab-role-admin",
        "guest" => "lab-role-guest",
        _ => "lab-role-user",
    };
    shell.t(key).into_owned()
}

impl Person {
    pub(crate) fn role_name(&self, shell: &Shell) -> String {
        role_name(shell, self.role)
    }
}

pub(crate) async fn show(shell: Shell, query: TableQuery) -> Response {
    ui::page(TablePage::new(shell, &query))
}

#[derive(Deserialize)]
pub(crate) struct Selection {
    #[serde(default)]
    id: Vec<usize>,
}

pub(crate) async fn bulk(shell: Shell, CsrfForm(selection): CsrfForm<Selection>) -> Response {
    let done =
        Flash::success(shell.tn("lab-bulk-done", selection.id.len())).undo("/app/ui-lab/undo");
    (ui::flash(done), ui::see_other(PATH)).into_response()
}
