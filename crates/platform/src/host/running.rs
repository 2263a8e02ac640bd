//! A running app, and the order in which it stops.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use registry::{AppId, InstanceId, Lease};
use tokio_util::sync::CancellationToken;

use super::Addresses;
use super::server::Listening;
use crate::boot::Boot;
use crate::error::chain;
use crate::health::Health;
use crate::lifecycle::Lifecycle;

/// Gateways hear of a draining instance at once; this leaves them time to act on it.
const NOTICE: Duration = Duration::from_millis(300);
/// Longest wait for Redis while stopping: a lease runs out by itself.
const REGISTRY_LIMIT: Duration = Duration::from_secs(2);
/// Longest wait for tasks after they were told to end at once.
const HARD_LIMIT: Duration = Duration::from_secs(2);

/// An app that runs in this process.
#[derive(Debug, Clone)]
pub struct Running {
    app: AppId,
    instance: InstanceId,
    addresses: Addresses,
    lifecycle: Lifecycle,
    health: Health,
    stopped: CancellationToken,
}

impl Running {
    /// Which app.
    pub fn app(&self) -> &AppId {
        &self.app
    }

    /// Which instance of it.
    pub fn instance(&self) -> &InstanceId {
        &self.instance
    }

    /// The HTTP listener.
    pub fn http(&self) -> SocketAddr {
        self.addresses.http
    }

    /// The gRPC listener, if the app has gRPC services.
    pub fn grpc(&self) -> Option<SocketAddr> {
        self.addresses.grpc
    }

    /// The Unix socket of the HTTP listener, if there is one.
    pub fn unix(&self) -> Option<&Path> {
        self.addresses.unix.as_deref()
    }

    /// The app's own lifecycle.
    pub fn lifecycle(&self) -> &Lifecycle {
        &self.lifecycle
    }

    /// Resolves when the app is ready and registered.
    pub async fn ready(&self) {
        self.health.ready().await;
    }

    /// Begins to stop this app; the others of the process go on.
    pub fn stop(&self) {
        self.lifecycle.shutdown();
    }

    /// Resolves when the app has stopped and everything it held is given back.
    pub async fn stopped(&self) {
        self.stopped.cancelled().await;
    }
}

/// Watches over an app that has started, until it has stopped.
pub(super) fn supervise(
    process: &Lifecycle,
    boot: Boot,
    listening: Listening,
    lease: Lease,
) -> Running {
    let running = Running {
        app: boot.app.clone(),
        instance: boot.instance.clone(),
        addresses: listening.addresses.clone(),
        lifecycle: boot.lifecycle.clone(),
        health: boot.health.clone(),
        stopped: CancellationToken::new(),
    };
    let stopped = running.stopped.clone().drop_guard();
    let scope = boot.lifecycle.scope().clone();
    let app = scope.run(async move {
        let _stopped = stopped;
        let lifecycle = boot.lifecycle.clone();
        tokio::select! {
            () = lifecycle.soft().cancelled() => {}
            () = lease.fenced() => {
                lifecycle.fail("lease", "another process has taken the place of this instance");
            }
        }
        stop(boot, listening, lease).await;
    });
    // Not a task that ends at hard: it has to see the stop through.
    process.spawn_to_the_end("app", app);
    running
}

/// Readiness off, lease draining, notice to the gateways, no more connections, drain, lease
/// released, and only then everything that still runs is dropped.
async fn stop(boot: Boot, listening: Listening, lease: Lease) {
    let lifecycle = &boot.lifecycle;
    tracing::info!("app is stopping");
    boot.health.set_ready(false);
    tell_registry("marked as draining", lease.drain()).await;
    tokio::select! {
        () = lifecycle.hard().cancelled() => {}
        () = tokio::time::sleep(NOTICE) => {}
    }

    listening.closing.cancel();
    listening.connections.close();
    let drained = async {
        listening.connections.wait().await;
        lifecycle.idle().await;
    };
    tokio::select! {
        () = lifecycle.hard().cancelled() => {}
        drained = tokio::time::timeout(boot.config.drain, drained) => {
            if drained.is_err() {
                tracing::warn!(tasks = lifecycle.running().join(", "), "not everything ended in time");
            }
        }
    }
    tell_registry("released", lease.release()).await;
    lifecycle.hard().cancel();
    if tokio::time::timeout(HARD_LIMIT, lifecycle.idle())
        .await
        .is_err()
    {
        tracing::warn!(
            tasks = lifecycle.running().join(", "),
            "tasks do not yield; leaving them"
        );
    }
    tracing::info!("app has stopped");
}

async fn tell_registry(what: &str, telling: impl Future<Output = Result<(), registry::Error>>) {
    let failure = match tokio::time::timeout(REGISTRY_LIMIT, telling).await {
        Ok(Ok(())) => return,
        Ok(Err(error)) => chain(&error),
        Err(_) => "no answer in time".to_owned(),
    };
    tracing::warn!(
        error = failure,
        "the lease could not be {what}; it runs out by itself"
    );
}
