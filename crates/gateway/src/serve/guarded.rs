//! The connection as hyper reads it: every byte passes the framing first, and a clock runs while a head arrives. When
//! a rule is broken hyper sees the end of the connection, and the connection itself goes back to the task that serves
//! it, for the last words.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::time::{Instant, Sleep};

use super::Line;
use super::framing::Framing;
use crate::config::Limits;
use crate::reject::Fault;

/// A downstream connection under guard.
pub(super) struct Guarded {
    stream: Option<TcpStream>,
    line: Arc<Line>,
    framing: Framing,
    head_limit: Duration,
    idle_limit: Duration,
    timer: Pin<Box<Sleep>>,
    /// When the head that is arriving must be whole.
    head_due: Option<Instant>,
    /// Exchanges when the idle clock was set.
    exchanges: usize,
    home: Option<oneshot::Sender<TcpStream>>,
}

impl Guarded {
    pub(super) fn new(
        stream: TcpStream,
        line: Arc<Line>,
        limits: &Limits,
        home: oneshot::Sender<TcpStream>,
    ) -> Self {
        Self {
            stream: Some(stream),
            line,
            framing: Framing::new(),
            head_limit: limits.head,
            idle_limit: limits.keep_alive,
            timer: Box::pin(tokio::time::sleep(limits.keep_alive)),
            head_due: None,
            exchanges: 0,
            home: Some(home),
        }
    }

    /// Looks at what was read.
    fn inspect(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        if self.line.is_opaque() || matches!(self.framing, Framing::Opaque) {
            return Ok(());
        }
        self.framing.feed(bytes)?;
        if matches!(self.framing, Framing::Opaque) {
            self.line.becomes_opaque();
        }
        if !self.framing.is_within_head() {
            self.head_due = None;
        } else if self.head_due.is_none() {
            let due = Instant::now() + self.head_limit;
            self.head_due = Some(due);
            self.timer.as_mut().reset(due);
        }
        Ok(())
    }

    /// Whether the client has been silent for too long.
    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while self.timer.as_mut().poll(cx).is_ready() {
            let now = Instant::now();
            match self.head_due {
                Some(due) if due <= now => return Poll::Ready(()),
                Some(due) => self.timer.as_mut().reset(due),
                None => {
                    let exchanges = self.line.exchanges();
                    let is_idle = exchanges == self.exchanges && !self.line.is_busy();
                    if is_idle && !self.line.is_opaque() {
                        return Poll::Ready(());
                    }
                    self.exchanges = exchanges;
                    self.timer.as_mut().reset(now + self.idle_limit);
                }
            }
        }
        Poll::Pending
    }
}

impl AsyncRead for Guarded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.line.verdict().is_some() {
            return Poll::Ready(Ok(()));
        }
        let Some(stream) = &mut this.stream else {
            return Poll::Ready(Ok(()));
        };
        let before = buffer.filled().len();
        match Pin::new(stream).poll_read(cx, buffer) {
            Poll::Ready(Ok(())) => {
                let read = buffer.filled().get(before..).unwrap_or_default();
                if let Err(fault) = this.inspect(read) {
                    buffer.set_filled(before);
                    this.line.condemn(fault);
                }
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                if this.poll_silence(cx).is_pending() {
                    return Poll::Pending;
                }
                // A client that has sent nothing is owed no answer.
                if this.head_due.is_some() {
                    this.line.condemn(Fault::HeadTimeout);
                }
                Poll::Ready(Ok(()))
            }
        }
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            Some(stream) => Pin::new(stream).poll_write(cx, bytes),
            None => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            Some(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
            None => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Some(stream) => Pin::new(stream).poll_flush(cx),
            None => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Nothing is closed before the last words.
        if self.line.verdict().is_some() {
            return Poll::Ready(Ok(()));
        }
        match &mut self.stream {
            Some(stream) => Pin::new(stream).poll_shutdown(cx),
            None => Poll::Ready(Ok(())),
        }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        if self.line.verdict().is_some()
            && let (Some(stream), Some(home)) = (self.stream.take(), self.home.take())
        {
            // Nobody waits for it when the whole connection is being dropped.
            drop(home.send(stream));
        }
    }
}
