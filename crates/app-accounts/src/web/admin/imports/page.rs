//! The page of one import, wherever it is.

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::REFRESH;
use ui::form::Errors;
use ui::{Choice, Column as TableColumn, Filter as TableFilter, Shell, Table, TableQuery};

use super::IMPORTS;
use crate::Accounts;
use crate::domain::custom_field::{Field, Viewer};
use crate::domain::import::{Import, ImportId, Outcome, Problem, Progress, RowResult};
use crate::domain::import_column::Column;
use crate::error::Error;
use crate::service::imports::Counts;
use crate::web::admin::invite::Options;
use crate::web::custom_fields::label;
use crate::web::export::Links;

/// While an import runs the page looks again after so many seconds.
const LOOKS_AGAIN: HeaderValue = HeaderValue::from_static("2");

/// What was chosen and refused, if anything was.
#[derive(Default)]
pub(super) struct Refused {
    pub(super) errors: Errors,
    pub(super) skips_bad: bool,
}

/// A row, and what is wrong with it in the words of the page.
pub(super) struct Said {
    pub(super) row: RowResult,
    pub(super) problems: Vec<String>,
}

impl Said {
    pub(super) fn of(row: RowResult, names: &Names<'_>) -> Self {
        let problems = row.problems.iter().map(|problem| said(problem, names));
        Self {
            problems: problems.collect(),
            row,
        }
    }
}

/// A column of the file: its heading, some of what it holds, and what was chosen for it.
struct ColumnOf {
    heading: String,
    examples: String,
    chosen: String,
}

/// What columns hold, in the words of the page.
pub(super) struct Names<'a> {
    pub(super) shell: &'a Shell,
    /// Those that administrators declared.
    pub(super) fields: &'a [Field],
}

impl Names<'_> {
    /// The name of what a column holds; empty for a field that is gone.
    pub(super) fn of(&self, column: Column) -> String {
        match column {
            Column::Field(id) => {
                let mut fields = self.fields.iter();
                let field = fields.find(|field| field.id == id);
                field.map_or_else(String::new, |field| label(field, self.shell))
            }
            column => self.shell.t(column_key(column)).into_owned(),
        }
    }

    /// What there is to choose from.
    fn choices(&self) -> Vec<Choice> {
        let seen = |field: &&Field| field.is_changed_by(Viewer::Administrator);
        let declared = self.fields.iter().filter(seen);
        let declared = declared.map(|field| Column::Field(field.id));
        let all = Column::ALL.into_iter().chain(declared);
        all.map(|column| Choice::new(column.word(), self.of(column)))
            .collect()
    }
}

#[derive(askama::Template)]
#[template(path = "accounts/admin/import.html")]
pub(super) struct ImportPage {
    shell: Shell,
    import: Import,
    counts: Counts,
    columns: Vec<ColumnOf>,
    fields: Vec<Choice>,
    options: Options,
    modes: Vec<Choice>,
    mode: &'static str,
    table: Table,
    rows: Vec<Said>,
    exports: Links,
    errors: Errors,
}

impl ImportPage {
    pub(super) async fn build(
        accounts: &Accounts,
        shell: Shell,
        id: ImportId,
        (query, refused): (&TableQuery, Refused),
    ) -> Result<Self, Error> {
        let (import, counts) = accounts.imports.find(id).await?;
        let outcome: Option<Outcome> = query.filter("outcome").and_then(|word| word.parse().ok());
        let total = match outcome {
            Some(outcome) => counts.of(outcome),
            None => Outcome::ALL.map(|outcome| counts.of(outcome)).iter().sum(),
        };
        let columns = if import.progress.is_open() {
            columns(&import, accounts.imports.examples(id).await?)
        } else {
            Vec::new()
        };
        let rows = accounts
            .imports
            .rows(id, outcome, (query.limit(), query.offset()))
            .await?;
        let can_mail = !import.progress.is_open() || accounts.invitations.can_mail().await;
        let path = format!("{IMPORTS}/{id}");
        let imports = shell.t("accounts-imports").into_owned();
        let title = if import.file_name.is_empty() {
            shell.t("accounts-import-pasted").into_owned()
        } else {
            import.file_name.clone()
        };
        let declared = accounts.custom_fields.list().await?;
        let names = Names {
            shell: &shell,
            fields: &declared,
        };
        Ok(Self {
            table: table(&shell, (&path, query), total),
            rows: rows.into_iter().map(|row| Said::of(row, &names)).collect(),
            exports: Links::new(query, &format!("{path}/rows")),
            options: Options::new(&shell, can_mail),
            fields: names.choices(),
            modes: modes(&shell),
            mode: if refused.skips_bad || import.skips_bad {
                "skip"
            } else {
                "all"
            },
            shell: shell.titled(title).crumb(imports, IMPORTS),
            columns,
            counts,
            import,
            errors: refused.errors,
        })
    }
}

impl IntoResponse for ImportPage {
    fn into_response(self) -> Response {
        let runs = self.import.progress == Progress::Running;
        let mut response = ui::page(self);
        if runs {
            response.headers_mut().insert(REFRESH, LOOKS_AGAIN);
        }
        response
    }
}

fn table(shell: &Shell, (path, query): (&str, &TableQuery), total: i64) -> Table {
    let outcomes =
        Outcome::ALL.map(|outcome| Choice::new(outcome.as_str(), shell.t(outcome_key(outcome))));
    Table::new(path, query, u64::try_from(total).unwrap_or(0))
        .column(TableColumn::new("line", shell.t("accounts-import-line")).numeric())
        .column(TableColumn::new("who", shell.t("accounts-import-who")))
        .column(TableColumn::new(
            "outcome",
            shell.t("accounts-import-result"),
        ))
        .filter(TableFilter::new(
            "outcome",
            shell.t("accounts-import-result"),
            outcomes.into(),
        ))
}

fn columns(import: &Import, examples: Vec<(String, Vec<String>)>) -> Vec<ColumnOf> {
    let column = |(place, (heading, cells)): (usize, (String, Vec<String>))| {
        let chosen = import.columns.get(place).copied().flatten();
        let short = |cell: &String| cell.chars().take(40).collect::<String>();
        ColumnOf {
            heading,
            examples: cells.iter().map(short).collect::<Vec<_>>().join(" · "),
            chosen: chosen.map(Column::word).unwrap_or_default(),
        }
    };
    examples.into_iter().enumerate().map(column).collect()
}

fn modes(shell: &Shell) -> Vec<Choice> {
    let mode = |word, label, hint| Choice::new(word, shell.t(label)).hint(shell.t(hint));
    vec![
        mode("all", "accounts-import-all", "accounts-import-all-hint"),
        mode("skip", "accounts-import-skip", "accounts-import-skip-hint"),
    ]
}

fn said(problem: &Problem, names: &Names<'_>) -> String {
    let about = problem.about.as_str();
    let message = names.shell.t2(&problem.key, "names", about, "line", about);
    let column: Option<Column> = problem.column.parse().ok();
    let label = column.map_or_else(String::new, |column| names.of(column));
    if label.is_empty() {
        message
    } else {
        format!("{label}: {message}")
    }
}

/// Key of the name of what a column holds.
fn column_key(column: Column) -> &'static str {
    match column {
        Column::Email => "accounts-email",
        Column::DisplayName => "accounts-full-name",
        Column::Username => "accounts-username",
        Column::GivenName => "accounts-given-name",
        Column::FamilyName => "accounts-family-name",
        Column::Title => "accounts-title",
        Column::Department => "accounts-department",
        Column::Phone => "accounts-phone",
        Column::Role => "accounts-role",
        Column::Groups => "accounts-groups",
        Column::EndsOn => "accounts-ends-on",
        Column::Manager => "accounts-manager",
        Column::Sponsor => "accounts-sponsor-name",
        Column::Field(_) => "accounts-fields",
    }
}

/// Key of the name of an outcome.
fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ready => "accounts-import-ready",
        Outcome::Added => "accounts-import-added",
        Outcome::Known => "accounts-import-known",
        Outcome::Bad => "accounts-import-bad",
    }
}

/// Tone of the badge of an outcome.
fn outcome_tone(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ready | Outcome::Added => "success",
        Outcome::Known => "neutral",
        Outcome::Bad => "danger",
    }
}

/// Key of where an import is.
pub(super) fn progress_key(progress: Progress) -> &'static str {
    match progress {
        Progress::Draft => "accounts-import-draft",
        Progress::Checked => "accounts-import-checked",
        Progress::Running => "accounts-import-running",
        Progress::Done => "accounts-import-done",
        Progress::Refused => "accounts-import-refused",
        Progress::Failed => "accounts-import-failed",
    }
}
