//! Closing a connection so that the last answer arrives: closing at once while the client still sends would reset the
//! connection, and the client might never read why.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use tokio::io::AsyncWrite;

use super::Line;
use crate::downstream::Downstream;
use crate::wire::inbox::Arrived;

/// How long a client may go on sending before the connection is closed for good.
const LINGER: Duration = Duration::from_secs(2);
/// How much it may go on sending, in bytes.
const MOST: usize = 256 * 1024;

/// Closes a connection after the client's last request.
pub(super) async fn part(line: Line) {
    match line.stream {
        // Closing says it all.
        Downstream::Plain(_) if line.inbox.is_empty() => line.end(),
        Downstream::Plain(_) | Downstream::Tls(_) => close(line).await,
    }
}

/// Closes a connection in order.
pub(super) async fn close(mut line: Line) {
    line.deadline.set(LINGER);
    let mut read = line.inbox.len();
    let mut is_shut = false;
    poll_fn(|cx| {
        if !is_shut {
            match Pin::new(&mut line.stream).poll_shutdown(cx) {
                Poll::Ready(Ok(())) => is_shut = true,
                Poll::Ready(Err(_)) => return Poll::Ready(()),
                Poll::Pending => return line.deadline.poll(cx),
            }
        }
        loop {
            line.inbox.clear(&line.worker.buffers);
            match line
                .inbox
                .poll_fill(cx, &mut line.stream, &line.worker.buffers)
            {
                Poll::Ready(Ok(Arrived::Bytes)) if read < MOST => read += line.inbox.len(),
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return line.deadline.poll(cx),
            }
        }
    })
    .await;
    line.end();
}
