//! An app behind the gateway: a real HTTP server with a real lease, that does what the path says.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::StreamExt;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use registry::{Entry, HostId, InstanceId, Keyring, Lease, LeaseTiming, UnixAddress};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::{Notify, broadcast};
use tokio_stream::wrappers::BroadcastStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::given::{id, secret};

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// How an app is.
pub(crate) struct PeerOptions {
    pub(crate) entry: Entry,
    pub(crate) unix: Option<PathBuf>,
    pub(crate) keyring: Keyring,
    pub(crate) timing: LeaseTiming,
    /// Speaks HTTP/2 and nothing else.
    pub(crate) http2: bool,
}

impl PeerOptions {
    pub(crate) fn new(app: &str) -> Self {
        let start = platform::Clock::system().now();
        let mut entry = Entry::new(id(app), InstanceId::random(), start, String::new());
        entry.prefixes = vec![format!("/app/{app}"), format!("/api/{app}")];
        Self {
            entry,
            unix: None,
            keyring: Keyring::Secret(secret()),
            timing: LeaseTiming::default(),
            http2: false,
        }
    }
}

/// A running instance.
pub(crate) struct Peer {
    pub(crate) instance: InstanceId,
    pub(crate) address: SocketAddr,
    pub(crate) shared: Arc<Shared>,
    lease: Option<Lease>,
    closing: CancellationToken,
    connections: TaskTracker,
}

/// What a test sees and steers of an instance.
pub(crate) struct Shared {
    name: String,
    http2: bool,
    pub(crate) requests: AtomicUsize,
    pub(crate) over_unix: AtomicUsize,
    pub(crate) release: Notify,
    pub(crate) events: broadcast::Sender<String>,
}

impl Peer {
    /// Listens, then registers.
    pub(crate) async fn start(redis: &str, options: PeerOptions) -> Self {
        let PeerOptions {
            mut entry,
            unix,
            keyring,
            timing,
            http2,
        } = options;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        entry.http = format!("http://{address}");
        let shared = Arc::new(Shared {
            name: entry.instance.to_string(),
            http2,
            requests: AtomicUsize::new(0),
            over_unix: AtomicUsize::new(0),
            release: Notify::new(),
            events: broadcast::channel(64).0,
        });
        let closing = CancellationToken::new();
        let connections = TaskTracker::new();
        if let Some(path) = unix {
            let listener = UnixListener::bind(&path).unwrap();
            let path = path.display().to_string();
            entry.unix = Some(UnixAddress {
                path,
                host_id: HostId::of_this_machine(),
            });
            let (shared, closing, connections) =
                (Arc::clone(&shared), closing.clone(), connections.clone());
            TaskTracker::new().spawn(async move {
                while let Some(Ok((stream, _))) =
                    closing.run_until_cancelled(listener.accept()).await
                {
                    shared.over_unix.fetch_add(1, Ordering::SeqCst);
                    serve(TokioIo::new(stream), &shared, &closing, &connections);
                }
            });
        }
        {
            let (shared, closing, connections) =
                (Arc::clone(&shared), closing.clone(), connections.clone());
            TaskTracker::new().spawn(async move {
                while let Some(Ok((stream, _))) =
                    closing.run_until_cancelled(listener.accept()).await
                {
                    stream.set_nodelay(true).unwrap();
                    serve(TokioIo::new(stream), &shared, &closing, &connections);
                }
            });
        }
        let client = registry::connect(redis).await.unwrap();
        let lease = Lease::register(client, keyring, entry, timing)
            .await
            .unwrap();
        let instance = lease.entry().await.instance;
        Self {
            instance,
            address,
            shared,
            lease: Some(lease),
            closing,
            connections,
        }
    }

    pub(crate) fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::SeqCst)
    }

    /// Waits until a newer process has taken the place of this instance.
    pub(crate) async fn fenced(&self) {
        self.lease.as_ref().unwrap().fenced().await;
    }

    /// Stops as the platform does: tells, waits until gateways know, closes the listener, finishes what it has.
    pub(crate) async fn stop(mut self) {
        let lease = self.lease.take().unwrap();
        lease.drain().await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        self.closing.cancel();
        self.connections.close();
        self.connections.wait().await;
        lease.release().await.unwrap();
    }

    /// Dies without a word: the lease stays, nobody listens.
    pub(crate) async fn die(&mut self) {
        drop(self.lease.take());
        self.closing.cancel();
        testkit::eventually("the listener is closed", async || {
            tokio::net::TcpStream::connect(self.address).await.is_err()
        })
        .await;
    }
}

fn serve<S>(
    stream: TokioIo<S>,
    shared: &Arc<Shared>,
    closing: &CancellationToken,
    connections: &TaskTracker,
) where
    TokioIo<S>: hyper::rt::Read + hyper::rt::Write + Unpin,
    S: Send + 'static,
{
    let (shared, closing) = (Arc::clone(shared), closing.clone());
    connections.spawn(async move {
        let http2 = shared.http2;
        let service = service_fn(move |request| {
            let shared = Arc::clone(&shared);
            async move { answer(&shared, request).await }
        });
        if http2 {
            let connection = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
                .serve_connection(stream, service);
            let mut connection = std::pin::pin!(connection);
            tokio::select! {
                _ = connection.as_mut() => {}
                () = closing.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    let _ = connection.await;
                }
            }
            return;
        }
        let connection = hyper::server::conn::http1::Builder::new()
            .max_headers(144)
            .serve_connection(stream, service)
            .with_upgrades();
        let mut connection = std::pin::pin!(connection);
        tokio::select! {
            _ = connection.as_mut() => {}
            () = closing.cancelled() => {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
        }
    });
}

/// An error makes hyper close the connection without an answer.
async fn answer(
    shared: &Arc<Shared>,
    request: Request<Incoming>,
) -> Result<Response<Body>, std::io::Error> {
    shared.requests.fetch_add(1, Ordering::SeqCst);
    let path = request.uri().path().to_owned();
    let reported = request.headers().get("x-report").cloned();
    let word = path
        .rsplit('/')
        .find(|word| !word.is_empty())
        .unwrap_or_default();
    let mut response = match word {
        "sse" => events(shared),
        "ws" => websocket(request),
        "held" => {
            shared.release.notified().await;
            text("released")
        }
        "hang" => std::future::pending().await,
        "break" => return Err(std::io::Error::other("as asked")),
        "chatty" => chatty(),
        "trailers" => trailers(),
        "304" => with_status(StatusCode::NOT_MODIFIED),
        "204" => with_status(StatusCode::NO_CONTENT),
        "early" => {
            // Answers without reading the body.
            let mut response = text("no");
            *response.status_mut() = StatusCode::CONFLICT;
            response
        }
        "large" => text(&"x".repeat(1_000_000)),
        "truncated" => truncated(shared),
        _ => echo(request).await,
    };
    let name = shared.name.parse().unwrap();
    response.headers_mut().insert("x-instance", name);
    if let Some(template) = reported {
        response.headers_mut().insert("cloud-route", template);
    }
    Ok(response)
}

fn text(text: &str) -> Response<Body> {
    Response::new(Full::new(Bytes::from(text.to_owned())).boxed_unsync())
}

fn with_status(status: StatusCode) -> Response<Body> {
    let mut response = text("");
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert("etag", "\"1\"".parse().unwrap());
    response
}

async fn echo(request: Request<Incoming>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let headers: Vec<(String, String)> = head
        .headers
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let collected = body.collect().await;
    let (body, trailers) = match collected {
        Ok(collected) => {
            let trailers = collected
                .trailers()
                .map(|trailers| trailers.keys().map(ToString::to_string).collect());
            (collected.to_bytes().len(), trailers)
        }
        Err(_) => (0, None),
    };
    let trailers: Vec<String> = trailers.unwrap_or_default();
    let report = serde_json::json!({
        "method": head.method.as_str(),
        "target": head.uri.to_string(),
        "headers": headers,
        "body": body,
        "trailers": trailers,
    });
    let mut response = text(&report.to_string());
    response
        .headers_mut()
        .insert("content-type", "application/json".parse().unwrap());
    response
}

fn events(shared: &Shared) -> Response<Body> {
    let stream = BroadcastStream::new(shared.events.subscribe()).map(|event| {
        let event = event.unwrap_or_else(|_| "end".to_owned());
        Ok(Frame::data(Bytes::from(format!("data: {event}\n\n"))))
    });
    let mut response = Response::new(StreamBody::new(stream).boxed_unsync());
    response
        .headers_mut()
        .insert("content-type", "text/event-stream".parse().unwrap());
    response
}

/// Says of itself what a browser need not know, and tries to set what only auth may.
fn chatty() -> Response<Body> {
    let mut response = text("chatty");
    let headers = response.headers_mut();
    for (name, value) in [
        ("server", "peer/1"),
        ("x-powered-by", "peer"),
        ("cloud-secret", "1"),
        ("connection", "x-hop"),
        ("x-hop", "1"),
        ("set-cookie", "cloud=stolen; Path=/"),
        ("set-cookie", "own=1"),
        ("x-request-id", "made-up"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", "default-src 'self'"),
    ] {
        headers.append(name, value.parse().unwrap());
    }
    response
}

fn trailers() -> Response<Body> {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-sum", "42".parse().unwrap());
    let frames = [Frame::data(Bytes::from("body")), Frame::trailers(trailers)];
    let body = StreamBody::new(futures_util::stream::iter(frames.map(Ok)));
    let mut response = Response::new(body.boxed_unsync());
    response
        .headers_mut()
        .insert("trailer", "x-sum".parse().unwrap());
    response
}

/// Promises more than it sends, and breaks off when told.
fn truncated(shared: &Arc<Shared>) -> Response<Body> {
    let first = futures_util::stream::iter([Ok(Frame::data(Bytes::from("short")))]);
    let shared = Arc::clone(shared);
    let rest = futures_util::stream::once(async move {
        shared.release.notified().await;
        Ok(Frame::data(Bytes::new()))
    });
    let body = StreamBody::new(first.chain(rest));
    let mut response = Response::new(body.boxed_unsync());
    response
        .headers_mut()
        .insert("content-length", "100".parse().unwrap());
    response
}

/// Echoes messages.
fn websocket(mut request: Request<Incoming>) -> Response<Body> {
    let key = request
        .headers()
        .get("sec-websocket-key")
        .map(|key| derive_accept_key(key.as_bytes()));
    let Some(key) = key else {
        return with_status(StatusCode::BAD_REQUEST);
    };
    if !request.headers().contains_key("upgrade") {
        return with_status(StatusCode::UPGRADE_REQUIRED);
    }
    let upgrade = hyper::upgrade::on(&mut request);
    TaskTracker::new().spawn(async move {
        let upgraded = TokioIo::new(upgrade.await.unwrap());
        let socket = WebSocketStream::from_raw_socket(upgraded, Role::Server, None).await;
        let (sink, stream) = socket.split();
        let _ = stream.forward(sink).await;
    });
    let mut response = text("");
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert("connection", "Upgrade".parse().unwrap());
    headers.insert("upgrade", "websocket".parse().unwrap());
    headers.insert("sec-websocket-accept", key.parse().unwrap());
    response
}
