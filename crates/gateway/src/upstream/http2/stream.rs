//! One exchange on a connection of HTTP/2, which reads and writes like a connection of HTTP/1 of its own: what is written
//! is a composed head and the body behind it, what is read is the head of the answer and its body, in chunks where its
//! length is not known.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use h2::Reason;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::connection::Place;
use super::reading::Reading;
use super::writing::Writing;

/// One exchange.
pub(crate) struct Stream {
    writing: Writing,
    reading: Reading,
    place: Place,
}

impl Stream {
    pub(super) fn new(place: Place) -> Self {
        Self {
            writing: Writing::new(),
            reading: Reading::Unasked,
            place,
        }
    }

    /// Everything that was written, where the instance is certain not to have looked at it (RFC 9113, 8.7) and it is
    /// not too much to be sent again.
    pub(crate) fn take_unprocessed(&mut self) -> Option<Vec<u8>> {
        match &self.reading {
            Reading::Failed { unprocessed: true } => self.writing.take_sent(),
            _ => None,
        }
    }

    /// Lets nothing new go over its connection.
    pub(crate) fn distrust(&self) {
        self.place.distrust();
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").finish_non_exhaustive()
    }
}

/// Whether an instance says that it has not looked at the request.
pub(super) fn is_unprocessed(error: &h2::Error) -> bool {
    let refused = error.is_reset() && error.reason() == Some(Reason::REFUSED_STREAM);
    error.is_remote() && (refused || error.is_go_away())
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.get_mut().reading.poll(cx, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if !this.writing.is_begun() {
            let begun = this.writing.begin(&this.place, bytes)?;
            this.reading = Reading::Head {
                response: begun.response,
                is_head: begun.is_head,
            };
            return Poll::Ready(Ok(begun.length));
        }
        this.writing.poll(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
