//! One connection per instance of a callee, kept while the registry knows the instance.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use registry::{Entry, InstanceId, Snapshot, State};
use tonic::transport::{Channel, Endpoint};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// While a call or a stream is open, a peer that is frozen or cut off is noticed after at most these two.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(5);
const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(3);

/// A connection to one instance.
#[derive(Clone)]
pub(crate) struct Connection {
    pub(crate) instance: InstanceId,
    pub(crate) channel: Channel,
}

/// The connections to one callee.
#[derive(Default)]
pub(crate) struct Pool {
    connections: Mutex<HashMap<InstanceId, Pooled>>,
    turn: AtomicUsize,
}

struct Pooled {
    address: String,
    channel: Channel,
}

impl Pool {
    /// The next ready instance of `callee` in turn, leaving out those already tried. Connections to
    /// instances that have left the registry are dropped on the way.
    pub(crate) fn pick(
        &self,
        snapshot: &Snapshot,
        callee: &str,
        tried: &[InstanceId],
    ) -> Option<Connection> {
        let candidates = candidates(snapshot, callee);
        let mut connections = self
            .connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        connections.retain(|instance, _| {
            candidates
                .iter()
                .any(|(entry, _)| entry.instance == *instance)
        });

        let fresh: Vec<_> = candidates
            .into_iter()
            .filter(|(entry, _)| !tried.contains(&entry.instance))
            .collect();
        // A retry takes nobody's turn: with two instances, one of them away, every call would begin there.
        let advance = usize::from(tried.is_empty());
        let turn = self.turn.fetch_add(advance, Ordering::Relaxed);
        // An address that cannot be parsed is skipped: the next instance may have a better one.
        (0..fresh.len()).find_map(|step| {
            let (entry, address) = fresh.get((turn.wrapping_add(step)) % fresh.len())?;
            let channel = match connections.get(&entry.instance) {
                Some(pooled) if pooled.address == *address => pooled.channel.clone(),
                _ => {
                    let channel = connect(address)?;
                    connections.insert(
                        entry.instance.clone(),
                        Pooled {
                            address: (*address).to_owned(),
                            channel: channel.clone(),
                        },
                    );
                    channel
                }
            };
            Some(Connection {
                instance: entry.instance.clone(),
                channel,
            })
        })
    }

    /// Drops the connection to an instance, so that the next call makes a new one.
    pub(crate) fn forget(&self, instance: &InstanceId) {
        self.connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(instance);
    }
}

/// Ready instances with a gRPC address. When the registry lost all of them without their saying goodbye,
/// those it knew before: a registry that was emptied is no reason to refuse a call.
fn candidates<'a>(snapshot: &'a Snapshot, callee: &str) -> Vec<(&'a Entry, &'a str)> {
    let ready = |entry: &'a std::sync::Arc<Entry>| {
        let address = entry.grpc.as_deref()?;
        (entry.id.as_str() == callee && entry.state == State::Ready).then_some((&**entry, address))
    };
    let confirmed: Vec<_> = snapshot.entries.iter().filter_map(ready).collect();
    if confirmed.is_empty() {
        snapshot.unconfirmed.iter().filter_map(ready).collect()
    } else {
        confirmed
    }
}

fn connect(address: &str) -> Option<Channel> {
    let endpoint = Endpoint::from_shared(address.to_owned())
        .inspect_err(|error| tracing::warn!(address, %error, "gRPC address is not usable"))
        .ok()?;
    Some(
        endpoint
            .connect_timeout(CONNECT_TIMEOUT)
            .http2_keep_alive_interval(KEEP_ALIVE_INTERVAL)
            .keep_alive_timeout(KEEP_ALIVE_TIMEOUT)
            .connect_lazy(),
    )
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]
mod tests {
    use std::sync::Arc;

    use registry::AppId;

    use super::*;

    fn entry(app: &str, instance: &str) -> Entry {
        let mut entry = Entry::new(
            AppId::new(app).unwrap(),
            InstanceId::new(instance).unwrap(),
            jiff::Timestamp::UNIX_EPOCH,
            "http://127.0.0.1:1".to_owned(),
        );
        entry.grpc = Some(format!("http://127.0.0.1:{}", 2 + instance.len()));
        entry
    }

    fn snapshot(entries: Vec<Entry>) -> Snapshot {
        Snapshot {
            entries: entries.into_iter().map(Arc::new).collect(),
            ..Snapshot::default()
        }
    }

    fn picks(pool: &Pool, snapshot: &Snapshot, tried: &[InstanceId], count: usize) -> Vec<String> {
        (0..count)
            .filter_map(|_| pool.pick(snapshot, "auth", tried))
            .map(|connection| connection.instance.to_string())
            .collect()
    }

    #[tokio::test]
    async fn instances_take_turns() {
        let pool = Pool::default();
        let snapshot = snapshot(vec![
            entry("auth", "a"),
            entry("auth", "b"),
            entry("mail", "c"),
        ]);
        assert_eq!(picks(&pool, &snapshot, &[], 4), ["a", "b", "a", "b"]);
    }

    #[tokio::test]
    async fn draining_tried_and_silent_instances_are_left_out() {
        let pool = Pool::default();
        let mut draining = entry("auth", "a");
        draining.state = State::Draining;
        let mut silent = entry("auth", "b");
        silent.grpc = None;
        let snapshot = snapshot(vec![
            draining,
            silent,
            entry("auth", "c"),
            entry("auth", "d"),
        ]);
        let tried = [InstanceId::new("c").unwrap()];
        assert_eq!(picks(&pool, &snapshot, &tried, 2), ["d", "d"]);
    }

    #[tokio::test]
    async fn an_unusable_address_is_skipped() {
        let pool = Pool::default();
        let mut broken = entry("auth", "a");
        broken.grpc = Some("not an address".to_owned());
        let snapshot = snapshot(vec![broken, entry("auth", "b")]);
        assert_eq!(picks(&pool, &snapshot, &[], 2), ["b", "b"]);
    }

    #[tokio::test]
    async fn a_vanished_instance_loses_its_connection() {
        let pool = Pool::default();
        picks(
            &pool,
            &snapshot(vec![entry("auth", "a"), entry("auth", "b")]),
            &[],
            2,
        );
        assert_eq!(pool.connections.lock().unwrap().len(), 2);
        picks(&pool, &snapshot(vec![entry("auth", "b")]), &[], 1);
        let left: Vec<_> = pool.connections.lock().unwrap().keys().cloned().collect();
        assert_eq!(left, [InstanceId::new("b").unwrap()]);
    }

    #[tokio::test]
    async fn an_emptied_registry_is_no_reason_to_refuse() {
        let pool = Pool::default();
        let mut emptied = snapshot(Vec::new());
        assert!(pool.pick(&emptied, "auth", &[]).is_none());
        emptied.unconfirmed = vec![Arc::new(entry("auth", "a"))];
        assert_eq!(picks(&pool, &emptied, &[], 1), ["a"]);
    }
}
