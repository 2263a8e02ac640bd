//! Starting and stopping a gateway, in a process of its own or beside the apps.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use fred::clients::Client;
use fred::interfaces::ClientLike;
use platform::telemetry::{Scope, Telemetry};
use platform::{Clock, Health, Host, Lifecycle, StartError};
use registry::{AppId, AppSecret, InstanceId, Watch};
use rpc::Origin;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use crate::config::GatewayConfig;
use crate::exchange::Door;
use crate::gateway::{Gateway, Places, Totals, measures, snapshot, traffic};
use crate::live::{self, Live};
use crate::probe;
use crate::rates::Rates;
use crate::routes::Follower;
use crate::sessions::{Sessions, revocations};
use crate::signing::Signing;
use crate::table::Table;
use crate::tls::{Foundation, Tls};
use crate::via::Via;
use crate::worker;
use crate::{internal, listen};

/// The gateway's own name, as auth and the registry know it.
pub(crate) const ID: &str = "gateway";

/// Longest wait at a stop for the registry to be told.
const LEAVE: Duration = Duration::from_secs(1);

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
    /// Where logs and metrics go.
    pub telemetry: Telemetry,
}

impl From<&Host> for Edge {
    fn from(host: &Host) -> Self {
        Self {
            redis: host.redis().clone(),
            registry: host.registry().clone(),
            clock: host.clock().clone(),
            lifecycle: host.lifecycle().clone(),
            telemetry: host.telemetry().clone(),
        }
    }
}

/// A gateway that listens.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    plain: Option<SocketAddr>,
    internal: Option<SocketAddr>,
    lifecycle: Lifecycle,
    ended: CancellationToken,
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it redirects plain requests to TLS, where that is on.
    pub fn plain_address(&self) -> Option<SocketAddr> {
        self.plain
    }

    /// Where operators find metrics and health, where that is on.
    pub fn internal_address(&self) -> Option<SocketAddr> {
        self.internal
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
    // Setting TLS up is a large future, and nobody's stack should hold it.
    scope
        .run(Box::pin(start(edge, config, id, lifecycle)))
        .await
}

async fn start(
    edge: Edge,
    config: GatewayConfig,
    id: AppId,
    lifecycle: Lifecycle,
) -> Result<Running, StartError> {
    let doors = doors(&config)?;
    let (address, plain) = (doors.address, doors.plain);
    let tls = match &config.tls {
        Some(tls) => Some(Tls::start(foundation(&edge, &config, &lifecycle)?, tls.clone()).await?),
        None => None,
    };
    // With any free port nobody has been told another one yet.
    let named = config
        .tls
        .as_ref()
        .map(|tls| tls.public_port(&config.app_url));
    let port = named.filter(|port| *port != 0).unwrap_or(address.port());
    let gateway = Arc::new(gateway(&edge, config, &id, (&lifecycle, tls, port))?);
    check_redis(&gateway.health, &edge.redis);
    let own = live::Own {
        origin: origin(&edge, &gateway.config, &id),
        redis: edge.redis.clone(),
        address: plain.unwrap_or(address),
    };
    let left = live::start(&gateway, own);

    let instance = InstanceId::random();
    let began = edge.clock.now();
    edge.telemetry.add_source(
        &id,
        env!("CARGO_PKG_VERSION"),
        &instance,
        measures::source(Arc::clone(&gateway), began),
    );
    snapshot::start(&gateway, &edge, (instance, address));
    lifecycle.spawn("traffic", traffic::tell(Arc::clone(&gateway)));
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

    let internal = match gateway.config.internal {
        Some(address) => Some(open_internal(&gateway, address).await?),
        None => None,
    };
    let ended = CancellationToken::new();
    let serving = serve(&gateway, doors.listeners)?;
    edge.lifecycle.spawn(
        "gateway",
        serving.drain(Arc::clone(&gateway), (left, ended.clone())),
    );
    tracing::info!(%address, "gateway is ready");
    Ok(Running {
        address,
        plain,
        internal,
        lifecycle,
        ended,
    })
}

/// The listening sockets, by worker.
struct Doors {
    listeners: Vec<Vec<(std::net::TcpListener, Door)>>,
    /// Where people come in.
    address: SocketAddr,
    /// The plain port beside TLS.
    plain: Option<SocketAddr>,
}

fn doors(config: &GatewayConfig) -> Result<Doors, StartError> {
    let mut listeners: Vec<Vec<_>> = (0..config.workers).map(|_| Vec::new()).collect();
    let mut open = |port: u16, door: Door| {
        let wanted = SocketAddr::new(config.listen.ip(), port);
        let failed = |error| StartError::failed(format!("listening on {wanted}"), error);
        let all = listen::all(wanted, config.workers).map_err(failed)?;
        let first = all
            .first()
            .ok_or_else(|| std::io::Error::other("there are no workers"));
        let address = first
            .and_then(std::net::TcpListener::local_addr)
            .map_err(failed)?;
        for (worker, listener) in listeners.iter_mut().zip(all) {
            worker.push((listener, door));
        }
        Ok::<_, StartError>(address)
    };
    let (address, plain) = match &config.tls {
        None => (open(config.listen.port(), Door::Plain)?, None),
        Some(tls) => (
            open(tls.port, Door::Tls)?,
            Some(open(tls.plain_port, Door::Redirect)?),
        ),
    };
    Ok(Doors {
        listeners,
        address,
        plain,
    })
}

fn foundation(
    edge: &Edge,
    config: &GatewayConfig,
    lifecycle: &Lifecycle,
) -> Result<Foundation, StartError> {
    Ok(Foundation {
        redis: edge.redis.clone(),
        secret: secret(config)?,
        state_dir: config.state_dir.clone(),
        clock: edge.clock.clone(),
        lifecycle: lifecycle.clone(),
    })
}

fn secret(config: &GatewayConfig) -> Result<AppSecret, StartError> {
    let secret = config.keyring.secret().cloned();
    secret.ok_or_else(|| StartError::Declaration("a gateway needs APP_SECRET".to_owned()))
}

/// Who the gateway is when it asks others.
fn origin(edge: &Edge, config: &GatewayConfig, id: &AppId) -> Origin {
    Origin {
        app: id.clone(),
        keyring: config.keyring.clone(),
        registry: edge.registry.clone(),
        clock: edge.clock.clone(),
    }
}

fn gateway(
    edge: &Edge,
    config: GatewayConfig,
    id: &AppId,
    (lifecycle, tls, tls_port): (&Lifecycle, Option<Tls>, u16),
) -> Result<Gateway, StartError> {
    let secret = secret(&config)?;
    let auth = rpc::auth::client(origin(edge, &config, id));
    Ok(Gateway {
        origin: config.app_url.origin().ascii_serialization(),
        is_secure: config.app_url.scheme() == "https",
        live: ArcSwap::from_pointee(Live::configured(&config)),
        sessions: Sessions::new(auth.clone(), edge.clock.clone(), config.belief),
        config,
        table: ArcSwap::from_pointee(Table::default()),
        signing: Arc::new(Signing::new(auth, secret)),
        clock: edge.clock.clone(),
        health: Health::new(),
        lifecycle: lifecycle.clone(),
        places: Arc::new(Places::default()),
        totals: Totals::default(),
        rates: Rates::new(),
        tls,
        tls_port,
        via: Via::new(),
        holdings: Arc::default(),
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

/// Opens the port for operators; where it is.
async fn open_internal(
    gateway: &Arc<Gateway>,
    address: SocketAddr,
) -> Result<SocketAddr, StartError> {
    let failed = |error| StartError::failed(format!("listening on {address}"), error);
    let listener = internal::listen(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let serving = internal::serve(Arc::clone(gateway), listener);
    gateway.lifecycle.spawn("internal listener", serving);
    Ok(address)
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
    listeners: Vec<Vec<(std::net::TcpListener, Door)>>,
) -> Result<Serving, StartError> {
    let closing = CancellationToken::new();
    let hard = gateway.lifecycle.hard().child_token();
    let (ended, running) = mpsc::channel(1);
    for (number, listeners) in listeners.into_iter().enumerate() {
        let task = worker::Task {
            gateway: Arc::clone(gateway),
            listeners,
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
    async fn drain(
        mut self,
        gateway: Arc<Gateway>,
        (left, ended): (CancellationToken, CancellationToken),
    ) {
        let _ended = ended.drop_guard();
        let lifecycle = &gateway.lifecycle;
        lifecycle.soft().cancelled().await;
        self.closing.cancel();
        tokio::select! {
            _none = self.running.recv() => {}
            () = lifecycle.hard().cancelled() => {}
            () = tokio::time::sleep(gateway.config.drain) => {
                tracing::warn!("connections were still open at the end of the drain");
            }
        }
        self.hard.cancel();
        self.running.recv().await;
        traffic::tell_once(&gateway);
        tokio::select! {
            () = left.cancelled() => {}
            () = lifecycle.hard().cancelled() => {}
            () = tokio::time::sleep(LEAVE) => {}
        }
        lifecycle.abort();
        lifecycle.idle().await;
    }
}
