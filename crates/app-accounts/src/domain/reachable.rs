//! Which addresses of the network a request to an address that somebody typed may reach.
//!
//! What is looked at is what a name resolved to, at the moment of connecting: a name can stand for anything.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where an address lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the internet.
    Public,
    /// On this very machine.
    Loopback,
    /// In a network of its own: an organisation's.
    Private,
    /// Where nobody has a server: the link, where clouds keep what their machines are told, groups and the like.
    Nowhere,
}

/// Which places may be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// This machine.
    pub loopback: bool,
    /// Networks of the organisation.
    pub private: bool,
}

impl Reach {
    /// Whether an address may be reached.
    pub fn allows(self, address: IpAddr) -> bool {
        match place(address) {
            Place::Public => true,
            Place::Loopback => self.loopback,
            Place::Private => self.private,
            Place::Nowhere => false,
        }
    }
}

/// Where an address lies. Addresses that carry one of IPv4 lie where that does.
pub fn place(address: IpAddr) -> Place {
    match address {
        IpAddr::V4(address) => place_v4(address),
        IpAddr::V6(address) => place_v6(address),
    }
}

fn place_v4(address: Ipv4Addr) -> Place {
    match address.octets() {
        [127, ..] => Place::Loopback,
        [10, ..] | [192, 168, ..] => Place::Private,
        [172, second, ..] if (16..32).contains(&second) => Place::Private,
        // Shared among the customers of a provider (RFC 6598).
        [100, second, ..] if (64..128).contains(&second) => Place::Private,
        [0, ..]
        | [169, 254, ..]
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [198, 18 | 19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _] => Place::Nowhere,
        // Groups, and what is kept for later.
        [first, ..] if first >= 224 => Place::Nowhere,
        _ => Place::Public,
    }
}

fn place_v6(address: Ipv6Addr) -> Place {
    let [first, second, third, .., seventh, eighth] = address.segments();
    let carried = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        place_v4(Ipv4Addr::new(a, b, c, d))
    };
    if address.is_loopback() {
        return Place::Loopback;
    }
    match (first, second) {
        _ if address.to_ipv4_mapped().is_some() => carried(seventh, eighth),
        // Translated on the way (RFC 6052), and 6to4.
        (0x64, 0xff9b) if third == 0 => carried(seventh, eighth),
        (0x2002, _) => carried(second, third),
        // Teredo and what is written in documents.
        (0x2001, 0 | 0xdb8) | (0x3fff, 0..0x1000) => Place::Nowhere,
        (0x2000..0x4000, _) => Place::Public,
        (0xfc00..0xfe00, _) => Place::Private,
        _ => Place::Nowhere,
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Reach, place};

    #[test]
    fn addresses_lie_where_they_lie() {
        for (address, expected) in [
            ("93.184.216.34", Place::Public),
            ("172.15.0.1", Place::Public),
            ("172.32.0.1", Place::Public),
            ("100.128.0.1", Place::Public),
            ("2606:4700::1111", Place::Public),
            ("64:ff9b::5db8:d822", Place::Public),
            ("127.0.0.1", Place::Loopback),
            ("127.9.9.9", Place::Loopback),
            ("::1", Place::Loopback),
            ("::ffff:127.0.0.1", Place::Loopback),
            ("10.0.0.1", Place::Private),
            ("172.16.0.1", Place::Private),
            ("172.31.255.255", Place::Private),
            ("192.168.1.1", Place::Private),
            ("100.64.0.1", Place::Private),
            ("fd00::1", Place::Private),
            ("::ffff:10.0.0.1", Place::Private),
            ("64:ff9b::a00:1", Place::Private),
            ("2002:a00:1::", Place::Private),
            ("0.0.0.0", Place::Nowhere),
            ("169.254.169.254", Place::Nowhere),
            ("::ffff:169.254.169.254", Place::Nowhere),
            ("224.0.0.1", Place::Nowhere),
            ("255.255.255.255", Place::Nowhere),
            ("203.0.113.7", Place::Nowhere),
            ("::", Place::Nowhere),
            ("::10.0.0.1", Place::Nowhere),
            ("fe80::1", Place::Nowhere),
            ("ff02::1", Place::Nowhere),
            ("2001:db8::1", Place::Nowhere),
            ("2001::1", Place::Nowhere),
        ] {
            assert_eq!(address.parse().map(place), Ok(expected), "{address}");
        }
    }

    #[test]
    fn what_is_not_public_is_reached_only_where_that_is_said() {
        let allows = |loopback, private, address: &str| {
            let reach = Reach { loopback, private };
            address.parse().is_ok_and(|address| reach.allows(address))
        };
        assert!(allows(false, false, "93.184.216.34"));
        for (address, loopback, private) in [("127.0.0.1", true, false), ("10.0.0.1", false, true)]
        {
            assert!(allows(loopback, private, address), "{address}");
            assert!(!allows(!loopback, !private, address), "{address}");
        }
        assert!(!allows(true, true, "169.254.169.254"), "never");
    }
}
