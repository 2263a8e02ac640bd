//! One instance of an app, as the gateway talks to it: its addresses, its idle connections, its load.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use platform::Lifecycle;
use registry::{Entry, HostId};
use tokio::time::Instant;

use crate::body::{Progress, RequestBody};

mod connect;

pub(crate) use connect::ConnectError;

/// Idle connections kept per instance.
const MOST_IDLE: usize = 64;
/// Older idle connections are not trusted: apps close theirs after ten seconds.
const IDLE: Duration = Duration::from_secs(5);
/// How long an instance that could not be reached comes last.
const REST: Duration = Duration::from_secs(1);
/// How long a connection may take to finish what it is doing before it can be used again.
const SETTLE: Duration = Duration::from_millis(20);

/// An instance of an app.
pub(crate) struct Upstream {
    pub(crate) entry: Arc<Entry>,
    unix: Option<PathBuf>,
    tcp: String,
    lifecycle: Lifecycle,
    born: Instant,
    idle: Mutex<Vec<Idle>>,
    load: AtomicUsize,
    /// Milliseconds since `born` until which the instance comes last.
    rests_until: AtomicU64,
    retired: AtomicBool,
}

struct Idle {
    sender: SendRequest<RequestBody>,
    since: Instant,
}

impl Upstream {
    /// The instance of an entry, seen from this machine.
    pub(crate) fn new(entry: Arc<Entry>, here: &HostId, lifecycle: Lifecycle) -> Self {
        let unix = entry.unix.as_ref().filter(|unix| unix.host_id == *here);
        Self {
            unix: unix.map(|unix| PathBuf::from(&unix.path)),
            tcp: entry
                .http
                .strip_prefix("http://")
                .unwrap_or_default()
                .to_owned(),
            entry,
            lifecycle,
            born: Instant::now(),
            idle: Mutex::default(),
            load: AtomicUsize::new(0),
            rests_until: AtomicU64::new(0),
            retired: AtomicBool::new(false),
        }
    }

    /// Whether a newer entry is about the same instance at the same addresses.
    pub(crate) fn is_same(&self, entry: &Entry) -> bool {
        let own = &self.entry;
        own.id == entry.id
            && own.instance == entry.instance
            && own.epoch == entry.epoch
            && own.http == entry.http
            && own.unix == entry.unix
    }

    /// Requests in flight.
    pub(crate) fn load(&self) -> usize {
        self.load.load(Ordering::Relaxed)
    }

    /// Whether the instance could not be reached a moment ago.
    pub(crate) fn rests(&self) -> bool {
        self.rests_until.load(Ordering::Relaxed) > self.age()
    }

    /// Lets others go first for a while.
    pub(crate) fn rest(&self) {
        let rest = u64::try_from(REST.as_millis()).unwrap_or(u64::MAX);
        self.rests_until.store(self.age() + rest, Ordering::Relaxed);
    }

    /// Uses no idle connection any more: the instance drains or is gone, and a request on a connection that is just
    /// being closed might be lost.
    pub(crate) fn retire(&self) {
        self.retired.store(true, Ordering::Relaxed);
        self.lock().clear();
    }

    /// Closes connections that have been idle for too long.
    pub(crate) fn sweep(&self) {
        self.lock()
            .retain(|idle| idle.since.elapsed() < IDLE && !idle.sender.is_closed());
    }

    /// An idle connection, the one used last first.
    pub(crate) async fn idle(self: &Arc<Self>) -> Option<Borrowed> {
        loop {
            let Idle { mut sender, since } = self.lock().pop()?;
            if since.elapsed() >= IDLE || sender.is_closed() {
                continue;
            }
            let is_ready = sender.is_ready()
                || matches!(
                    tokio::time::timeout(SETTLE, sender.ready()).await,
                    Ok(Ok(()))
                );
            if is_ready {
                return Some(self.borrow(sender, true));
            }
        }
    }

    /// A new connection: over the Unix socket where there is one on this machine, else over TCP.
    pub(crate) async fn connect(self: &Arc<Self>) -> Result<Borrowed, ConnectError> {
        let sender = connect::open(self.unix.as_deref(), &self.tcp, &self.lifecycle).await?;
        Ok(self.borrow(sender, false))
    }

    fn borrow(self: &Arc<Self>, sender: SendRequest<RequestBody>, reused: bool) -> Borrowed {
        self.load.fetch_add(1, Ordering::Relaxed);
        Borrowed {
            sender: Some(sender),
            upstream: Arc::clone(self),
            progress: None,
            reused,
        }
    }

    fn age(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection in use by one exchange.
pub(crate) struct Borrowed {
    sender: Option<SendRequest<RequestBody>>,
    upstream: Arc<Upstream>,
    progress: Option<Arc<Progress>>,
    reused: bool,
}

/// Why there is no response.
pub(crate) enum SendError {
    /// Nothing was sent; here is the request back.
    Unsent(Box<Request<RequestBody>>),
    /// The connection broke after something had been sent.
    Broken(hyper::Error),
}

impl Borrowed {
    /// Whether the connection has served other exchanges before.
    pub(crate) fn is_reused(&self) -> bool {
        self.reused
    }

    /// Sends the request and waits for the head of the response.
    pub(crate) async fn send(
        &mut self,
        request: Request<RequestBody>,
    ) -> Result<http::Response<Incoming>, SendError> {
        let Some(sender) = &mut self.sender else {
            return Err(SendError::Unsent(Box::new(request)));
        };
        self.progress = Some(request.body().progress());
        sender
            .try_send_request(request)
            .await
            .map_err(|mut error| match error.take_message() {
                Some(request) => SendError::Unsent(Box::new(request)),
                None => SendError::Broken(error.into_error()),
            })
    }

    /// Lets another exchange use the connection, if it can still be used.
    pub(crate) fn give_back(mut self) {
        let is_done = self
            .progress
            .as_ref()
            .is_none_or(|progress| progress.is_done());
        let Some(sender) = self
            .sender
            .take()
            .filter(|sender| is_done && !sender.is_closed())
        else {
            return;
        };
        if self.upstream.retired.load(Ordering::Relaxed) {
            return;
        }
        let mut idle = self.upstream.lock();
        if idle.len() < MOST_IDLE {
            let since = Instant::now();
            idle.push(Idle { sender, since });
        }
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        self.upstream.load.fetch_sub(1, Ordering::Relaxed);
    }
}
