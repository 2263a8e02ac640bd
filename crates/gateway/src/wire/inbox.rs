//! Bytes that were read and not yet used. Holds a buffer only while there are some, so that an idle connection costs
//! no memory.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

use crate::worker::Buffers;

/// What one connection has sent.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    buffer: Option<Box<[u8]>>,
    start: usize,
    end: usize,
}

/// What a read brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrived {
    /// New bytes.
    Bytes,
    /// The end of the stream.
    End,
    /// Nothing, because the buffer is full.
    Full,
}

impl Inbox {
    /// The bytes at hand.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.buffer
            .as_deref()
            .and_then(|buffer| buffer.get(self.start..self.end))
            .unwrap_or_default()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    pub(crate) fn len(&self) -> usize {
        self.end - self.start
    }

    /// Bytes that were used and still lie before those at hand.
    pub(crate) fn used(&self, length: usize) -> &[u8] {
        let from = self.start.saturating_sub(length);
        self.buffer
            .as_deref()
            .and_then(|buffer| buffer.get(from..self.start))
            .unwrap_or_default()
    }

    /// Begins with bytes that were read elsewhere, no more than a buffer holds.
    pub(crate) fn begin(&mut self, bytes: &[u8], buffers: &Buffers) {
        if bytes.is_empty() {
            return;
        }
        let buffer = self.buffer.get_or_insert_with(|| buffers.take());
        if let Some(front) = buffer.get_mut(..bytes.len()) {
            front.copy_from_slice(bytes);
            (self.start, self.end) = (0, bytes.len());
        }
    }

    /// Marks bytes as used.
    pub(crate) fn consume(&mut self, length: usize) {
        self.start = (self.start + length).min(self.end);
    }

    /// Begins at the front of the buffer again when nothing is in it, and keeps the buffer.
    pub(crate) fn restart(&mut self) {
        if self.is_empty() {
            (self.start, self.end) = (0, 0);
        }
    }

    /// Gives the buffer back when nothing is in it.
    pub(crate) fn rest(&mut self, buffers: &Buffers) {
        if self.is_empty() {
            (self.start, self.end) = (0, 0);
            if let Some(buffer) = self.buffer.take() {
                buffers.give(buffer);
            }
        }
    }

    /// Throws everything away and gives the buffer back.
    pub(crate) fn clear(&mut self, buffers: &Buffers) {
        self.start = self.end;
        self.rest(buffers);
    }

    /// Moves the bytes at hand to the front, so that as much as possible fits behind them.
    pub(crate) fn compact(&mut self) {
        if self.start > 0 {
            if let Some(buffer) = &mut self.buffer {
                buffer.copy_within(self.start..self.end, 0);
            }
            self.end -= self.start;
            self.start = 0;
        }
    }

    /// Reads what has arrived behind the bytes at hand.
    pub(crate) fn poll_fill<R>(
        &mut self,
        cx: &mut Context<'_>,
        from: &mut R,
        buffers: &Buffers,
    ) -> Poll<io::Result<Arrived>>
    where
        R: AsyncRead + Unpin,
    {
        let buffer = self.buffer.get_or_insert_with(|| buffers.take());
        let Some(room) = buffer.get_mut(self.end..).filter(|room| !room.is_empty()) else {
            return Poll::Ready(Ok(Arrived::Full));
        };
        let mut room = ReadBuf::new(room);
        let polled = Pin::new(from).poll_read(cx, &mut room);
        let read = room.filled().len();
        ready!(polled)?;
        self.end += read;
        Poll::Ready(Ok(if read == 0 {
            Arrived::End
        } else {
            Arrived::Bytes
        }))
    }
}
