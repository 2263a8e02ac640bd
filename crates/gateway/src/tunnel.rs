//! A WebSocket on its way: bytes both ways between two connections that have left HTTP behind. When the gateway stops
//! it says so to the client between two frames, with a code by which the client knows to come back.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use crate::upstream::call::Call;
use crate::websocket::{Close, Frames, TooLarge};
use crate::wire::inbox::{Arrived, Inbox};
use crate::worker::{Buffers, Deadline, Worker};

/// Longest wait for a client to take the last frame.
const PATIENCE: Duration = Duration::from_secs(1);

/// One direction.
#[derive(Default)]
struct Way {
    /// The sender will send nothing more.
    ended: bool,
    /// And the receiver was told.
    told: bool,
    moved: bool,
    frames: Frames,
}

impl Way {
    /// Moves what can be moved; whether the direction is over.
    fn poll<R, W>(
        &mut self,
        cx: &mut Context<'_>,
        (from, inbox): (&mut R, &mut Inbox),
        to: &mut W,
        buffers: &Buffers,
    ) -> Poll<io::Result<()>>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        loop {
            while !inbox.is_empty() {
                match Pin::new(&mut *to).poll_write(cx, inbox.bytes()) {
                    Poll::Ready(Ok(written @ 1..)) => {
                        let passed = inbox.bytes().get(..written).unwrap_or_default();
                        self.frames.pass(passed).map_err(io::Error::other)?;
                        inbox.consume(written);
                        self.moved = true;
                    }
                    Poll::Ready(Ok(0)) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    Poll::Pending => return Poll::Pending,
                }
            }
            inbox.restart();
            if self.ended {
                if !self.told {
                    std::task::ready!(Pin::new(&mut *to).poll_shutdown(cx))?;
                    self.told = true;
                }
                return Poll::Ready(Ok(()));
            }
            match inbox.poll_fill(cx, from, buffers) {
                Poll::Ready(Ok(Arrived::Bytes)) => self.moved = true,
                Poll::Ready(Ok(Arrived::End)) => self.ended = true,
                Poll::Ready(Ok(Arrived::Full)) => inbox.compact(),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => {
                    inbox.rest(buffers);
                    return match Pin::new(&mut *to).poll_flush(cx) {
                        Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
                        Poll::Ready(Ok(())) | Poll::Pending => Poll::Pending,
                    };
                }
            }
        }
    }
}

/// Relays until both sides have ended, one of them breaks, or both have been silent for as long as `idle`.
pub(crate) async fn run<S>(
    worker: &Worker,
    client: &mut S,
    deadline: &Deadline,
    call: Call,
    idle: Duration,
) where
    S: AsyncRead + AsyncWrite + Unpin,
{
    relay(
        worker,
        (client, &mut Inbox::default()),
        deadline,
        call,
        idle,
    )
    .await;
}

/// As [`run`], with what the client has sent already in `sent`.
pub(crate) async fn relay<S>(
    worker: &Worker,
    (client, sent): (&mut S, &mut Inbox),
    deadline: &Deadline,
    call: Call,
    idle: Duration,
) where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut app, mut received, _in_flight) = call.into_parts();
    let (mut up, mut down) = (Way::default(), Way::default());
    deadline.set(idle);
    let ended: io::Result<Option<Close>> = poll_fn(|cx| {
        let upward = up.poll(cx, (client, sent), &mut app, &worker.buffers);
        if worker.is_closing() && received.is_empty() && down.frames.is_between() {
            return Poll::Ready(Ok(Some(Close::ServiceRestart)));
        }
        let downward = down.poll(cx, (&mut app, &mut received), client, &worker.buffers);
        match (upward, downward) {
            (Poll::Ready(Err(error)), _) | (_, Poll::Ready(Err(error))) => {
                let is_between = received.is_empty() && down.frames.is_between();
                let is_too_large = error
                    .get_ref()
                    .and_then(|error| error.downcast_ref::<TooLarge>());
                return Poll::Ready(match is_too_large {
                    Some(TooLarge) if is_between => Ok(Some(Close::TooBig)),
                    _ => Err(error),
                });
            }
            (Poll::Ready(Ok(())), Poll::Ready(Ok(()))) => return Poll::Ready(Ok(None)),
            _ => {}
        }
        if std::mem::take(&mut up.moved) | std::mem::take(&mut down.moved) {
            deadline.set(idle);
        }
        deadline
            .poll(cx)
            .map(|()| Err(io::ErrorKind::TimedOut.into()))
    })
    .await;
    if let Ok(Some(close)) = ended {
        say(client, close).await;
    }
    sent.clear(&worker.buffers);
    received.clear(&worker.buffers);
    if let Err(error) = ended {
        tracing::debug!(%error, "a tunnel ended");
    }
}

/// Tells the client why its WebSocket ends. Whether it hears it is up to it.
async fn say<S>(client: &mut S, close: Close)
where
    S: AsyncWrite + Unpin,
{
    let words = async {
        client.write_all(&close.frame()).await?;
        client.shutdown().await
    };
    drop(tokio::time::timeout(PATIENCE, words).await);
}
