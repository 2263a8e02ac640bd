//! `/admin/accounts/imports`: people from a file. Upload, say what its columns hold, look at every row, import.

mod chosen;
mod page;
mod upload;

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use platform::http::{Path, Query};
use platform::{Access, CurrentUser, Role, Routes};
use serde::Deserialize;
use ui::form::Errors;
use ui::{CsrfForm, Flash, Shell, TableQuery};
use uuid::Uuid;

use self::chosen::Chosen;
use self::page::{ImportPage, Names, Refused, Said};
use crate::Accounts;
use crate::domain::import::{ImportId, Outcome};
use crate::error::Error;
use crate::service::imports::Step;
use crate::web::asking::Asking;
use crate::web::export::{self, Asked, Columns};
use crate::web::form::Nothing;

/// Where they are listed.
pub(super) const IMPORTS: &str = "/admin/accounts/imports";

/// The routes.
pub(super) fn routes() -> Routes<Accounts> {
    let admin = Access::Role(Role::Admin);
    Routes::new()
        // Asked before a file is chosen: a file cannot be kept while its sender confirms who they are.
        .page(
            IMPORTS,
            Access::Sudo(Role::Admin),
            get(upload::show).post(upload::upload),
        )
        .page("/admin/accounts/imports/{id}", admin, get(show))
        .page("/admin/accounts/imports/{id}/check", admin, post(check))
        .page("/admin/accounts/imports/{id}/run", admin, post(run))
        .page("/admin/accounts/imports/{id}/delete", admin, post(delete))
        .page("/admin/accounts/imports/{id}/rows", admin, get(rows))
}

async fn show(
    State(accounts): State<Accounts>,
    shell: Shell,
    Path(id): Path<Uuid>,
    query: TableQuery,
) -> Result<Response, Error> {
    let page = ImportPage::build(&accounts, shell, ImportId(id), (&query, Refused::default()));
    Ok(page.await?.into_response())
}

/// `POST ../{id}/check`: what the columns hold and what holds for everybody.
async fn check(
    State(accounts): State<Accounts>,
    shell: Shell,
    Path(id): Path<Uuid>,
    CsrfForm(chosen): CsrfForm<Chosen>,
) -> Result<Response, Error> {
    let id = ImportId(id);
    let (columns, options) = (chosen.columns(), chosen.options());
    let step = accounts.imports.prepare(id, &columns, &options).await?;
    let errors = match step {
        Step::Done => return Ok(ui::see_other(&format!("{IMPORTS}/{id}#rows"))),
        Step::Unfit(problems) => {
            let mut errors = Errors::none();
            for problem in problems {
                let said = shell.t1(&problem.key, "names", &problem.about);
                errors.add(problem.column, said);
            }
            errors
        }
        Step::NoEmail => Errors::one("columns", shell.t("accounts-import-no-email")),
        Step::Twice(column) => {
            let fields = accounts.custom_fields.list().await?;
            let names = Names {
                shell: &shell,
                fields: &fields,
            };
            let label = names.of(column);
            Errors::one(
                "columns",
                shell.t1("accounts-import-column-twice", "name", label),
            )
        }
        Step::NotNow | Step::HasBad | Step::NobodyNew => return Ok(not_now(&shell, id)),
    };
    let refused = Refused {
        errors,
        skips_bad: false,
    };
    let query = TableQuery::default();
    let page = ImportPage::build(&accounts, shell, id, (&query, refused)).await?;
    Ok(ui::invalid(page))
}

/// How to deal with rows that do not do.
#[derive(Deserialize)]
struct Mode {
    #[serde(default)]
    bad: String,
}

/// `POST ../{id}/run`: begins it.
async fn run(
    State(accounts): State<Accounts>,
    shell: Shell,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    CsrfForm(mode): CsrfForm<Mode>,
) -> Result<Response, Error> {
    let (id, actor) = (ImportId(id), asking.actor(&who));
    let skips_bad = mode.bad == "skip";
    let key = match accounts.imports.begin(&actor, id, skips_bad).await? {
        Step::Done => return Ok(ui::see_other(&format!("{IMPORTS}/{id}"))),
        Step::HasBad => "accounts-import-has-bad",
        Step::NobodyNew => "accounts-import-nobody-new",
        _ => return Ok(not_now(&shell, id)),
    };
    let refused = Refused {
        errors: Errors::one("bad", shell.t(key)),
        skips_bad,
    };
    let query = TableQuery::default();
    let page = ImportPage::build(&accounts, shell, id, (&query, refused)).await?;
    Ok(ui::invalid(page))
}

fn not_now(shell: &Shell, id: ImportId) -> Response {
    let flash = ui::flash(Flash::warning(shell.t("accounts-import-not-now")));
    (flash, ui::see_other(&format!("{IMPORTS}/{id}"))).into_response()
}

async fn delete(
    State(accounts): State<Accounts>,
    shell: Shell,
    Path(id): Path<Uuid>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, Error> {
    if !accounts.imports.delete(ImportId(id)).await? {
        return Ok(not_now(&shell, ImportId(id)));
    }
    let flash = ui::flash(Flash::success(shell.t("accounts-import-deleted")));
    Ok((flash, ui::see_other(IMPORTS)).into_response())
}

/// Which rows are wanted as a file.
#[derive(Deserialize)]
struct Wanted {
    outcome: Option<String>,
}

/// `GET ../{id}/rows`: what is known of each row, as a file.
async fn rows(
    State(accounts): State<Accounts>,
    shell: Shell,
    Path(id): Path<Uuid>,
    (Query(asked), Query(wanted)): (Query<Asked>, Query<Wanted>),
) -> Result<Response, Error> {
    let id = ImportId(id);
    accounts.imports.find(id).await?;
    let outcome: Option<Outcome> = wanted.outcome.and_then(|word| word.parse().ok());
    let name = format!("import-{id}");
    let said = Arc::new((shell, accounts.custom_fields.list().await?));
    let more = vec!["problems".to_owned()];
    Ok(export::download(&name, asked.format, more, move |offset| {
        let (accounts, said) = (accounts.clone(), Arc::clone(&said));
        async move {
            let rows = accounts
                .imports
                .rows(id, outcome, (export::PAGE, offset))
                .await?;
            let names = Names {
                shell: &said.0,
                fields: &said.1,
            };
            Ok(rows.into_iter().map(|row| Said::of(row, &names)).collect())
        }
    }))
}

impl Columns for Said {
    const NAMES: &'static [&'static str] =
        &["line", "result", "email", "username", "name", "person_id"];

    fn cells(&self) -> Vec<String> {
        let row = &self.row;
        vec![
            row.line.to_string(),
            row.outcome.as_str().to_owned(),
            row.email.clone(),
            row.username.clone(),
            row.name.clone(),
            row.person.map(|id| id.to_string()).unwrap_or_default(),
            self.problems.join(" "),
        ]
    }
}
