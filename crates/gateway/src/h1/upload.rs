//! The body of a request on its way to an app. Counted while it passes, so that it stays below its limit; chunks are
//! taken apart and made anew, so that the app reads what was judged.

use std::task::{Context, Poll};

use super::Line;
use crate::attempts::{UploadError, Waits};
use crate::compose;
use crate::reject::Fault;
use crate::upstream::call::Call;
use crate::wire::Length;
use crate::wire::body::{self, Body, Part};
use crate::wire::chunks;
use crate::wire::inbox::Arrived;

/// Chunks are gathered up to this size before they are sent on.
const ENOUGH: usize = 64 * 1024;

/// A body that is passing.
pub(super) struct Upload {
    body: Body,
    chunked: bool,
    left: u64,
    /// Written anew, and not sent yet.
    pending: Vec<u8>,
    sent: usize,
    ended: bool,
    /// Something has moved since the last look.
    moved: bool,
}

impl Upload {
    pub(super) fn new(length: Length, limit: u64) -> Self {
        Self {
            body: Body::of(length),
            chunked: length == Length::Chunked,
            left: limit,
            pending: Vec::new(),
            sent: 0,
            ended: length == Length::None,
            moved: false,
        }
    }

    /// Whether all of it was handed over.
    pub(super) fn is_done(&self) -> bool {
        self.ended && self.sent == self.pending.len()
    }

    /// Whether anything has moved since the last call.
    pub(super) fn has_moved(&mut self) -> bool {
        std::mem::take(&mut self.moved)
    }

    /// Takes what has arrived together with the head, so that it leaves together with the head.
    pub(super) fn take_ahead(
        &mut self,
        line: &mut Line,
        out: &mut Vec<u8>,
    ) -> Result<(), UploadError> {
        self.gather(line)?;
        out.append(&mut self.pending);
        Ok(())
    }

    /// Takes what there is, to be handed over later. Whether that was the last of it.
    pub(super) fn poll_gather(
        &mut self,
        cx: &mut Context<'_>,
        line: &mut Line,
        out: &mut Vec<u8>,
    ) -> Poll<Result<bool, UploadError>> {
        self.gather(line)?;
        if self.ended || !self.pending.is_empty() {
            out.append(&mut self.pending);
            return Poll::Ready(Ok(self.ended));
        }
        line.inbox.restart();
        let filled = line
            .inbox
            .poll_fill(cx, &mut line.stream, &line.worker.buffers);
        match std::task::ready!(filled) {
            Ok(Arrived::Bytes) => {}
            Ok(Arrived::Full) => line.inbox.compact(),
            Ok(Arrived::End) | Err(_) => return Poll::Ready(Err(UploadError::Gone)),
        }
        Poll::Ready(Ok(false))
    }

    /// Moves what can be moved, and says whom it waits for. `None` when all of it was handed over.
    pub(super) fn run(
        &mut self,
        cx: &mut Context<'_>,
        line: &mut Line,
        call: &mut Call,
    ) -> Result<Option<Waits>, UploadError> {
        loop {
            while let Some(rest) = self
                .pending
                .get(self.sent..)
                .filter(|rest| !rest.is_empty())
            {
                match call.poll_write(cx, rest) {
                    Poll::Ready(Ok(written)) => {
                        self.sent += written;
                        self.moved = true;
                    }
                    Poll::Ready(Err(_)) => return Err(UploadError::App),
                    Poll::Pending => return Ok(Some(Waits::App)),
                }
            }
            self.pending.clear();
            self.sent = 0;
            if self.ended {
                return Ok(None);
            }
            self.gather(line)?;
            if !self.pending.is_empty() || self.ended {
                continue;
            }
            line.inbox.restart();
            match line
                .inbox
                .poll_fill(cx, &mut line.stream, &line.worker.buffers)
            {
                Poll::Ready(Ok(Arrived::Bytes)) => self.moved = true,
                Poll::Ready(Ok(Arrived::Full)) => line.inbox.compact(),
                Poll::Ready(Ok(Arrived::End) | Err(_)) => return Err(UploadError::Gone),
                Poll::Pending => return Ok(Some(Waits::Client)),
            }
        }
    }

    /// Takes what is at hand out of the inbox.
    fn gather(&mut self, line: &mut Line) -> Result<(), UploadError> {
        while !self.ended && self.pending.len() < ENOUGH {
            match self.body.next(&mut line.inbox)? {
                Part::Wait => return Ok(()),
                Part::End => self.end(),
                Part::Data(length) => {
                    let here = u64::try_from(length).unwrap_or(u64::MAX);
                    self.left = self
                        .left
                        .checked_sub(here)
                        .ok_or(UploadError::Client(Fault::BodyTooLarge))?;
                    let data = line.inbox.bytes().get(..length).unwrap_or_default();
                    if self.chunked {
                        chunks::write(&mut self.pending, data);
                    } else {
                        self.pending.extend_from_slice(data);
                    }
                    line.inbox.consume(length);
                    if !self.chunked && self.body.is_done() {
                        self.end();
                    }
                }
            }
        }
        Ok(())
    }

    fn end(&mut self) {
        self.ended = true;
        if self.chunked {
            let trailer = body::passing(self.body.trailer(), compose::trailer_passes);
            chunks::end(&mut self.pending, &trailer.unwrap_or_default());
        }
    }
}
