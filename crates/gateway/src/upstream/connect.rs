//! Opening a connection to an instance.

use std::io::{self, ErrorKind};
use std::time::Duration;

use tokio::net::{TcpStream, UnixStream};

use super::Upstream;
use super::stream::Socket;
use crate::congestion;

/// Longest wait for a connection.
pub(super) const LIMIT: Duration = Duration::from_secs(2);

/// Connects to the socket, and where that is not there, to the address.
pub(crate) async fn open(upstream: &Upstream) -> io::Result<Socket> {
    if let Some(path) = upstream.unix.as_deref() {
        match UnixStream::connect(path).await {
            Ok(stream) => return Ok(Socket::Unix(stream)),
            // A socket that nobody listens on was left by a process that was killed. By now its address may be
            // another app's.
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => return Err(error),
            // Not there: the machine is the same, but the instance lives in another file system.
            Err(_) => {}
        }
    }
    dial(&upstream.tcp).await
}

/// Connects to where the instance answers gRPC, and where it names no such place, to where it answers everything.
pub(crate) async fn open_grpc(upstream: &Upstream) -> io::Result<Socket> {
    match &upstream.grpc {
        Some(address) => dial(address).await,
        None => open(upstream).await,
    }
}

async fn dial(address: &str) -> io::Result<Socket> {
    let stream = tokio::time::timeout(LIMIT, TcpStream::connect(address))
        .await
        .map_err(|_| ErrorKind::TimedOut)??;
    stream.set_nodelay(true)?;
    congestion::ease(&stream, stream.peer_addr()?.ip().to_canonical());
    Ok(Socket::Tcp(stream))
}
