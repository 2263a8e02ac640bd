//! What a connection and a transaction have in common: the argument of every store function.

use std::future::Future;

use tokio_postgres::Row;

use crate::Error;
use crate::client::{Client, Parameters};

/// Something statements can be run on: a [`Client`], a [`crate::Transaction`] or a [`crate::Tx`].
///
/// Statements are prepared once per connection, metered, bounded in time, and their errors hold no values.
pub trait GenericClient: Connected {
    /// All rows.
    fn query(
        &self,
        sql: &str,
        parameters: Parameters<'_>,
    ) -> impl Future<Output = Result<Vec<Row>, Error>> + Send {
        async move { self.noting(self.connected()?.rows(sql, parameters).await) }
    }

    /// The one row there must be.
    fn query_one(
        &self,
        sql: &str,
        parameters: Parameters<'_>,
    ) -> impl Future<Output = Result<Row, Error>> + Send {
        async move {
            let row = self.query_opt(sql, parameters).await?;
            row.ok_or_else(|| Error::Decode("no row where there must be one".to_owned()))
        }
    }

    /// The one row there may be.
    fn query_opt(
        &self,
        sql: &str,
        parameters: Parameters<'_>,
    ) -> impl Future<Output = Result<Option<Row>, Error>> + Send {
        async move {
            let mut rows = self.query(sql, parameters).await?.into_iter();
            match (rows.next(), rows.next()) {
                (row, None) => Ok(row),
                (_, Some(_)) => Err(Error::Decode(
                    "several rows where there may be one".to_owned(),
                )),
            }
        }
    }

    /// The number of rows that were changed.
    fn execute(
        &self,
        sql: &str,
        parameters: Parameters<'_>,
    ) -> impl Future<Output = Result<u64, Error>> + Send {
        async move { self.noting(self.connected()?.change(sql, parameters).await) }
    }

    /// Several statements without parameters. Never build them from input.
    fn batch_execute(&self, sql: &str) -> impl Future<Output = Result<(), Error>> + Send {
        async move { self.noting(self.connected()?.batch(sql).await) }
    }

    /// Checks a statement against the schema without running it.
    fn prepare(&self, sql: &str) -> impl Future<Output = Result<(), Error>> + Send {
        async move { self.noting(self.connected()?.check(sql).await) }
    }

    #[doc(hidden)]
    fn noting<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        if result.is_err() {
            self.failed();
        }
        result
    }
}

/// What wants to be woken when a transaction commits.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// The relay of the outbox.
    Outbox,
    /// The workers of the job queue.
    Jobs,
}

/// The inner side of [`GenericClient`]; the types of this crate alone have it.
#[doc(hidden)]
pub trait Connected: Send + Sync {
    /// The connection to use, if there still is one.
    fn connected(&self) -> Result<&Client, Error>;
    /// A statement failed.
    fn failed(&self);
    /// Something was written that somebody waits for.
    fn touched(&self, wake: Wake);
}

/// A [`GenericClient`] whose statements take effect together or not at all.
pub trait InTransaction: GenericClient {}
