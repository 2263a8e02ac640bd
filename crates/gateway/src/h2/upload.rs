//! The body of a request that arrives in DATA frames, on its way to an app that speaks HTTP/1.

use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use h2::server::SendResponse;
use h2::{Reason, RecvStream};

use crate::attempts::{Client, UploadError, Waits};
use crate::compose;
use crate::reject::Fault;
use crate::upstream::call::Call;
use crate::wire::Length;
use crate::wire::chunks;
use crate::worker::Deadline;

/// How long a client may go on sending a request that was answered.
const LINGER: Duration = Duration::from_secs(2);
/// How much it may go on sending, in bytes.
const MOST_UNREAD: usize = 256 * 1024;

/// A client that is sending its request.
pub(super) struct Uploading {
    recv: RecvStream,
    pub(super) respond: SendResponse<Bytes>,
    pub(super) deadline: Deadline,
    chunked: bool,
    left: u64,
    stage: Stage,
    pending: Vec<u8>,
    sent: usize,
    moved: bool,
}

/// How far a body has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Data,
    Trailers,
    Ended,
}

impl Uploading {
    pub(super) fn new(recv: RecvStream, respond: SendResponse<Bytes>, deadline: Deadline) -> Self {
        Self {
            recv,
            respond,
            deadline,
            chunked: false,
            left: 0,
            stage: Stage::Ended,
            pending: Vec::new(),
            sent: 0,
            moved: false,
        }
    }

    /// Expects a body of this length and at most `limit` bytes.
    pub(super) fn expect(&mut self, length: Length, limit: u64) {
        self.chunked = length == Length::Chunked;
        self.stage = if length == Length::None {
            Stage::Ended
        } else {
            Stage::Data
        };
        self.left = limit;
    }

    /// The two directions of the stream, for what comes after HTTP.
    pub(super) fn into_parts(self) -> (RecvStream, SendResponse<Bytes>, Deadline) {
        (self.recv, self.respond, self.deadline)
    }

    /// Lets a client that was answered send the rest of its request, which nobody reads, for a little while: several
    /// clients forget the answer when their stream is reset (RFC 9113, 8.1) before they have looked at it.
    pub(super) async fn part(mut self) {
        self.deadline.limit(None);
        self.deadline.set(LINGER);
        let mut left = MOST_UNREAD;
        let ended = poll_fn(|cx| {
            loop {
                match self.recv.poll_data(cx) {
                    Poll::Ready(Some(Ok(data))) if data.len() <= left => {
                        left -= data.len();
                        drop(self.recv.flow_control().release_capacity(data.len()));
                    }
                    Poll::Ready(None) => return Poll::Ready(true),
                    Poll::Ready(Some(_)) => return Poll::Ready(false),
                    Poll::Pending => return self.deadline.poll(cx).map(|()| false),
                }
            }
        });
        if !ended.await {
            self.respond.send_reset(Reason::NO_ERROR);
        }
    }

    fn take(&mut self, data: &Bytes) -> Result<(), UploadError> {
        // The window opens again as the data is taken: what waits here is bounded by it.
        drop(self.recv.flow_control().release_capacity(data.len()));
        let length = u64::try_from(data.len()).unwrap_or(u64::MAX);
        self.left = self
            .left
            .checked_sub(length)
            .ok_or(UploadError::Client(Fault::BodyTooLarge))?;
        self.moved = true;
        if self.chunked {
            chunks::write(&mut self.pending, data);
        } else {
            self.pending.extend_from_slice(data);
        }
        Ok(())
    }

    /// Takes the next frame.
    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), UploadError>> {
        if self.stage == Stage::Data {
            match std::task::ready!(self.recv.poll_data(cx)) {
                Some(Ok(data)) => return Poll::Ready(self.take(&data)),
                Some(Err(_)) => return Poll::Ready(Err(UploadError::Gone)),
                None => self.stage = Stage::Trailers,
            }
        }
        match std::task::ready!(self.recv.poll_trailers(cx)) {
            Ok(trailers) => {
                self.end(trailers.as_ref());
                Poll::Ready(Ok(()))
            }
            Err(_) => Poll::Ready(Err(UploadError::Gone)),
        }
    }

    fn end(&mut self, trailers: Option<&http::HeaderMap>) {
        self.stage = Stage::Ended;
        if self.chunked {
            let mut lines = Vec::new();
            for (name, value) in trailers.into_iter().flatten() {
                if compose::trailer_passes(name.as_str()) {
                    compose::field(&mut lines, name.as_str(), value.as_bytes());
                }
            }
            chunks::end(&mut self.pending, &lines);
        }
    }
}

impl Client for Uploading {
    fn is_whole(&self) -> bool {
        self.stage == Stage::Ended && self.sent == self.pending.len()
    }

    fn poll_upload(
        &mut self,
        cx: &mut Context<'_>,
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
            if self.stage == Stage::Ended {
                return Ok(None);
            }
            match self.poll_frame(cx) {
                Poll::Ready(taken) => taken?,
                Poll::Pending => return Ok(Some(Waits::Client)),
            }
        }
    }

    fn poll_gather(
        &mut self,
        cx: &mut Context<'_>,
        out: &mut Vec<u8>,
    ) -> Poll<Result<bool, UploadError>> {
        if self.stage != Stage::Ended {
            std::task::ready!(self.poll_frame(cx))?;
        }
        out.append(&mut self.pending);
        Poll::Ready(Ok(self.stage == Stage::Ended))
    }

    fn has_moved(&mut self) -> bool {
        std::mem::take(&mut self.moved)
    }

    fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.respond.poll_reset(cx).map(|_reason| ())
    }

    async fn go_on(&mut self) -> bool {
        // Every client of HTTP/2 may send as much as its window allows; it needs no word.
        true
    }

    fn deadline(&self) -> &Deadline {
        &self.deadline
    }
}
