//! One connection of HTTP/2 to an instance, driven by a task of its worker for as long as anybody uses it.

use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use std::task::{Context, Waker};

use bytes::Bytes;
use h2::client::{Builder, ResponseFuture, SendRequest};
use h2::{SendStream, client};
use http::Request;

use super::Listener;
use crate::upstream::stream::Socket;
use crate::upstream::{Upstream, connect};

/// Exchanges at once on one connection, however many more the instance allows.
const MOST_STREAMS: usize = 256;
/// Bytes an instance may send on one stream ahead of being read.
const STREAM_WINDOW: u32 = 256 * 1024;
/// Bytes an instance may send on all streams ahead of being read.
const CONNECTION_WINDOW: u32 = 4 * 1024 * 1024;
/// Bytes of requests that wait within a connection.
const SEND_BUFFER: usize = 256 * 1024;
/// Bytes the fields of an answer may have, as HTTP/2 counts them.
const LONGEST_HEAD: u32 = 64 * 1024;

/// A connection that is open.
pub(super) struct Connection {
    send: RefCell<SendRequest<Bytes>>,
    active: Cell<usize>,
    /// When it was used last, in milliseconds of the worker's clock.
    pub(super) used: Cell<u64>,
    distrusted: Cell<bool>,
}

/// A place among the exchanges on a connection.
pub(super) struct Place(Rc<Connection>);

/// Connects, and leaves the connection to a task that ends with it.
pub(super) async fn open(upstream: &Upstream, listener: Listener) -> io::Result<Rc<Connection>> {
    let stream = match listener {
        Listener::Http => connect::open(upstream).await?,
        Listener::Grpc => connect::open_grpc(upstream).await?,
    };
    let (send, driver) = tokio::time::timeout(connect::LIMIT, handshake(stream))
        .await
        .map_err(|_| io::ErrorKind::TimedOut)?
        .map_err(io::Error::other)?;
    tokio::task::spawn_local(async move {
        if let Err(error) = driver.await {
            tracing::debug!(%error, "a connection to an instance broke");
        }
    });
    Ok(Rc::new(Connection {
        send: RefCell::new(send),
        active: Cell::new(0),
        used: Cell::new(0),
        distrusted: Cell::new(false),
    }))
}

async fn handshake(
    stream: Socket,
) -> Result<(SendRequest<Bytes>, client::Connection<Socket>), h2::Error> {
    Builder::new()
        .enable_push(false)
        .initial_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_header_list_size(LONGEST_HEAD)
        .max_send_buffer_size(SEND_BUFFER)
        .handshake(stream)
        .await
}

impl Connection {
    /// Whether it takes new exchanges at all: not after it broke, and not after the instance has said goodbye.
    pub(super) fn is_open(&self) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        let ready = self.send.borrow_mut().poll_ready(&mut cx);
        !self.distrusted.get() && !matches!(ready, std::task::Poll::Ready(Err(_)))
    }

    /// A place on it, while the instance takes more.
    pub(super) fn enter(self: &Rc<Self>, now: u64) -> Option<Place> {
        let most = self.send.borrow().current_max_send_streams();
        if self.active.get() >= most.min(MOST_STREAMS) {
            return None;
        }
        self.active.set(self.active.get() + 1);
        self.used.set(now);
        Some(Place(Rc::clone(self)))
    }

    /// Whether nobody uses it.
    pub(super) fn is_idle(&self) -> bool {
        self.active.get() == 0
    }
}

impl Place {
    /// Begins an exchange.
    pub(super) fn send(
        &self,
        request: Request<()>,
        ends: bool,
    ) -> Result<(ResponseFuture, SendStream<Bytes>), h2::Error> {
        self.0.send.borrow_mut().send_request(request, ends)
    }

    /// Nothing new goes over the connection: it may be dead without having said so.
    pub(super) fn distrust(&self) {
        self.0.distrusted.set(true);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let active = &self.0.active;
        active.set(active.get().saturating_sub(1));
    }
}
