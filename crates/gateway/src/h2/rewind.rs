//! A connection whose first bytes were read already, to find out which protocol it speaks.

use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::downstream::Downstream;
use crate::wire::inbox::Inbox;
use crate::worker::Worker;

/// A connection that begins with what is in its inbox.
pub(super) struct Rewind {
    stream: Downstream,
    inbox: Inbox,
    worker: Rc<Worker>,
}

impl Rewind {
    pub(super) fn new(stream: Downstream, inbox: Inbox, worker: Rc<Worker>) -> Self {
        Self {
            stream,
            inbox,
            worker,
        }
    }
}

impl AsyncRead for Rewind {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.inbox.is_empty() {
            return Pin::new(&mut this.stream).poll_read(cx, buffer);
        }
        let length = this.inbox.len().min(buffer.remaining());
        buffer.put_slice(this.inbox.bytes().get(..length).unwrap_or_default());
        this.inbox.consume(length);
        this.inbox.rest(&this.worker.buffers);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Rewind {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
