//! A pooled connection: statements are prepared once, metered, bounded in time, and their errors redacted.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use futures_util::FutureExt;
use platform::http::meter;
use tokio_postgres::Row;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;

use crate::database::Shared;
use crate::transaction::Transaction;
use crate::{Error, generic};

/// Parameters of a statement.
pub type Parameters<'a> = &'a [&'a (dyn ToSql + Sync)];

/// One connection of the pool. It goes back when dropped, unless it is in a state nobody should inherit.
pub struct Client {
    /// Present until the client is dropped.
    object: Option<deadpool_postgres::Client>,
    shared: Arc<Shared>,
    /// A statement was abandoned half way: whoever came next would wait for it.
    spoiled: AtomicBool,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("spoiled", &self.spoiled)
            .finish_non_exhaustive()
    }
}

impl Client {
    pub(crate) fn new(object: deadpool_postgres::Client, shared: Arc<Shared>) -> Self {
        Self {
            object: Some(object),
            shared,
            spoiled: AtomicBool::new(false),
        }
    }

    /// Opens a transaction; it is rolled back unless committed.
    pub async fn transaction(&mut self) -> Result<Transaction<'_>, Error> {
        Transaction::begin(self).await
    }

    /// Opens a transaction that keeps the connection to itself.
    pub(crate) async fn into_transaction(self) -> Result<Transaction<'static>, Error> {
        Transaction::begin_owned(self).await
    }

    /// The driver's client, for what the methods here do not offer (COPY, streaming). Neither metered nor bounded
    /// in time; `?` turns its errors into redacted ones.
    pub fn raw(&self) -> Result<&tokio_postgres::Client, Error> {
        Ok(self.object()?)
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.spoiled.load(Ordering::Relaxed) || self.object().is_ok_and(|object| object.is_closed())
    }

    pub(crate) async fn rows(
        &self,
        sql: &str,
        parameters: Parameters<'_>,
    ) -> Result<Vec<Row>, Error> {
        let object = self.object()?;
        let attempt = || async {
            let statement = object.prepare_cached(sql).await?;
            object.query(&statement, parameters).await
        };
        match self.bounded(attempt()).await {
            Err(failure) if self.forgets_plans_after(&failure) => {
                again(self.bounded(attempt()).await)
            }
            other => other.map_err(Error::from),
        }
    }

    pub(crate) async fn change(&self, sql: &str, parameters: Parameters<'_>) -> Result<u64, Error> {
        let object = self.object()?;
        let attempt = || async {
            let statement = object.prepare_cached(sql).await?;
            object.execute(&statement, parameters).await
        };
        match self.bounded(attempt()).await {
            Err(failure) if self.forgets_plans_after(&failure) => {
                again(self.bounded(attempt()).await)
            }
            other => other.map_err(Error::from),
        }
    }

    pub(crate) async fn batch(&self, sql: &str) -> Result<(), Error> {
        let object = self.object()?;
        self.bounded(object.batch_execute(sql))
            .await
            .map_err(Error::from)
    }

    /// Prepares a statement without running it, for the test that every statement of an app is valid.
    pub(crate) async fn check(&self, sql: &str) -> Result<(), Error> {
        let object = self.object()?;
        self.bounded(object.prepare_cached(sql))
            .await
            .map_err(Error::from)
            .map(drop)
    }

    /// Sends a statement without waiting for the answer, from where nobody can wait.
    pub(crate) fn send(&self, sql: &str) {
        if let Ok(object) = self.object() {
            // The first poll puts the statement on the wire; dropping the future merely discards the answer.
            let sent = object.batch_execute(sql).now_or_never();
            drop(sent);
        }
    }

    fn object(&self) -> Result<&deadpool_postgres::Client, Error> {
        self.object.as_ref().ok_or(Error::Closed)
    }

    /// After a migration the server may refuse plans made before it: they are made again, once.
    fn forgets_plans_after(&self, failure: &Failure) -> bool {
        let outdated = matches!(failure, Failure::Driver(error) if is_outdated(error));
        if outdated && let Ok(object) = self.object() {
            object.statement_cache.clear();
        }
        outdated
    }

    /// Meters the work and gives it up shortly after the server should have done so: a server that is frozen, or
    /// that no packet reaches any more, does not enforce its own limit.
    async fn bounded<T>(
        &self,
        work: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, Failure> {
        let flight = Flight {
            spoiled: &self.spoiled,
        };
        let started = Instant::now();
        let outcome = tokio::time::timeout(self.shared.patience(), work).await;
        meter::record_query(started.elapsed());
        match outcome {
            Ok(result) => {
                std::mem::forget(flight);
                self.shared.note_answer();
                result.map_err(Failure::Driver)
            }
            Err(_) => Err(Failure::Silence),
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if let Some(object) = self.object.take()
            && self.spoiled.load(Ordering::Relaxed)
        {
            drop(deadpool_postgres::Client::take(object));
        }
    }
}

impl generic::Connected for Client {
    fn connected(&self) -> Result<&Client, Error> {
        Ok(self)
    }

    fn failed(&self) {}

    fn touched(&self, wake: generic::Wake) {
        // Outside a transaction every statement commits at once.
        self.shared.wake(wake);
    }
}

impl generic::GenericClient for Client {}

/// A statement that has no answer yet. Dropping it marks the connection: the answer would reach the next user.
struct Flight<'a> {
    spoiled: &'a AtomicBool,
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.spoiled.store(true, Ordering::Relaxed);
    }
}

enum Failure {
    Driver(tokio_postgres::Error),
    Silence,
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Driver(error) => error.into(),
            Failure::Silence => Self::Unavailable("no answer".to_owned()),
        }
    }
}

/// The result of a second attempt. Within a transaction there is none: the first one spoiled it, and the whole
/// transaction has to be tried again.
fn again<T>(second: Result<T, Failure>) -> Result<T, Error> {
    match second {
        Err(Failure::Driver(error))
            if error.code() == Some(&SqlState::IN_FAILED_SQL_TRANSACTION) =>
        {
            Err(Error::Contended {
                sqlstate: SqlState::FEATURE_NOT_SUPPORTED.code().to_owned(),
            })
        }
        other => other.map_err(Error::from),
    }
}

/// The statement was prepared against a schema that has changed, or by a connection the server forgot.
fn is_outdated(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| {
        *code == SqlState::FEATURE_NOT_SUPPORTED || *code == SqlState::INVALID_SQL_STATEMENT_NAME
    })
}
