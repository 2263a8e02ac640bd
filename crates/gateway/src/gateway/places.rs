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
    /// A place for a connection from an address, if there is one. This machine itself and trusted proxies are not
    /// limited but by the total: a proxy in front of the gateway has one address for everybody.
    pub(crate) fn take(
        self: &Arc<Self>,
        address: IpAddr,
        limits: &Limits,
        trusted: bool,
    ) -> Option<Place> {
        let network = (!trusted && !address.is_loopback()).then(|| network(address));
        let mut taken = self.lock();
        if taken.total >= limits.connections || !taken.has_room(network, limits) {
            taken.refused += 1;
            return None;
        }
        taken.total += 1;
        taken.add(network);
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

impl Taken {
    fn has_room(&self, network: Option<IpAddr>, limits: &Limits) -> bool {
        let own = network.and_then(|network| self.by_network.get(&network));
        own.is_none_or(|own| *own < limits.connections_per_address)
    }

    fn add(&mut self, network: Option<IpAddr>) {
        if let Some(network) = network {
            *self.by_network.entry(network).or_default() += 1;
        }
    }
}

impl Place {
    /// Counts the connection for another address, which a trusted proxy has named. Whether that one has room.
    pub(crate) fn pass_to(&mut self, address: IpAddr, limits: &Limits) -> bool {
        let network = (!address.is_loopback()).then(|| network(address));
        let mut taken = self.places.lock();
        if !taken.has_room(network, limits) {
            taken.refused += 1;
            return false;
        }
        taken.add(network);
        self.network = network;
        true
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
        let take = |address: &str| places.take(address.parse().unwrap(), &limits, false);
        let (one, _two) = (take("2001:db8::1").unwrap(), take("2001:db8::2").unwrap());
        assert!(take("2001:db8::3").is_none(), "the same network");
        let _three = take("192.0.2.1").unwrap();
        assert!(take("192.0.2.2").is_none(), "nothing is left");
        drop(one);
        assert!(take("2001:db8::3").is_some());
        assert_eq!(places.count(), (2, 2));
    }

    #[test]
    fn whom_a_trusted_proxy_names_is_limited_in_its_place() {
        let limits = Limits {
            connections: 9,
            connections_per_address: 1,
            ..Limits::default()
        };
        let places = Arc::new(Places::default());
        let (proxy, client) = ("10.0.0.1".parse().unwrap(), "192.0.2.1".parse().unwrap());
        let take = || places.take(proxy, &limits, true).unwrap();
        let (mut one, mut two) = (take(), take());
        assert!(one.pass_to(client, &limits) && !two.pass_to(client, &limits));
        drop(one);
        assert!(two.pass_to(client, &limits), "free again");
        drop(two);
        assert_eq!(places.count().0, 0);
        assert!(places.lock().by_network.is_empty());
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
            .filter_map(|_| places.take("127.0.0.1".parse().unwrap(), &limits, false))
            .collect();
        assert_eq!(held.len(), 9);
    }
}
