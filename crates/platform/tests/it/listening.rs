//! What a listener answers by itself, and what it does not put up with.

use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustix::process::Signal;
use serde_json::{Value, json};
use testkit::eventually;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

use crate::process::{Specimen, enough};

async fn health(url: &str) -> (StatusCode, Value) {
    let response = reqwest::get(format!("{url}/health")).await.unwrap();
    (
        response.status(),
        serde_json::from_str(&response.text().await.unwrap()).unwrap(),
    )
}

#[tokio::test]
async fn health_names_the_failing_check_and_recovers() {
    let redis = testkit::redis().await;
    let specimen = Specimen::start(&enough(&redis.url));
    let url = specimen.ready().await;
    let well = json!({"status": "healthy", "checks": {"redis": "ok"}});
    assert_eq!(health(&url).await, (StatusCode::OK, well.clone()));

    redis.kill().await;
    let ill = (StatusCode::SERVICE_UNAVAILABLE, "failed");
    eventually("the failing check is named", async || {
        let (status, body) = health(&url).await;
        body["status"] == "unhealthy" && (status, body["checks"]["redis"].as_str().unwrap()) == ill
    })
    .await;
    // Requests go on without Redis, and the instance stays ready for them.
    assert_eq!(
        reqwest::get(format!("{url}/app/specimen"))
            .await
            .unwrap()
            .status(),
        200
    );
    assert_eq!(
        reqwest::get(format!("{url}/ready")).await.unwrap().status(),
        200
    );

    redis.start().await;
    eventually("healthy again", async || {
        health(&url).await == (StatusCode::OK, well.clone())
    })
    .await;
    let lines = specimen.all("health check fails");
    assert_eq!(
        lines.len(),
        1,
        "changes are logged, not every probe: {lines:?}"
    );
}

#[tokio::test]
async fn a_frozen_redis_is_told_as_a_timeout() {
    let redis = testkit::redis().await;
    let specimen = Specimen::start(&enough(&redis.url));
    let url = specimen.ready().await;
    redis.pause().await;
    eventually(
        "the check times out or the connection is given up",
        async || {
            let (_, body) = health(&url).await;
            body["checks"]["redis"] != "ok"
        },
    )
    .await;
    redis.resume().await;
    eventually("healthy again", async || {
        health(&url).await.0 == StatusCode::OK
    })
    .await;
}

#[tokio::test]
async fn probes_pass_no_layer_of_the_app() {
    let redis = testkit::redis().await;
    let specimen = Specimen::start(&enough(&redis.url));
    let url = specimen.ready().await;
    let client = reqwest::Client::new();
    for path in ["/health", "/ready"] {
        let response = client.get(format!("{url}{path}")).send().await.unwrap();
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(!response.headers().contains_key("x-request-id"));
        let head = client.head(format!("{url}{path}")).send().await.unwrap();
        assert_eq!(head.status(), 200);
        let post = client.post(format!("{url}{path}")).send().await.unwrap();
        assert_eq!(post.status(), 405);
    }
    let page = client
        .get(format!("{url}/app/specimen"))
        .send()
        .await
        .unwrap();
    assert!(page.headers().contains_key("x-request-id"));
}

async fn greeting(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin) -> String {
    let request = "GET /app/specimen HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn the_unix_socket_serves_the_same_and_goes_with_the_process() {
    let redis = testkit::redis().await;
    let directory = tempfile::tempdir().unwrap();
    let mut variables = enough(&redis.url);
    variables.push((
        "UNIX_SOCKET_DIR",
        directory.path().to_str().unwrap().to_owned(),
    ));
    variables.push(("INSTANCE_ID", "one".to_owned()));
    let socket = directory.path().join("specimen-one.sock");
    // Left behind by a process that was killed.
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());

    let mut specimen = Specimen::start(&variables);
    specimen.ready().await;
    let answer = greeting(UnixStream::connect(&socket).await.unwrap()).await;
    assert!(answer.ends_with("hello from specimen"), "{answer}");
    specimen.signal(Signal::TERM);
    assert_eq!(specimen.ended().await, 0);
    assert!(!socket.exists());
}

#[tokio::test]
async fn http_2_without_tls_is_spoken_too() {
    let redis = testkit::redis().await;
    let specimen = Specimen::start(&enough(&redis.url));
    let url = specimen.ready().await;
    let stream = TcpStream::connect(url.strip_prefix("http://").unwrap())
        .await
        .unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    tokio::spawn(connection);
    let request = http::Request::get(format!("{url}/app/specimen"))
        .body(Empty::<Bytes>::new())
        .unwrap();
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(response.version(), http::Version::HTTP_2);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, "hello from specimen");
}

/// Sends a head and reads whatever comes back until the server hangs up.
async fn answer_to(url: &str, head: &str) -> String {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may hang up while we are still sending.
    stream.write_all(head.as_bytes()).await.ok();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn heads_that_are_too_large_are_refused() {
    let redis = testkit::redis().await;
    let specimen = Specimen::start(&enough(&redis.url));
    let url = specimen.ready().await;
    let many = "x-one: more\r\n".repeat(200);
    let answer = answer_to(&url, &format!("GET / HTTP/1.1\r\nhost: x\r\n{many}\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    // A head beyond the buffer is not read to its end, so the refusal may get lost on the way.
    let long = "x".repeat(256 * 1024);
    let answer = answer_to(
        &url,
        &format!("GET / HTTP/1.1\r\nhost: x\r\nx-long: {long}\r\n\r\n"),
    )
    .await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431 "),
        "{answer}"
    );
    // The next client is served as ever.
    let greeting = reqwest::get(format!("{url}/app/specimen")).await.unwrap();
    assert_eq!(greeting.status(), 200);
}

#[tokio::test]
async fn a_trace_goes_on_through_an_app_that_exports_nothing() {
    let redis = testkit::redis().await;
    let specimen = Specimen::start(&enough(&redis.url));
    let url = specimen.ready().await;
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let request = reqwest::Client::new().get(format!("{url}/app/specimen/trace"));
    let traced = request.header("traceparent", parent).send().await.unwrap();
    assert_eq!(traced.text().await.unwrap(), parent);
    let begun = reqwest::get(format!("{url}/app/specimen/trace"))
        .await
        .unwrap();
    assert_eq!(begun.text().await.unwrap().len(), parent.len());
}

#[tokio::test]
async fn log_lines_carry_the_app_and_no_secret() {
    let redis = testkit::redis().await;
    let specimen = Specimen::start(&enough(&redis.url));
    let url = specimen.ready().await;
    reqwest::get(format!("{url}/app/specimen")).await.unwrap();
    let greeted = specimen.line("greeted").await;
    assert_eq!(greeted["app"], "specimen");
    assert_eq!(greeted["password"], "[redacted]");
    assert_eq!(greeted["trace_id"].as_str().unwrap().len(), 32);
    assert_eq!(specimen.line("ran an errand").await["app"], "specimen");
    assert!(!specimen.output().contains("hunter2"));
}
