//! Instances that are asked over HTTP/2, because their app has said so: seen from outside they are like any other.

use std::sync::atomic::Ordering;

use registry::PrefixPolicy;

use crate::given::{Echo, Platform, TestGateway, client};
use crate::peer::Peer;
use crate::wire;

/// An app that speaks nothing but HTTP/2, and a gateway before it.
async fn world() -> (Platform, Peer, TestGateway) {
    let platform = Platform::new().await;
    let peer = platform
        .app_with("hello", |options| {
            options.http2 = true;
            options.unix = Some(platform.state.path().join("hello.sock"));
            options.entry.policy = vec![PrefixPolicy {
                prefix: "/app/hello".to_owned(),
                http2: Some(true),
                ..PrefixPolicy::default()
            }];
        })
        .await;
    let gateway = platform.gateway().await;
    gateway.serves("/app/hello/echo", Some(&peer)).await;
    (platform, peer, gateway)
}

#[tokio::test]
async fn requests_and_answers_pass_as_they_are() {
    let (_platform, peer, gateway) = world().await;
    let client = client();
    let url = |path: &str| gateway.url(&format!("/app/hello/{path}"));
    let sent = client
        .put(url("echo?a=b"))
        .header("x-custom", "kept")
        .body("x".repeat(300_000));
    let echo: Echo = sent.send().await.unwrap().json().await.unwrap();
    assert_eq!((echo.method.as_str(), echo.body), ("PUT", 300_000));
    assert!(
        echo.target.ends_with("/app/hello/echo?a=b"),
        "{}",
        echo.target
    );
    assert_eq!(echo.header("x-custom"), Some("kept"));
    assert_eq!(echo.header("content-length"), Some("300000"));
    assert_eq!(echo.header("x-forwarded-for"), Some("127.0.0.1"));
    let parts = ["one", "two", "three"].map(Ok::<_, std::io::Error>);
    let body = reqwest::Body::wrap_stream(futures_util::stream::iter(parts));
    let echo = client.post(url("echo")).body(body).send().await.unwrap();
    assert_eq!(echo.json::<Echo>().await.unwrap().body, 11);
    let large = client.get(url("large")).send().await.unwrap();
    assert_eq!(large.content_length(), Some(1_000_000));
    assert_eq!(large.bytes().await.unwrap().len(), 1_000_000);
    for (word, status) in [("204", 204), ("304", 304)] {
        let answer = client.get(url(word)).send().await.unwrap();
        assert_eq!(answer.status(), status);
        assert_eq!(answer.bytes().await.unwrap().len(), 0);
    }
    let head = client.head(url("large")).send().await.unwrap();
    assert_eq!(
        (head.status().as_u16(), head.bytes().await.unwrap().len()),
        (200, 0)
    );
    let early = client.post(url("early")).body("x".repeat(100)).send();
    assert_eq!(early.await.unwrap().status(), 409);
    assert_eq!(client.get(url("break")).send().await.unwrap().status(), 502);
    assert!(peer.shared.over_unix.load(Ordering::SeqCst) > 0);
}

#[tokio::test]
async fn trailers_arrive_behind_chunks() {
    let (_platform, _peer, gateway) = world().await;
    let request =
        "GET /app/hello/trailers HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: close\r\n\r\n";
    let answer = wire::send(gateway.address, request.as_bytes()).await;
    assert_eq!(answer.header("transfer-encoding"), Some("chunked"));
    let (_, trailers) = answer.body.split_once("\r\n0\r\n").unwrap();
    assert!(trailers.contains("x-sum: 42"), "{trailers}");
}

#[tokio::test]
async fn an_instance_that_speaks_something_else_is_broken_and_not_waited_for() {
    let platform = Platform::new().await;
    let _peer = platform
        .app_with("hello", |options| {
            options.entry.policy = vec![PrefixPolicy {
                prefix: "/app/hello/new".to_owned(),
                http2: Some(true),
                ..PrefixPolicy::default()
            }];
        })
        .await;
    let gateway = platform.gateway().await;
    gateway.serves("/app/hello/echo", None).await;
    let answer = client().get(gateway.url("/app/hello/new/echo")).send();
    assert_eq!(answer.await.unwrap().status(), 502);
}
