//! Listening: TCP and a Unix socket for HTTP, TCP for gRPC, and the life of each connection.
//!
//! Owns the limits a connection has to keep and its graceful end. What is answered is the front's.

use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::rt::Executor;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Addresses;
use super::front::{Connected, Front};
use super::grpc;
use crate::app::Declaration;
use crate::boot::{Boot, StartError};
use crate::http::{StackConfig, stack};
use crate::lifecycle::Lifecycle;
use crate::routes::Routes;
use crate::service::{PageErrors, Service};

/// A client has this long to send the head of a request.
const HEAD_LIMIT: Duration = Duration::from_secs(10);
/// Largest head of a request: what a gateway lets in (64 KiB, 128 fields) and what it adds.
const HEAD_SIZE: usize = 80 * 1024;
const MOST_HEADERS: usize = 144;
/// Requests at once on one HTTP/2 connection.
const MOST_STREAMS: u32 = 512;
/// Connections at once on one listener.
const MOST_CONNECTIONS: usize = 10_000;
/// An HTTP/2 peer that is silent for this long is asked whether it is there.
const PING_AFTER: Duration = Duration::from_secs(20);
/// Pause after a failed accept, which mostly means that file descriptors have run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// A path longer than this does not fit into a socket address.
const LONGEST_SOCKET_PATH: usize = 107;

/// Who is at the other end of a connection. A request extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Peer {
    /// A TCP client.
    Tcp(SocketAddr),
    /// A process on this machine.
    Unix,
}

/// An app's open listeners and what is needed to close them.
pub(super) struct Listening {
    pub(super) addresses: Addresses,
    /// Cancelled to take no more connections and to end each after its current requests.
    pub(super) closing: CancellationToken,
    pub(super) connections: TaskTracker,
    _socket_file: Option<SocketFile>,
}

/// Removes the socket's file when the listener is gone.
struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        // Somebody may have removed it, or taken its place by now; either way it is not ours.
        let _removed = std::fs::remove_file(&self.0);
    }
}

/// What all connections of an app have in common.
#[derive(Clone)]
struct Serving {
    lifecycle: Lifecycle,
    closing: CancellationToken,
    connections: TaskTracker,
}

/// Opens the listeners of an app and serves on them.
pub(super) async fn listen(
    boot: &Boot,
    declaration: &Declaration,
    service: Service,
) -> Result<Listening, StartError> {
    let config = &boot.config;
    let serving = Serving {
        lifecycle: boot.lifecycle.clone(),
        closing: CancellationToken::new(),
        connections: TaskTracker::new(),
    };
    let Service {
        routes,
        grpc,
        pages,
        layers,
    } = service;
    let routes = layers.into_iter().fold(routes, Routes::wrap);
    let front = Front::http(stack(routes, layers_of(boot, declaration, pages)), boot);

    let (tcp, http) = bind(SocketAddr::new(config.host, config.port)).await?;
    let unix = match &config.unix_dir {
        Some(directory) => Some(bind_unix(
            directory,
            &format!("{}-{}.sock", boot.app, boot.instance),
        )?),
        None => None,
    };
    let grpc = match grpc {
        Some(services) => {
            let bound = bind(SocketAddr::new(config.host, config.grpc_port)).await?;
            Some((bound, Front::grpc(grpc::surround(services))))
        }
        None => None,
    };

    let mut addresses = Addresses {
        http,
        unix: None,
        grpc: None,
    };
    serving.accept("http listener", Tcp(tcp), front.clone());
    let mut socket_file = None;
    if let Some((listener, path)) = unix {
        addresses.unix = Some(path.clone());
        socket_file = Some(SocketFile(path));
        serving.accept("unix listener", Unix(listener), front);
    }
    if let Some(((listener, address), front)) = grpc {
        addresses.grpc = Some(address);
        serving.accept("grpc listener", Tcp(listener), front);
    }
    Ok(Listening {
        addresses,
        closing: serving.closing,
        connections: serving.connections,
        _socket_file: socket_file,
    })
}

/// What the platform's layers around this app need to know.
fn layers_of(boot: &Boot, declaration: &Declaration, pages: Option<PageErrors>) -> StackConfig {
    let mut config = StackConfig::new(
        boot.app.clone(),
        boot.config.app_url.clone(),
        boot.clock.clone(),
        boot.identity.clone(),
    );
    config.pages = pages;
    config.policies.clone_from(&declaration.policy);
    config.meter = boot.meter.clone();
    config
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |error| StartError::failed(format!("listening on {address}"), error);
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

fn bind_unix(directory: &Path, name: &str) -> Result<(UnixListener, PathBuf), StartError> {
    let path = directory.join(name);
    let failed =
        |error: io::Error| StartError::failed(format!("listening on {}", path.display()), error);
    if path.as_os_str().len() > LONGEST_SOCKET_PATH {
        return Err(failed(io::Error::other(
            "the path is too long for a socket",
        )));
    }
    std::fs::create_dir_all(directory).map_err(failed)?;
    // The name is this instance's own: a file of that name was left by a process that was killed.
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let listener = UnixListener::bind(&path).map_err(failed)?;
    // For the gateway, which may run as another user of the same group; for nobody else.
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o660)).map_err(failed)?;
    Ok((listener, path))
}

/// Something that connections come from.
trait Accept: Send + 'static {
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;
    fn accept(&mut self) -> impl Future<Output = io::Result<(Self::Stream, Peer)>> + Send;
}

struct Tcp(TcpListener);
struct Unix(UnixListener);

impl Accept for Tcp {
    type Stream = tokio::net::TcpStream;

    async fn accept(&mut self) -> io::Result<(Self::Stream, Peer)> {
        let (stream, address) = self.0.accept().await?;
        // Fails when the client is gone already, which the connection will notice by itself.
        let _set = stream.set_nodelay(true);
        Ok((stream, Peer::Tcp(address)))
    }
}

impl Accept for Unix {
    type Stream = tokio::net::UnixStream;

    async fn accept(&mut self) -> io::Result<(Self::Stream, Peer)> {
        let (stream, _) = self.0.accept().await?;
        Ok((stream, Peer::Unix))
    }
}

impl Serving {
    fn accept<A: Accept>(&self, name: &'static str, mut listener: A, front: Front) {
        let serving = self.clone();
        let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        self.lifecycle.spawn(name, async move {
            loop {
                let next = async {
                    // Full: the next connection waits in the kernel until one has ended.
                    let place = Arc::clone(&room).acquire_owned().await;
                    (place, listener.accept().await)
                };
                let (place, accepted) = tokio::select! {
                    () = serving.closing.cancelled() => return,
                    next = next => next,
                };
                match accepted {
                    Ok((stream, peer)) => {
                        let connected = Connected {
                            front: front.clone(),
                            peer,
                            lifecycle: serving.lifecycle.clone(),
                        };
                        let connection = serving.clone().serve(stream, connected);
                        // Held until the connection ends, so that a drain can wait for it.
                        let token = serving.connections.token();
                        serving.lifecycle.spawn_contained("connection", async move {
                            let _held = (place, token);
                            connection.await;
                        });
                    }
                    Err(error) => {
                        tracing::warn!(%error, listener = name, "accepting a connection failed");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                }
            }
        });
    }

    async fn serve<S>(self, stream: S, service: Connected)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let builder = builder(Streams(self.lifecycle.clone()));
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.closing.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            // Clients go away all the time; it is no event of ours.
            tracing::debug!(error, "a connection broke");
        }
    }
}

fn builder(executor: Streams) -> Builder<Streams> {
    let mut builder = Builder::new(executor);
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT)
        .max_headers(MOST_HEADERS)
        .max_buf_size(HEAD_SIZE)
        .keep_alive(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(MOST_STREAMS)
        .max_header_list_size(u32::try_from(HEAD_SIZE).unwrap_or(u32::MAX))
        .keep_alive_interval(PING_AFTER)
        .adaptive_window(true);
    builder
}

/// Runs the streams of an HTTP/2 connection as tasks of the app.
#[derive(Clone)]
struct Streams(Lifecycle);

impl<F> Executor<F> for Streams
where
    F: Future + Send + 'static,
{
    fn execute(&self, stream: F) {
        self.0.spawn_contained("stream", async move {
            stream.await;
        });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use axum::Router;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    use super::*;

    /// A client's end of a connection to an app that greets.
    fn connect() -> (DuplexStream, Serving) {
        let serving = Serving {
            lifecycle: Lifecycle::new(),
            closing: CancellationToken::new(),
            connections: TaskTracker::new(),
        };
        let (client, server) = duplex(1024);
        let router = Router::new().route("/", get(async || "hello"));
        let front = Front::grpc(router);
        let peer = Peer::Unix;
        let connected = Connected {
            front,
            peer,
            lifecycle: serving.lifecycle.clone(),
        };
        let connection = serving.clone().serve(server, connected);
        serving.lifecycle.spawn("connection", connection);
        (client, serving)
    }

    async fn rest(client: &mut DuplexStream) -> String {
        let mut text = String::new();
        client.read_to_string(&mut text).await.unwrap();
        text
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_finish_its_head_is_hung_up_on() {
        let (mut client, _serving) = connect();
        client
            .write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ")
            .await
            .unwrap();
        // Time moves on only when everybody waits, so this ends at the limit or never.
        let waited = tokio::time::timeout(HEAD_LIMIT * 2, rest(&mut client)).await;
        let answer = waited.unwrap();
        assert!(!answer.contains("hello"), "{answer}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_connection_is_closed_when_the_listener_closes() {
        let (mut client, serving) = connect();
        client
            .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            .await
            .unwrap();
        let mut head = [0; 15];
        client.read_exact(&mut head).await.unwrap();
        assert_eq!(&head, b"HTTP/1.1 200 OK");
        serving.closing.cancel();
        // Long before the limit on idle clients would close it anyway.
        let waited = tokio::time::timeout(HEAD_LIMIT / 2, rest(&mut client)).await;
        assert!(waited.unwrap().ends_with("hello"));
    }

    /// A refusal before the body arrived, and what was answered to what came after the body.
    async fn refused_then(head: &str, body: &[u8]) -> String {
        let (mut client, _serving) = connect();
        let head = format!("POST /nowhere HTTP/1.1\r\nhost: x\r\n{head}\r\n");
        client.write_all(head.as_bytes()).await.unwrap();
        let mut status = [0; 12];
        client.read_exact(&mut status).await.unwrap();
        assert_eq!(&status, b"HTTP/1.1 404");
        // The server may hang up while the rest is still on its way.
        let (mut reads, mut writes) = tokio::io::split(client);
        let write = async {
            writes.write_all(body).await?;
            let next = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
            writes.write_all(next).await
        };
        let mut text = String::new();
        let (_, read) = tokio::join!(write, reads.read_to_string(&mut text));
        read.unwrap();
        text
    }

    #[tokio::test]
    async fn what_nobody_reads_of_a_body_keeps_nobody_from_the_answer() {
        let answers = refused_then("content-length: 5\r\n", b"12345").await;
        assert!(answers.ends_with("hello"), "{answers}");
        let chunks = b"3\r\nabc\r\n0\r\n\r\n";
        let answers = refused_then("transfer-encoding: chunked\r\n", chunks).await;
        assert!(answers.ends_with("hello"), "{answers}");
    }

    #[tokio::test]
    async fn a_body_that_is_long_or_waits_to_be_asked_for_is_not_read_for_nothing() {
        let long = vec![b'x'; 512 * 1024];
        let answers = refused_then("content-length: 524288\r\n", &long).await;
        assert!(!answers.contains("hello"), "{answers}");
        let waits = "content-length: 5\r\nexpect: 100-continue\r\n";
        let answers = refused_then(waits, b"").await;
        assert!(!answers.contains("100 Continue"), "{answers}");
        assert!(!answers.contains("hello"), "{answers}");
    }
}
