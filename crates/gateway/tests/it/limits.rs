//! Sizes and times beyond which the gateway says no.

use std::time::Duration;

use futures_util::stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::given::{Echo, Platform, client, world, world_with};
use crate::wire;

fn chunks(count: usize) -> reqwest::Body {
    let chunk = bytes::Bytes::from(vec![b'x'; 64 * 1024]);
    reqwest::Body::wrap_stream(stream::iter(
        (0..count).map(move |_| Ok::<_, std::io::Error>(chunk.clone())),
    ))
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_before_and_while_it_comes() {
    let world = world().await;
    let before = world.hello.requests();
    // It says so itself: nobody is asked.
    let head = "POST /app/hello/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\nExpect: 100-continue\r\n\r\n";
    let response = wire::send(world.gateway.address, head.as_bytes()).await;
    assert_eq!(response.status, 413);
    assert_eq!(world.hello.requests(), before);
    // It only turns out.
    let response = world
        .client
        .post(world.url("/app/hello/echo"))
        .body(chunks(17))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 413);
    let echo = world
        .echo(
            world
                .client
                .post(world.url("/app/hello/echo"))
                .body(chunks(16)),
        )
        .await;
    assert_eq!(echo.body, 1024 * 1024);
}

#[tokio::test]
async fn an_app_may_take_more_or_less() {
    let platform = Platform::new().await;
    let policy = |prefix: &str, limit| registry::PrefixPolicy {
        prefix: prefix.to_owned(),
        body_limit: Some(limit),
        ..registry::PrefixPolicy::default()
    };
    let with_policy = |options: &mut crate::peer::PeerOptions| {
        options.entry.policy = vec![
            policy("/app/files", 10),
            policy("/app/files/upload", 4 * 1024 * 1024),
        ];
    };
    let _files = platform.app_with("files", with_policy).await;
    let gateway = platform.gateway().await;
    gateway.serves("/app/files/echo", None).await;
    let post = async |path: &str, body: reqwest::Body| {
        client()
            .post(gateway.url(path))
            .body(body)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(post("/app/files/echo", "0123456789".into()).await, 200);
    assert_eq!(post("/app/files/echo", "0123456789a".into()).await, 413);
    assert_eq!(post("/app/files/upload/echo", chunks(64)).await, 200);
    assert_eq!(post("/app/files/upload/echo", chunks(65)).await, 413);
}

#[tokio::test]
async fn slow_headers_are_408() {
    let world = world_with(|limits| limits.head = Duration::from_millis(200)).await;
    let mut stream = TcpStream::connect(world.gateway.address).await.unwrap();
    stream
        .write_all(b"GET /app/hello/echo HTTP/1.1\r\nHost: a\r\nX-Slow: ")
        .await
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("text/html"), "{answer}");

    // Byte by byte is no way around it.
    let mut stream = TcpStream::connect(world.gateway.address).await.unwrap();
    for byte in b"GET /app/hello/echo HTTP/1.1\r\n".iter().cycle() {
        tokio::time::sleep(Duration::from_millis(10)).await;
        if stream.write_all(&[*byte]).await.is_err() {
            break;
        }
        let mut answer = [0; 12];
        if let Ok(Ok(_)) =
            tokio::time::timeout(Duration::from_millis(1), stream.read_exact(&mut answer)).await
        {
            assert_eq!(&answer, b"HTTP/1.1 408");
            break;
        }
    }
}

#[tokio::test]
async fn an_idle_connection_is_closed_without_a_word() {
    let world = world_with(|limits| limits.keep_alive = Duration::from_millis(100)).await;
    let mut stream = TcpStream::connect(world.gateway.address).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(answer.is_empty());
    // Waiting for an answer is not idleness.
    let held = world.client.get(world.url("/app/hello/held")).send();
    let release = async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        world.hello.shared.release.notify_one();
    };
    let (response, ()) = tokio::join!(held, release);
    assert_eq!(response.unwrap().status(), 200);
}

#[tokio::test]
async fn a_body_that_stops_is_408() {
    let world = world_with(|limits| limits.request_idle = Duration::from_millis(100)).await;
    let request = "POST /app/hello/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc";
    let response = wire::send(world.gateway.address, request.as_bytes()).await;
    assert_eq!(response.status, 408);
}

#[tokio::test]
async fn too_many_or_too_large_headers_are_431() {
    let world = world().await;
    for lines in [
        "X: y\r\n".repeat(127),
        format!("X: {}\r\n", "y".repeat(70 * 1024)),
    ] {
        let response = wire::get(world.gateway.address, "/app/hello/echo", &lines).await;
        assert_eq!(response.status, 431);
    }
    let response = wire::get(
        world.gateway.address,
        "/app/hello/echo",
        &"X: y\r\n".repeat(126),
    )
    .await;
    assert_eq!(response.status, 200);
}

#[tokio::test]
async fn an_app_that_does_not_answer_is_504() {
    let world = world_with(|limits| limits.response = Duration::from_millis(200)).await;
    let response = world
        .client
        .get(world.url("/app/hello/hang"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 504);
    // The time begins when the body has come.
    let slow = stream::unfold(0, async |sent| {
        tokio::time::sleep(Duration::from_millis(100)).await;
        (sent < 5).then(|| (Ok::<_, std::io::Error>("x"), sent + 1))
    });
    let body = reqwest::Body::wrap_stream(slow);
    let echo = world
        .echo(world.client.post(world.url("/app/hello/echo")).body(body))
        .await;
    assert_eq!(echo.body, 5);
}

#[tokio::test]
async fn an_expectation_is_met_when_the_app_reads() {
    let world = world().await;
    let mut stream = TcpStream::connect(world.gateway.address).await.unwrap();
    let head = "POST /app/hello/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).await.unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"abc").await.unwrap();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).await.unwrap();
    assert!(rest.starts_with("HTTP/1.1 200"), "{rest}");
    let echo: Echo = serde_json::from_str(rest.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!((echo.body, echo.header("expect")), (3, None));
}
