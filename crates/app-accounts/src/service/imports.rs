//! People from a file: keeping it, looking at every row, and beginning the import.

use std::collections::HashMap;
use std::time::Duration;

use jiff::SignedDuration;
use platform::Clock;
use platform_pg::{Database, Enqueue, Failed, GenericClient, Worker, jobs};

use super::actor::Actor;
use super::import_check::check;
use super::import_run::{RUN, Run};
use super::people::today;
use super::record::Deed;
use crate::domain::group::GroupId;
use crate::domain::import::{Import, ImportId, Options, Outcome, Problem, Progress, RowResult};
use crate::domain::import_column::Column;
use crate::domain::import_row::names_in;
use crate::domain::import_terms::Terms;
use crate::domain::sheet::{Sheet, SheetProblem};
use crate::error::Error;
use crate::store::custom_field::field_list;
use crate::store::group::groups_by_names;
use crate::store::import::{
    NewImport, import_begin, import_content, import_delete, import_find, import_insert,
    import_list, import_prepare, import_purge, rows_count, rows_list, rows_put,
};

/// Imports that are kept at once.
const MOST_KEPT: i64 = 50;
/// How long one is kept that nobody finishes: it holds names and addresses of strangers.
const OPEN_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long is kept what came of one.
const DONE_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How often it is looked what is too old.
const PURGED_EVERY: Duration = Duration::from_hours(1);
/// Rows shown as examples.
const EXAMPLES: usize = 3;

/// What came of uploading a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is kept.
    Done,
    /// It is no table.
    Unreadable(SheetProblem),
    /// There are as many imports as may be kept.
    TooMany,
}

/// What came of changing or beginning an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is so now.
    Done,
    /// Something in what holds for everybody does not do.
    Unfit(Vec<Problem>),
    /// No column holds the mail address.
    NoEmail,
    /// Two columns are said to hold the same.
    Twice(Column),
    /// It is to be all or nothing, and some row does not do.
    HasBad,
    /// There is nobody to add.
    NobodyNew,
    /// It runs or ran, or was not checked as it is now.
    NotNow,
}

/// How many rows have which outcome.
#[derive(Clone, Debug, Default)]
pub struct Counts(HashMap<&'static str, i64>);

impl Counts {
    /// How many have this one.
    pub fn of(&self, outcome: Outcome) -> i64 {
        self.0.get(outcome.as_str()).copied().unwrap_or(0)
    }
}

/// Imports people.
#[derive(Clone, Debug)]
pub struct Imports {
    db: Database,
    clock: Clock,
}

impl Imports {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Adds what happens by itself.
    pub fn jobs(&self, worker: Worker) -> Worker {
        let imports = self.clone();
        worker.every("accounts.purge_imports", PURGED_EVERY, move |_| {
            let imports = imports.clone();
            async move {
                let (client, now) = (imports.db.client().await?, imports.clock.now());
                import_purge(&client, now - OPEN_KEPT, now - DONE_KEPT).await?;
                Ok::<_, Failed>(())
            }
        })
    }

    /// Keeps a table, and guesses what its columns hold.
    pub async fn keep(
        &self,
        actor: &Actor,
        id: ImportId,
        (file_name, content): (&str, &str),
        options: &Options,
    ) -> Result<Kept, Error> {
        let sheet = match Sheet::read(content) {
            Ok(sheet) => sheet,
            Err(problem) => return Ok(Kept::Unreadable(problem)),
        };
        let client = self.db.client().await?;
        let kept = import_list(&client, MOST_KEPT).await?;
        if i64::try_from(kept.len()).is_ok_and(|count| count >= MOST_KEPT) {
            return Ok(Kept::TooMany);
        }
        let new = NewImport {
            id,
            by: actor.id,
            file_name,
            content,
            columns: &Column::guess(&sheet.headings, &field_list(&client).await?),
            options,
            rows: sheet.rows.len(),
        };
        import_insert(&client, &new, self.clock.now()).await?;
        Ok(Kept::Done)
    }

    /// The newest imports.
    pub async fn list(&self) -> Result<Vec<Import>, Error> {
        let client = self.db.client().await?;
        Ok(import_list(&client, MOST_KEPT).await?)
    }

    /// One import, and how many rows have which outcome.
    pub async fn find(&self, id: ImportId) -> Result<(Import, Counts), Error> {
        let client = self.db.client().await?;
        let import = find(&client, id).await?;
        let counts = rows_count(&client, id).await?;
        Ok((import, Counts(counts)))
    }

    /// The headings of a table, each with what its first rows hold there; none once it was imported.
    pub async fn examples(&self, id: ImportId) -> Result<Vec<(String, Vec<String>)>, Error> {
        let client = self.db.client().await?;
        let content = import_content(&client, id).await?.unwrap_or_default();
        let Ok(sheet) = Sheet::read(&content) else {
            return Ok(Vec::new());
        };
        let example = |(place, heading): (usize, &String)| {
            let rows = sheet.rows.iter().take(EXAMPLES);
            let cells = rows.map(|row| row.cell(place).to_owned());
            (
                heading.clone(),
                cells.filter(|cell| !cell.is_empty()).collect(),
            )
        };
        Ok(sheet.headings.iter().enumerate().map(example).collect())
    }

    /// What is known of rows in their order: of those of an outcome, or of all.
    pub async fn rows(
        &self,
        id: ImportId,
        outcome: Option<Outcome>,
        part: (i64, i64),
    ) -> Result<Vec<RowResult>, Error> {
        let client = self.db.client().await?;
        Ok(rows_list(&client, id, outcome, part).await?)
    }

    /// Says what the columns hold and what holds for everybody, and looks at every row.
    pub async fn prepare(
        &self,
        id: ImportId,
        columns: &[Option<Column>],
        options: &Options,
    ) -> Result<Step, Error> {
        let mut client = self.db.client().await?;
        let import = find(&client, id).await?;
        if !import.progress.is_open() {
            return Ok(Step::NotNow);
        }
        let content = import_content(&client, id).await?.unwrap_or_default();
        let Ok(sheet) = Sheet::read(&content) else {
            return Ok(Step::NotNow);
        };
        let mut columns = columns.to_vec();
        columns.resize(sheet.headings.len(), None);
        let today = today(self.clock.now());
        let terms = terms(&client, options, today).await?;
        let refusal = match &terms {
            Err(problems) => Some(Step::Unfit(problems.clone())),
            Ok(_) => refused(&columns),
        };
        let (Ok(terms), None) = (terms, &refusal) else {
            // What was chosen is kept, and nothing that was known of the rows holds any more.
            import_prepare(&client, id, (&columns, options), Progress::Draft).await?;
            return Ok(refusal.unwrap_or(Step::NotNow));
        };
        let checked = check(&client, &sheet, &columns, &terms, today).await?;
        let tx = client.transaction().await?;
        let chosen = (&*columns, options);
        if !import_prepare(&tx, id, chosen, Progress::Checked).await? {
            return Ok(Step::NotNow);
        }
        rows_put(&tx, id, &checked.rows).await?;
        tx.commit().await?;
        Ok(Step::Done)
    }

    /// Begins an import as it was checked. Rows that do not do are left out, or keep everybody from being imported.
    pub async fn begin(&self, actor: &Actor, id: ImportId, skips_bad: bool) -> Result<Step, Error> {
        let (import, counts) = self.find(id).await?;
        if counts.of(Outcome::Bad) > 0 && !skips_bad {
            return Ok(Step::HasBad);
        }
        if counts.of(Outcome::Ready) == 0 {
            return Ok(Step::NobodyNew);
        }
        let deed = Deed::new(actor, "people.import_begun", self.clock.now());
        let mut client = self.db.client().await?;
        let tx = client.transaction().await?;
        let by = (actor.id, actor.request_id.as_str());
        if !import_begin(&tx, id, by, skips_bad).await? {
            return Ok(Step::NotNow);
        }
        let run = Run { import: id.0 };
        jobs::enqueue(&tx, RUN, &run, Enqueue::once(id.to_string())).await?;
        deed.done_to("import", &tx, id.0, &import.file_name).await?;
        tx.commit().await?;
        Ok(Step::Done)
    }

    /// Forgets an import that does not run, and what is known of its rows. The people it added stay.
    pub async fn delete(&self, id: ImportId) -> Result<bool, Error> {
        let client = self.db.client().await?;
        Ok(import_delete(&client, id).await?)
    }
}

pub(super) async fn find(client: &impl GenericClient, id: ImportId) -> Result<Import, Error> {
    let found = import_find(client, id).await?;
    found.ok_or(Error::ImportNotFound)
}

/// What holds for everybody, or what is wrong with it.
pub(super) async fn terms(
    client: &impl GenericClient,
    options: &Options,
    today: jiff::civil::Date,
) -> Result<Result<Terms, Vec<Problem>>, Error> {
    let groups: HashMap<String, GroupId> = match names_in(&options.groups) {
        names if names.is_empty() => HashMap::new(),
        names => groups_by_names(client, &names).await?,
    };
    Ok(Terms::read(options, &groups, today))
}

/// Why nothing can be read from columns that hold this.
fn refused(columns: &[Option<Column>]) -> Option<Step> {
    let mut seen = Vec::new();
    for column in columns.iter().flatten() {
        if seen.contains(column) {
            return Some(Step::Twice(*column));
        }
        seen.push(*column);
    }
    (!seen.contains(&Column::Email)).then_some(Step::NoEmail)
}
