//! Bytes both ways between two connections that have left HTTP behind.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::upstream::call::Call;
use crate::wire::inbox::{Arrived, Inbox};
use crate::worker::{Buffers, Deadline, Worker};

/// One direction.
#[derive(Default)]
struct Way {
    /// The sender will send nothing more.
    ended: bool,
    /// And the receiver was told.
    told: bool,
    moved: bool,
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
    let ended: io::Result<()> = poll_fn(|cx| {
        let upward = up.poll(cx, (client, sent), &mut app, &worker.buffers);
        let downward = down.poll(cx, (&mut app, &mut received), client, &worker.buffers);
        match (upward, downward) {
            (Poll::Ready(Err(error)), _) | (_, Poll::Ready(Err(error))) => {
                return Poll::Ready(Err(error));
            }
            (Poll::Ready(Ok(())), Poll::Ready(Ok(()))) => return Poll::Ready(Ok(())),
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
    sent.clear(&worker.buffers);
    received.clear(&worker.buffers);
    if let Err(error) = ended {
        tracing::debug!(%error, "a tunnel ended");
    }
}
