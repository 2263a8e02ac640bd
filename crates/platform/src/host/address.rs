//! Which address others reach a listener by.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

use url::{Host, Url};

/// The URL under which `listener` is announced: the configured host, else the address listened on,
/// else (when listening on every address) the one this machine uses to reach Redis.
pub fn advertised(host: Option<&str>, redis: &str, listener: SocketAddr) -> String {
    let port = listener.port();
    if let Some(host) = host {
        return format!("http://{host}:{port}");
    }
    let ip = if listener.ip().is_unspecified() {
        outgoing(redis).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
    } else {
        listener.ip()
    };
    format!("http://{}", SocketAddr::new(ip, port))
}

/// The local address of a connection to Redis. Connecting a UDP socket sends nothing: it only asks
/// the kernel for a route.
fn outgoing(redis: &str) -> Option<IpAddr> {
    let url = Url::parse(redis).ok()?;
    let port = url.port().unwrap_or(6379);
    let bind = |remote: &SocketAddr| {
        if remote.is_ipv4() {
            "0.0.0.0:0"
        } else {
            "[::]:0"
        }
    };
    let remotes: Vec<SocketAddr> = match url.host()? {
        Host::Ipv4(ip) => vec![(ip, port).into()],
        Host::Ipv6(ip) => vec![(ip, port).into()],
        Host::Domain(name) => std::net::ToSocketAddrs::to_socket_addrs(&(name, port))
            .ok()?
            .collect(),
    };
    remotes.iter().find_map(|remote| {
        let socket = UdpSocket::bind(bind(remote)).ok()?;
        socket.connect(remote).ok()?;
        Some(socket.local_addr().ok()?.ip())
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use crate::config::{CoreConfig, Environment};

    fn host(extra: &[(&str, &str)]) -> Option<String> {
        let mut environment = Environment::from_map([
            ("APP_SECRET", "8f3b1c90d27e46a5b8c1f0e9d7a63542"),
            ("REDIS_URL", "redis://127.0.0.1:1"),
        ]);
        for (name, value) in extra {
            environment = environment.with(*name, *value);
        }
        let config = CoreConfig::from_environment(&environment).unwrap();
        config.advertise_host
    }

    #[test]
    fn the_address_is_the_most_specific_one_known() {
        let local: SocketAddr = "127.0.0.1:8080".parse().unwrap();
        let any: SocketAddr = "0.0.0.0:8080".parse().unwrap();
        let redis = "redis://127.0.0.1:6379";
        assert_eq!(
            advertised(host(&[]).as_deref(), redis, local),
            "http://127.0.0.1:8080"
        );
        assert_eq!(
            advertised(host(&[]).as_deref(), redis, any),
            "http://127.0.0.1:8080"
        );
        assert_eq!(
            advertised(host(&[]).as_deref(), "redis+unix:///run/redis.sock", any),
            "http://127.0.0.1:8080"
        );
        let named = host(&[("ADVERTISE_HOST", "accounts.internal")]);
        assert_eq!(
            advertised(named.as_deref(), redis, any),
            "http://accounts.internal:8080"
        );
        let numbered = host(&[("ADVERTISE_HOST", "2001:db8::5")]);
        assert_eq!(
            advertised(numbered.as_deref(), redis, any),
            "http://[2001:db8::5]:8080"
        );
        let six: SocketAddr = "[::1]:8080".parse().unwrap();
        assert_eq!(
            advertised(host(&[]).as_deref(), redis, six),
            "http://[::1]:8080"
        );
    }
}
