//! Bytes both ways between two connections that have left HTTP behind.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, timeout_at};

/// Bytes relayed at once.
const BUFFER: usize = 16 * 1024;

/// Relays until one side ends or both have been silent for as long as `idle`.
pub(crate) async fn run(downstream: OnUpgrade, upstream: OnUpgrade, idle: Duration) {
    let (downstream, upstream) = match tokio::try_join!(downstream, upstream) {
        Ok(both) => both,
        Err(error) => {
            tracing::debug!(%error, "an upgrade was not completed");
            return;
        }
    };
    relay(downstream, upstream, idle).await;
}

async fn relay(downstream: Upgraded, upstream: Upgraded, idle: Duration) {
    let (mut from_client, mut to_client) = tokio::io::split(TokioIo::new(downstream));
    let (mut from_app, mut to_app) = tokio::io::split(TokioIo::new(upstream));
    let last = Mutex::new(Instant::now());
    // When one direction ends in order the other may still have something to say; an error ends both.
    let ended = tokio::try_join!(
        copy(&mut from_client, &mut to_app, &last, idle),
        copy(&mut from_app, &mut to_client, &last, idle),
    );
    if let Err(error) = ended {
        tracing::debug!(%error, "a tunnel ended");
    }
}

async fn copy<R, W>(
    from: &mut R,
    to: &mut W,
    last: &Mutex<Instant>,
    idle: Duration,
) -> std::io::Result<()>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut buffer = vec![0; BUFFER];
    loop {
        let due = last_of(last) + idle;
        let read = match timeout_at(due, from.read(&mut buffer)).await {
            Ok(read) => read?,
            // The other direction may have been busy meanwhile.
            Err(_) if last_of(last) + idle > Instant::now() => continue,
            Err(_) => return Err(std::io::ErrorKind::TimedOut.into()),
        };
        *last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else {
            return to.shutdown().await;
        };
        to.write_all(bytes).await?;
        to.flush().await?;
    }
}

fn last_of(last: &Mutex<Instant>) -> Instant {
    *last.lock().unwrap_or_else(PoisonError::into_inner)
}
