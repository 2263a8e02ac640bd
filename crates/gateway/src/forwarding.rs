//! Who is at the other end: the peer itself, or whom a trusted proxy in front of us names.

use std::net::IpAddr;

use platform::config::Cidr;

use crate::wire::request::Head;

/// The client of a request, as far as it can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    pub(crate) address: IpAddr,
    /// The connection of the browser is encrypted.
    pub(crate) https: bool,
    /// The peer is a trusted proxy, so what it says about the request is believed.
    pub(crate) through_proxy: bool,
}

impl Client {
    /// The peer itself.
    pub(crate) fn peer(address: IpAddr, https: bool) -> Self {
        Self {
            address,
            https,
            through_proxy: false,
        }
    }
}

/// What may stand around the items of a list (RFC 9110, 5.6.3).
const BLANKS: [char; 2] = [' ', '\t'];

/// Whether what a peer says about others is believed.
pub(crate) fn is_trusted(address: IpAddr, trusted: &[Cidr]) -> bool {
    trusted.iter().any(|network| network.contains(address))
}

/// The client named by the fields of a request that came through a trusted proxy. Reads the chain of addresses from
/// the right, and stops at the first that is not a trusted proxy: everything to its left may be invented.
pub(crate) fn behind_proxy(peer: Client, head: &Head<'_>, trusted: &[Cidr]) -> Client {
    let mut address = peer.address;
    let named = head
        .texts("x-forwarded-for")
        .rev()
        .flat_map(|line| line.rsplit(','));
    for name in named {
        let Some(next) = parse(name.trim_matches(BLANKS)) else {
            break;
        };
        address = next;
        if !is_trusted(next, trusted) {
            break;
        }
    }
    // The proxy next to us appends its own word; the last one is the one it answers for.
    let scheme = head.texts("x-forwarded-proto").next_back();
    let scheme = scheme
        .and_then(|line| line.rsplit(',').next())
        .map(|scheme| scheme.trim_matches(BLANKS));
    let https = scheme.map_or(peer.https, |scheme| scheme.eq_ignore_ascii_case("https"));
    Client {
        address,
        https,
        through_proxy: true,
    }
}

/// Nothing, or a colon and a port.
fn is_port(text: &str) -> bool {
    let port = text.strip_prefix(':').map(str::parse::<u16>);
    text.is_empty() || port.is_some_and(|port| port.is_ok())
}

/// An address, perhaps with a port or in brackets.
fn parse(text: &str) -> Option<IpAddr> {
    let address: IpAddr = match text.parse() {
        Ok(address) => address,
        Err(_) => match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, port)) if is_port(port) => address.parse().ok()?,
            Some(_) => return None,
            None => text.parse::<std::net::SocketAddr>().ok()?.ip(),
        },
    };
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use crate::wire::Field;
    use crate::wire::request::{Survey, Version};

    fn client(peer: &str, fields: &[(&str, &str)], trusted: &[&str]) -> Client {
        let trusted: Vec<Cidr> = trusted
            .iter()
            .map(|network| network.parse().unwrap())
            .collect();
        let peer = Client::peer(peer.parse::<IpAddr>().unwrap().to_canonical(), false);
        if !is_trusted(peer.address, &trusted) {
            return peer;
        }
        let fields: Vec<Field<'_>> = fields
            .iter()
            .map(|(name, value)| Field {
                name,
                value: value.as_bytes(),
            })
            .collect();
        let head = Head {
            method: "GET",
            version: Version::Http11,
            target: "/",
            authority: None,
            protocol: None,
            fields: &fields,
            survey: Survey::of(&fields).unwrap(),
            ended: None,
        };
        behind_proxy(peer, &head, &trusted)
    }

    fn address(peer: &str, chain: &[&str], trusted: &[&str]) -> String {
        let fields: Vec<_> = chain
            .iter()
            .map(|line| ("x-forwarded-for", *line))
            .collect();
        client(peer, &fields, trusted).address.to_string()
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
        let fields = [("x-forwarded-proto", "http, https")];
        assert!(client("10.0.0.1", &fields, &["10.0.0.1"]).https);
        assert!(!client("10.0.0.2", &fields, &["10.0.0.1"]).https);
    }
}
