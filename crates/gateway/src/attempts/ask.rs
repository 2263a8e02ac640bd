//! Sending one request over one connection until its answer begins. An app may answer before it has read the whole
//! request, and a client may leave before it is answered.

use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::reject::{Fault, Reject};
use crate::upstream::call::{Call, CallError};
use crate::wire::chunks::ChunkError;
use crate::worker::{Deadline, Worker};

/// The client's side of an exchange, whatever protocol it speaks.
pub(crate) trait Client {
    /// Whether all of the request was handed over.
    fn is_whole(&self) -> bool;

    /// Moves what can be moved of the request's body. `None` when all of it was handed over.
    fn poll_upload(
        &mut self,
        cx: &mut Context<'_>,
        call: &mut Call,
    ) -> Result<Option<Waits>, UploadError>;

    /// Adds what there is of the request's body to `out`. Whether that was the last of it.
    fn poll_gather(
        &mut self,
        cx: &mut Context<'_>,
        out: &mut Vec<u8>,
    ) -> Poll<Result<bool, UploadError>>;

    /// Whether anything of the body has moved since the last call.
    fn has_moved(&mut self) -> bool;

    /// Ready when the client has left.
    fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<()>;

    /// Tells the client to send the body (RFC 9110, 10.1.1). Whether it can still be told.
    async fn go_on(&mut self) -> bool;

    fn deadline(&self) -> &Deadline;
}

/// Why a body ends before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UploadError {
    /// By the client's doing.
    Client(Fault),
    /// The client has left.
    Gone,
    /// The app takes no more.
    App,
}

impl From<ChunkError> for UploadError {
    fn from(error: ChunkError) -> Self {
        Self::Client(match error {
            ChunkError::Malformed => Fault::Malformed,
            ChunkError::TooLong => Fault::HeadTooLarge,
        })
    }
}

/// Whom a body waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waits {
    Client,
    App,
}

/// Why no answer has come.
#[derive(Debug)]
pub(super) enum Lost {
    /// The body of the request has ended too soon.
    Upload(UploadError),
    /// The client has left.
    Gone,
    /// Somebody was silent for too long.
    Silent(Reject),
    /// The connection to the instance failed.
    Call(CallError),
}

/// Sends the head in `out` and the body behind it, and waits for the head of the answer for as long as `limit`,
/// counted from the last byte sent.
pub(super) async fn ask<C: Client>(
    worker: &Worker,
    client: &mut C,
    call: &mut Call,
    out: &[u8],
    limit: Duration,
) -> Result<usize, Lost> {
    let (mut written, mut takes, mut is_first) = (0, true, true);
    poll_fn(|cx| {
        let mut moved = std::mem::take(&mut is_first);
        let mut waits = Waits::App;
        while let Some(rest) = out.get(written..).filter(|rest| takes && !rest.is_empty()) {
            match call.poll_write(cx, rest) {
                Poll::Ready(Ok(more)) => {
                    written += more;
                    moved = true;
                }
                // It may have answered before it stopped reading.
                Poll::Ready(Err(_)) => takes = false,
                Poll::Pending => break,
            }
        }
        if takes && written == out.len() && !client.is_whole() {
            match client.poll_upload(cx, call) {
                Ok(waiting) => waits = waiting.unwrap_or(Waits::App),
                Err(UploadError::App) => takes = false,
                Err(error) => return Poll::Ready(Err(Lost::Upload(error))),
            }
            moved |= client.has_moved();
        }
        if let Poll::Ready(head) = call.poll_head(cx, worker) {
            return Poll::Ready(head.map_err(Lost::Call));
        }
        if client.is_whole() && client.poll_gone(cx).is_ready() {
            return Poll::Ready(Err(Lost::Gone));
        }
        let (after, fault) = match waits {
            Waits::App => (limit, Reject::upstream(Fault::GatewayTimeout)),
            Waits::Client => (
                worker.limits().request_idle,
                Reject::client(Fault::BodyTimeout),
            ),
        };
        if moved {
            client.deadline().set(after);
        }
        client
            .deadline()
            .poll(cx)
            .map(|()| Err(Lost::Silent(fault)))
    })
    .await
}
