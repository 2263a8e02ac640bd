//! Starting and stopping a gateway, in a process of its own or beside the apps.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use fred::clients::Client;
use fred::interfaces::ClientLike;
use platform::telemetry::Scope;
use platform::{Clock, Health, Host, Lifecycle, StartError};
use registry::{AppId, Watch};
use rpc::Origin;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use crate::config::GatewayConfig;
use crate::gateway::{Gateway, Places, Totals};
use crate::probe;
use crate::rates::Rates;
use crate::routes::Follower;
use crate::sessions::{Sessions, revocations};
use crate::signing::Signing;
use crate::table::Table;
use crate::via::Via;
use crate::worker;
use crate::{internal, listen};

/// The gateway's own name, as auth and the registry know it.
const ID: &str = "gateway";

/// What a gateway shares with the process it runs in.
#[derive(Clone, Debug)]
pub struct Edge {
    /// The connection to Redis. May be away.
    pub redis: Client,
    /// Who is registered.
    pub registry: Watch,
    /// The time.
    pub clock: Clock,
    /// The lifecycle of the process.
    pub lifecycle: Lifecycle,
}

impl From<&Host> for Edge {
    fn from(host: &Host) -> Self {
        Self {
            redis: host.redis().clone(),
            registry: host.registry().clone(),
            clock: host.clock().clone(),
            lifecycle: host.lifecycle().clone(),
        }
    }
}

/// A gateway that listens.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    lifecycle: Lifecycle,
    ended: CancellationToken,
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Begins to stop: accepts nothing more, lets requests in flight finish.
    pub fn stop(&self) {
        self.lifecycle.shutdown();
    }

    /// Resolves when it has stopped.
    pub async fn stopped(&self) {
        self.ended.cancelled().await;
    }
}

/// Runs a gateway beside the apps of a host.
pub async fn run(host: &Host, config: GatewayConfig) -> Result<Running, StartError> {
    run_at(Edge::from(host), config).await
}

/// Runs a gateway. It listens when this returns, and stops with the process or by [`Running::stop`].
pub async fn run_at(edge: Edge, config: GatewayConfig) -> Result<Running, StartError> {
    let id = AppId::new(ID).map_err(|error| StartError::Declaration(error.to_string()))?;
    let scope = Scope::app(&id);
    let lifecycle = edge.lifecycle.child(scope.clone());
    scope.run(start(edge, config, id, lifecycle)).await
}

async fn start(
    edge: Edge,
    config: GatewayConfig,
    id: AppId,
    lifecycle: Lifecycle,
) -> Result<Running, StartError> {
    let listeners = listen::all(config.listen, config.workers)
        .map_err(|error| StartError::failed(format!("listening on {}", config.listen), error))?;
    let address = listeners
        .first()
        .ok_or_else(|| std::io::Error::other("there are no workers"))
        .and_then(std::net::TcpListener::local_addr)
        .map_err(|error| StartError::failed("listening", error))?;
    let gateway = Arc::new(gateway(&edge, config, &id, &lifecycle)?);
    check_redis(&gateway.health, &edge.redis);

    let follower = Follower::new(Arc::clone(&gateway), edge.registry.clone(), id);
    lifecycle.spawn("routes", follower.run());
    lifecycle.spawn(
        "probes",
        probe::follow(Arc::clone(&gateway), edge.registry.clone()),
    );
    lifecycle.spawn(
        "revocations",
        revocations::follow(Arc::clone(&gateway), edge.redis.clone()),
    );
    let signing = Arc::clone(&gateway.signing);
    lifecycle.spawn(
        "signing key",
        signing.follow(edge.clock.clone(), lifecycle.hard().clone()),
    );

    if let Some(address) = gateway.config.internal {
        let listener = internal::listen(address)
            .await
            .map_err(|error| StartError::failed(format!("listening on {address}"), error))?;
        lifecycle.spawn(
            "internal listener",
            internal::serve(Arc::clone(&gateway), listener),
        );
    }
    let ended = CancellationToken::new();
    let serving = serve(&gateway, listeners)?;
    edge.lifecycle.spawn(
        "gateway",
        serving.drain(lifecycle.clone(), gateway.config.drain, ended.clone()),
    );
    tracing::info!(%address, "gateway is ready");
    Ok(Running {
        address,
        lifecycle,
        ended,
    })
}

fn gateway(
    edge: &Edge,
    config: GatewayConfig,
    id: &AppId,
    lifecycle: &Lifecycle,
) -> Result<Gateway, StartError> {
    let secret = config.keyring.secret().cloned();
    let secret =
        secret.ok_or_else(|| StartError::Declaration("a gateway needs APP_SECRET".to_owned()))?;
    let auth = rpc::auth::client(Origin {
        app: id.clone(),
        keyring: config.keyring.clone(),
        registry: edge.registry.clone(),
        clock: edge.clock.clone(),
    });
    Ok(Gateway {
        origin: config.app_url.origin().ascii_serialization(),
        is_secure: config.app_url.scheme() == "https",
        config,
        table: ArcSwap::from_pointee(Table::default()),
        sessions: Sessions::new(auth.clone(), edge.clock.clone()),
        signing: Arc::new(Signing::new(auth, secret)),
        clock: edge.clock.clone(),
        health: Health::new(),
        lifecycle: lifecycle.clone(),
        places: Arc::new(Places::default()),
        totals: Totals::default(),
        rates: Rates::new(),
        via: Via::new(),
        doubt: Notify::new(),
    })
}

/// The gateway serves without Redis, but operators should know.
fn check_redis(health: &Health, redis: &Client) {
    let redis = redis.clone();
    health.register("redis", move || {
        let redis = redis.clone();
        async move {
            if !redis.is_connected() {
                return Err("not connected".to_owned());
            }
            redis
                .ping::<()>(None)
                .await
                .map_err(|error| error.to_string())
        }
    });
}

/// The workers at work.
struct Serving {
    closing: CancellationToken,
    hard: CancellationToken,
    /// Ends when every worker has.
    running: mpsc::Receiver<()>,
}

fn serve(
    gateway: &Arc<Gateway>,
    listeners: Vec<std::net::TcpListener>,
) -> Result<Serving, StartError> {
    let closing = CancellationToken::new();
    let hard = gateway.lifecycle.hard().child_token();
    let (ended, running) = mpsc::channel(1);
    for (number, listener) in listeners.into_iter().enumerate() {
        let task = worker::Task {
            gateway: Arc::clone(gateway),
            listener,
            closing: closing.clone(),
            hard: hard.clone(),
            ended: ended.clone(),
        };
        worker::spawn(task, number)
            .map_err(|error| StartError::failed("starting a worker", error))?;
    }
    Ok(Serving {
        closing,
        hard,
        running,
    })
}

impl Serving {
    /// Waits for the stop, then lets connections finish what they have.
    async fn drain(mut self, lifecycle: Lifecycle, limit: Duration, ended: CancellationToken) {
        let _ended = ended.drop_guard();
        lifecycle.soft().cancelled().await;
        self.closing.cancel();
        tokio::select! {
            _none = self.running.recv() => {}
            () = lifecycle.hard().cancelled() => {}
            () = tokio::time::sleep(limit) => {
                tracing::warn!("connections were still open at the end of the drain");
            }
        }
        self.hard.cancel();
        self.running.recv().await;
        lifecycle.abort();
        lifecycle.idle().await;
    }
}
