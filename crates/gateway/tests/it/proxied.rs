//! Connections that a proxy passes on without reading them, after it has said whom each is from.

use std::net::SocketAddr;
use std::sync::Arc;

use gateway::GatewayConfig;
use gateway::tls::TlsConfig;
use rustls::ClientConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::given::{Echo, Platform, TestGateway, World, world};
use crate::gullible::gullible;
use crate::peer::Peer;
use crate::wire::{self, Raw};

const REQUEST: &str =
    "GET /app/hello/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
const LINE: &[u8] = b"PROXY TCP4 192.0.2.7 10.0.0.1 4000 80\r\n";

/// A header of version 2.
fn header(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
    let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
    let signature = b"\r\n\r\n\0\r\nQUIT\n";
    [&signature[..], &[command, family], &length, rest].concat()
}

/// For a connection from 192.0.2.7, with an extension.
fn four() -> Vec<u8> {
    header(
        0x21,
        0x11,
        &[192, 0, 2, 7, 10, 0, 0, 1, 1, 0, 0, 80, 4, 0, 2, 9, 9],
    )
}

/// A gateway that trusts this machine.
async fn trusting(change: impl FnOnce(&mut GatewayConfig)) -> (Platform, Peer, TestGateway) {
    let platform = Platform::new().await;
    let hello = platform.app("hello").await;
    let gateway = platform
        .gateway_with(|config| {
            config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
            change(config);
        })
        .await;
    (platform, hello, gateway)
}

fn client_of(answer: &Raw) -> String {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let echo: Echo = serde_json::from_str(&answer.body).unwrap();
    echo.header("x-forwarded-for").unwrap().to_owned()
}

async fn asked(gateway: SocketAddr, before: &[u8], request: &str) -> Raw {
    wire::send(gateway, &[before, request.as_bytes()].concat()).await
}

#[tokio::test]
async fn a_trusted_proxy_names_the_client() {
    let (_platform, hello, gateway) = trusting(|_| {}).await;
    gateway.serves("/app/hello/echo", Some(&hello)).await;
    let source: std::net::Ipv6Addr = "2001:db8::7".parse().unwrap();
    let six = header(0x21, 0x21, &[&source.octets()[..], &[0; 20]].concat());
    for (before, client) in [
        (four(), "192.0.2.7"),
        (six, "2001:db8::7"),
        (LINE.to_vec(), "192.0.2.7"),
        (header(0x20, 0, &[]), "127.0.0.1"),
        (b"PROXY UNKNOWN\r\n".to_vec(), "127.0.0.1"),
        (Vec::new(), "127.0.0.1"),
    ] {
        let answer = asked(gateway.address, &before, REQUEST).await;
        assert_eq!(client_of(&answer), client, "{before:?}");
    }
    // Whom it names may not name others; whoever is not named, is still the proxy itself.
    let forged = REQUEST.replace("Host:", "X-Forwarded-For: 198.51.100.1\r\nHost:");
    let answer = asked(gateway.address, &four(), &forged).await;
    assert_eq!(client_of(&answer), "192.0.2.7");
    let local = header(0x20, 0, &[]);
    for before in [&local[..], b""] {
        let answer = asked(gateway.address, before, &forged).await;
        assert_eq!(client_of(&answer), "198.51.100.1");
    }
}

#[tokio::test]
async fn a_header_may_come_byte_by_byte() {
    let (_platform, hello, gateway) = trusting(|_| {}).await;
    gateway.serves("/app/hello/echo", Some(&hello)).await;
    for before in [four(), LINE.to_vec(), b"PO".to_vec(), b"\r\n".to_vec()] {
        let mut stream = TcpStream::connect(gateway.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let is_named = before.len() > 2;
        for byte in &before {
            stream.write_all(&[*byte]).await.unwrap();
            tokio::task::yield_now().await;
        }
        let rest = match &before[..] {
            b"PO" => REQUEST.replace("GET", "ST"),
            _ => REQUEST.to_owned(),
        };
        stream.write_all(rest.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let expected = if is_named { "192.0.2.7" } else { "127.0.0.1" };
        let answer = Raw::parse(&answer).unwrap();
        assert_eq!(client_of(&answer), expected, "{before:?}");
    }
}

#[tokio::test]
async fn a_malformed_header_closes_the_connection_without_a_word() {
    let (_platform, hello, gateway) = trusting(|_| {}).await;
    gateway.serves("/app/hello/echo", Some(&hello)).await;
    let before = hello.requests();
    for malformed in [
        header(0x31, 0x11, &[0; 12]),
        header(0x21, 0x11, &[0; 11]),
        header(0x21, 0x11, &[0; 600]),
        b"PROXY TCP4 192.0.2.7\r\n".to_vec(),
        b"PROXY TCP4 192.0.2.256 10.0.0.1 1 1\r\n".to_vec(),
    ] {
        let request = [&malformed[..], REQUEST.as_bytes()].concat();
        let mut stream = TcpStream::connect(gateway.address).await.unwrap();
        stream.write_all(&request).await.unwrap();
        let mut answer = Vec::new();
        // What was not read makes it a reset.
        let _ = stream.read_to_end(&mut answer).await;
        assert_eq!(answer, b"", "{malformed:?}");
    }
    assert_eq!(hello.requests(), before);
}

#[tokio::test]
async fn from_anybody_else_it_is_a_malformed_request() {
    let World { gateway, hello, .. } = &world().await;
    let before = hello.requests();
    for header in [four(), LINE.to_vec()] {
        let answer = asked(gateway.address, &header, REQUEST).await;
        assert_eq!(answer.status, 400);
    }
    assert_eq!(hello.requests(), before);
}

#[tokio::test]
async fn whom_a_proxy_names_has_limits_of_its_own() {
    let (_platform, hello, gateway) = trusting(|config| {
        config.limits.connections_per_address = 2;
        config.limits.rate_per_address = gateway::Rate {
            per_second: 1,
            burst: 5,
        };
    })
    .await;
    gateway.serves("/app/hello/echo", Some(&hello)).await;
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(asked(gateway.address, LINE, REQUEST).await.status);
    }
    assert_eq!((statuses[0], statuses[7]), (200, 429), "{statuses:?}");
    let other = b"PROXY TCP4 192.0.2.8 10.0.0.1 4000 80\r\n";
    assert_eq!(asked(gateway.address, other, REQUEST).await.status, 200);
    // Two connections are held, the third is closed without an answer.
    let other = b"PROXY TCP4 192.0.2.9 10.0.0.1 4000 80\r\n";
    let kept = REQUEST.replace("Connection: close\r\n", "");
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(gateway.address).await.unwrap();
        stream.write_all(other).await.unwrap();
        stream.write_all(kept.as_bytes()).await.unwrap();
        assert_ne!(stream.read(&mut [0; 1]).await.unwrap(), 0);
        held.push(stream);
    }
    let mut third = TcpStream::connect(gateway.address).await.unwrap();
    third.write_all(other).await.unwrap();
    assert_eq!(third.read(&mut [0; 1]).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn a_header_comes_before_tls() {
    let environment = platform::Environment::from_map([("TLS_DOMAINS", "localhost")]);
    let mut tls = TlsConfig::read(&mut environment.reader()).unwrap();
    (tls.port, tls.plain_port) = (0, 0);
    let (_platform, _hello, gateway) = trusting(|config| config.tls = Some(tls)).await;
    let ask = async |before: &[u8]| {
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(gullible())
            .with_no_client_auth();
        let mut stream = TcpStream::connect(gateway.address).await.ok()?;
        stream.write_all(before).await.ok()?;
        let name = ServerName::try_from("localhost").unwrap();
        let connector = TlsConnector::from(Arc::new(config));
        let mut stream = connector.connect(name, stream).await.ok()?;
        stream.write_all(REQUEST.as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok()?;
        Raw::parse(&answer).filter(|answer| answer.status == 200)
    };
    testkit::eventually("served over TLS", async || ask(b"").await.is_some()).await;
    assert_eq!(client_of(&ask(b"").await.unwrap()), "127.0.0.1");
    assert_eq!(client_of(&ask(&four()).await.unwrap()), "192.0.2.7");
    assert_eq!(client_of(&ask(LINE).await.unwrap()), "192.0.2.7");
    assert!(ask(b"POST / HTTP/1.1\r\n").await.is_none());
}
