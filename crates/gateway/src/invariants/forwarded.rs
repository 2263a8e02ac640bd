//! Whom a chain of proxies names.

use std::net::IpAddr;

use crate::forwarding::{Client, behind_proxy, is_trusted};
use crate::wire::Field;
use crate::wire::request::{Head, Survey, Version};

/// The client behind a trusted peer that sent these lines.
pub(crate) fn client(lines: &[Vec<u8>], schemes: &[Vec<u8>]) -> Client {
    let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
    let named = |name| move |line| Field { name, value: line };
    let lines = lines
        .iter()
        .map(Vec::as_slice)
        .map(named("X-Forwarded-For"));
    let schemes = schemes
        .iter()
        .map(Vec::as_slice)
        .map(named("x-forwarded-proto"));
    let fields: Vec<Field<'_>> = lines.chain(schemes).collect();
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
    let peer = Client::peer(IpAddr::from([10, 0, 0, 1]), false);
    assert!(is_trusted(peer.address, &trusted));
    behind_proxy(peer, &head, &trusted)
}

/// Some client is named, whatever the lines of `X-Forwarded-For` and `X-Forwarded-Proto` hold, and nobody is taken for
/// encrypted who was not said to be.
///
/// # Panics
/// It is not so.
pub fn forwarded(lines: &[Vec<u8>], schemes: &[Vec<u8>]) {
    let found = client(lines, schemes);
    assert_eq!(found.address, found.address.to_canonical());
    let says_https = schemes.iter().any(|line| {
        let end = line.iter().rposition(|byte| !b" \t".contains(byte));
        let said = &line[..end.map_or(0, |end| end + 1)];
        said.to_ascii_lowercase().ends_with(b"https")
    });
    assert!(!found.https || says_https);
}
