//! Downstream connections: accepted, guarded while their requests arrive, drained at the end.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::rt::Executor;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use platform::Lifecycle;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::exchange;
use crate::gateway::Gateway;
use crate::record::Recorded;
use crate::reject::Fault;

mod farewell;
mod framing;
mod guarded;

use guarded::Guarded;

/// The head of a request may have 64 KiB; hyper needs some room beyond, or it would refuse first.
const BUFFER: usize = 80 * 1024;
/// Streams at once on one HTTP/2 connection.
const MOST_STREAMS: u32 = 256;
/// Silence after which an HTTP/2 client is asked whether it is still there.
const PING_AFTER: Duration = Duration::from_secs(20);
/// Pause after a failed accept, such as when no file descriptor is left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What the parts of one downstream connection know of each other.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) peer: IpAddr,
    in_flight: AtomicUsize,
    exchanges: AtomicUsize,
    opaque: AtomicBool,
    verdict: Mutex<Option<Fault>>,
}

impl Line {
    fn new(peer: IpAddr) -> Self {
        Self {
            peer,
            in_flight: AtomicUsize::new(0),
            exchanges: AtomicUsize::new(0),
            opaque: AtomicBool::new(false),
            verdict: Mutex::default(),
        }
    }

    /// From now on the connection does not speak HTTP/1.
    pub(crate) fn becomes_opaque(&self) {
        self.opaque.store(true, Ordering::Relaxed);
    }

    fn is_opaque(&self) -> bool {
        self.opaque.load(Ordering::Relaxed)
    }

    fn is_busy(&self) -> bool {
        self.in_flight.load(Ordering::Relaxed) > 0
    }

    fn exchanges(&self) -> usize {
        self.exchanges.load(Ordering::Relaxed)
    }

    fn condemn(&self, fault: Fault) {
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
    }

    fn verdict(&self) -> Option<Fault> {
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Held while an exchange is in flight on a connection, so that it does not count as idle.
pub(crate) struct Busy(Arc<Line>);

impl Busy {
    /// Begins an exchange.
    pub(crate) fn new(line: Arc<Line>) -> Self {
        line.in_flight.fetch_add(1, Ordering::Relaxed);
        line.exchanges.fetch_add(1, Ordering::Relaxed);
        Self(line)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What all connections have in common.
#[derive(Clone)]
pub(crate) struct Serving {
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) lifecycle: Lifecycle,
    pub(crate) closing: CancellationToken,
    pub(crate) connections: TaskTracker,
}

impl Serving {
    /// Accepts until closing.
    pub(crate) async fn accept(self, listener: TcpListener) {
        let room = Arc::new(Semaphore::new(self.gateway.config.limits.connections));
        loop {
            let Ok(place) = Arc::clone(&room).acquire_owned().await else {
                return;
            };
            let accepted = tokio::select! {
                () = self.closing.cancelled() => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => {
                    // Held until the connection ends, so that a drain can wait for it.
                    let held = (place, self.connections.token());
                    let connection = self.clone().serve(stream, peer);
                    self.lifecycle.spawn_contained("connection", async move {
                        let _held = held;
                        connection.await;
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "accepting a connection failed");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    async fn serve(self, stream: TcpStream, peer: SocketAddr) {
        // Fails on a connection that is gone already; serving it finds out.
        drop(stream.set_nodelay(true));
        let line = Arc::new(Line::new(peer.ip()));
        let (home, returned) = oneshot::channel();
        let guarded = Guarded::new(stream, Arc::clone(&line), &self.gateway.config.limits, home);
        self.speak(guarded, &line).await;
        if let Some(fault) = line.verdict()
            && let Ok(stream) = returned.await
        {
            farewell::say(stream, fault).await;
        }
    }

    /// Speaks HTTP until the connection ends.
    async fn speak(&self, guarded: Guarded, line: &Arc<Line>) {
        let gateway = &self.gateway;
        let service = service_fn(move |request: Request<Incoming>| {
            let (gateway, line) = (Arc::clone(gateway), Arc::clone(line));
            async move {
                let response = exchange::handle(&gateway, line, request).await;
                Ok::<Response<Recorded>, Infallible>(response)
            }
        });
        let builder = builder(Streams(self.lifecycle.clone()));
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(guarded), service);
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.closing.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            // Clients go away all the time; it is no event of ours.
            tracing::debug!(error, "a connection broke");
        }
    }
}

fn builder(executor: Streams) -> Builder<Streams> {
    let mut builder = Builder::new(executor);
    builder
        .http1()
        .timer(TokioTimer::new())
        // The guard keeps the time, because only it can tell a slow head from an idle connection.
        .header_read_timeout(None)
        .max_headers(crate::accept::MOST_FIELDS + 1)
        .max_buf_size(BUFFER)
        .keep_alive(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(MOST_STREAMS)
        .max_header_list_size(64 * 1024)
        .keep_alive_interval(PING_AFTER)
        .adaptive_window(true);
    builder
}

/// Runs the streams of an HTTP/2 connection as tasks of the gateway.
#[derive(Clone)]
struct Streams(Lifecycle);

impl<F> Executor<F> for Streams
where
    F: Future + Send + 'static,
{
    fn execute(&self, stream: F) {
        self.0.spawn_contained("stream", async move {
            stream.await;
        });
    }
}
