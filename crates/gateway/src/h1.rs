//! HTTP/1 towards clients: one task per connection, one request after the other. Heads are parsed once and rewritten
//! by copying slices; an exchange costs a read and a write on either side and no task of its own.

use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::downstream::Downstream;
use crate::exchange::Peer;
use crate::h2;
use crate::reject::Fault;
use crate::wire::LONGEST_HEAD;
use crate::wire::inbox::{Arrived, Inbox};
use crate::wire::request::too_large;
use crate::wire::scan::{Found, Scan};
use crate::worker::{Deadline, Worker};

mod download;
mod exchange;
mod farewell;
mod relay;
mod upload;

/// How a client begins that speaks HTTP/2 from the start (RFC 9113, 3.4).
const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Empty lines before a request that are skipped (RFC 9112, 2.2).
const MOST_EMPTY_LINES: u8 = 4;

/// A downstream connection.
pub(crate) struct Line {
    pub(crate) stream: Downstream,
    pub(crate) inbox: Inbox,
    pub(crate) deadline: Deadline,
    pub(crate) peer: Peer,
    pub(crate) worker: Rc<Worker>,
}

/// What comes next on a connection.
enum Next {
    /// A request whose head has this many bytes.
    Request(usize),
    /// The client speaks HTTP/2.
    Http2,
    /// Nothing more.
    End,
    /// Nothing that could be read.
    Refused(Fault),
}

/// What becomes of a connection after an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    /// It waits for the next request.
    Next,
    /// The client has said that this was its last request: nothing more comes, so nothing has to be waited for.
    Done,
    /// It is closed, in order.
    Close,
    /// It is closed at once: the client has left, or must not take what it has for a whole.
    Broken,
}

/// Serves a connection to its end.
pub(crate) async fn serve(mut line: Line) {
    let mut is_fresh = true;
    loop {
        match line.next(is_fresh).await {
            Next::Request(head) => {
                // In a box, so that a connection that waits costs no more than its waiting.
                match Box::pin(exchange::run(&mut line, head)).await {
                    After::Next => {}
                    After::Done => return farewell::part(line).await,
                    After::Close => return farewell::close(line).await,
                    After::Broken => return line.end(),
                }
            }
            Next::Http2 => return Box::pin(h2::serve(line)).await,
            Next::End => return line.end(),
            Next::Refused(fault) => {
                Box::pin(exchange::refuse(&mut line, fault)).await;
                return farewell::close(line).await;
            }
        }
        is_fresh = false;
    }
}

impl Line {
    async fn next(&mut self, is_fresh: bool) -> Next {
        let limits = self.worker.limits();
        self.inbox.rest(&self.worker.buffers);
        let waits = self.inbox.is_empty();
        self.deadline.set(if waits {
            limits.keep_alive
        } else {
            limits.head
        });
        let mut arrival = Arrival {
            scan: Scan::default(),
            empty_lines: 0,
            is_fresh,
            waits,
        };
        poll_fn(|cx| self.poll_next(cx, &mut arrival)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>, arrival: &mut Arrival) -> Poll<Next> {
        loop {
            if let Some(next) = arrival.look(&mut self.inbox) {
                return Poll::Ready(next);
            }
            if self.inbox.is_empty() && self.worker.is_closing() {
                return Poll::Ready(Next::End);
            }
            match self
                .inbox
                .poll_fill(cx, &mut self.stream, &self.worker.buffers)
            {
                Poll::Ready(Ok(Arrived::Bytes)) => {
                    if arrival.waits {
                        arrival.waits = false;
                        self.deadline.set(self.worker.limits().head);
                    }
                }
                Poll::Ready(Ok(Arrived::Full)) if self.inbox.len() < LONGEST_HEAD => {
                    self.inbox.compact();
                }
                Poll::Ready(Ok(Arrived::Full)) => {
                    return Poll::Ready(Next::Refused(too_large(self.inbox.bytes())));
                }
                Poll::Ready(Ok(Arrived::End) | Err(_)) => return Poll::Ready(Next::End),
                Poll::Pending => {
                    self.inbox.rest(&self.worker.buffers);
                    return self.deadline.poll(cx).map(|()| {
                        // A client that has sent nothing is owed no answer.
                        if arrival.waits {
                            Next::End
                        } else {
                            Next::Refused(Fault::HeadTimeout)
                        }
                    });
                }
            }
        }
    }

    /// Gives back what the connection holds and closes it.
    fn end(mut self) {
        self.inbox.clear(&self.worker.buffers);
    }

    /// Looks whether the client has left while it is owed an answer. What it sends meanwhile is kept for later.
    fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            match self
                .inbox
                .poll_fill(cx, &mut self.stream, &self.worker.buffers)
            {
                Poll::Ready(Ok(Arrived::Bytes)) => {}
                Poll::Ready(Ok(Arrived::Full)) | Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(Arrived::End) | Err(_)) => return Poll::Ready(()),
            }
        }
    }

    /// Sends everything written, however long the client takes within its limit. Whether it took it.
    async fn send(&mut self, bytes: &[u8]) -> bool {
        use tokio::io::AsyncWrite;
        let mut sent = 0;
        self.deadline.set(self.worker.limits().write_idle);
        poll_fn(|cx| {
            while let Some(rest) = bytes.get(sent..).filter(|rest| !rest.is_empty()) {
                match Pin::new(&mut self.stream).poll_write(cx, rest) {
                    Poll::Ready(Ok(written @ 1..)) => {
                        sent += written;
                        self.deadline.set(self.worker.limits().write_idle);
                    }
                    Poll::Ready(_) => return Poll::Ready(false),
                    Poll::Pending => return self.deadline.poll(cx).map(|()| false),
                }
            }
            Pin::new(&mut self.stream)
                .poll_flush(cx)
                .map(|flushed| flushed.is_ok())
        })
        .await
    }
}

/// A head that is arriving.
struct Arrival {
    scan: Scan,
    empty_lines: u8,
    /// The connection has served nothing yet, so it may turn out to be HTTP/2.
    is_fresh: bool,
    /// Not a byte of the head is there.
    waits: bool,
}

impl Arrival {
    fn look(&mut self, inbox: &mut Inbox) -> Option<Next> {
        if self.is_fresh
            && HTTP2_PREFACE.starts_with(
                inbox
                    .bytes()
                    .get(..HTTP2_PREFACE.len())
                    .unwrap_or(inbox.bytes()),
            )
        {
            return (inbox.len() >= HTTP2_PREFACE.len()).then_some(Next::Http2);
        }
        while inbox.bytes().starts_with(b"\r\n") {
            self.empty_lines += 1;
            if self.empty_lines > MOST_EMPTY_LINES {
                return Some(Next::Refused(Fault::Malformed));
            }
            inbox.consume(2);
        }
        if inbox.bytes() == b"\r" {
            return None;
        }
        match self.scan.look(inbox.bytes()) {
            Found::More => None,
            Found::Bare => Some(Next::Refused(Fault::Malformed)),
            Found::End(length) if length > LONGEST_HEAD => {
                Some(Next::Refused(too_large(inbox.bytes())))
            }
            Found::End(length) => Some(Next::Request(length)),
        }
    }
}
