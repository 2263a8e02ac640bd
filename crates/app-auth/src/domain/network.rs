//! What an address says of the place it is at.

use std::net::IpAddr;

use platform::http::network_of;

/// Where an address is, as far as it says so itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// The machine the platform runs on.
    ThisMachine,
    /// A network that is not reached from the Internet (RFC 1918, RFC 4193, RFC 6598, link-local).
    LocalNetwork,
    /// Anywhere else.
    Network(String),
}

/// The place of an address.
pub(crate) fn place_of(address: IpAddr) -> Place {
    let address = address.to_canonical();
    let is_local = match address {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            let is_shared = first == 100 && (64..128).contains(&second);
            v4.is_private() || v4.is_link_local() || is_shared
        }
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_unicast_link_local(),
    };
    if address.is_loopback() {
        Place::ThisMachine
    } else if is_local {
        Place::LocalNetwork
    } else {
        Place::Network(network_of(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_where_it_is() {
        let of = |text: &str| text.parse().map(place_of).ok();
        assert_eq!(of("::ffff:127.0.0.1"), Some(Place::ThisMachine));
        for local in [
            "10.1.2.3",
            "192.168.0.9",
            "100.64.0.1",
            "fd00::1",
            "fe80::1",
        ] {
            assert_eq!(of(local), Some(Place::LocalNetwork), "{local}");
        }
        let network = Place::Network("203.0.113.0/24".to_owned());
        assert_eq!(of("203.0.113.9"), Some(network));
    }
}
