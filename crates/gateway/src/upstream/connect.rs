//! Opening a connection to an instance.

use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use platform::Lifecycle;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

use crate::body::RequestBody;

/// Longest wait for a connection.
const LIMIT: Duration = Duration::from_secs(2);
/// Fields a response may have.
const MOST_HEADERS: usize = 256;
/// Bytes the head of a response may have, and read at once of a body.
const BUFFER: usize = 64 * 1024;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    #[error("no answer in time")]
    Timeout,
    #[error("no connection")]
    Io(#[from] std::io::Error),
    #[error("no HTTP")]
    Http(#[from] hyper::Error),
}

/// Connects to the socket, and where that fails or is not there, to the address.
pub(crate) async fn open(
    unix: Option<&Path>,
    tcp: &str,
    lifecycle: &Lifecycle,
) -> Result<SendRequest<RequestBody>, ConnectError> {
    if let Some(path) = unix {
        match UnixStream::connect(path).await {
            Ok(stream) => return handshake(stream, lifecycle).await,
            // A socket that nobody listens on was left by a process that was killed. By now its address may be
            // another app's.
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => return Err(error.into()),
            // Not there: the machine is the same, but the instance lives in another file system.
            Err(_) => {}
        }
    }
    let stream = tokio::time::timeout(LIMIT, TcpStream::connect(tcp))
        .await
        .map_err(|_| ConnectError::Timeout)??;
    stream.set_nodelay(true)?;
    handshake(stream, lifecycle).await
}

async fn handshake<S>(
    stream: S,
    lifecycle: &Lifecycle,
) -> Result<SendRequest<RequestBody>, ConnectError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (sender, connection) = http1::Builder::new()
        .max_headers(MOST_HEADERS)
        .max_buf_size(BUFFER)
        .handshake(TokioIo::new(stream))
        .await?;
    lifecycle.spawn_contained("upstream connection", async move {
        if let Err(error) = connection.with_upgrades().await {
            // Whoever waits on the connection hears of it; nobody else needs to.
            tracing::debug!(%error, "an upstream connection broke");
        }
    });
    Ok(sender)
}
