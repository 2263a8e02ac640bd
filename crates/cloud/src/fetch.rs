//! One small HTTP request: to an app's health, a platform's control socket, a platform somewhere else.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use http::header::HOST;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

/// Longest wait for an answer.
const LIMIT: Duration = Duration::from_secs(5);
/// Largest answer.
const LARGEST: usize = 4 * 1024 * 1024;

/// Why there is no answer.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// An answer: its status and its body.
pub(crate) type Answer = (StatusCode, Bytes);

/// Asks at `authority` (host and port).
pub(crate) async fn over_tcp(authority: &str, path: &str) -> Result<Answer, Failure> {
    let ask = async { ask(TcpStream::connect(authority).await?, authority, path).await };
    tokio::time::timeout(LIMIT, ask).await?
}

/// Asks at a Unix socket.
pub(crate) async fn over_socket(socket: &Path, path: &str) -> Result<Answer, Failure> {
    let ask = async { ask(UnixStream::connect(socket).await?, "localhost", path).await };
    tokio::time::timeout(LIMIT, ask).await?
}

async fn ask<S>(stream: S, host: &str, path: &str) -> Result<Answer, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let request = Request::get(path)
        .header(HOST, host)
        .body(Full::default())?;
    exchange(stream, request).await
}

/// Sends one request over a connection and reads the answer, as far as it is not too large. The caller bounds the time.
pub(crate) async fn exchange<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Answer, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    // The sender goes with the exchange: the connection ends when it does.
    let exchange = async move {
        let response = sender.send_request(request).await?;
        let status = response.status();
        let body = Limited::new(response.into_body(), LARGEST)
            .collect()
            .await?;
        Ok((status, body.to_bytes()))
    };
    // The connection has to be driven beside the request.
    let (answer, _ended) = tokio::join!(exchange, async {
        connection.await.ok();
    });
    answer
}
