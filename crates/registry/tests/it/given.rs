//! What the tests start from.

use std::sync::Arc;
use std::time::Duration;

use fred::clients::Client;
use registry::{
    AppId, AppSecret, Entry, InstanceId, Keyring, Lease, LeaseTiming, Snapshot, Watch, WatchTiming,
};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::server::{DEADLINE, Server};

pub(crate) const START: &str = "2026-01-02T00:00:00Z";

pub(crate) fn secret() -> AppSecret {
    AppSecret::new([1; 32]).unwrap()
}

pub(crate) fn keyring() -> Keyring {
    Keyring::Secret(secret())
}

pub(crate) fn id(app: &str) -> AppId {
    AppId::new(app).unwrap()
}

/// An instance `i1` of an app, started at `START`, that serves `/app/<id>`.
pub(crate) fn entry(app: &str) -> Entry {
    let http = "http://127.0.0.1:4000".to_owned();
    let instance = InstanceId::new("i1").unwrap();
    let mut entry = Entry::new(id(app), instance, START.parse().unwrap(), http);
    entry.prefixes = vec![format!("/app/{app}")];
    entry
}

pub(crate) async fn lease(server: &Server, entry: Entry) -> Lease {
    let client = server.client().await;
    Lease::register(client, keyring(), entry, LeaseTiming::default())
        .await
        .unwrap()
}

/// A watch that ends with the test.
pub(crate) struct Watching {
    pub(crate) watch: Watch,
    _stop: DropGuard,
}

pub(crate) async fn watching(server: &Server) -> Watching {
    let watching = watching_unread(server.client().await);
    watching.watch.ready().await;
    watching
}

pub(crate) fn watching_unread(client: Client) -> Watching {
    let stop = CancellationToken::new();
    let watch = Watch::start(client, keyring(), WatchTiming::default(), stop.clone());
    let stop = stop.drop_guard();
    Watching { watch, _stop: stop }
}

impl Watching {
    /// Waits for a snapshot that fulfils the condition.
    pub(crate) async fn sees(
        &self,
        what: &str,
        condition: impl Fn(&Snapshot) -> bool,
    ) -> Arc<Snapshot> {
        let mut changed = self.watch.subscribe();
        let wait = async {
            loop {
                let snapshot = self.watch.snapshot();
                if condition(&snapshot) {
                    return snapshot;
                }
                changed.changed().await.unwrap();
            }
        };
        let outcome = tokio::time::timeout(DEADLINE, wait).await;
        outcome.unwrap_or_else(|_| panic!("never seen: {what}; {:#?}", self.watch.snapshot()))
    }
}

/// Names of the confirmed apps of a snapshot.
pub(crate) fn apps(snapshot: &Snapshot) -> Vec<&str> {
    let ids = snapshot.entries.iter().map(|entry| entry.id.as_str());
    ids.collect()
}

/// Asks again and again until there is an answer.
pub(crate) async fn eventually<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let wait = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let outcome = tokio::time::timeout(DEADLINE, wait).await;
    outcome.unwrap_or_else(|_| panic!("never happened: {what}"))
}
