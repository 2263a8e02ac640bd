//! Lists as files: CSV for spreadsheets, JSON for programs. Read page by page, so that a long list costs no memory.

use std::future::Future;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;
use serde_json::{Map, Value};
use ui::TableQuery;

use crate::error::Error;

/// Rows read at once.
pub(super) const PAGE: i64 = 1_000;

/// Kind of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    /// RFC 4180, with a line of names first.
    #[default]
    Csv,
    /// RFC 8259: an array of objects.
    Json,
}

/// Where a list is to be had as a file.
pub(super) struct Links {
    pub(super) csv: String,
    pub(super) json: String,
}

impl Links {
    /// Of the list that `query` shows, at the path of its export.
    pub(super) fn new(query: &TableQuery, path: &str) -> Self {
        let href = query.href(path);
        let sign = if href.contains('?') { '&' } else { '?' };
        let link = |format: &str| format!("{href}{sign}format={format}");
        Self {
            csv: link("csv"),
            json: link("json"),
        }
    }
}

/// What an address says of the file.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) format: Format,
}

/// What a file says of each row.
pub(super) trait Columns {
    /// Names of the columns.
    const NAMES: &'static [&'static str];

    /// One text for each name, and then for each that the caller of [`download`] adds.
    fn cells(&self) -> Vec<String>;
}

/// A file of all rows that `page` reads from an offset on, [`PAGE`] of them at a time. `more` are names of columns
/// after those that all such files have.
pub(super) fn download<T, F, R>(name: &str, format: Format, more: Vec<String>, page: F) -> Response
where
    T: Columns,
    F: Fn(i64) -> R + Send + 'static,
    R: Future<Output = Result<Vec<T>, Error>> + Send,
{
    let names: Vec<String> = T::NAMES.iter().map(|name| (*name).to_owned()).collect();
    let names = Arc::new([names, more].concat());
    let rows = try_unfold((page, Some(0_i64)), move |(page, offset)| {
        let names = Arc::clone(&names);
        async move {
            let Some(offset) = offset else {
                return Ok::<_, Error>(None);
            };
            let rows = page(offset).await?;
            let is_last = i64::try_from(rows.len()).is_ok_and(|count| count < PAGE);
            let part = match format {
                Format::Csv => csv_part(&names, &rows, offset == 0),
                Format::Json => json_part(&names, &rows, offset == 0, is_last),
            };
            let next = (!is_last).then_some(offset + PAGE);
            Ok(Some((Bytes::from(part), (page, next))))
        }
    });
    let (kind, ending) = match format {
        Format::Csv => ("text/csv; charset=utf-8; header=present", "csv"),
        Format::Json => ("application/json", "json"),
    };
    let mut response = Body::from_stream(rows).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    let disposition = format!("attachment; filename=\"{name}.{ending}\"");
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    response
}

fn csv_part<T: Columns>(names: &[String], rows: &[T], is_first: bool) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // Writing to memory does not fail, and all rows have as many cells as there are names.
    if is_first {
        drop(writer.write_record(names));
    }
    for row in rows {
        drop(writer.write_record(row.cells().into_iter().map(harmless)));
    }
    writer.into_inner().unwrap_or_default()
}

/// Spreadsheets take such a cell for a formula and run it.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell
    }
}

fn json_part<T: Columns>(names: &[String], rows: &[T], is_first: bool, is_last: bool) -> Vec<u8> {
    let mut part = String::new();
    part.push_str(if is_first { "[" } else { "" });
    for (index, row) in rows.iter().enumerate() {
        part.push_str(if is_first && index == 0 { "\n" } else { ",\n" });
        let names = names.iter().cloned();
        let cells = row.cells().into_iter().map(Value::String);
        part.push_str(&Value::Object(names.zip(cells).collect::<Map<_, _>>()).to_string());
    }
    part.push_str(if is_last { "\n]\n" } else { "" });
    part.into_bytes()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    struct Row(&'static str);

    impl Columns for Row {
        const NAMES: &'static [&'static str] = &["name", "says"];

        fn cells(&self) -> Vec<String> {
            vec!["Ada, \"the\" first".to_owned(), self.0.to_owned()]
        }
    }

    async fn text(format: Format, count: usize) -> String {
        let response = download("people", format, Vec::new(), move |offset| async move {
            let left = count.saturating_sub(usize::try_from(offset).unwrap());
            let size = left.min(usize::try_from(PAGE).unwrap());
            Ok((0..size).map(|_| Row("=1+1")).collect())
        });
        let body = response.into_body().collect().await.unwrap().to_bytes();
        String::from_utf8(body.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn cells_are_quoted_and_run_nothing() {
        let csv = text(Format::Csv, 1).await;
        assert_eq!(csv, "name,says\r\n\"Ada, \"\"the\"\" first\",'=1+1\r\n");
    }

    #[tokio::test]
    async fn a_list_of_any_length_is_whole() {
        for count in [0, 1, 999, 1_000, 1_001, 2_000] {
            let csv = text(Format::Csv, count).await;
            assert_eq!(csv.lines().count(), count + 1, "{count}");
            let json: Vec<Value> = serde_json::from_str(&text(Format::Json, count).await).unwrap();
            assert_eq!(json.len(), count);
        }
    }
}
