//! One instance of an app, as the gateway sees it: its addresses, its load, how well it does. Shared by all workers;
//! the connections to it are not.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use registry::{Entry, HostId};

pub(crate) mod call;
pub(crate) mod connect;
pub(crate) mod health;
pub(crate) mod http2;
pub(crate) mod pool;
pub(crate) mod stream;

use health::Health;

/// Tells instances apart that have had the same name.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// An instance of an app.
#[derive(Debug)]
pub(crate) struct Upstream {
    /// Unique within this process.
    pub(crate) id: u64,
    pub(crate) entry: Arc<Entry>,
    pub(crate) health: Health,
    unix: Option<PathBuf>,
    tcp: String,
    grpc: Option<String>,
    in_flight: AtomicUsize,
    retired: AtomicBool,
}

impl Upstream {
    /// The instance of an entry, seen from this machine.
    pub(crate) fn new(entry: Arc<Entry>, here: &HostId) -> Self {
        let unix = entry.unix.as_ref().filter(|unix| unix.host_id == *here);
        Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            health: Health::new(),
            unix: unix.map(|unix| PathBuf::from(&unix.path)),
            tcp: authority(&entry.http),
            grpc: entry.grpc.as_deref().map(authority),
            entry,
            in_flight: AtomicUsize::new(0),
            retired: AtomicBool::new(false),
        }
    }

    /// Whether a newer entry is about the same instance at the same addresses.
    pub(crate) fn is_same(&self, entry: &Entry) -> bool {
        let own = &self.entry;
        own.id == entry.id
            && own.instance == entry.instance
            && own.epoch == entry.epoch
            && own.http == entry.http
            && own.unix == entry.unix
            && own.grpc == entry.grpc
    }

    /// Whether it is reached over a Unix socket.
    pub(crate) fn is_local(&self) -> bool {
        self.unix.is_some()
    }

    /// Requests in flight.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// Counts a request for as long as the guard lives.
    pub(crate) fn enter(self: &Arc<Self>) -> InFlight {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        InFlight(Arc::clone(self))
    }

    /// Uses no idle connection any more: the instance drains or is gone, and a request on a connection that is just
    /// being closed might be lost.
    pub(crate) fn retire(&self) {
        self.retired.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Relaxed)
    }

    /// Whether one more request is clearly better off here than there: what waits already, weighed by how long each
    /// takes. Small differences are chance, and following chance would leave the other one without work.
    pub(crate) fn is_better_than(&self, other: &Self, now: u64) -> bool {
        let waiting = |upstream: &Self| {
            u64::try_from(upstream.in_flight())
                .unwrap_or(u64::MAX)
                .saturating_add(1)
        };
        let (own, others) = (
            self.health.latency_micros(now),
            other.health.latency_micros(now),
        );
        if own == 0
            || others == 0
            || (own <= others.saturating_mul(2) && others <= own.saturating_mul(2))
        {
            return waiting(self) < waiting(other);
        }
        waiting(self).saturating_mul(own) < waiting(other).saturating_mul(others)
    }
}

fn authority(address: &str) -> String {
    let authority = address.strip_prefix("http://").unwrap_or_default();
    authority.trim_end_matches('/').to_owned()
}

/// A request in flight to an instance.
#[derive(Debug)]
pub(crate) struct InFlight(Arc<Upstream>);

impl InFlight {
    pub(crate) fn upstream(&self) -> &Arc<Upstream> {
        &self.0
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}
