//! Where a request comes from: the address the gateway saw, and the network it belongs to as a unit for counting.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::HeaderMap;

/// The address the gateway saw. It removes what browsers claim and adds its own: the last entry is its. `None` for a
/// request that came by no gateway.
pub fn client_address(headers: &HeaderMap) -> Option<IpAddr> {
    let lines = headers.get_all("x-forwarded-for");
    let line = lines.iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next()?.trim().parse().ok()
}

/// The /24 of an IPv4 address or the /56 of an IPv6 one: what one customer of a provider can change at will.
pub fn network_of(address: IpAddr) -> String {
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

/// The unit in which what one address asks is counted. Requests without an address share one budget.
pub fn budget_of(address: Option<IpAddr>) -> String {
    address.map_or_else(|| "unknown".to_owned(), network_of)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn only_the_last_hop_is_believed() {
        let mut headers = HeaderMap::new();
        assert_eq!(client_address(&headers), None);
        headers.append("x-forwarded-for", "203.0.113.9, 192.0.2.1".parse().unwrap());
        assert_eq!(client_address(&headers), "192.0.2.1".parse().ok());
        headers.append("x-forwarded-for", "2001:db8::1".parse().unwrap());
        assert_eq!(client_address(&headers), "2001:db8::1".parse().ok());
        headers.append("x-forwarded-for", "nonsense".parse().unwrap());
        assert_eq!(client_address(&headers), None);
    }

    #[test]
    fn neighbours_share_a_network() {
        let of = |text: &str| text.parse().map(network_of).ok();
        assert_eq!(of("192.0.2.1"), of("192.0.2.254"));
        assert_ne!(of("192.0.2.1"), of("192.0.3.1"));
        assert_eq!(of("::ffff:192.0.2.1"), Some("192.0.2.0/24".to_owned()));
        assert_eq!(of("2001:db8:0:12ff::1"), of("2001:db8:0:1200:1:2:3:4"));
        assert_ne!(of("2001:db8:0:1300::1"), of("2001:db8:0:1200::1"));
        assert_eq!(budget_of(None), "unknown");
    }
}
