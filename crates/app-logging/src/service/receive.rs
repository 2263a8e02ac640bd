//! Taking in what services send. Batches of several senders share one commit; a sender is told that its
//! batch is kept only once it is on disk. The queue is bounded: past it senders are told to come back.

use std::sync::Arc;
use std::time::Duration;

use platform::Boot;
use platform_pg::Database;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::domain::record::{LogRecord, Span};
use crate::error::Error;
use crate::store::log::log_insert;
use crate::store::span::span_insert;

/// Requests that may wait for the writer.
const QUEUE: usize = 64;
/// Rows of one commit, about.
const ROWS: usize = 5_000;
/// Longest wait for more rows.
const WAIT: Duration = Duration::from_millis(50);

/// What one request brings.
#[derive(Debug, Default)]
pub struct Batch {
    /// Log records.
    pub logs: Vec<LogRecord>,
    /// Spans.
    pub spans: Vec<Span>,
}

impl Batch {
    fn len(&self) -> usize {
        self.logs.len() + self.spans.len()
    }
}

struct Waiting {
    batch: Batch,
    done: oneshot::Sender<Result<(), Arc<platform_pg::Error>>>,
}

/// Takes batches in. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Receiver {
    queue: mpsc::Sender<Waiting>,
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Waiting")
            .field("rows", &self.batch.len())
            .finish_non_exhaustive()
    }
}

impl Receiver {
    /// Starts the writer.
    pub fn start(boot: &Boot, db: Database) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let hard = boot.lifecycle.hard().clone();
        boot.spawn("log writer", async move {
            // What the writing itself says is not sent: it would be written, and so on.
            let silent = platform::telemetry::suppressed(write_all(db, waiting));
            hard.run_until_cancelled(silent).await;
            Ok::<(), std::convert::Infallible>(())
        });
        Self { queue }
    }

    /// Keeps a batch; returns once it is on disk.
    ///
    /// # Errors
    /// [`Error::Busy`] when too much is waiting already, or what PostgreSQL said. Nothing of the batch is kept then.
    pub async fn receive(&self, batch: Batch) -> Result<(), Error> {
        if batch.len() == 0 {
            return Ok(());
        }
        let (done, outcome) = oneshot::channel();
        self.queue
            .try_send(Waiting { batch, done })
            .map_err(|_| Error::Busy)?;
        outcome
            .await
            .map_err(|_| Error::Stopping)?
            .map_err(Error::Batch)
    }
}

async fn write_all(db: Database, mut queue: mpsc::Receiver<Waiting>) {
    while let Some(first) = queue.recv().await {
        let waiting = gather(first, &mut queue).await;
        let outcome = write(&db, &waiting).await.map_err(Arc::new);
        if let Err(error) = &outcome {
            // Not at error level: it would be sent here again, and again.
            tracing::debug!(%error, "a batch was not written");
        }
        for each in waiting {
            // A sender that went away has nobody to tell.
            let _gone = each.done.send(outcome.clone());
        }
    }
}

/// Collects what arrives together, up to [`ROWS`] or [`WAIT`].
async fn gather(first: Waiting, queue: &mut mpsc::Receiver<Waiting>) -> Vec<Waiting> {
    let deadline = Instant::now() + WAIT;
    let mut rows = first.batch.len();
    let mut waiting = vec![first];
    while rows < ROWS {
        match tokio::time::timeout_at(deadline, queue.recv()).await {
            Ok(Some(next)) => {
                rows += next.batch.len();
                waiting.push(next);
            }
            Ok(None) | Err(_) => break,
        }
    }
    waiting
}

async fn write(db: &Database, waiting: &[Waiting]) -> Result<(), platform_pg::Error> {
    let logs: Vec<LogRecord> = waiting
        .iter()
        .flat_map(|each| each.batch.logs.iter().cloned())
        .collect();
    let spans: Vec<Span> = waiting
        .iter()
        .flat_map(|each| each.batch.spans.iter().cloned())
        .collect();
    let mut client = db.client().await?;
    let tx = client.transaction().await?;
    if !logs.is_empty() {
        log_insert(&tx, &logs).await?;
    }
    if !spans.is_empty() {
        span_insert(&tx, &spans).await?;
    }
    tx.commit().await
}
