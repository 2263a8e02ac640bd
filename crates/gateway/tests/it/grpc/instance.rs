//! An instance that answers gRPC: a real server over HTTP/2 without TLS, that does what the method says. Every method is
//! served as a stream of messages both ways, which is what all four kinds are on the wire.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::{Stream, StreamExt, stream};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use registry::PrefixPolicy;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::metadata::MetadataValue;
use tonic::{Request, Response, Status, Streaming};
use tonic_prost::ProstCodec;

use crate::given::Platform;
use crate::peer::Peer;

/// Where calls to it begin.
pub(crate) const PREFIX: &str = "/test.Echo";

type Answers = Pin<Box<dyn Stream<Item = Result<String, Status>> + Send>>;

/// What a test sees and steers of an instance.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) calls: AtomicUsize,
    pub(crate) messages: AtomicUsize,
    pub(crate) connections: AtomicUsize,
    pub(crate) cancelled: AtomicUsize,
    pub(crate) release: Notify,
}

/// Where gRPC is answered.
pub(crate) struct Instance {
    pub(crate) address: SocketAddr,
    pub(crate) seen: Arc<Seen>,
    stop: CancellationToken,
    connections: TaskTracker,
}

impl Instance {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let instance = Self {
            address: listener.local_addr().unwrap(),
            seen: Arc::default(),
            stop: CancellationToken::new(),
            connections: TaskTracker::new(),
        };
        let (seen, stop) = (Arc::clone(&instance.seen), instance.stop.clone());
        let connections = instance.connections.clone();
        TaskTracker::new().spawn(async move {
            while let Some(Ok((stream, _))) = stop.run_until_cancelled(listener.accept()).await {
                seen.connections.fetch_add(1, Ordering::SeqCst);
                serve(stream, &seen, &stop, &connections);
            }
        });
        instance
    }

    /// An app whose instance this is, and whose policy allows calls.
    pub(crate) async fn register(
        &self,
        platform: &Platform,
        change: impl FnOnce(&mut PrefixPolicy),
    ) -> Peer {
        let mut policy = PrefixPolicy {
            prefix: PREFIX.to_owned(),
            grpc: Some(true),
            ..PrefixPolicy::default()
        };
        change(&mut policy);
        let address = self.address;
        platform
            .app_with("echo", |options| {
                options.entry.prefixes.push(PREFIX.to_owned());
                options.entry.grpc = Some(format!("http://{address}"));
                options.entry.policy = vec![policy];
            })
            .await
    }

    /// Says goodbye on every connection, finishes what it has, and listens no more.
    pub(crate) async fn stop(&self) {
        self.stop.cancel();
        self.connections.close();
        self.connections.wait().await;
    }

    pub(crate) fn calls(&self) -> usize {
        self.seen.calls.load(Ordering::SeqCst)
    }
}

fn serve(
    stream: tokio::net::TcpStream,
    seen: &Arc<Seen>,
    stop: &CancellationToken,
    connections: &TaskTracker,
) {
    stream.set_nodelay(true).unwrap();
    let (seen, stop) = (Arc::clone(seen), stop.clone());
    connections.spawn(async move {
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let name = request.uri().path().rsplit('/').next().unwrap().to_owned();
            let headers = format!("{:?}", request.headers());
            let method = Method {
                name,
                headers,
                seen: Arc::clone(&seen),
            };
            async move {
                let codec = ProstCodec::<String, String>::default();
                let mut grpc = tonic::server::Grpc::new(codec);
                Ok::<_, std::convert::Infallible>(grpc.streaming(method, request).await)
            }
        });
        let connection = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = std::pin::pin!(connection);
        tokio::select! {
            _ = connection.as_mut() => {}
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
        }
    });
}

struct Method {
    name: String,
    headers: String,
    seen: Arc<Seen>,
}

/// Notes that an answer was thrown away before its end.
struct Watched(Arc<Seen>);

impl Drop for Watched {
    fn drop(&mut self) {
        self.0.cancelled.fetch_add(1, Ordering::SeqCst);
    }
}

impl tonic::server::StreamingService<String> for Method {
    type Response = String;
    type ResponseStream = Answers;
    type Future =
        Pin<Box<dyn Future<Output = Result<Response<Self::ResponseStream>, Status>> + Send>>;

    fn call(&mut self, request: Request<Streaming<String>>) -> Self::Future {
        let (name, headers, seen) = (
            self.name.clone(),
            std::mem::take(&mut self.headers),
            Arc::clone(&self.seen),
        );
        seen.calls.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move { answer(&name, headers, seen, request.into_inner()).await })
    }
}

async fn answer(
    name: &str,
    headers: String,
    seen: Arc<Seen>,
    mut messages: Streaming<String>,
) -> Result<Response<Answers>, Status> {
    let answers: Answers = match name {
        // Each message back as it comes.
        "Echo" => Box::pin(messages.inspect(move |_| {
            seen.messages.fetch_add(1, Ordering::SeqCst);
        })),
        // As many messages as the first one says.
        "Count" => {
            let first = messages.message().await?.unwrap_or_default();
            let most: usize = first.parse().unwrap();
            Box::pin(stream::iter((0..most).map(|number| Ok(number.to_string()))))
        }
        // All messages in one.
        "Join" => {
            let mut all = String::new();
            while let Some(message) = messages.message().await? {
                all.push_str(&message);
            }
            Box::pin(stream::iter([Ok(all)]))
        }
        // What the request was like.
        "Headers" => Box::pin(stream::iter([Ok(headers)])),
        // One message, and then an error with something to say.
        "Fail" => {
            let mut status = Status::data_loss("nothing is left: 100 %");
            let detail = MetadataValue::from_bytes(b"\0\x01detail");
            status.metadata_mut().insert_bin("x-detail-bin", detail);
            Box::pin(stream::iter([Ok("one".to_owned()), Err(status)]))
        }
        "Refuse" => return Err(Status::already_exists("there is one")),
        // One message, and then nothing.
        "Hang" => {
            let watched = Watched(seen);
            let rest = stream::once(async move {
                let _watched = watched;
                std::future::pending().await
            });
            Box::pin(stream::iter([Ok("one".to_owned())]).chain(rest))
        }
        "Never" => {
            let _watched = Watched(seen);
            std::future::pending().await
        }
        "Held" => {
            seen.release.notified().await;
            Box::pin(stream::iter([Ok("released".to_owned())]))
        }
        _ => return Err(Status::unimplemented("no such method")),
    };
    Ok(Response::new(answers))
}
