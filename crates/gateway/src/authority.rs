//! Which host a request is for: named exactly once, and well-formed.

use std::net::Ipv6Addr;

use crate::reject::Fault;
use crate::wire::request::{Head, Version};

/// Longest host with its port, in bytes: a name has at most 253 (RFC 1035), a port six with its colon.
const LONGEST: usize = 259;

/// The host of the request, or why there is none.
pub(crate) fn of<'a>(head: &Head<'a>) -> Result<&'a str, Fault> {
    let named = match head.survey.host {
        Some(host) => Some(std::str::from_utf8(host).map_err(|_| Fault::Host)?),
        None => None,
    };
    match (named, head.authority) {
        (Some(host), None) => check(host),
        // Absolute form, or HTTP/2: if both are there they must agree, or routing and app would differ.
        (Some(host), Some(authority)) if host.eq_ignore_ascii_case(authority) => check(host),
        (None, Some(authority)) if head.version == Version::Http2 => check(authority),
        _ => Err(Fault::Host),
    }
}

fn check(host: &str) -> Result<&str, Fault> {
    if is_well_formed(host) {
        Ok(host)
    } else {
        Err(Fault::Host)
    }
}

fn is_well_formed(host: &str) -> bool {
    if host.len() > LONGEST {
        return false;
    }
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let Some((address, rest)) = rest.split_once(']') else {
                return false;
            };
            if address.parse::<Ipv6Addr>().is_err() {
                return false;
            }
            (
                address,
                rest.strip_prefix(':')
                    .map_or(rest.is_empty().then_some(None), |port| Some(Some(port))),
            )
        }
        None => match host.split_once(':') {
            Some((name, port)) => (name, Some(Some(port))),
            None => (host, Some(None)),
        },
    };
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
    };
    let is_port = |port: &str| {
        port.bytes().all(|byte| byte.is_ascii_digit())
            && port.parse::<u16>().is_ok_and(|port| port != 0)
    };
    match port {
        Some(port) => (host.starts_with('[') || is_name(name)) && port.is_none_or(is_port),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use crate::wire::Field;
    use crate::wire::request::Survey;

    fn outcome(authority: Option<&str>, hosts: &[&str], version: Version) -> Result<String, Fault> {
        let fields: Vec<Field<'_>> = hosts
            .iter()
            .map(|host| Field {
                name: "host",
                value: host.as_bytes(),
            })
            .collect();
        let survey = Survey::of(&fields)?;
        let head = Head {
            method: "GET",
            version,
            target: "/",
            authority,
            protocol: None,
            fields: &fields,
            survey,
            ended: None,
        };
        of(&head).map(str::to_owned)
    }

    #[test]
    fn one_well_formed_host_is_accepted() {
        for host in [
            "localhost",
            "localhost:3000",
            "127.0.0.1:80",
            "[::1]:3000",
            "[2001:db8::1]",
            "a-b.example",
            "_x.local",
        ] {
            assert_eq!(outcome(None, &[host], Version::Http11).unwrap(), host);
        }
        assert_eq!(
            outcome(Some("a:1"), &["A:1"], Version::Http11).unwrap(),
            "A:1"
        );
        assert_eq!(outcome(Some("a:1"), &[], Version::Http2).unwrap(), "a:1");
    }

    #[test]
    fn no_two_or_odd_hosts_are_refused() {
        let long = "a".repeat(300);
        for hosts in [
            &[][..],
            &["a", "a"],
            &["a", "b"],
            &[""],
            &["a b"],
            &["a,b"],
            &["u@a"],
            &["a/b"],
            &["a:x"],
            &["a:"],
            &["a:99999"],
            &["a:0"],
            &["a:1:2"],
            &["a:+1"],
            &["a?b"],
            &["a#b"],
            &["\"a\""],
            &["[::1"],
            &["[::1]x"],
            &["[::g]"],
            &["[a]"],
            &[&long],
        ] {
            assert_eq!(
                outcome(None, hosts, Version::Http11),
                Err(Fault::Host),
                "{hosts:?}"
            );
        }
        assert_eq!(
            outcome(Some("a"), &["b"], Version::Http11),
            Err(Fault::Host)
        );
        assert_eq!(outcome(Some("a"), &["b"], Version::Http2), Err(Fault::Host));
        assert_eq!(outcome(Some("a"), &[], Version::Http11), Err(Fault::Host));
    }
}
