//! An app that is nothing but sockets: what is said on them is the business of the test.

use std::sync::Arc;

use registry::{Lease, LeaseTiming};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::given::Platform;
use crate::peer::PeerOptions;

pub(crate) mod reader;
pub(crate) mod sent;

/// A registered instance whose every connection is given to a function of the test.
pub(crate) struct BareApp {
    _lease: Lease,
    connections: TaskTracker,
    _stop: DropGuard,
}

impl BareApp {
    /// Listens, then registers.
    pub(crate) async fn start<F, S>(platform: &Platform, options: PeerOptions, serve: F) -> Self
    where
        F: Fn(TcpStream) -> S + Send + Sync + 'static,
        S: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let PeerOptions {
            mut entry, keyring, ..
        } = options;
        entry.http = format!("http://{}", listener.local_addr().unwrap());
        let (stop, connections) = (CancellationToken::new(), TaskTracker::new());
        let (stopped, serve, tracker) = (stop.clone(), Arc::new(serve), connections.clone());
        TaskTracker::new().spawn(async move {
            while let Some(Ok((stream, _))) = stopped.run_until_cancelled(listener.accept()).await {
                stream.set_nodelay(true).unwrap();
                let (serve, stopped) = (Arc::clone(&serve), stopped.clone());
                tracker.spawn(async move {
                    stopped.run_until_cancelled(serve(stream)).await;
                });
            }
        });
        let client = registry::connect(&platform.redis.url).await.unwrap();
        let lease = Lease::register(client, keyring, entry, LeaseTiming::default());
        Self {
            _lease: lease.await.unwrap(),
            connections,
            _stop: stop.drop_guard(),
        }
    }

    /// Waits until every connection has ended.
    pub(crate) async fn is_left_alone(&self) {
        testkit::eventually("the gateway lets go of its connections", async || {
            self.connections.is_empty()
        })
        .await;
    }
}
