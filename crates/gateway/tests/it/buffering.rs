//! Requests that are taken in whole before an instance is asked, because their app wants them so.

use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use registry::PrefixPolicy;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::UnboundedReceiverStream;

use crate::given::{Echo, Platform, TestGateway};
use crate::peer::Peer;
use crate::wire::{self, Raw};

/// An app that wants its requests whole below `/app/hello`, and as they come below `/api/hello`.
async fn world(change: impl FnOnce(&mut gateway::GatewayConfig)) -> (Platform, Peer, TestGateway) {
    let platform = Platform::new().await;
    let peer = platform
        .app_with("hello", |options| {
            options.entry.policy = vec![PrefixPolicy {
                prefix: "/app/hello".to_owned(),
                buffer: Some(true),
                body_limit: Some(300_000),
                ..PrefixPolicy::default()
            }];
        })
        .await;
    let gateway = platform.gateway_with(change).await;
    gateway.serves("/app/hello/echo", Some(&peer)).await;
    (platform, peer, gateway)
}

async fn begun(gateway: &TestGateway, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(gateway.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

async fn answer(mut stream: TcpStream) -> Raw {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    Raw::parse(&bytes).unwrap()
}

fn echoed(answer: &Raw) -> usize {
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str::<Echo>(&answer.body).unwrap().body
}

#[tokio::test]
async fn an_instance_is_asked_when_the_last_byte_is_here() {
    let (_platform, peer, gateway) = world(|_| {}).await;
    for (head, parts) in [
        (
            "POST /{}/hello/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 6\r\n\r\nabc",
            ["de", "f"],
        ),
        (
            "POST /{}/hello/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            ["3\r\ndef", "\r\n0\r\n\r\n"],
        ),
    ] {
        let before = peer.requests();
        let mut whole = begun(&gateway, &head.replace("{}", "app")).await;
        whole.write_all(parts[0].as_bytes()).await.unwrap();
        // What streams arrives meanwhile, though it began later.
        let mut streamed = begun(&gateway, &head.replace("{}", "api")).await;
        testkit::eventually("the streamed one is there", async || {
            peer.requests() > before
        })
        .await;
        let health = wire::get(gateway.address, "/health", "").await;
        assert_eq!(health.status, 200);
        assert_eq!(peer.requests(), before + 1, "it was asked too soon");
        whole.write_all(parts[1].as_bytes()).await.unwrap();
        assert_eq!(echoed(&answer(whole).await), 6);
        streamed.write_all(parts.concat().as_bytes()).await.unwrap();
        assert_eq!(echoed(&answer(streamed).await), 6);
    }
}

#[tokio::test]
async fn a_client_that_waits_to_be_told_is_told() {
    let (_platform, _peer, gateway) = world(|_| {}).await;
    let head = "POST /app/hello/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
    let mut stream = begun(&gateway, head).await;
    let mut told = [0; 25];
    stream.read_exact(&mut told).await.unwrap();
    assert_eq!(&told, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"abc").await.unwrap();
    assert_eq!(echoed(&answer(stream).await), 3);
}

#[tokio::test]
async fn over_http_2_as_well() {
    let (_platform, peer, gateway) = world(|_| {}).await;
    let client = Client::builder(TokioExecutor::new())
        .http2_only(true)
        .build_http();
    let before = peer.requests();
    let (send, parts) = mpsc::unbounded_channel::<&'static str>();
    let parts = UnboundedReceiverStream::new(parts);
    let frames = parts.map(|part| Ok::<_, std::io::Error>(Frame::data(Bytes::from(part))));
    let request = http::Request::post(gateway.url("/app/hello/echo"))
        .body(StreamBody::new(frames).boxed_unsync())
        .unwrap();
    let asked = client.request(request);
    let sends = async {
        send.send("abc").unwrap();
        let other = http::Request::get(gateway.url("/app/hello/echo"));
        let other = other.body(
            Full::default()
                .map_err(|never| match never {})
                .boxed_unsync(),
        );
        let other = client.request(other.unwrap()).await.unwrap();
        assert_eq!(other.status(), 200);
        assert_eq!(peer.requests(), before + 1, "it was asked too soon");
        send.send("def").unwrap();
        drop(send);
    };
    let (answer, ()) = tokio::join!(asked, sends);
    let answer = answer.unwrap().into_body().collect().await.unwrap();
    let echo: Echo = serde_json::from_slice(&answer.to_bytes()).unwrap();
    assert_eq!(echo.body, 6);
}

fn chunked(method: &str, path: &str, length: usize) -> Vec<u8> {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let mut request = head.into_bytes();
    for _ in 0..length / 1000 {
        request.extend_from_slice(b"3e8\r\n");
        request.extend_from_slice(&[b'x'; 1000]);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"0\r\n\r\n");
    request
}

#[tokio::test]
async fn what_is_whole_is_repeated_when_it_may_be() {
    let (platform, peer, gateway) = world(|_| {}).await;
    let second = platform.app("hello").await;
    gateway.serves("/app/hello/echo", Some(&second)).await;
    let requests = || peer.requests() + second.requests();
    for (method, path, asked) in [
        ("PUT", "/app/hello/break", 2..=3),
        ("POST", "/app/hello/break", 1..=1),
        ("PUT", "/api/hello/break", 1..=1),
    ] {
        let before = requests();
        let answer = wire::send(gateway.address, &chunked(method, path, 200_000)).await;
        assert_eq!(answer.status, 502);
        let asked_for = requests() - before;
        assert!(asked.contains(&asked_for), "{method} {path}: {asked_for}");
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_anybody_is_asked() {
    let (_platform, peer, gateway) = world(|config| config.limits.held = 400_000).await;
    let before = peer.requests();
    let large = chunked("POST", "/app/hello/echo", 301_000);
    assert_eq!(wire::send(gateway.address, &large).await.status, 413);
    assert_eq!(peer.requests(), before);
    // Together they may not hold more either, and what one held is free when it is answered.
    for _ in 0..10 {
        let fits = chunked("POST", "/app/hello/echo", 250_000);
        assert_eq!(echoed(&wire::send(gateway.address, &fits).await), 250_000);
    }
    let whole = chunked("POST", "/app/hello/echo", 250_000);
    let (most, last) = whole.split_at(whole.len() - 3);
    let held = tokio::sync::Mutex::new(None);
    testkit::eventually("there is room for no other", async || {
        // Which of the two comes first is chance.
        let mut first = TcpStream::connect(gateway.address).await.unwrap();
        first.write_all(most).await.unwrap();
        let other = wire::send(gateway.address, &whole).await;
        *held.lock().await = Some(first);
        other.status == 503
    })
    .await;
    let mut held = held.into_inner().unwrap();
    held.write_all(last).await.unwrap();
    assert_eq!(echoed(&answer(held).await), 250_000);
    let other = wire::send(gateway.address, &whole).await;
    assert_eq!(echoed(&other), 250_000, "there is room again");
}
