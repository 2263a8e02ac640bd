//! The bytes below a connection of HTTP/2. What it has to send is gathered while its frames are made, and leaves with
//! one system call when the connection has had its turn: a frame alone is not worth one.

use std::cell::{Cell, RefCell};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::downstream::Downstream;
use crate::wire::inbox::Inbox;
use crate::worker::Worker;

/// Bytes that are gathered at most, but for the frame that passes the mark.
const MOST: usize = 64 * 1024;

/// The half of a connection's wire that sends what was gathered.
pub(super) struct Outbox {
    stream: RefCell<Downstream>,
    waiting: RefCell<Vec<u8>>,
    /// Bytes at the front of those waiting that have left.
    sent: Cell<usize>,
    /// Whether a flush waits for the end of the connection's turn.
    gathers: Cell<bool>,
    worker: Rc<Worker>,
}

impl Outbox {
    /// From now on [`Outbox::poll_send`] is called at the end of each turn.
    pub(super) fn gather(&self) {
        self.gathers.set(true);
    }

    /// Sends what waits. Ready when all of it has left.
    pub(super) fn poll_send(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut waiting = self.waiting.borrow_mut();
        if waiting.is_empty() {
            return Poll::Ready(Ok(()));
        }
        let mut stream = self.stream.borrow_mut();
        while let Some(rest) = waiting
            .get(self.sent.get()..)
            .filter(|rest| !rest.is_empty())
        {
            let written = ready!(Pin::new(&mut *stream).poll_write(cx, rest))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.sent.set(self.sent.get() + written);
        }
        ready!(Pin::new(&mut *stream).poll_flush(cx))?;
        self.sent.set(0);
        let buffers = &self.worker.buffers;
        buffers.give_writer(std::mem::take(&mut *waiting));
        Poll::Ready(Ok(()))
    }

    fn is_full(&self) -> bool {
        self.waiting.borrow().len() - self.sent.get() >= MOST
    }

    fn put<'a>(&self, parts: impl Iterator<Item = &'a [u8]>) -> usize {
        let mut waiting = self.waiting.borrow_mut();
        if waiting.capacity() == 0 {
            *waiting = self.worker.buffers.writer();
        }
        if self.sent.get() >= MOST {
            // A client that never takes everything must not make it grow.
            waiting.drain(..self.sent.replace(0));
        }
        let before = waiting.len();
        parts.for_each(|part| waiting.extend_from_slice(part));
        waiting.len() - before
    }
}

/// What the protocol reads from and writes to. It begins with what was read to find out which protocol it is.
pub(super) struct Wire {
    inbox: Inbox,
    outbox: Rc<Outbox>,
}

impl Wire {
    pub(super) fn new(stream: Downstream, inbox: Inbox, worker: Rc<Worker>) -> Self {
        let outbox = Outbox {
            stream: RefCell::new(stream),
            waiting: RefCell::default(),
            sent: Cell::new(0),
            gathers: Cell::new(false),
            worker,
        };
        Self {
            inbox,
            outbox: Rc::new(outbox),
        }
    }

    pub(super) fn outbox(&self) -> Rc<Outbox> {
        Rc::clone(&self.outbox)
    }

    fn poll_put<'a>(
        &self,
        cx: &mut Context<'_>,
        parts: impl Iterator<Item = &'a [u8]>,
    ) -> Poll<io::Result<usize>> {
        if self.outbox.is_full() && self.outbox.poll_send(cx)?.is_pending() && self.outbox.is_full()
        {
            return Poll::Pending;
        }
        Poll::Ready(Ok(self.outbox.put(parts)))
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.inbox.is_empty() {
            return Pin::new(&mut *this.outbox.stream.borrow_mut()).poll_read(cx, buffer);
        }
        let length = this.inbox.len().min(buffer.remaining());
        buffer.put_slice(this.inbox.bytes().get(..length).unwrap_or_default());
        this.inbox.consume(length);
        this.inbox.rest(&this.outbox.worker.buffers);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_put(cx, std::iter::once(bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_put(cx, parts.iter().map(|part| &**part))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.outbox.gathers.get() && !self.outbox.is_full() {
            return Poll::Ready(Ok(()));
        }
        self.outbox.poll_send(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.outbox.poll_send(cx))?;
        Pin::new(&mut *self.outbox.stream.borrow_mut()).poll_shutdown(cx)
    }
}
