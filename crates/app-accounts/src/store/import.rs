//! Tables `imports` and `import_rows`.

use std::collections::HashMap;

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};
use serde_json::Value;

use crate::domain::import::{Import, ImportId, Options, Outcome, Progress, RowResult};
use crate::domain::import_column::Column;
use crate::domain::person::PersonId;

/// A file about to be kept.
#[derive(Debug)]
pub struct NewImport<'a> {
    /// Chosen by the form.
    pub id: ImportId,
    /// Who uploads it.
    pub by: Option<PersonId>,
    /// Its name; may be empty.
    pub file_name: &'a str,
    /// Its text.
    pub content: &'a str,
    /// What its columns hold, as guessed.
    pub columns: &'a [Option<Column>],
    /// What holds for everybody.
    pub options: &'a Options,
    /// How many rows it has.
    pub rows: usize,
}

/// Keeps a file. Nothing happens when one of this id is there.
pub async fn import_insert(
    client: &impl GenericClient,
    new: &NewImport<'_>,
    at: Timestamp,
) -> Result<(), Error> {
    let options = serde_json::to_value(new.options).map_err(Error::Encode)?;
    let rows = i32::try_from(new.rows).unwrap_or(i32::MAX);
    client
        .execute(
            include_str!("../../sql/imports/insert.sql"),
            &[
                &new.id.0,
                &new.by.map(|id| id.0),
                &at,
                &new.file_name,
                &new.content,
                &words(new.columns),
                &options,
                &rows,
            ],
        )
        .await?;
    Ok(())
}

/// One import without its content.
pub async fn import_find(
    client: &impl GenericClient,
    id: ImportId,
) -> Result<Option<Import>, Error> {
    let sql = include_str!("../../sql/imports/find.sql");
    let row = client.query_opt(sql, &[&id.0]).await?;
    row.as_ref().map(import).transpose()
}

/// The newest imports.
pub async fn import_list(client: &impl GenericClient, limit: i64) -> Result<Vec<Import>, Error> {
    let sql = include_str!("../../sql/imports/list.sql");
    let rows = client.query(sql, &[&limit]).await?;
    rows.iter().map(import).collect()
}

/// The text of the file; empty once it was imported.
pub async fn import_content(
    client: &impl GenericClient,
    id: ImportId,
) -> Result<Option<String>, Error> {
    let sql = include_str!("../../sql/imports/content.sql");
    let row = client.query_opt(sql, &[&id.0]).await?;
    Ok(row.map(|row| row.try_get("content")).transpose()?)
}

/// Writes how columns are to be understood and what holds for everybody. `false`: it runs, ran, or is gone.
pub async fn import_prepare(
    client: &impl GenericClient,
    id: ImportId,
    (columns, options): (&[Option<Column>], &Options),
    progress: Progress,
) -> Result<bool, Error> {
    let options = serde_json::to_value(options).map_err(Error::Encode)?;
    let sql = include_str!("../../sql/imports/prepare.sql");
    let progress = progress.as_str();
    let columns = words(columns);
    let prepared = client
        .execute(sql, &[&id.0, &columns, &options, &progress])
        .await?;
    Ok(prepared == 1)
}

/// Lets it run, for `by`. `false`: it is not checked, runs already, or is gone.
pub async fn import_begin(
    client: &impl GenericClient,
    id: ImportId,
    (by, request): (Option<PersonId>, &str),
    skips_bad: bool,
) -> Result<bool, Error> {
    let sql = include_str!("../../sql/imports/begin.sql");
    let by = by.map(|id| id.0);
    let begun = client
        .execute(sql, &[&id.0, &skips_bad, &request, &by])
        .await?;
    Ok(begun == 1)
}

/// Writes how many rows were dealt with.
pub async fn import_advance(
    client: &impl GenericClient,
    id: ImportId,
    done: usize,
) -> Result<(), Error> {
    let done = i32::try_from(done).unwrap_or(i32::MAX);
    let sql = include_str!("../../sql/imports/advance.sql");
    client.execute(sql, &[&id.0, &done]).await?;
    Ok(())
}

/// Writes how it ended.
pub async fn import_finish(
    client: &impl GenericClient,
    id: ImportId,
    progress: Progress,
    at: Timestamp,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/imports/finish.sql");
    client
        .execute(sql, &[&id.0, &progress.as_str(), &at])
        .await?;
    Ok(())
}

/// Forgets an import that does not run. `false`: it runs, or is gone.
pub async fn import_delete(client: &impl GenericClient, id: ImportId) -> Result<bool, Error> {
    let sql = include_str!("../../sql/imports/delete.sql");
    Ok(client.execute(sql, &[&id.0]).await? == 1)
}

/// Forgets imports from before `open` that were not finished, and all from before `done`.
pub async fn import_purge(
    client: &impl GenericClient,
    open: Timestamp,
    done: Timestamp,
) -> Result<(), Error> {
    let sql = include_str!("../../sql/imports/purge.sql");
    client.execute(sql, &[&open, &done]).await?;
    Ok(())
}

/// Writes what is known of the rows, in place of what was known.
pub async fn rows_put(
    client: &impl GenericClient,
    id: ImportId,
    rows: &[RowResult],
) -> Result<(), Error> {
    let sql = include_str!("../../sql/imports/clear_rows.sql");
    client.execute(sql, &[&id.0]).await?;
    let lines: Vec<i32> = rows.iter().map(|row| line(row.line)).collect();
    let outcomes: Vec<&str> = rows.iter().map(|row| row.outcome.as_str()).collect();
    let people: Vec<_> = rows.iter().map(|row| row.person.map(|id| id.0)).collect();
    let column = |of: fn(&RowResult) -> &str| -> Vec<&str> { rows.iter().map(of).collect() };
    let problems: Result<Vec<Value>, _> = rows
        .iter()
        .map(|row| serde_json::to_value(&row.problems))
        .collect();
    let problems = problems.map_err(Error::Encode)?;
    client
        .execute(
            include_str!("../../sql/imports/put_rows.sql"),
            &[
                &id.0,
                &lines,
                &outcomes,
                &people,
                &column(|row| &row.username),
                &column(|row| &row.email),
                &column(|row| &row.name),
                &problems,
            ],
        )
        .await?;
    Ok(())
}

/// What is known of rows in their order: of those of an outcome, or of all.
pub async fn rows_list(
    client: &impl GenericClient,
    id: ImportId,
    outcome: Option<Outcome>,
    (limit, offset): (i64, i64),
) -> Result<Vec<RowResult>, Error> {
    let outcome = outcome.map(Outcome::as_str);
    let sql = include_str!("../../sql/imports/list_rows.sql");
    let rows = client
        .query(sql, &[&id.0, &outcome, &limit, &offset])
        .await?;
    rows.iter().map(row_result).collect()
}

/// How many rows have which outcome.
pub async fn rows_count(
    client: &impl GenericClient,
    id: ImportId,
) -> Result<HashMap<&'static str, i64>, Error> {
    let sql = include_str!("../../sql/imports/count_rows.sql");
    let rows = client.query(sql, &[&id.0]).await?;
    rows.iter()
        .map(|row| Ok((outcome(row)?.as_str(), row.try_get("rows")?)))
        .collect()
}

fn line(line: u32) -> i32 {
    i32::try_from(line).unwrap_or(i32::MAX)
}

fn words(columns: &[Option<Column>]) -> Vec<String> {
    let word = |column: &Option<Column>| column.map(Column::word).unwrap_or_default();
    columns.iter().map(word).collect()
}

fn outcome(row: &Row) -> Result<Outcome, Error> {
    let word: &str = row.try_get("outcome")?;
    word.parse()
        .map_err(|_| Error::Decode("import_rows.outcome".to_owned()))
}

fn row_result(row: &Row) -> Result<RowResult, Error> {
    let problems: Value = row.try_get("problems")?;
    let line: i32 = row.try_get("line")?;
    Ok(RowResult {
        line: u32::try_from(line).unwrap_or_default(),
        outcome: outcome(row)?,
        person: row.try_get::<_, Option<_>>("person_id")?.map(PersonId),
        username: row.try_get("username")?,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        problems: serde_json::from_value(problems)
            .map_err(|_| Error::Decode("import_rows.problems".to_owned()))?,
    })
}

fn import(row: &Row) -> Result<Import, Error> {
    let author: Option<_> = row.try_get("created_by")?;
    let name: Option<String> = row.try_get("author_name")?;
    let columns: Vec<String> = row.try_get("columns")?;
    let options: Value = row.try_get("options")?;
    let progress: &str = row.try_get("state")?;
    Ok(Import {
        id: ImportId(row.try_get("id")?),
        created_by: author.map(PersonId).zip(name),
        created_at: row.try_get("created_at")?,
        file_name: row.try_get("file_name")?,
        columns: columns.iter().map(|word| word.parse().ok()).collect(),
        options: serde_json::from_value(options)
            .map_err(|_| Error::Decode("imports.options".to_owned()))?,
        progress: progress
            .parse()
            .map_err(|_| Error::Decode("imports.state".to_owned()))?,
        skips_bad: row.try_get("skips_bad")?,
        request_id: row.try_get("request_id")?,
        rows_done: row.try_get("rows_done")?,
        rows_total: row.try_get("rows_total")?,
        finished_at: row.try_get("finished_at")?,
    })
}
