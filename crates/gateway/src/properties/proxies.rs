//! Whom a chain of proxies names.

use std::net::IpAddr;

use proptest::prelude::*;

use super::{bounded, meaningful};
use crate::invariants::{client, forwarded};

fn proxy() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        any::<[u8; 3]>().prop_map(|[a, b, c]| IpAddr::from([10, a, b, c])),
        any::<u64>()
            .prop_map(|low| IpAddr::from((0xfd_u128 << 120 | u128::from(low)).to_be_bytes())),
    ]
}

fn stranger() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        any::<[u8; 2]>().prop_map(|[a, b]| IpAddr::from([203, 0, a, b])),
        any::<u64>()
            .prop_map(|low| IpAddr::from((0x2001_u128 << 112 | u128::from(low)).to_be_bytes())),
    ]
}

/// One of the ways in which proxies spell an address.
fn spelled(address: IpAddr, way: u8) -> String {
    match (address, way % 3) {
        (IpAddr::V4(address), 1) => format!("{address}:4711"),
        (IpAddr::V4(address), 2) => format!("::ffff:{address}"),
        (IpAddr::V6(address), 1) => format!("[{address}]:4711"),
        (IpAddr::V6(address), 2) => format!("[{address}]"),
        (address, _) => address.to_string(),
    }
}

/// What a client may claim.
fn invented() -> impl Strategy<Value = Vec<u8>> {
    let address = (prop_oneof![stranger(), proxy()], any::<u8>());
    prop_oneof![
        meaningful(),
        address.prop_map(|(address, way)| spelled(address, way).into_bytes()),
    ]
}

proptest! {
    #![proptest_config(bounded(1024))]

    #[test]
    fn the_first_stranger_from_the_right_is_the_client(
        invented in proptest::collection::vec(invented(), 0..3),
        stranger in stranger(),
        proxies in proptest::collection::vec((proxy(), any::<u8>(), any::<bool>()), 0..5),
        way in any::<u8>(),
    ) {
        // What stands to the left of the stranger may be anything, in lines of its own or in the same one.
        let mut lines = invented;
        let last = lines.len().saturating_sub(1);
        let mut line = if lines.is_empty() { String::new() } else { String::from_utf8_lossy(&lines.remove(last)).into_owned() + "," };
        line += &spelled(stranger, way);
        for (proxy, way, breaks) in proxies {
            if breaks {
                lines.push(std::mem::take(&mut line).into_bytes());
            } else {
                line += " ,\t";
            }
            line += &spelled(proxy, way);
        }
        lines.push(line.into_bytes());
        let found = client(&lines, &[]);
        prop_assert_eq!(found.address, stranger);
        prop_assert!(found.through_proxy && !found.https);
    }

    #[test]
    fn no_line_is_too_odd(
        lines in proptest::collection::vec(meaningful(), 0..4),
        schemes in proptest::collection::vec(meaningful(), 0..2),
    ) {
        forwarded(&lines, &schemes);
    }
}
