//! TLS through the whole gateway: the door where it is spoken and the plain one beside it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use gateway::tls::TlsConfig;
use rcgen::{CertificateParams, KeyPair};
use registry::PrefixPolicy;
use rustls::ClientConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::bare::reader::Reader;
use crate::given::{Platform, TestGateway};
use crate::gullible::gullible;
use crate::wire::{self, Raw};

async fn secured(platform: &Platform) -> TestGateway {
    secured_with(platform, |_| {}).await
}

async fn secured_with(platform: &Platform, change: impl FnOnce(&mut TlsConfig)) -> TestGateway {
    let environment = platform::Environment::from_map([("TLS_DOMAINS", "localhost")]);
    let mut tls = TlsConfig::read(&mut environment.reader()).unwrap();
    tls.port = 0;
    tls.plain_port = 0;
    change(&mut tls);
    platform.gateway_with(|config| config.tls = Some(tls)).await
}

/// A client that believes every certificate.
fn believing() -> ClientConfig {
    ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(gullible())
        .with_no_client_auth()
}

async fn connect(gateway: &TestGateway) -> Option<TlsStream<TcpStream>> {
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TcpStream::connect(gateway.address).await.ok()?;
    let connector = TlsConnector::from(Arc::new(believing()));
    connector.connect(name, stream).await.ok()
}

/// What is answered to a GET over TLS.
async fn get(gateway: &TestGateway, path: &str) -> Option<Raw> {
    let mut stream = connect(gateway).await?;
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

/// Writes another certificate for the same name, as whatever renews it does: each file in one step.
fn renew(directory: &Path) {
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let texts = [("a.crt", certificate.pem()), ("a.key", key.serialize_pem())];
    for (name, text) in texts {
        let draft = directory.join(format!("{name}.draft"));
        std::fs::write(&draft, text).unwrap();
        std::fs::rename(draft, directory.join(name)).unwrap();
    }
}

/// The certificate that a new connection is served.
async fn served(gateway: &TestGateway) -> Vec<u8> {
    let stream = connect(gateway).await.unwrap();
    let chain = stream.get_ref().1.peer_certificates().unwrap();
    chain[0].to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_are_renewed_under_load_without_one_failed_request() {
    let directory = tempfile::tempdir().unwrap();
    renew(directory.path());
    let platform = Platform::new().await;
    let _app = platform.app("hello").await;
    let gateway = secured_with(&platform, |tls| {
        tls.directory = Some(directory.path().to_owned());
        tls.timing.files = Duration::from_millis(20);
    })
    .await;
    testkit::eventually("the app is served over TLS", async || {
        let answer = get(&gateway, "/app/hello/echo").await;
        answer.is_some_and(|answer| answer.header("x-instance").is_some())
    })
    .await;
    let (stop, done) = (AtomicBool::new(false), AtomicUsize::new(0));
    let goes_on = || !stop.load(Ordering::SeqCst);
    // One shakes hands for every request, the other keeps its connection over all certificates.
    let anew = async {
        while goes_on() {
            let answer = get(&gateway, "/app/hello/echo").await;
            assert_eq!(answer.expect("an answer").status, 200);
            done.fetch_add(1, Ordering::SeqCst);
        }
    };
    let kept = async {
        let (from, mut to) = tokio::io::split(connect(&gateway).await.unwrap());
        let mut reader = Reader::new(from);
        while goes_on() {
            to.write_all(b"GET /app/hello/echo HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .await
                .unwrap();
            assert_eq!(reader.answer(false).await.unwrap().unwrap().status, 200);
            done.fetch_add(1, Ordering::SeqCst);
        }
    };
    let renewing = async {
        let mut before = served(&gateway).await;
        for _ in 0..8 {
            renew(directory.path());
            before = testkit::until("another certificate is served", async || {
                let now = served(&gateway).await;
                (now != before).then_some(now)
            })
            .await;
            let goal = done.load(Ordering::SeqCst) + 20;
            testkit::eventually("requests go on", async || {
                done.load(Ordering::SeqCst) >= goal
            })
            .await;
        }
        stop.store(true, Ordering::SeqCst);
    };
    tokio::join!(anew, kept, renewing);
}
