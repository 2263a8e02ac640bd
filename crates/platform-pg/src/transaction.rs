//! A transaction: rolled back unless committed, and committed only if nothing in it failed.
//!
//! PostgreSQL answers COMMIT of a failed transaction with a rollback and no error; here it is an error. What was
//! written for the outbox and the job queue wakes their readers after the commit, never before.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::Error;
use crate::client::Client;
use crate::generic::{Connected, GenericClient, InTransaction, Wake};

/// An open transaction, or a savepoint within one.
pub struct Transaction<'c> {
    client: Held<'c>,
    /// 0 for the transaction itself.
    depth: u32,
    /// Neither committed nor rolled back.
    open: AtomicBool,
    failed: AtomicBool,
    touched: Arc<Touched>,
}

enum Held<'c> {
    Borrowed(&'c Client),
    Owned(Box<Client>),
}

/// Who is to be woken after the commit.
#[derive(Default)]
struct Touched {
    outbox: AtomicBool,
    jobs: AtomicBool,
}

impl Deref for Held<'_> {
    type Target = Client;

    fn deref(&self) -> &Client {
        match self {
            Self::Borrowed(client) => client,
            Self::Owned(client) => client,
        }
    }
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction")
            .field("depth", &self.depth)
            .field("open", &self.open)
            .finish_non_exhaustive()
    }
}

impl<'c> Transaction<'c> {
    pub(crate) async fn begin(client: &'c Client) -> Result<Self, Error> {
        Self::open(Held::Borrowed(client), 0, Arc::default(), "BEGIN").await
    }

    async fn open(
        client: Held<'c>,
        depth: u32,
        touched: Arc<Touched>,
        sql: &str,
    ) -> Result<Self, Error> {
        // Open before the statement is sent: were this future dropped half way, the rollback must follow.
        let transaction = Self {
            client,
            depth,
            open: AtomicBool::new(true),
            failed: AtomicBool::new(false),
            touched,
        };
        transaction.client.batch(sql).await?;
        Ok(transaction)
    }

    /// A part that can fail without failing the whole: for a duplicate that is expected.
    pub async fn savepoint(&mut self) -> Result<Transaction<'_>, Error> {
        let depth = self.depth + 1;
        let client = Held::Borrowed(self.connected()?);
        Transaction::open(
            client,
            depth,
            Arc::clone(&self.touched),
            &format!("SAVEPOINT s{depth}"),
        )
        .await
    }

    /// Makes everything permanent and visible, or fails and leaves nothing.
    pub async fn commit(self) -> Result<(), Error> {
        self.finish().await
    }

    /// Undoes everything.
    pub async fn rollback(self) -> Result<(), Error> {
        self.open.store(false, Ordering::Relaxed);
        self.client.batch(&self.undo()).await
    }

    pub(crate) async fn finish(&self) -> Result<(), Error> {
        if self.failed.load(Ordering::Relaxed) {
            self.open.store(false, Ordering::Relaxed);
            self.client.batch(&self.undo()).await?;
            return Err(Error::Aborted);
        }
        let sql = if self.depth == 0 {
            "COMMIT".to_owned()
        } else {
            format!("RELEASE SAVEPOINT s{}", self.depth)
        };
        self.client.batch(&sql).await?;
        self.open.store(false, Ordering::Relaxed);
        if self.depth == 0 {
            self.wake();
        }
        Ok(())
    }

    /// The driver's client within this transaction, for COPY and streaming. Never commit with it.
    pub fn raw(&self) -> Result<&tokio_postgres::Client, Error> {
        self.connected()?.raw()
    }

    /// The connection broke: what failed was not the work.
    pub(crate) fn is_lost(&self) -> bool {
        self.client.is_lost()
    }

    fn undo(&self) -> String {
        match self.depth {
            0 => "ROLLBACK".to_owned(),
            depth => format!("ROLLBACK TO SAVEPOINT s{depth}"),
        }
    }

    fn wake(&self) {
        if self.touched.outbox.load(Ordering::Relaxed) {
            self.client.shared().wake(Wake::Outbox);
        }
        if self.touched.jobs.load(Ordering::Relaxed) {
            self.client.shared().wake(Wake::Jobs);
        }
    }
}

impl Transaction<'static> {
    pub(crate) async fn begin_owned(client: Client) -> Result<Self, Error> {
        Self::open(Held::Owned(Box::new(client)), 0, Arc::default(), "BEGIN").await
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open.load(Ordering::Relaxed) {
            self.client.send(&self.undo());
        }
    }
}

impl Connected for Transaction<'_> {
    fn connected(&self) -> Result<&Client, Error> {
        if self.open.load(Ordering::Relaxed) {
            Ok(&self.client)
        } else {
            Err(Error::Closed)
        }
    }

    fn failed(&self) {
        self.failed.store(true, Ordering::Relaxed);
    }

    fn touched(&self, wake: Wake) {
        let flag = match wake {
            Wake::Outbox => &self.touched.outbox,
            Wake::Jobs => &self.touched.jobs,
        };
        flag.store(true, Ordering::Relaxed);
    }
}

impl GenericClient for Transaction<'_> {}
impl InTransaction for Transaction<'_> {}

/// The transaction a handler runs in. The handler writes; whoever called it commits when it succeeded.
#[derive(Debug, Clone)]
pub struct Tx(Arc<Transaction<'static>>);

impl Tx {
    pub(crate) fn new(transaction: Transaction<'static>) -> Self {
        Self(Arc::new(transaction))
    }

    /// The driver's client within this transaction, for COPY and streaming. Never commit with it.
    pub fn raw(&self) -> Result<&tokio_postgres::Client, Error> {
        self.0.raw()
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.0.is_lost()
    }

    /// Commits. Clones that the handler kept are of no use afterwards.
    pub(crate) async fn finish(&self) -> Result<(), Error> {
        self.0.finish().await
    }
}

impl Connected for Tx {
    fn connected(&self) -> Result<&Client, Error> {
        self.0.connected()
    }

    fn failed(&self) {
        self.0.failed();
    }

    fn touched(&self, wake: Wake) {
        Connected::touched(&*self.0, wake);
    }
}

impl GenericClient for Tx {}
impl InTransaction for Tx {}
