//! Who is at the other end: the peer itself, or whom a trusted proxy in front of us names.

use std::net::IpAddr;

use http::{HeaderMap, HeaderValue};
use platform::config::Cidr;

/// The client of a request, as far as it can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    pub(crate) address: IpAddr,
    /// The connection of the browser is encrypted.
    pub(crate) https: bool,
    /// The peer is a trusted proxy, so what it says about the request is believed.
    pub(crate) through_proxy: bool,
}

/// Reads the chain of addresses from the right, and stops at the first that is not a trusted proxy: everything to
/// its left may be invented.
pub(crate) fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Cidr]) -> Client {
    let peer = peer.to_canonical();
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    if trusted.is_empty() || !is_trusted(peer) {
        return Client {
            address: peer,
            https: false,
            through_proxy: false,
        };
    }
    let mut address = peer;
    let lines: Vec<&HeaderValue> = headers.get_all("x-forwarded-for").iter().collect();
    let named = lines
        .iter()
        .rev()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.rsplit(','));
    for name in named {
        let Some(next) = parse(name.trim()) else {
            break;
        };
        address = next;
        if !is_trusted(next) {
            break;
        }
    }
    // The proxy next to us appends its own word; the last one is the one it answers for.
    let scheme = headers
        .get_all("x-forwarded-proto")
        .iter()
        .next_back()
        .and_then(|line| line.to_str().ok());
    let scheme = scheme
        .and_then(|line| line.rsplit(',').next())
        .map(str::trim);
    let https = scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
    Client {
        address,
        https,
        through_proxy: true,
    }
}

/// An address, perhaps with a port or in brackets.
fn parse(text: &str) -> Option<IpAddr> {
    let address: IpAddr = match text.parse() {
        Ok(address) => address,
        Err(_) => match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, _)) => address.parse().ok()?,
            None => text.parse::<std::net::SocketAddr>().ok()?.ip(),
        },
    };
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn address(peer: &str, chain: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in chain {
            headers.append("x-forwarded-for", HeaderValue::from_str(line).unwrap());
        }
        let trusted: Vec<Cidr> = trusted
            .iter()
            .map(|network| network.parse().unwrap())
            .collect();
        client(peer.parse().unwrap(), &headers, &trusted)
            .address
            .to_string()
    }

    #[test]
    fn a_stranger_cannot_invent_its_address() {
        assert_eq!(address("203.0.113.1", &["10.0.0.1"], &[]), "203.0.113.1");
        assert_eq!(
            address("203.0.113.1", &["10.0.0.1"], &["10.0.0.0/8"]),
            "203.0.113.1"
        );
        assert_eq!(address("::ffff:203.0.113.1", &[], &[]), "203.0.113.1");
    }

    #[test]
    fn the_chain_is_believed_as_far_as_proxies_are_trusted() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(
            address("10.0.0.1", &["198.51.100.7"], &trusted),
            "198.51.100.7"
        );
        assert_eq!(
            address("10.0.0.1", &["1.1.1.1, 198.51.100.7, 10.0.0.2"], &trusted),
            "198.51.100.7"
        );
        assert_eq!(
            address("10.0.0.1", &["1.1.1.1", "198.51.100.7"], &trusted),
            "198.51.100.7"
        );
        assert_eq!(
            address("10.0.0.1", &["198.51.100.7:1234"], &trusted),
            "198.51.100.7"
        );
        assert_eq!(
            address("10.0.0.1", &["[2001:db8::1]:80"], &trusted),
            "2001:db8::1"
        );
        assert_eq!(
            address("10.0.0.1", &["1.1.1.1, nonsense"], &trusted),
            "10.0.0.1"
        );
        assert_eq!(address("10.0.0.1", &[], &trusted), "10.0.0.1");
    }

    #[test]
    fn the_scheme_is_believed_from_a_trusted_proxy_only() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-proto", HeaderValue::from_static("http, https"));
        let trusted = ["10.0.0.1".parse().unwrap()];
        assert!(client("10.0.0.1".parse().unwrap(), &headers, &trusted).https);
        assert!(!client("10.0.0.2".parse().unwrap(), &headers, &trusted).https);
    }
}
