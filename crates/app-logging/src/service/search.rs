//! Finding log records and traces.

use platform::Clock;
use platform_pg::Database;

use crate::domain::record::Span;
use crate::domain::search::{Cursor, LogSearch, TraceSearch, Window};
use crate::error::Error;
use crate::store::log::{Found, log_search, log_services};
use crate::store::span::{trace_find, trace_list};

/// Records of one page.
pub const PAGE: i64 = 100;

/// One page of records.
#[derive(Debug)]
pub struct LogPage {
    /// Newest first.
    pub records: Vec<Found>,
    /// Where older ones begin, if there may be any.
    pub older: Option<Cursor>,
}

/// One trace, whole.
#[derive(Debug)]
pub struct Trace {
    /// In the order they began; at most 1,000.
    pub spans: Vec<Span>,
    /// What was logged meanwhile, newest first.
    pub records: Vec<Found>,
}

/// Finds things.
#[derive(Clone, Debug)]
pub struct Search {
    db: Database,
    clock: Clock,
}

impl Search {
    /// Over the tables of this app.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// One page of records.
    pub async fn logs(&self, search: &LogSearch) -> Result<LogPage, Error> {
        let client = self.db.client().await?;
        let mut records = log_search(&client, search, self.clock.now(), PAGE + 1).await?;
        let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let more = records.len() > page;
        records.truncate(page);
        let older = records.last().filter(|_| more).map(|last| last.cursor);
        Ok(LogPage { records, older })
    }

    /// The services that logged anything, by name.
    pub async fn services(&self) -> Result<Vec<String>, Error> {
        let client = self.db.client().await?;
        Ok(log_services(&client).await?)
    }

    /// The first spans of traces, newest first.
    pub async fn traces(&self, search: &TraceSearch) -> Result<Vec<Span>, Error> {
        let client = self.db.client().await?;
        Ok(trace_list(&client, search, self.clock.now(), PAGE).await?)
    }

    /// One trace with its log records.
    ///
    /// # Errors
    /// [`Error::TraceNotFound`] when nothing of it is kept.
    pub async fn trace(&self, trace_id: &str) -> Result<Trace, Error> {
        let client = self.db.client().await?;
        let spans = trace_find(&client, trace_id).await?;
        let now = self.clock.now();
        let search = LogSearch {
            text: String::new(),
            service: String::new(),
            severity: 0,
            trace_id: trace_id.to_owned(),
            window: Window::Week,
            cursor: Cursor::newest(now),
        };
        let records = log_search(&client, &search, now, 500).await?;
        if spans.is_empty() && records.is_empty() {
            return Err(Error::TraceNotFound);
        }
        Ok(Trace { spans, records })
    }
}
