//! The network an address belongs to, as a unit for counting attempts.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The /24 of an IPv4 address or the /56 of an IPv6 one: what one customer of a provider can change at will.
pub(crate) fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let bits = u32::from(v4) & 0xffff_ff00;
            format!("{}/24", Ipv4Addr::from(bits))
        }
        IpAddr::V6(v6) => {
            let bits = u128::from(v6) & (u128::MAX << 72);
            format!("{}/56", Ipv6Addr::from(bits))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_a_network() {
        let of = |text: &str| text.parse().map(network_of).ok();
        assert_eq!(of("192.0.2.1"), of("192.0.2.254"));
        assert_ne!(of("192.0.2.1"), of("192.0.3.1"));
        assert_eq!(of("::ffff:192.0.2.1"), Some("192.0.2.0/24".to_owned()));
        assert_eq!(of("2001:db8:0:12ff::1"), of("2001:db8:0:1200:1:2:3:4"));
        assert_ne!(of("2001:db8:0:1300::1"), of("2001:db8:0:1200::1"));
    }
}
