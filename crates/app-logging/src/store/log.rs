//! Table `logs`.

use jiff::Timestamp;
use platform_pg::{Error, GenericClient, Row};

use crate::domain::record::LogRecord;
use crate::domain::search::{Cursor, LogSearch, containing};

/// A record as found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Where it stands.
    pub cursor: Cursor,
    /// The record.
    pub record: LogRecord,
}

/// Adds records.
pub async fn log_insert(client: &impl GenericClient, records: &[LogRecord]) -> Result<(), Error> {
    fn column<'a, T>(records: &'a [LogRecord], value: impl FnMut(&'a LogRecord) -> T) -> Vec<T> {
        records.iter().map(value).collect()
    }
    client
        .execute(
            include_str!("../../sql/insert_logs.sql"),
            &[
                &column(records, |record| record.at),
                &column(records, |record| record.service.as_str()),
                &column(records, |record| record.severity),
                &column(records, |record| record.scope.as_str()),
                &column(records, |record| record.body.as_str()),
                &column(records, |record| record.trace_id.as_str()),
                &column(records, |record| record.span_id.as_str()),
                &column(records, |record| &record.attributes),
            ],
        )
        .await?;
    Ok(())
}

/// Finds records, newest first.
pub async fn log_search(
    client: &impl GenericClient,
    search: &LogSearch,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Found>, Error> {
    let text = (!search.text.is_empty()).then(|| containing(&search.text));
    let service = (!search.service.is_empty()).then_some(search.service.as_str());
    let trace = (!search.trace_id.is_empty()).then_some(search.trace_id.as_str());
    let rows = client
        .query(
            include_str!("../../sql/search_logs.sql"),
            &[
                &search.window.start(now),
                &search.cursor.at,
                &search.cursor.id,
                &search.severity,
                &service,
                &text,
                &trace,
                &limit,
            ],
        )
        .await?;
    rows.iter().map(found).collect()
}

/// The services that logged anything, by name.
pub async fn log_services(client: &impl GenericClient) -> Result<Vec<String>, Error> {
    let rows = client
        .query(include_str!("../../sql/list_services.sql"), &[])
        .await?;
    rows.iter()
        .map(|row| row.try_get("service").map_err(Error::from))
        .collect()
}

fn found(row: &Row) -> Result<Found, Error> {
    let at = row.try_get("logged_at")?;
    Ok(Found {
        cursor: Cursor {
            at,
            id: row.try_get("id")?,
        },
        record: LogRecord {
            at,
            service: row.try_get("service")?,
            severity: row.try_get("severity")?,
            scope: row.try_get("scope")?,
            body: row.try_get("body")?,
            trace_id: row.try_get("trace_id")?,
            span_id: row.try_get("span_id")?,
            attributes: row.try_get("attributes")?,
        },
    })
}
