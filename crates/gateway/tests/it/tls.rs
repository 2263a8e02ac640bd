//! TLS through the whole gateway: the door where it is spoken and the plain one beside it.

use std::sync::Arc;

use gateway::tls::TlsConfig;
use registry::PrefixPolicy;
use rustls::ClientConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::given::{Platform, TestGateway};
use crate::gullible::gullible;
use crate::wire::{self, Raw};

async fn secured(platform: &Platform) -> TestGateway {
    let environment = platform::Environment::from_map([("TLS_DOMAINS", "localhost")]);
    let mut tls = TlsConfig::read(&mut environment.reader()).unwrap();
    tls.port = 0;
    tls.plain_port = 0;
    platform.gateway_with(|config| config.tls = Some(tls)).await
}

/// What is answered to a GET over TLS.
async fn get(gateway: &TestGateway, path: &str) -> Option<Raw> {
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(gullible())
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TcpStream::connect(gateway.address).await.ok()?;
    let mut stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    Raw::parse(&answer)
}

#[tokio::test]
async fn requests_are_served_over_tls_and_redirected_from_the_plain_port() {
    let platform = Platform::new().await;
    let app = platform
        .app_with("hello", |options| {
            options.entry.policy = vec![PrefixPolicy {
                prefix: "/app/hello/plain".to_owned(),
                plain: Some(true),
                ..PrefixPolicy::default()
            }];
        })
        .await;
    let gateway = secured(&platform).await;
    testkit::eventually("the app is served over TLS", async || {
        let answer = get(&gateway, "/app/hello/echo").await;
        answer.is_some_and(|answer| answer.header("x-instance").is_some())
    })
    .await;
    let answer = get(&gateway, "/app/hello/echo").await.unwrap();
    assert!(answer.header("strict-transport-security").is_some());
    let echo: crate::given::Echo = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(echo.header("x-forwarded-proto"), Some("https"));

    let plain = gateway.running.plain_address().unwrap();
    let before = app.requests();
    let moved = wire::get(plain, "/app/hello/echo?a=b", "").await;
    assert_eq!(moved.status, 301);
    let location = format!(
        "https://localhost:{}/app/hello/echo?a=b",
        gateway.address.port()
    );
    assert_eq!(moved.header("location"), Some(location.as_str()));
    assert_eq!(app.requests(), before);
    assert_eq!(wire::get(plain, "/health", "").await.status, 200);
    let unknown = wire::get(plain, "/.well-known/acme-challenge/unknown", "").await;
    assert_eq!(unknown.status, 404);
    assert_eq!(
        wire::get(plain, "/app/hello/plain/echo", "").await.status,
        200
    );
}
