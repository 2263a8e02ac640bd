//! One request to an instance, over one connection: bytes out, a head back, then a body.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::AsyncWrite;

use super::InFlight;
use super::stream::UpstreamStream;
use crate::wire::inbox::{Arrived, Inbox};
use crate::wire::scan::{Found, Scan};
use crate::worker::Worker;

/// Interim responses (1xx) before the final one.
const MOST_INTERIM: u8 = 16;

/// A connection in use by one exchange.
#[derive(Debug)]
pub(crate) struct Call {
    stream: UpstreamStream,
    in_flight: InFlight,
    /// What the instance has sent.
    pub(crate) inbox: Inbox,
    scan: Scan,
    interim: u8,
    is_reused: bool,
    was_answered: bool,
    was_written: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    #[error("the connection broke")]
    Io(#[from] io::Error),
    #[error("the connection ended")]
    Ended,
    #[error("the answer is malformed")]
    Malformed,
    #[error("the head of the answer is too long")]
    TooLong,
}

impl Call {
    pub(crate) fn new(stream: UpstreamStream, in_flight: InFlight, is_reused: bool) -> Self {
        Self {
            stream,
            in_flight,
            inbox: Inbox::default(),
            scan: Scan::default(),
            interim: 0,
            is_reused,
            was_answered: false,
            was_written: false,
        }
    }

    /// Whether the connection has served other exchanges before.
    pub(crate) fn is_reused(&self) -> bool {
        self.is_reused
    }

    /// Whether anything has come back.
    pub(crate) fn was_answered(&self) -> bool {
        self.was_answered
    }

    /// Whether anything was sent.
    pub(crate) fn was_written(&self) -> bool {
        self.was_written
    }

    /// Counts the exchange, and knows the instance.
    pub(crate) fn in_flight(&self) -> &InFlight {
        &self.in_flight
    }

    /// Sends bytes.
    pub(crate) fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes))?;
        self.was_written = true;
        Poll::Ready(if written == 0 {
            Err(io::ErrorKind::WriteZero.into())
        } else {
            Ok(written)
        })
    }

    /// Reads what has arrived into the inbox.
    pub(crate) fn poll_fill(
        &mut self,
        cx: &mut Context<'_>,
        worker: &Worker,
    ) -> Poll<io::Result<Arrived>> {
        let arrived = ready!(self.inbox.poll_fill(cx, &mut self.stream, &worker.buffers))?;
        self.was_answered |= arrived == Arrived::Bytes;
        Poll::Ready(Ok(arrived))
    }

    /// Waits for the head of the final response; then it is at the front of the inbox and has this many bytes.
    pub(crate) fn poll_head(
        &mut self,
        cx: &mut Context<'_>,
        worker: &Worker,
    ) -> Poll<Result<usize, CallError>> {
        loop {
            match self.scan.look(self.inbox.bytes()) {
                Found::Bare => return Poll::Ready(Err(CallError::Malformed)),
                Found::End(length) if is_interim(self.inbox.bytes()) => {
                    self.interim += 1;
                    if self.interim > MOST_INTERIM {
                        return Poll::Ready(Err(CallError::TooLong));
                    }
                    self.inbox.consume(length);
                    self.scan = Scan::default();
                    continue;
                }
                Found::End(length) => return Poll::Ready(Ok(length)),
                Found::More => {}
            }
            match ready!(self.poll_fill(cx, worker))? {
                Arrived::Bytes => {}
                Arrived::End => return Poll::Ready(Err(CallError::Ended)),
                Arrived::Full if self.inbox.len() < crate::wire::LONGEST_HEAD => {
                    self.inbox.compact();
                }
                Arrived::Full => return Poll::Ready(Err(CallError::TooLong)),
            }
        }
    }

    /// Everything that was written, where the instance is certain not to have looked at it.
    pub(crate) fn take_unprocessed(&mut self) -> Option<Vec<u8>> {
        match &mut self.stream {
            UpstreamStream::Http2(stream) => stream.take_unprocessed(),
            UpstreamStream::Socket(_) => None,
        }
    }

    /// Nothing has come over the connection for too long: nothing new goes over it where exchanges share it.
    pub(crate) fn distrust(&self) {
        if let UpstreamStream::Http2(stream) = &self.stream {
            stream.distrust();
        }
    }

    /// Lets another exchange use the connection. Only after a whole answer to a whole request.
    pub(crate) fn keep(mut self, worker: &Worker) {
        // Bytes that nobody asked for: whoever used the connection next would take them for an answer.
        let is_quiet = self.inbox.is_empty();
        self.inbox.clear(&worker.buffers);
        // What is shared is in use already.
        if let (UpstreamStream::Socket(socket), true) = (self.stream, is_quiet) {
            let upstream = self.in_flight.upstream();
            worker.pool.give(upstream, socket, worker.deadlines.now());
        }
    }

    /// Closes the connection.
    pub(crate) fn discard(mut self, worker: &Worker) {
        self.inbox.clear(&worker.buffers);
    }

    /// The connection itself, for what comes after HTTP, with what was read of it already.
    pub(crate) fn into_parts(self) -> (UpstreamStream, Inbox, InFlight) {
        (self.stream, self.inbox, self.in_flight)
    }
}

/// Whether a head announces a response that is not the final one. 101 is final: what follows it is not HTTP.
fn is_interim(head: &[u8]) -> bool {
    head.get(8..13).is_some_and(|status| {
        // Three digits and no fourth.
        let ends = status.ends_with(b" ") || status.ends_with(b"\r");
        ends && status.starts_with(b" 1") && !status.starts_with(b" 101")
    })
}
