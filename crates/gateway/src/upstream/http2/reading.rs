//! The answer of one exchange, on its way from frames into the bytes of HTTP/1.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use h2::RecvStream;
use h2::client::ResponseFuture;
use tokio::io::ReadBuf;

use super::head;
use super::stream::is_unprocessed;
use crate::compose;
use crate::wire::{Length, chunks};

/// How far an answer has come.
pub(super) enum Reading {
    /// Nothing was asked.
    Unasked,
    /// Its head has not come.
    Head {
        response: ResponseFuture,
        is_head: bool,
    },
    /// What follows the head is passing.
    Body(Passing),
    /// It will not come.
    Failed {
        /// The instance has not looked at the request.
        unprocessed: bool,
    },
}

/// An answer that is passing.
pub(super) struct Passing {
    recv: RecvStream,
    stage: Stage,
    chunked: bool,
    /// A chunk was begun whose end was not written.
    within_chunk: bool,
    /// Written already: the head, and what frames the chunks.
    text: Vec<u8>,
    written: usize,
    /// Data behind the text.
    data: Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Data,
    Trailers,
    Ended,
}

impl Reading {
    /// Reads what there is.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            match self {
                Self::Unasked => return Poll::Pending,
                Self::Failed { .. } => return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
                Self::Head { response, is_head } => match ready!(Pin::new(response).poll(cx)) {
                    Ok(response) => *self = Self::Body(Passing::of(response, *is_head)),
                    Err(error) => {
                        let unprocessed = is_unprocessed(&error);
                        *self = Self::Failed { unprocessed };
                        return Poll::Ready(Err(io::Error::other(error)));
                    }
                },
                Self::Body(passing) => return passing.poll(cx, buffer),
            }
        }
    }
}

impl Passing {
    fn of(response: http::Response<RecvStream>, is_head: bool) -> Self {
        let mut text = Vec::new();
        let ends = response.body().is_end_stream();
        let length = head::response(&mut text, &response, (is_head, ends));
        Self {
            recv: response.into_body(),
            stage: if length == Length::None {
                Stage::Ended
            } else {
                Stage::Data
            },
            chunked: length == Length::Chunked,
            within_chunk: false,
            text,
            written: 0,
            data: Bytes::new(),
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        loop {
            self.give(buffer);
            if buffer.remaining() == 0 || (self.is_empty() && self.stage == Stage::Ended) {
                return Poll::Ready(Ok(()));
            }
            match self.poll_frame(cx) {
                Poll::Ready(Ok(())) => {}
                // What is there already comes first.
                Poll::Ready(Err(_)) | Poll::Pending if buffer.filled().len() > before => {
                    return Poll::Ready(Ok(()));
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Err(io::Error::other(error))),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.written == self.text.len() && self.data.is_empty()
    }

    /// Hands over as much as there is room for, the text before the data.
    fn give(&mut self, buffer: &mut ReadBuf<'_>) {
        let rest = self.text.get(self.written..).unwrap_or_default();
        let length = rest.len().min(buffer.remaining());
        buffer.put_slice(rest.get(..length).unwrap_or_default());
        self.written += length;
        if self.written < self.text.len() {
            return;
        }
        let length = self.data.len().min(buffer.remaining());
        if length > 0 {
            buffer.put_slice(&self.data.split_to(length));
            // A stream that is gone needs no window any more.
            drop(self.recv.flow_control().release_capacity(length));
        }
    }

    /// Takes the next frame. Only when everything of the last one was handed over.
    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), h2::Error>> {
        if self.stage == Stage::Data {
            match ready!(self.recv.poll_data(cx)) {
                Some(data) => self.take(data?),
                None => self.stage = Stage::Trailers,
            }
            return Poll::Ready(Ok(()));
        }
        let trailers = ready!(self.recv.poll_trailers(cx))?;
        self.stage = Stage::Ended;
        if self.chunked {
            self.text.clear();
            self.written = 0;
            self.end_chunk();
            let mut lines = Vec::new();
            for (name, value) in trailers.iter().flatten() {
                compose::field(&mut lines, name.as_str(), value.as_bytes());
            }
            chunks::end(&mut self.text, &lines);
        }
        Poll::Ready(Ok(()))
    }

    fn take(&mut self, data: Bytes) {
        if data.is_empty() {
            return;
        }
        if self.chunked {
            self.text.clear();
            self.written = 0;
            self.end_chunk();
            chunks::begin(&mut self.text, data.len());
            self.within_chunk = true;
        }
        self.data = data;
    }

    /// Ends the last chunk. Nobody waits for that: its data is passed on before.
    fn end_chunk(&mut self) {
        if std::mem::take(&mut self.within_chunk) {
            self.text.extend_from_slice(b"\r\n");
        }
    }
}
