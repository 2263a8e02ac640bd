//! What the measurements run on: a private Redis, a gateway in this process, apps with real sockets and leases, and
//! clients that keep one connection each.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use gateway::{Edge, GatewayConfig, Running, run_at};
use http_body_util::{BodyExt, Empty, Full};
use hyper::client::conn::http1::SendRequest;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use platform::telemetry::Telemetry;
use platform::{Clock, Environment, Lifecycle};
use registry::{
    AppId, AppSecret, Entry, InstanceId, Keyring, Lease, LeaseTiming, Watch, WatchTiming,
};
use testkit::{SECRET, TestRedis};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long a stopping instance waits for gateways to have read that it drains; as the platform does.
const NOTICE: Duration = Duration::from_millis(300);

/// The test bed.
pub(crate) struct Bed {
    pub(crate) redis: TestRedis,
    pub(crate) watch: Watch,
    running: Running,
    keyring: Keyring,
}

impl Bed {
    pub(crate) async fn start() -> Result<Self> {
        let redis = testkit::redis().await;
        let variables = [
            ("APP_SECRET", SECRET),
            ("REDIS_URL", &redis.url),
            ("CLOUD_ENV", "dev"),
            ("PORT", "0"),
        ];
        let config = GatewayConfig::from_environment(&Environment::from_map(variables))?;
        let lifecycle = Lifecycle::new();
        let keyring = Keyring::Secret(AppSecret::new(SECRET)?);
        let client = registry::connect(&redis.url).await?;
        let stop = lifecycle.hard().child_token();
        let watch = Watch::start(
            client.clone(),
            keyring.clone(),
            WatchTiming::default(),
            stop,
        );
        let edge = Edge {
            redis: client,
            registry: watch.clone(),
            clock: Clock::system(),
            lifecycle,
            telemetry: Telemetry::default(),
        };
        let running = run_at(edge, config).await?;
        watch.ready().await;
        Ok(Self {
            redis,
            watch,
            running,
            keyring,
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.running.address()
    }

    /// Starts an instance. It is registered when this returns.
    pub(crate) async fn instance(&self, app: &str) -> Result<Instance> {
        let instance = Instance::listen(app).await?;
        instance.register(self).await
    }
}

/// An instance of an app: answers everything with two bytes.
pub(crate) struct Instance {
    entry: Entry,
    lease: Option<Lease>,
    closing: CancellationToken,
    connections: TaskTracker,
}

impl Instance {
    /// Listens, without anybody knowing.
    pub(crate) async fn listen(app: &str) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let http = format!("http://{}", listener.local_addr()?);
        let start = Clock::system().now();
        let mut entry = Entry::new(AppId::new(app)?, InstanceId::random(), start, http);
        entry.prefixes = vec![format!("/app/{app}")];
        let (closing, connections) = (CancellationToken::new(), TaskTracker::new());
        TaskTracker::new().spawn(accept(listener, closing.clone(), connections.clone()));
        Ok(Self {
            entry,
            lease: None,
            closing,
            connections,
        })
    }

    /// Registers. The measurement begins when this is called.
    pub(crate) async fn register(mut self, bed: &Bed) -> Result<Self> {
        let client = registry::connect(&bed.redis.url).await?;
        self.commit(client, bed).await?;
        Ok(self)
    }

    /// Registers over a connection that is there already.
    pub(crate) async fn commit(&mut self, client: fred::clients::Client, bed: &Bed) -> Result<()> {
        let timing = LeaseTiming::default();
        let lease =
            Lease::register(client, bed.keyring.clone(), self.entry.clone(), timing).await?;
        self.lease = Some(lease);
        Ok(())
    }

    /// Takes the registration back at once; nobody asks for the app any more.
    pub(crate) async fn leave(mut self) -> Result<()> {
        self.closing.cancel();
        let lease = self.lease.take().context("it was never registered")?;
        lease.release().await?;
        Ok(())
    }

    /// Stops as the platform does: tells, waits, closes the listener, finishes what it has.
    pub(crate) async fn stop(mut self) -> Result<()> {
        let lease = self.lease.take().context("it was never registered")?;
        lease.drain().await?;
        tokio::time::sleep(NOTICE).await;
        self.closing.cancel();
        self.connections.close();
        self.connections.wait().await;
        lease.release().await?;
        Ok(())
    }
}

async fn accept(listener: TcpListener, closing: CancellationToken, connections: TaskTracker) {
    while let Some(Ok((stream, _))) = closing.run_until_cancelled(listener.accept()).await {
        let closing = closing.clone();
        connections.spawn(async move {
            // A connection that breaks shows at the client.
            stream.set_nodelay(true).ok();
            let service = service_fn(async |_| {
                Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"ok"))))
            });
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service);
            let mut connection = std::pin::pin!(connection);
            tokio::select! {
                _ended = connection.as_mut() => {}
                () = closing.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await.ok();
                }
            }
        });
    }
}

/// A client with one connection.
pub(crate) struct Client {
    address: SocketAddr,
    sender: Option<SendRequest<Empty<Bytes>>>,
}

impl Client {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self {
            address,
            sender: None,
        }
    }

    /// Asks once; the status of a whole answer.
    pub(crate) async fn get(&mut self, path: &str) -> Result<StatusCode> {
        let mut sender = match self.sender.take() {
            Some(sender) if !sender.is_closed() => sender,
            _ => connect(self.address).await?,
        };
        sender.ready().await?;
        let request = Request::get(path)
            .header("host", "localhost")
            .body(Empty::new())?;
        let response = sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if status == StatusCode::OK && body != "ok" {
            bail!("a wrong body of {} bytes", body.len());
        }
        self.sender = Some(sender);
        Ok(status)
    }
}

async fn connect(address: SocketAddr) -> Result<SendRequest<Empty<Bytes>>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    TaskTracker::new().spawn(connection);
    Ok(sender)
}
