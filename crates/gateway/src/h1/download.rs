//! The body of an app's answer on its way to a client. Nothing is held back: what arrives leaves at once.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;

use super::Line;
use crate::attempts::Waits;
use crate::record::Record;
use crate::respond;
use crate::upstream::call::Call;
use crate::wire::Length;
use crate::wire::body::{self, Body, Part};
use crate::wire::chunks;
use crate::wire::inbox::Arrived;
use crate::wire::request::Version;

/// Chunks are gathered up to this size before they are sent on.
const ENOUGH: usize = 64 * 1024;

/// An answer that is passing.
pub(super) struct Download {
    body: Body,
    /// The client is sent chunks.
    chunks: bool,
    /// Bytes of the part at the front of the inbox that are still to be sent as they are.
    direct: usize,
    sent: usize,
    ended: bool,
    moved: bool,
}

/// Why an answer ends before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DownloadError {
    /// The client has left.
    Client,
    /// The app broke off.
    App,
}

impl Download {
    pub(super) fn new(length: Length, version: Version) -> Self {
        let open = matches!(length, Length::Chunked | Length::UntilClose);
        Self {
            body: Body::of(length),
            chunks: open && version == Version::Http11,
            direct: 0,
            sent: 0,
            ended: length == Length::None,
            moved: false,
        }
    }

    /// Whether anything has moved since the last call.
    pub(super) fn has_moved(&mut self) -> bool {
        std::mem::take(&mut self.moved)
    }

    /// Adds what has arrived together with the head, so that it leaves together with the head.
    pub(super) fn take_ahead(
        &mut self,
        call: &mut Call,
        out: &mut Vec<u8>,
        record: &mut Record,
    ) -> Result<(), DownloadError> {
        self.gather(call, out, record)
    }

    /// Moves what can be moved: first `out`, which was written already, then the body. `None` when all of it has left.
    pub(super) fn run(
        &mut self,
        cx: &mut Context<'_>,
        (line, call): (&mut Line, &mut Call),
        out: &mut Vec<u8>,
        record: &mut Record,
    ) -> Result<Option<Waits>, DownloadError> {
        loop {
            while let Some(rest) = out.get(self.sent..).filter(|rest| !rest.is_empty()) {
                match Pin::new(&mut line.stream).poll_write(cx, rest) {
                    Poll::Ready(Ok(written @ 1..)) => {
                        self.sent += written;
                        self.moved = true;
                    }
                    Poll::Ready(_) => return Err(DownloadError::Client),
                    Poll::Pending => return Ok(Some(Waits::Client)),
                }
            }
            out.clear();
            self.sent = 0;
            if let Some(waits) = self.pass_directly(cx, line, call)? {
                return Ok(Some(waits));
            }
            if self.ended {
                return match Pin::new(&mut line.stream).poll_flush(cx) {
                    Poll::Ready(Ok(())) => Ok(None),
                    Poll::Ready(Err(_)) => Err(DownloadError::Client),
                    Poll::Pending => Ok(Some(Waits::Client)),
                };
            }
            self.gather_or_pass(call, out, record)?;
            if !out.is_empty() || self.direct > 0 || self.ended {
                continue;
            }
            match call.poll_fill(cx, &line.worker) {
                Poll::Ready(Ok(Arrived::Bytes)) => self.moved = true,
                Poll::Ready(Ok(Arrived::Full)) => call.inbox.compact(),
                Poll::Ready(Ok(Arrived::End)) if matches!(self.body, Body::UntilClose) => {
                    self.end(out);
                }
                Poll::Ready(Ok(Arrived::End) | Err(_)) => return Err(DownloadError::App),
                Poll::Pending => {
                    call.inbox.rest(&line.worker.buffers);
                    // An encrypted connection may hold something back.
                    return match Pin::new(&mut line.stream).poll_flush(cx) {
                        Poll::Ready(Err(_)) => Err(DownloadError::Client),
                        Poll::Ready(Ok(())) | Poll::Pending => Ok(Some(Waits::App)),
                    };
                }
            }
        }
    }

    /// Sends the part at the front of the inbox as it is, without a copy.
    fn pass_directly(
        &mut self,
        cx: &mut Context<'_>,
        line: &mut Line,
        call: &mut Call,
    ) -> Result<Option<Waits>, DownloadError> {
        while self.direct > 0 {
            let part = call.inbox.bytes().get(..self.direct).unwrap_or_default();
            match Pin::new(&mut line.stream).poll_write(cx, part) {
                Poll::Ready(Ok(written @ 1..)) => {
                    call.inbox.consume(written);
                    self.direct -= written;
                    self.moved = true;
                }
                Poll::Ready(_) => return Err(DownloadError::Client),
                Poll::Pending => return Ok(Some(Waits::Client)),
            }
        }
        if call.inbox.is_empty() {
            call.inbox.restart();
        }
        Ok(None)
    }

    fn gather_or_pass(
        &mut self,
        call: &mut Call,
        out: &mut Vec<u8>,
        record: &mut Record,
    ) -> Result<(), DownloadError> {
        if self.chunks {
            return self.gather(call, out, record);
        }
        match self
            .body
            .next(&mut call.inbox)
            .map_err(|_| DownloadError::App)?
        {
            Part::Wait => {}
            Part::End => self.ended = true,
            Part::Data(length) => {
                record.sent(length);
                self.direct = length;
                self.ended = self.body.is_done();
            }
        }
        Ok(())
    }

    /// Copies what is at hand out of the inbox.
    fn gather(
        &mut self,
        call: &mut Call,
        out: &mut Vec<u8>,
        record: &mut Record,
    ) -> Result<(), DownloadError> {
        while !self.ended && out.len() < ENOUGH {
            match self
                .body
                .next(&mut call.inbox)
                .map_err(|_| DownloadError::App)?
            {
                Part::Wait => return Ok(()),
                Part::End => self.end(out),
                Part::Data(length) => {
                    record.sent(length);
                    let data = call.inbox.bytes().get(..length).unwrap_or_default();
                    if self.chunks {
                        chunks::write(out, data);
                    } else {
                        out.extend_from_slice(data);
                    }
                    call.inbox.consume(length);
                    if self.body.is_done() && !self.chunks {
                        self.ended = true;
                    }
                }
            }
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        self.ended = true;
        if self.chunks {
            let trailer = body::passing(self.body.trailer(), respond::trailer_passes);
            chunks::end(out, &trailer.unwrap_or_default());
        }
    }
}
