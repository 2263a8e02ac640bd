//! Where a plain request is sent instead. Decides nothing about exceptions: that is for whoever serves the plain port.

/// Longest host that is repeated in an answer: a name of 253 characters, a port, and room.
const LONGEST_HOST: usize = 270;

/// The `Location` of a 301 from plain HTTP to https that keeps host, path and query.
///
/// `host` is the request's `Host`, whose port is replaced by `tls_port` (left out when that is 443); `target` is the
/// request's target in origin form or absolute form. `None` when there is nothing sensible to redirect to.
pub fn redirect(host: &str, target: &str, tls_port: u16) -> Option<String> {
    let (host, path) = match absolute(target) {
        Some((authority, path)) => (authority, path),
        None => (host, target),
    };
    let host = bare_host(host)?;
    let path = match path.bytes().next() {
        None => "/",
        Some(b'/') => path,
        Some(b'?') => return redirect(host, &format!("/{path}"), tls_port),
        Some(_) => return None,
    };
    // A control character or a byte that is no ASCII would have to be written into a header.
    if !path.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let path = path.split('#').next().unwrap_or(path);
    Some(match tls_port {
        443 => format!("https://{host}{path}"),
        port => format!("https://{host}:{port}{path}"),
    })
}

/// Splits `http://authority/path`.
fn absolute(target: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = target.split_at_checked(7)?;
    if !scheme.eq_ignore_ascii_case("http://") {
        return None;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    rest.split_at_checked(end)
}

/// The host without its port: a name, an IPv4 address, or an IPv6 address in brackets.
fn bare_host(host: &str) -> Option<&str> {
    if host.len() > LONGEST_HOST {
        return None;
    }
    let end = match host.strip_prefix('[') {
        Some(rest) => rest.find(']')? + 2,
        None => host.find(':').unwrap_or(host.len()),
    };
    let (bare, port) = host.split_at_checked(end)?;
    let port_is_sound = match port.strip_prefix(':') {
        Some(port) => port.is_empty() || port.parse::<u16>().is_ok(),
        None => port.is_empty(),
    };
    let is_sound = match bare.strip_prefix('[').and_then(|ip| ip.strip_suffix(']')) {
        Some(ip) => ip.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !bare.is_empty()
                && bare
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
        }
    };
    (is_sound && port_is_sound).then_some(bare)
}

#[cfg(test)]
mod tests {
    use super::redirect;

    #[test]
    fn host_path_and_query_are_kept() {
        let table = [
            ("example.org", "/", 443, "https://example.org/"),
            (
                "example.org:80",
                "/a/b?c=d",
                443,
                "https://example.org/a/b?c=d",
            ),
            ("example.org:8080", "/a", 8443, "https://example.org:8443/a"),
            ("192.0.2.1", "/a", 443, "https://192.0.2.1/a"),
            ("[2001:db8::1]:80", "/a", 443, "https://[2001:db8::1]/a"),
            ("[2001:db8::1]", "/a", 8443, "https://[2001:db8::1]:8443/a"),
            ("a", "//evil.example/x", 443, "https://a//evil.example/x"),
            (
                "a",
                "/x%0d%0aSet-Cookie:y",
                443,
                "https://a/x%0d%0aSet-Cookie:y",
            ),
            ("a:", "/x", 443, "https://a/x"),
            // The target names the host: RFC 9112, 3.2.2.
            ("a", "http://b/x?y", 443, "https://b/x?y"),
            ("a", "HTTP://b:80", 443, "https://b/"),
            ("a", "http://b?y", 443, "https://b/?y"),
            ("a", "/x#part", 443, "https://a/x"),
        ];
        for (host, target, port, wanted) in table {
            assert_eq!(
                redirect(host, target, port).as_deref(),
                Some(wanted),
                "{host} {target}"
            );
        }
    }

    #[test]
    fn what_cannot_be_redirected_is_not() {
        let long = "a".repeat(300);
        let table = [
            ("", "/"),
            (long.as_str(), "/"),
            ("a b", "/"),
            ("a\r\nX: y", "/"),
            ("a@b", "/"),
            ("a/b", "/"),
            ("a:port", "/"),
            ("a:1:2", "/"),
            ("[::1", "/"),
            ("[::1]x", "/"),
            ("[x]", "/"),
            ("a", "*"),
            ("a", "b:443"),
            ("a", "/x y"),
            ("a", "/x\r\nSet-Cookie: y"),
            ("a", "/\u{fc}"),
            ("a", "https://b/"),
            ("a", "http://"),
            ("a", "http://user@b/"),
        ];
        for (host, target) in table {
            assert_eq!(redirect(host, target, 443), None, "{host:?} {target:?}");
        }
    }
}
