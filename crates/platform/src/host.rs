//! The host of a process: what its apps share, and the running of each.
//!
//! Owns the order of starting (Redis, the app's own dependencies, listening, readiness,
//! registration) and of stopping. One host runs one app or all of them; apps never see it.

mod address;
mod front;
mod grpc;
mod registration;
mod running;
mod server;
mod unread;

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;

use fred::interfaces::ClientLike;
use futures_util::FutureExt;
use registry::{InstanceId, Watch, WatchTiming};
use secrecy::ExposeSecret;

pub use self::address::advertised;
pub use self::running::Running;
pub use self::server::Peer;

use crate::app::{App, Declaration, Prepared, Start};
use crate::boot::{Boot, StartError, wait_for};
use crate::clock::Clock;
use crate::config::{CoreConfig, Environment};
use crate::error::chain;
use crate::health::Health;
use crate::identity::{RootPublicKey, Verifier};
use crate::lifecycle::Lifecycle;
use crate::telemetry::{Scope, Telemetry};

/// What the apps of one process share. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Host {
    lifecycle: Lifecycle,
    clock: Clock,
    redis: fred::clients::Client,
    registry: Watch,
    identity: Verifier,
    telemetry: Telemetry,
}

/// Where a running app listens.
#[derive(Debug, Clone)]
pub struct Addresses {
    /// The HTTP listener.
    pub http: SocketAddr,
    /// The same as a Unix socket, when one is configured.
    pub unix: Option<PathBuf>,
    /// The gRPC listener, when the app has gRPC services.
    pub grpc: Option<SocketAddr>,
}

impl Host {
    /// Starts what apps share: telemetry, and the connection to Redis, which is waited for.
    pub async fn start(config: &CoreConfig, lifecycle: Lifecycle) -> Result<Self, StartError> {
        let telemetry = Telemetry::start("cloud", config);
        Self::with(telemetry, config, lifecycle, Clock::system()).await
    }

    /// Like [`Host::start`], with telemetry that runs already and a clock of one's choice.
    pub async fn with(
        telemetry: Telemetry,
        config: &CoreConfig,
        lifecycle: Lifecycle,
        clock: Clock,
    ) -> Result<Self, StartError> {
        telemetry.send_metrics(&lifecycle);
        let redis = wait_for(&lifecycle, config.start_wait, "Redis", || async {
            registry::connect(config.redis_url.expose_secret())
                .await
                .map_err(|error| chain(&error))
        })
        .await?;
        let keyring = config.app_secret.clone();
        let stop = lifecycle.hard().child_token();
        let registry = Watch::start(redis.clone(), keyring, WatchTiming::default(), stop);
        let root = RootPublicKey::of(&config.app_secret);
        let identity = Verifier::new(redis.clone(), root, clock.clone());
        lifecycle.spawn(
            "identity keys",
            identity.clone().follow(lifecycle.hard().clone()),
        );
        Ok(Self {
            lifecycle,
            clock,
            redis,
            registry,
            identity,
            telemetry,
        })
    }

    /// Where logs, traces and metrics go.
    pub fn telemetry(&self) -> &Telemetry {
        &self.telemetry
    }

    /// Starts an app: reads its configuration, waits for its dependencies, listens and registers.
    /// The app is reachable when this returns, and stops with the process or by [`Running::stop`].
    pub async fn run(&self, app: App, environment: Environment) -> Result<Running, StartError> {
        self.start_app(app.prepare(environment)?).await
    }

    pub(crate) async fn start_app(&self, app: Prepared) -> Result<Running, StartError> {
        let instance = app
            .config
            .instance
            .clone()
            .unwrap_or_else(InstanceId::random);
        let meter = self
            .telemetry
            .add_app(&app.id, &app.declaration.version, &instance);
        let scope = Scope::app(&app.id);
        let boot = Boot {
            app: app.id,
            version: Arc::from(app.declaration.version.as_str()),
            instance,
            config: Arc::new(app.config),
            environment: Arc::new(app.environment),
            clock: self.clock.clone(),
            lifecycle: self.lifecycle.child(scope.clone()),
            health: Health::new(),
            registry: self.registry.clone(),
            redis: self.redis.clone(),
            identity: self.identity.clone(),
            settings: app.declaration.settings.clone().into(),
            meter,
        };
        check_redis(&boot);
        let lifecycle = boot.lifecycle.clone();
        let launched = scope
            .run(self.launch(boot, &app.declaration, app.start))
            .await;
        if launched.is_err() {
            // Tasks of an app that did not start must not go on without it.
            lifecycle.abort();
            lifecycle.idle().await;
        }
        launched
    }

    async fn launch(
        &self,
        boot: Boot,
        declaration: &Declaration,
        start: Start,
    ) -> Result<Running, StartError> {
        if let Some(network) = boot.environment.dev_network() {
            tracing::info!(network, "joined the dev network");
        }
        let service = tokio::select! {
            () = boot.lifecycle.soft().cancelled() => return Err(StartError::Stopped),
            service = AssertUnwindSafe(start(boot.clone())).catch_unwind() => {
                service.map_err(|_| StartError::failed("starting the app", "it panicked"))??
            }
        };
        let listening = server::listen(&boot, declaration, service).await?;
        boot.health.set_ready(true);
        let lease = registration::register(&boot, declaration, &listening.addresses).await?;
        let http = listening.addresses.http;
        tracing::info!(version = &*boot.version, instance = %boot.instance, %http, "app is ready");
        Ok(running::supervise(&self.lifecycle, boot, listening, lease))
    }

    /// The lifecycle of the process.
    pub fn lifecycle(&self) -> &Lifecycle {
        &self.lifecycle
    }

    /// The time.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The connection to Redis.
    pub fn redis(&self) -> &fred::clients::Client {
        &self.redis
    }

    /// Who is registered.
    pub fn registry(&self) -> &Watch {
        &self.registry
    }

    /// Ends what apps share, after the apps themselves: telemetry last.
    pub async fn close(&self) {
        self.lifecycle.abort();
        self.lifecycle.idle().await;
        // A connection that is broken is as closed as it can be.
        let _closed = tokio::time::timeout(CLOSE_LIMIT, self.redis.quit()).await;
        self.telemetry.shutdown().await;
    }
}

/// Longest wait for Redis to say goodbye.
const CLOSE_LIMIT: std::time::Duration = std::time::Duration::from_secs(1);

/// Every app depends on Redis through its registration, so every app's health tells about it.
fn check_redis(boot: &Boot) {
    let redis = boot.redis.clone();
    boot.health.register("redis", move || {
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
