//! HTTP/2 towards clients (RFC 9113): one task per connection, and one per stream at once. The requests are judged by the same
//! functions as those of HTTP/1, and go to the same instances over the same connections.

use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use h2::server::{Builder, Connection};

use crate::h1::Line;
use crate::worker::{Deadline, Worker};

mod crew;
mod download;
mod duplex;
mod exchange;
mod upload;
mod wire;

use crew::Crew;
use wire::{Outbox, Wire};

/// Streams at once on one connection.
const MOST_STREAMS: u32 = 256;
/// Streams a client has reset that may be remembered at once; one that resets more of them before they were looked at
/// is sent away (CVE-2023-44487).
const MOST_RESETS: usize = 64;
/// Bytes the fields of a request may have, as HTTP/2 counts them.
const LONGEST_HEAD: u32 = 64 * 1024;
/// Bytes a client may send on one stream ahead of being read.
const STREAM_WINDOW: u32 = 256 * 1024;
/// Bytes a client may send on all streams ahead of being read.
const CONNECTION_WINDOW: u32 = 1024 * 1024;
/// Bytes of an answer that wait within a connection.
const SEND_BUFFER: usize = 256 * 1024;
/// Longest wait for the first frames.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a connection keeps the tasks that serve its streams when there is none.
const REST: Duration = Duration::from_secs(5);
/// How long a client has to notice that the connection ends.
const FAREWELL: Duration = Duration::from_secs(5);

/// Serves a connection to its end.
pub(crate) async fn serve(line: Line) {
    let Line {
        stream,
        inbox,
        deadline,
        peer,
        worker,
    } = line;
    let stream = Wire::new(stream, inbox, Rc::clone(&worker));
    let outbox = stream.outbox();
    let handshake = Builder::new()
        .max_concurrent_streams(MOST_STREAMS)
        .max_concurrent_reset_streams(MOST_RESETS)
        .max_pending_accept_reset_streams(MOST_RESETS)
        .max_header_list_size(LONGEST_HEAD)
        .initial_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buffer_size(SEND_BUFFER)
        .enable_connect_protocol()
        .handshake::<_, Bytes>(stream);
    match tokio::time::timeout(HANDSHAKE, handshake).await {
        Ok(Ok(connection)) => {
            outbox.gather();
            Session {
                connection,
                outbox,
                deadline,
                crew: Crew::new(Rc::clone(&worker), peer),
                worker,
                phase: Phase::Open,
            }
            .run()
            .await;
        }
        Ok(Err(error)) => tracing::debug!(%error, "a connection broke"),
        Err(_) => {}
    }
}

/// How far a connection is from its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Open,
    /// The client was told that nothing new is accepted.
    Closing,
}

struct Session {
    connection: Connection<Wire, Bytes>,
    outbox: Rc<Outbox>,
    deadline: Deadline,
    worker: Rc<Worker>,
    crew: Rc<Crew>,
    phase: Phase,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.crew.end();
    }
}

impl Session {
    async fn run(mut self) {
        self.deadline.set(REST);
        while let Some(Ok(stream)) = poll_fn(|cx| self.poll_next(cx)).await {
            self.crew.serve(stream);
            self.deadline.set(REST);
        }
    }

    /// The next request. Whatever else the connection has to do is done by the way.
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Accepted>> {
        let next = self.poll_accept(cx);
        if next.is_pending()
            && let Poll::Ready(Err(error)) = self.outbox.poll_send(cx)
        {
            tracing::debug!(%error, "a connection broke");
            return Poll::Ready(None);
        }
        next
    }

    fn poll_accept(&mut self, cx: &mut Context<'_>) -> Poll<Option<Accepted>> {
        loop {
            if self.phase == Phase::Open && self.worker.is_closing() {
                self.say_goodbye();
            }
            if let Poll::Ready(next) = self.connection.poll_accept(cx) {
                if let Some(Err(error)) = &next {
                    // Clients go away all the time; it is no event of ours.
                    tracing::debug!(%error, "a connection broke");
                }
                return Poll::Ready(next);
            }
            if self.deadline.poll(cx).is_pending() {
                return Poll::Pending;
            }
            if self.crew.is_active() || self.crew.dismiss() {
                self.deadline.set(self.worker.limits().keep_alive);
            } else if self.phase == Phase::Open {
                self.say_goodbye();
            } else {
                return Poll::Ready(None);
            }
        }
    }

    fn say_goodbye(&mut self) {
        self.phase = Phase::Closing;
        self.connection.graceful_shutdown();
        self.deadline.set(FAREWELL);
    }
}

type Accepted = Result<
    (
        http::Request<h2::RecvStream>,
        h2::server::SendResponse<Bytes>,
    ),
    h2::Error,
>;
