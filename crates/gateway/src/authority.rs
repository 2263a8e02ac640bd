//! Which host a request is for: named exactly once, and well-formed.

use http::header::HOST;
use http::uri::Authority;
use http::{HeaderValue, request::Parts};

use crate::reject::Fault;

/// The host of the request as a header value, or why there is none.
pub(crate) fn of(parts: &Parts) -> Result<HeaderValue, Fault> {
    let mut named = parts.headers.get_all(HOST).iter();
    let (first, second) = (named.next(), named.next());
    if second.is_some() {
        return Err(Fault::Host);
    }
    let target = parts.uri.authority();
    match (first, target) {
        (Some(host), None) => read(host).map(|_| host.clone()),
        // Absolute form, or HTTP/2: if both are there they must agree, or routing and app would differ.
        (Some(host), Some(target)) => {
            let agrees = read(host)?.as_str().eq_ignore_ascii_case(target.as_str());
            agrees.then(|| host.clone()).ok_or(Fault::Host)
        }
        (None, Some(target)) if parts.version == http::Version::HTTP_2 => {
            check(target)?;
            HeaderValue::from_str(target.as_str()).map_err(|_| Fault::Host)
        }
        (None, _) => Err(Fault::Host),
    }
}

fn read(host: &HeaderValue) -> Result<Authority, Fault> {
    let authority = Authority::try_from(host.as_bytes()).map_err(|_| Fault::Host)?;
    check(&authority)?;
    Ok(authority)
}

fn check(authority: &Authority) -> Result<(), Fault> {
    let text = authority.as_str();
    let host = authority.host();
    let named = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
    let bracketed = host.starts_with('[') && host.ends_with(']');
    let port = text.strip_prefix(host).unwrap_or_default();
    let port_is_good = port.is_empty() || authority.port_u16().is_some_and(|port| port != 0);
    if !host.is_empty() && (named || bracketed) && port_is_good && !text.contains('@') {
        Ok(())
    } else {
        Err(Fault::Host)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn outcome(uri: &str, hosts: &[&str], version: http::Version) -> Result<HeaderValue, Fault> {
        let mut request = http::Request::builder().uri(uri).version(version);
        for host in hosts {
            request = request.header(HOST, *host);
        }
        of(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn one_well_formed_host_is_accepted() {
        for host in [
            "localhost",
            "localhost:3000",
            "127.0.0.1:80",
            "[::1]:3000",
            "a-b.example",
            "_x.local",
        ] {
            assert_eq!(outcome("/", &[host], http::Version::HTTP_11).unwrap(), host);
        }
        assert_eq!(
            outcome("http://a:1/", &["A:1"], http::Version::HTTP_11).unwrap(),
            "A:1"
        );
        assert_eq!(
            outcome("http://a:1/", &[], http::Version::HTTP_2).unwrap(),
            "a:1"
        );
    }

    #[test]
    fn no_two_or_odd_hosts_are_refused() {
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
            &["a?b"],
            &["a#b"],
            &["\"a\""],
        ] {
            assert_eq!(
                outcome("/", hosts, http::Version::HTTP_11),
                Err(Fault::Host),
                "{hosts:?}"
            );
        }
        assert_eq!(
            outcome("http://a/", &["b"], http::Version::HTTP_11),
            Err(Fault::Host)
        );
        assert_eq!(
            outcome("http://a/", &["b"], http::Version::HTTP_2),
            Err(Fault::Host)
        );
        assert_eq!(
            outcome("http://a/", &[], http::Version::HTTP_11),
            Err(Fault::Host)
        );
    }
}
