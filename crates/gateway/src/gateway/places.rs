//! Places for downstream connections: so many in total, and so many for each address, so that nobody takes them all.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::config::Limits;

/// The places that are taken.
#[derive(Debug, Default)]
pub(crate) struct Places {
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    total: usize,
    by_network: HashMap<IpAddr, usize>,
    refused: u64,
}

/// A place, free again when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    places: Arc<Places>,
    network: Option<IpAddr>,
}

impl Places {
    /// A place for a connection from an address, if there is one. This machine itself is not limited but by the total:
    /// a proxy in front of the gateway has one address for everybody.
    pub(crate) fn take(self: &Arc<Self>, address: IpAddr, limits: &Limits) -> Option<Place> {
        let network = (!address.is_loopback()).then(|| network(address));
        let mut taken = self.lock();
        let own = network.map_or(0, |network| {
            taken.by_network.get(&network).copied().unwrap_or(0)
        });
        if taken.total >= limits.connections || own >= limits.connections_per_address {
            taken.refused += 1;
            return None;
        }
        taken.total += 1;
        if let Some(network) = network {
            taken.by_network.insert(network, own + 1);
        }
        drop(taken);
        Some(Place {
            places: Arc::clone(self),
            network,
        })
    }

    /// Open connections, and how many were refused so far.
    pub(crate) fn count(&self) -> (usize, u64) {
        let taken = self.lock();
        (taken.total, taken.refused)
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.total -= 1;
        if let Some(network) = self.network
            && let Some(own) = taken.by_network.get_mut(&network)
        {
            *own -= 1;
            if *own == 0 {
                taken.by_network.remove(&network);
            }
        }
    }
}

/// What counts as one address: one household of IPv6 has 2^64 of them.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let bits = address.to_bits() & (u128::MAX << 64);
            IpAddr::V6(bits.into())
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn places_are_limited_in_total_and_for_each_network() {
        let limits = Limits {
            connections: 3,
            connections_per_address: 2,
            ..Limits::default()
        };
        let places = Arc::new(Places::default());
        let take = |address: &str| places.take(address.parse().unwrap(), &limits);
        let (one, _two) = (take("2001:db8::1").unwrap(), take("2001:db8::2").unwrap());
        assert!(take("2001:db8::3").is_none(), "the same network");
        let _three = take("192.0.2.1").unwrap();
        assert!(take("192.0.2.2").is_none(), "nothing is left");
        drop(one);
        assert!(take("2001:db8::3").is_some());
        assert_eq!(places.count(), (2, 2));
    }

    #[test]
    fn this_machine_has_no_limit_of_its_own() {
        let limits = Limits {
            connections: 9,
            connections_per_address: 1,
            ..Limits::default()
        };
        let places = Arc::new(Places::default());
        let held: Vec<_> = (0..9)
            .filter_map(|_| places.take("127.0.0.1".parse().unwrap(), &limits))
            .collect();
        assert_eq!(held.len(), 9);
    }
}
