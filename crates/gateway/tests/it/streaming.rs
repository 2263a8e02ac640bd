//! Bodies are streamed, both ways, and connections may leave HTTP behind.

use futures_util::{SinkExt, StreamExt, stream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::given::{Platform, world, world_with};
use crate::wire;

#[tokio::test]
async fn events_pass_one_by_one_as_they_come() {
    let world = world().await;
    let response = world
        .client
        .get(world.url("/app/hello/sse"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.bytes_stream();
    for number in 0..5 {
        // Each event is sent only after the one before has arrived, so none can wait for the next.
        world
            .hello
            .shared
            .events
            .send(format!("event {number}"))
            .unwrap();
        let chunk = body.next().await.unwrap().unwrap();
        assert_eq!(chunk, format!("data: event {number}\n\n"));
    }
}

#[tokio::test]
async fn a_client_that_leaves_lets_the_app_know() {
    let world = world().await;
    let response = world
        .client
        .get(world.url("/app/hello/sse"))
        .send()
        .await
        .unwrap();
    assert_eq!(world.hello.shared.events.receiver_count(), 1);
    drop(response);
    testkit::eventually("the stream ends at the app", async || {
        let _ = world.hello.shared.events.send("anybody there?".to_owned());
        world.hello.shared.events.receiver_count() == 0
    })
    .await;
}

#[tokio::test]
async fn a_request_body_passes_as_it_comes() {
    let world = world().await;
    let (sender, receiver) = tokio::sync::mpsc::channel::<&str>(1);
    let receiver = stream::unfold(receiver, async |mut receiver| {
        let chunk = receiver.recv().await?;
        Some((Ok::<_, std::io::Error>(chunk), receiver))
    });
    let before = world.hello.requests();
    let body = reqwest::Body::wrap_stream(receiver);
    let request = world
        .client
        .post(world.url("/app/hello/echo"))
        .body(body)
        .send();
    let feed = async {
        sender.send("first").await.unwrap();
        // The app has the request while the body is still open.
        testkit::eventually("the app was reached", async || {
            world.hello.requests() > before
        })
        .await;
        sender.send("second").await.unwrap();
        drop(sender);
    };
    let (response, ()) = tokio::join!(request, feed);
    assert_eq!(
        response
            .unwrap()
            .json::<crate::given::Echo>()
            .await
            .unwrap()
            .body,
        11
    );
}

#[tokio::test]
async fn a_websocket_echoes_through_the_gateway() {
    let world = world().await;
    let url = format!("ws://{}/app/hello/ws", world.gateway.address);
    let (mut socket, response) = tokio_tungstenite::connect_async(url).await.unwrap();
    assert_eq!(response.status(), 101);
    for text in ["one", "two", &"large".repeat(50_000)] {
        socket.send(Message::text(text)).await.unwrap();
        assert_eq!(socket.next().await.unwrap().unwrap(), Message::text(text));
    }
    socket.close(None).await.unwrap();
    while let Some(Ok(_)) = socket.next().await {}
}

#[tokio::test]
async fn a_websocket_is_told_to_come_back_when_the_gateway_stops() {
    let world = world().await;
    let url = format!("ws://{}/app/hello/ws", world.gateway.address);
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    socket.send(Message::text("one")).await.unwrap();
    assert_eq!(socket.next().await.unwrap().unwrap(), Message::text("one"));
    world.gateway.running.stop();
    let Some(Ok(Message::Close(Some(frame)))) = socket.next().await else {
        panic!("the socket ended without a word");
    };
    assert_eq!(u16::from(frame.code), 1012);
    world.gateway.running.stopped().await;
}

#[tokio::test]
async fn a_page_of_another_site_cannot_open_a_websocket() {
    let world = world().await;
    let attempt = async |origin: &str| {
        let url = format!("ws://{}/app/hello/ws", world.gateway.address);
        let mut request = url.into_client_request().unwrap();
        request
            .headers_mut()
            .insert("origin", origin.parse().unwrap());
        tokio_tungstenite::connect_async(request).await
    };
    let own = format!("http://{}", world.gateway.address);
    assert!(attempt(&own).await.is_ok());
    assert!(attempt("http://localhost:3000").await.is_ok());
    for foreign in [
        "http://evil.example",
        "null",
        "http://localhost:3000.evil.example",
    ] {
        match attempt(foreign).await {
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => {
                assert_eq!(response.status(), 403);
            }
            other => panic!("{foreign}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn an_upgrade_that_the_app_refuses_or_nobody_knows_is_an_ordinary_answer() {
    let world = world().await;
    let lines = "Connection: upgrade\r\nUpgrade: websocket\r\n";
    // Without a key this is no WebSocket, so the app never sees the wish.
    let response = wire::get(world.gateway.address, "/app/hello/ws", lines).await;
    assert_eq!(response.status, 400);
    let lines = "Connection: upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
    let response = wire::get(world.gateway.address, "/app/hello/echo", lines).await;
    assert_eq!(response.status, 200);
    assert!(!response.body.contains("h2c"));
}

#[tokio::test]
async fn a_silent_tunnel_is_closed() {
    let world =
        world_with(|limits| limits.response_idle = std::time::Duration::from_millis(200)).await;
    let url = format!("ws://{}/app/hello/ws", world.gateway.address);
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    while let Some(Ok(_)) = socket.next().await {}
}

#[tokio::test]
async fn trailers_pass_to_those_who_want_them() {
    let world = world().await;
    let wanted = wire::get(
        world.gateway.address,
        "/app/hello/trailers",
        "TE: trailers\r\n",
    )
    .await;
    assert!(wanted.body.contains("x-sum: 42"), "{wanted:?}");
    let request = "POST /app/hello/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTrailer: X-Sum, Cloud-Identity\r\n\
        Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 42\r\nCloud-Identity: forged\r\n\r\n";
    let sent = wire::send(world.gateway.address, request.as_bytes()).await;
    let echo: serde_json::Value = serde_json::from_str(&sent.body).unwrap();
    assert_eq!(echo["body"], 3);
    assert_eq!(echo["trailers"], serde_json::json!(["x-sum"]));
}

#[tokio::test]
async fn a_broken_response_is_not_made_whole() {
    let world = world().await;
    let request = world.client.get(world.url("/app/hello/truncated"));
    let mut response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.chunk().await.unwrap().unwrap(), "short");
    world.hello.shared.release.notify_one();
    assert!(response.chunk().await.is_err());
}

#[tokio::test]
async fn an_early_answer_reaches_a_client_that_is_still_sending() {
    let world = world().await;
    let request = "POST /app/hello/early HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\nConnection: close\r\n\r\nabc";
    let response = wire::send(world.gateway.address, request.as_bytes()).await;
    assert_eq!(response.status, 409);
    // The connection to the app was not left half used.
    for _ in 0..3 {
        assert_eq!(
            world
                .client
                .get(world.url("/app/hello/echo"))
                .send()
                .await
                .unwrap()
                .status(),
            200
        );
    }
}

#[tokio::test]
async fn connections_to_apps_are_kept_and_a_socket_on_this_machine_comes_first() {
    let platform = Platform::new().await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("local.sock");
    let local = platform
        .app_with("local", |options| options.unix = Some(path.clone()))
        .await;
    let gateway = platform.gateway().await;
    gateway.serves("/app/local/echo", None).await;
    let client = crate::given::client();
    let connections = || {
        let over_unix = &local.shared.over_unix;
        over_unix.load(std::sync::atomic::Ordering::SeqCst)
    };
    let before = connections();
    for _ in 0..20 {
        client
            .get(gateway.url("/app/local/echo"))
            .send()
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap();
    }
    // Whoever serves them may have to open one, and a question whether the app is ready may come between.
    let after = connections();
    assert!(
        after > 0 && after - before <= 2,
        "one connection serves requests in a row: {before}, {after}"
    );
    // Without the socket the address does.
    std::fs::remove_file(&path).unwrap();
    drop(gateway);
    let gateway = platform.gateway().await;
    gateway.serves("/app/local/echo", None).await;
    assert_eq!(connections(), after);
}

#[tokio::test]
async fn a_socket_that_a_killed_process_left_behind_is_not_followed_to_an_address() {
    let world = world().await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("killed.sock");
    // The socket is there and nobody listens; the address has been taken by somebody else meanwhile.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let taken = format!("http://{}", world.hello.address);
    let client = world.platform.redis.client().await;
    let mut options = crate::peer::PeerOptions::new("killed");
    options.entry.http = taken;
    options.entry.unix = Some(registry::UnixAddress {
        path: path.display().to_string(),
        host_id: registry::HostId::of_this_machine(),
    });
    let timing = registry::LeaseTiming::default();
    let _lease = registry::Lease::register(client, options.keyring, options.entry, timing)
        .await
        .unwrap();
    testkit::eventually("the lease is known", async || {
        world.gateway.apps().len() == 2
    })
    .await;
    testkit::eventually("the app counts as down", async || {
        world
            .client
            .get(world.url("/app/killed/echo"))
            .send()
            .await
            .unwrap()
            .status()
            == 503
    })
    .await;
}

#[tokio::test]
async fn http2_without_tls_is_spoken_too() {
    let world = world().await;
    let stream = tokio::net::TcpStream::connect(world.gateway.address)
        .await
        .unwrap();
    let executor = hyper_util::rt::TokioExecutor::new();
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(executor, hyper_util::rt::TokioIo::new(stream))
            .await
            .unwrap();
    tokio_util::task::TaskTracker::new().spawn(connection);
    let body = http_body_util::Full::new(bytes::Bytes::from("abc"));
    let request = http::Request::post(world.url("/app/hello/echo"))
        .body(body)
        .unwrap();
    let response = client.send_request(request).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.version()),
        (200, http::Version::HTTP_2)
    );
    let bytes = http_body_util::BodyExt::collect(response.into_body())
        .await
        .unwrap()
        .to_bytes();
    let echo: crate::given::Echo = serde_json::from_slice(&bytes).unwrap();
    assert_eq!((echo.method.as_str(), echo.body), ("POST", 3));
    assert_eq!(
        echo.header("host"),
        Some(world.gateway.address.to_string().as_str())
    );
}
