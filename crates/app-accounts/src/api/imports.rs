//! People from a table for programs: sent, looked at row by row, and imported.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::StatusCode;
use jiff::Timestamp;
use platform::http::{Json, Path, Query};
use platform::{Class, CurrentUser, FieldProblem, Problem, Routes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ADMINISTRATOR;
use super::created::created;
use super::offset;
use super::refusals::{Always, OfBodies};
use crate::Accounts;
use crate::domain::import::{
    Import as Found, ImportId, Options, Outcome, Problem as Unfit, RowResult,
};
use crate::domain::import_column::Column;
use crate::domain::name::{Line, Unfit as TextUnfit};
use crate::domain::sheet::text_of;
use crate::error::Error;
use crate::service::imports::{Counts, Kept, Step};
use crate::web::asking::Asking;

/// Its routes.
pub(super) fn routes() -> Routes<Accounts> {
    let of = |rest: &str| format!("/api/accounts/imports/{{id}}{rest}");
    Routes::new()
        .api(
            "/api/accounts/imports",
            ADMINISTRATOR,
            get(list).post(create),
        )
        .api(&of(""), ADMINISTRATOR, get(show).delete(remove))
        .api(&of("/rows"), ADMINISTRATOR, get(rows))
        .api(&of("/check"), ADMINISTRATOR, post(check))
        .api(&of("/run"), ADMINISTRATOR, post(run))
}

/// Words of [`Outcome`].
const OUTCOMES: &str = "bad, known, ready or added";

/// Longest text that holds for everybody, in letters.
const MOST_KEPT: usize = 4_000;

/// An import.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Import {
    /// UUID.
    id: String,
    /// Name of the file; may be empty.
    file_name: String,
    /// What each column holds, in their order; none for those that are not read.
    columns: Vec<Option<String>>,
    /// `draft` (to be checked), `checked`, `running`, `done`, `refused` (all or nothing, and some row did not do) or
    /// `failed`.
    progress: &'static str,
    /// Rows there are below the headings.
    rows_total: i32,
    /// Rows that were imported so far.
    rows_done: i32,
    /// Rows that would add somebody.
    ready: i64,
    /// Rows that added somebody.
    added: i64,
    /// Rows with the address of somebody who is there already.
    known: i64,
    /// Rows that do not do.
    bad: i64,
    /// When it was sent.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
}

impl Import {
    fn new(import: Found, counts: &Counts) -> Self {
        let columns = import.columns.into_iter();
        Self {
            id: import.id.to_string(),
            file_name: import.file_name,
            columns: columns.map(|column| column.map(Column::word)).collect(),
            progress: import.progress.as_str(),
            rows_total: import.rows_total,
            rows_done: import.rows_done,
            ready: counts.of(Outcome::Ready),
            added: counts.of(Outcome::Added),
            known: counts.of(Outcome::Known),
            bad: counts.of(Outcome::Bad),
            created_at: import.created_at,
            finished_at: import.finished_at,
        }
    }
}

/// What is wrong with a row.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RowProblem {
    /// What the column holds; empty for the row as a whole.
    column: String,
    /// Key of what is wrong, such as `accounts-unfit-empty`.
    problem: String,
    /// What it is about, such as a line or the names of groups; may be empty.
    about: String,
}

/// A row, and what is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Row {
    /// Line of the text on which it begins, from 1.
    line: u32,
    /// `ready`, `added`, `known` or `bad`.
    outcome: &'static str,
    /// UUID of whom it added, or who has its address.
    person_id: Option<String>,
    /// Name to sign in with; empty where the row does not tell.
    username: String,
    /// Mail address.
    email: String,
    /// Name to show.
    name: String,
    problems: Vec<RowProblem>,
}

impl From<RowResult> for Row {
    fn from(row: RowResult) -> Self {
        let problem = |problem: Unfit| RowProblem {
            column: problem.column,
            problem: problem.key,
            about: problem.about,
        };
        Self {
            line: row.line,
            outcome: row.outcome.as_str(),
            person_id: row.person.map(|id| id.to_string()),
            username: row.username,
            email: row.email,
            name: row.name,
            problems: row.problems.into_iter().map(problem).collect(),
        }
    }
}

/// Some rows, in their order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Rows {
    rows: Vec<Row>,
}

/// A table to import.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewImport {
    /// CSV (RFC 4180) with headings: at most 2 MiB, 10000 rows and 60 columns.
    content: String,
    /// What it is called in the list of imports.
    #[serde(default)]
    file_name: String,
}

/// How the columns are to be understood, and what holds for rows that do not say otherwise.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportTerms {
    /// What each column holds, in their order: `email`, `display_name`, `username`, `given_name`, `family_name`, `title`,
    /// `department`, `phone`, `role`, `groups`, `ends_on`, `manager`, `sponsor`, `field:` and the UUID of a declared
    /// field, or null. Left out: as was guessed from the headings.
    columns: Option<Vec<Option<String>>>,
    /// `guest`, `user` or `admin`.
    #[serde(default = "user")]
    role: String,
    /// Names of groups that everybody is in.
    #[serde(default)]
    groups: Vec<String>,
    /// Last day, as in 2026-12-31; none for ever.
    ends_on: Option<String>,
    /// Whether they are told by mail; else an administrator hands out the links.
    #[serde(default)]
    by_mail: bool,
    /// Words for the mail.
    #[serde(default)]
    message: String,
    /// Days that the links work, 1 to 30.
    #[serde(default = "week")]
    link_days: u8,
}

fn user() -> String {
    "user".to_owned()
}

fn week() -> u8 {
    7
}

impl ImportTerms {
    /// What holds for everybody, as it is kept until the import runs.
    fn options(&self) -> Result<Options, Error> {
        let groups = self.groups.join("\n");
        let ends_on = self.ends_on.clone().unwrap_or_default();
        let texts = [
            ("role", &self.role),
            ("groups", &groups),
            ("ends_on", &ends_on),
            ("message", &self.message),
        ];
        for (name, text) in texts {
            if text.chars().count() > MOST_KEPT {
                return Err(Error::Unfit(name, TextUnfit::TooLong));
            }
            if text.contains('\0') {
                return Err(Error::Unfit(name, TextUnfit::Character));
            }
        }
        Ok(Options {
            delivery: if self.by_mail { "mail" } else { "link" }.to_owned(),
            lasts: self.link_days.to_string(),
            message: self.message.clone(),
            role: self.role.clone(),
            groups,
            ends_on,
        })
    }

    fn columns(&self, guessed: Vec<Option<Column>>) -> Result<Vec<Option<Column>>, Error> {
        let known = |word: &Option<String>| match word {
            None => Ok(None),
            Some(word) => {
                let column = word.parse().map(Some);
                column.map_err(|_| Error::NotAWord("columns", "names of what columns hold"))
            }
        };
        let named = self.columns.as_deref();
        named.map_or(Ok(guessed), |named| named.iter().map(known).collect())
    }
}

/// What becomes of rows that do not do.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportRun {
    /// `refuse`: nobody is imported while there is one; `skip`: they are left out.
    #[serde(default)]
    bad: String,
}

/// Which rows are asked for.
#[derive(Debug, Deserialize)]
pub(super) struct RowsQuery {
    outcome: Option<String>,
    #[serde(default)]
    offset: u32,
}

/// The newest imports.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Imports {
    /// Ids, newest first.
    imports: Vec<ImportName>,
}

/// An import in the list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ImportName {
    /// UUID.
    id: String,
    /// Name of the file; may be empty.
    file_name: String,
    /// `draft`, `checked`, `running`, `done`, `refused` or `failed`.
    progress: &'static str,
}

/// Lists the newest imports, at most 50. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/imports", responses((status = 200, body = Imports), Always))]
pub(super) async fn list(State(accounts): State<Accounts>) -> Result<Json<Imports>, Error> {
    let named = |import: Found| ImportName {
        id: import.id.to_string(),
        progress: import.progress.as_str(),
        file_name: import.file_name,
    };
    let imports = accounts.imports.list().await?;
    Ok(Json(Imports {
        imports: imports.into_iter().map(named).collect(),
    }))
}

/// Keeps a table and guesses what its columns hold; nobody is imported yet. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/imports", request_body = NewImport,
    responses((status = 201, body = Import, headers(("Location" = String, description = "the import"))),
        (status = 409, description = "there are 50"), Always, OfBodies))]
pub(super) async fn create(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Json(body): Json<NewImport>,
) -> Result<Response, Error> {
    let content = text_of(body.content.into_bytes()).map_err(Error::Unreadable)?;
    let file_name = Line::parse(&body.file_name);
    let file_name = file_name.map_err(|unfit| Error::Unfit("file_name", unfit))?;
    let (id, actor) = (ImportId(Uuid::now_v7()), asking.actor(&who));
    let (imports, file) = (&accounts.imports, (file_name.as_str(), content.as_str()));
    // What the page of the import shows until somebody chooses.
    let options = Options {
        role: user(),
        delivery: "link".to_owned(),
        lasts: week().to_string(),
        ..Options::default()
    };
    match imports.keep(&actor, id, file, &options).await? {
        Kept::Unreadable(problem) => Err(Error::Unreadable(problem)),
        Kept::TooMany => Err(Error::TooManyImports),
        Kept::Done => {
            let import = found(&accounts, id).await?;
            Ok(created(format!("/api/accounts/imports/{id}"), import))
        }
    }
}

async fn found(accounts: &Accounts, id: ImportId) -> Result<Import, Error> {
    let (import, counts) = accounts.imports.find(id).await?;
    Ok(Import::new(import, &counts))
}

/// One import. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/imports/{id}", params(("id" = Uuid, Path)),
    responses((status = 200, body = Import), Always))]
pub(super) async fn show(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
) -> Result<Json<Import>, Error> {
    Ok(Json(found(&accounts, ImportId(id)).await?))
}

/// The rows of an import in their order, 200 at a time. Administrators; scope accounts:read.
#[utoipa::path(get, path = "/api/accounts/imports/{id}/rows", params(("id" = Uuid, Path),
    ("outcome" = Option<String>, Query, description = "bad, known, ready or added"),
    ("offset" = Option<u32>, Query, description = "rows to leave out", maximum = 1_000_000)),
    responses((status = 200, body = Rows), Always))]
pub(super) async fn rows(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
    Query(query): Query<RowsQuery>,
) -> Result<Json<Rows>, Error> {
    let (id, span) = (ImportId(id), offset::from(query.offset)?);
    let outcome = query.outcome.as_deref().map(str::parse::<Outcome>);
    let outcome = outcome.transpose();
    let outcome = outcome.map_err(|_| Error::NotAWord("outcome", OUTCOMES))?;
    accounts.imports.find(id).await?;
    let part = (span.limit, span.offset);
    let rows = accounts.imports.rows(id, outcome, part).await?;
    Ok(Json(Rows {
        rows: rows.into_iter().map(Row::from).collect(),
    }))
}

/// Looks at every row of an import as the directory is now; adds nobody. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/imports/{id}/check", request_body = ImportTerms, params(("id" = Uuid, Path)),
    responses((status = 200, body = Import), (status = 409, description = "it runs or ran"), Always, OfBodies))]
pub(super) async fn check(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
    Json(body): Json<ImportTerms>,
) -> Result<Response, Error> {
    let (id, imports) = (ImportId(id), &accounts.imports);
    let (import, _) = imports.find(id).await?;
    let (columns, options) = (body.columns(import.columns)?, body.options()?);
    match imports.prepare(id, &columns, &options).await? {
        Step::Done => Ok(Json(found(&accounts, id).await?).into_response()),
        Step::Unfit(problems) => Ok(refused(&problems).into_response()),
        Step::NoEmail => Err(Error::NoEmailColumn),
        Step::Twice(column) => Err(Error::ColumnTwice(column.word())),
        Step::NotNow | Step::HasBad | Step::NobodyNew => Err(Error::ImportNotNow),
    }
}

/// What is wrong with what holds for everybody.
fn refused(problems: &[Unfit]) -> Problem {
    let problem = Problem::new(Class::Unprocessable, "accounts.unfit")
        .detail("No row was looked at: what holds for everybody does not do.");
    problems.iter().fold(problem, |problem, unfit| {
        let about = if unfit.about.is_empty() {
            unfit.key.clone()
        } else {
            format!("{}: {}", unfit.key, unfit.about)
        };
        let named = match unfit.column.as_str() {
            "lasts" => "link_days",
            name => name,
        };
        problem.field(FieldProblem::new(named, "accounts.unfit", about))
    })
}

/// Imports the rows as they were checked, in the background. Administrators; scope accounts:write.
#[utoipa::path(post, path = "/api/accounts/imports/{id}/run", request_body = ImportRun, params(("id" = Uuid, Path)),
    responses((status = 202, description = "it is under way"), (status = 409,
        description = "rows do not do, nobody is new, it runs or ran, or was not checked"), Always, OfBodies))]
pub(super) async fn run(
    State(accounts): State<Accounts>,
    (who, asking): (CurrentUser, Asking),
    Path(id): Path<Uuid>,
    Json(body): Json<ImportRun>,
) -> Result<StatusCode, Error> {
    let skips = match body.bad.as_str() {
        "" | "refuse" => false,
        "skip" => true,
        _ => return Err(Error::NotAWord("bad", "refuse or skip")),
    };
    let (actor, id) = (asking.actor(&who), ImportId(id));
    match accounts.imports.begin(&actor, id, skips).await? {
        Step::Done => Ok(StatusCode::ACCEPTED),
        Step::HasBad => Err(Error::HasBadRows),
        Step::NobodyNew => Err(Error::NobodyNew),
        _ => Err(Error::ImportNotNow),
    }
}

/// Forgets an import that does not run; the people it added stay. Administrators; scope accounts:write.
#[utoipa::path(delete, path = "/api/accounts/imports/{id}", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 409, description = "it runs"), Always))]
pub(super) async fn remove(
    State(accounts): State<Accounts>,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    let id = ImportId(id);
    accounts.imports.find(id).await?;
    if accounts.imports.delete(id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Error::ImportNotNow)
    }
}
