//! Keeps one server running: starts or adopts it, restarts it when it dies, stops it on request.

mod process;

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use rustix::process::Signal;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use self::process::Process;
use crate::identity::{Identity, Record};
use crate::{DataDir, Error, files};

/// Waits between restarts: the first is short, because most deaths are accidents.
const BACKOFF_FIRST: Duration = Duration::from_millis(100);
const BACKOFF_LAST: Duration = Duration::from_secs(10);
/// A server that lived this long is forgiven its earlier deaths.
const HEALTHY_AFTER: Duration = Duration::from_mins(1);
/// How long a silent server may take to answer.
const SILENT_LIMIT: Duration = Duration::from_mins(1);
/// How long a server may take that says it is still loading its data.
const LOADING_LIMIT: Duration = Duration::from_hours(1);
/// How long a left-over server may take to answer before it is replaced.
const ADOPT_LIMIT: Duration = Duration::from_secs(10);

/// What the supervisor has to know about a kind of server.
pub(crate) trait Server: Send + Sync + 'static {
    /// Name to show.
    const NAME: &'static str;
    /// Signals that stop it, each with the time it is given.
    const STOP: &'static [(Signal, Duration)];

    /// The command that runs it in the foreground.
    fn command(&self) -> Command;
    /// Text that changes when the server has to be restarted to take it up.
    fn configuration(&self) -> String;
    /// Clears what a dead predecessor left. Called only when none of ours runs.
    fn clear(&self) -> Result<(), Error>;
    /// A server of ours that runs without a record.
    fn stray(&self) -> Option<Identity>;
    /// Whether it answers.
    fn probe(&self) -> impl Future<Output = Result<(), Silence>> + Send;
}

/// Why a server does not serve yet.
#[derive(Debug)]
pub(crate) enum Silence {
    /// It answered that it is loading its data.
    Loading(String),
    /// It does not answer.
    Silent(String),
}

/// What a server is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// Its process, while it runs and answers.
    pub pid: Option<u32>,
    /// How often it was restarted because it died.
    pub restarts: u64,
    /// Whether it was left over from an earlier owner of the data directory.
    pub adopted: bool,
}

enum Order {
    Stop,
    Kill,
}

/// Where a server's log and record are.
#[derive(Debug, Clone)]
struct Paths {
    log: PathBuf,
    record: PathBuf,
}

/// A server that is kept running.
pub(crate) struct Supervisor<S: Server> {
    server: Arc<S>,
    status: watch::Receiver<Status>,
    identity: watch::Receiver<Option<Identity>>,
    orders: mpsc::Sender<(Order, oneshot::Sender<Result<(), Error>>)>,
    task: JoinHandle<()>,
}

impl<S: Server> Supervisor<S> {
    /// Adopts or starts the server, waits until it answers, and keeps it running from then on.
    pub(crate) async fn start(directory: &DataDir, name: &str, server: S) -> Result<Self, Error> {
        let paths = Paths {
            log: directory.log(name),
            record: directory.record(name),
        };
        let server = Arc::new(server);
        let fingerprint = fingerprint(&*server);
        let (process, adopted) = match adopt(&*server, &paths, &fingerprint).await? {
            Some(process) => (process, true),
            None => (launch(&*server, &paths, &fingerprint).await?, false),
        };
        let (status_out, status) = watch::channel(Status {
            pid: Some(process.identity.pid),
            restarts: 0,
            adopted,
        });
        let (identity_out, identity) = watch::channel(Some(process.identity.clone()));
        let (orders, orders_in) = mpsc::channel(1);
        let keeper = Keeper {
            server: Arc::clone(&server),
            paths,
            fingerprint,
            status: status_out,
            identity: identity_out,
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "the servers are below the platform's lifecycle: they stop after its last task"
        )]
        let task = tokio::spawn(keeper.keep(process, orders_in));
        Ok(Self {
            server,
            status,
            identity,
            orders,
            task,
        })
    }

    pub(crate) fn server(&self) -> &S {
        &self.server
    }

    pub(crate) fn status(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// Stops the server the gentle way.
    pub(crate) async fn stop(self) -> Result<(), Error> {
        self.order(Order::Stop).await
    }

    /// Kills the server without warning, for good.
    pub(crate) async fn kill(self) -> Result<(), Error> {
        self.order(Order::Kill).await
    }

    /// Ends supervision and lets the server run: what a killed owner would leave.
    pub(crate) fn leave(mut self) {
        // `drop` finds no process to take along.
        self.task.abort();
        self.identity = watch::channel(None).1;
    }

    async fn order(&self, order: Order) -> Result<(), Error> {
        let (done, answer) = oneshot::channel();
        if self.orders.send((order, done)).await.is_err() {
            return Ok(());
        }
        answer.await.unwrap_or(Ok(()))
    }
}

impl<S: Server> Drop for Supervisor<S> {
    /// A supervisor that goes without `stop` (a failed start, a panic) still takes its server along.
    fn drop(&mut self) {
        if self.task.is_finished() {
            return;
        }
        self.task.abort();
        if let (Some(identity), Some((signal, _))) =
            (self.identity.borrow().as_ref(), S::STOP.first())
        {
            identity.signal(*signal);
        }
    }
}

/// The task behind a [`Supervisor`].
struct Keeper<S> {
    server: Arc<S>,
    paths: Paths,
    fingerprint: String,
    status: watch::Sender<Status>,
    identity: watch::Sender<Option<Identity>>,
}

impl<S: Server> Keeper<S> {
    async fn keep(
        self,
        mut process: Process,
        mut orders: mpsc::Receiver<(Order, oneshot::Sender<Result<(), Error>>)>,
    ) {
        let mut backoff = BACKOFF_FIRST;
        loop {
            let since = Instant::now();
            let reason = tokio::select! {
                reason = process.exited() => reason,
                Some((order, done)) = orders.recv() => {
                    let outcome = self.end(&mut process, &order).await;
                    // Nobody waits any more when the caller was cancelled.
                    drop(done.send(outcome));
                    return;
                }
            };
            self.show(None);
            if since.elapsed() > HEALTHY_AFTER {
                backoff = BACKOFF_FIRST;
            }
            tracing::warn!(server = S::NAME, reason, "server ended; restarting it");
            process = tokio::select! {
                process = self.restart(&mut backoff) => process,
                Some((_, done)) = orders.recv() => {
                    // Cancelling a start drops its process, which takes the server along.
                    drop(done.send(files::remove(&self.paths.record)));
                    return;
                }
            };
            self.show(Some(&process));
        }
    }

    async fn restart(&self, backoff: &mut Duration) -> Process {
        loop {
            tokio::time::sleep(*backoff).await;
            *backoff = (*backoff * 2).min(BACKOFF_LAST);
            match launch(&*self.server, &self.paths, &self.fingerprint).await {
                Ok(process) => return process,
                Err(error) => {
                    let retry_in_ms = backoff.as_millis();
                    tracing::error!(server = S::NAME, %error, retry_in_ms, "server does not start");
                }
            }
        }
    }

    async fn end(&self, process: &mut Process, order: &Order) -> Result<(), Error> {
        self.show(None);
        match order {
            Order::Stop => process.stop::<S>().await?,
            Order::Kill => process.kill::<S>().await?,
        }
        files::remove(&self.paths.record)
    }

    fn show(&self, process: Option<&Process>) {
        self.identity
            .send_replace(process.map(|process| process.identity.clone()));
        self.status.send_modify(|status| {
            status.pid = process.map(|process| process.identity.pid);
            if process.is_some() {
                status.restarts += 1;
                status.adopted = false;
            }
        });
    }
}

fn fingerprint<S: Server>(server: &S) -> String {
    files::fingerprint(format!("{:?}\n{}", server.command(), server.configuration()).as_bytes())
}

/// Takes over a server left by an earlier owner, if it is ours, answers, and was started the same
/// way. One that is ours but does not fit is stopped.
async fn adopt<S: Server>(
    server: &S,
    paths: &Paths,
    fingerprint: &str,
) -> Result<Option<Process>, Error> {
    let recorded = Record::read(&paths.record)?.filter(|record| record.identity.is_alive());
    let (identity, fits) = match recorded {
        Some(record) => (record.identity, record.fingerprint == fingerprint),
        None => match server.stray() {
            Some(identity) => (identity, false),
            None => return Ok(None),
        },
    };
    let mut process = Process::adopted(identity);
    if fits && answers(server, &mut process, ADOPT_LIMIT).await.is_ok() {
        tracing::info!(
            server = S::NAME,
            pid = process.identity.pid,
            "took over a running server"
        );
        return Ok(Some(process));
    }
    tracing::info!(
        server = S::NAME,
        pid = process.identity.pid,
        "stopping a left-over server"
    );
    process.stop::<S>().await?;
    Ok(None)
}

/// Starts the server and waits until it answers.
async fn launch<S: Server>(server: &S, paths: &Paths, fingerprint: &str) -> Result<Process, Error> {
    server.clear()?;
    let log = files::open_log(&paths.log)?;
    let mut process = Process::spawn(server.command(), log, &paths.log)?;
    Record {
        identity: process.identity.clone(),
        fingerprint: fingerprint.to_owned(),
    }
    .write(&paths.record)?;
    match answers(server, &mut process, SILENT_LIMIT).await {
        Ok(()) => Ok(process.keep()),
        Err(Unanswered::Ended(reason)) => Err(Error::Ended {
            server: S::NAME,
            reason,
            log: files::tail(&paths.log),
        }),
        Err(Unanswered::Late { after, reason }) => {
            process.stop::<S>().await?;
            Err(Error::NotReady {
                server: S::NAME,
                seconds: after.as_secs(),
                reason,
                log: files::tail(&paths.log),
            })
        }
    }
}

enum Unanswered {
    Ended(String),
    Late { after: Duration, reason: String },
}

async fn answers<S: Server>(
    server: &S,
    process: &mut Process,
    limit: Duration,
) -> Result<(), Unanswered> {
    let since = Instant::now();
    let mut pause = Duration::from_millis(10);
    loop {
        let silence = tokio::select! {
            reason = process.exited() => return Err(Unanswered::Ended(reason)),
            probe = server.probe() => match probe {
                Ok(()) => return Ok(()),
                Err(silence) => silence,
            },
        };
        let (limit, reason) = match silence {
            Silence::Loading(reason) => (limit.max(LOADING_LIMIT), reason),
            Silence::Silent(reason) => (limit, reason),
        };
        if since.elapsed() > limit {
            return Err(Unanswered::Late {
                after: limit,
                reason,
            });
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 3 / 2).min(Duration::from_millis(250));
    }
}
