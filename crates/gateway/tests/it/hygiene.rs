//! Header hygiene in both directions, and messages that could be read in two ways.

use crate::given::{Echo, Platform, client, world};
use crate::wire;

#[tokio::test]
async fn what_the_platform_says_itself_is_not_taken_from_outside() {
    let world = world().await;
    let lines = "Cloud-Identity: forged\r\nCloud_Identity: forged\r\nCloud-Service: forged\r\nX-Request-Id: forged-forged\r\n\
        X-Forwarded-For: 10.0.0.1\r\nX_Forwarded_For: 10.0.0.1\r\nForwarded: for=10.0.0.1\r\nX-Real-Ip: 10.0.0.1\r\n\
        X-Forwarded-Proto: https\r\nX-Original-Url: /admin\r\nAuthorization: Bearer secret\r\n\
        traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nX-Custom: kept\r\n";
    let response = wire::get(world.gateway.address, "/app/hello/echo", lines).await;
    let echo: Echo = serde_json::from_str(&response.body).unwrap();
    for name in [
        "cloud-identity",
        "cloud_identity",
        "cloud-service",
        "x_forwarded_for",
        "forwarded",
        "x-real-ip",
        "x-original-url",
        "authorization",
    ] {
        assert_eq!(echo.header(name), None, "{name}");
    }
    assert_eq!(echo.header("x-custom"), Some("kept"));
    assert_eq!(echo.header("x-forwarded-for"), Some("127.0.0.1"));
    assert_eq!(echo.header("x-forwarded-proto"), Some("http"));
    assert_eq!(echo.header("x-forwarded-host"), Some("localhost"));
    assert_eq!(echo.header("host"), Some("localhost"));
    assert!(
        !echo
            .header("traceparent")
            .unwrap()
            .contains("0af7651916cd43dd8448eb211c80319c")
    );
    let id = echo.header("x-request-id").unwrap();
    assert_ne!(id, "forged-forged");
    assert_eq!(response.header("x-request-id"), Some(id));
}

#[tokio::test]
async fn a_trusted_proxy_is_believed() {
    let platform = Platform::new().await;
    let _hello = platform.app("hello").await;
    let trust = |config: &mut gateway::GatewayConfig| {
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    };
    let gateway = platform.gateway_with(trust).await;
    gateway.serves("/app/hello/echo", None).await;
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let request = client()
        .get(gateway.url("/app/hello/echo"))
        .header("x-forwarded-for", "203.0.113.9")
        .header("x-forwarded-proto", "https")
        .header("x-request-id", "given-by-the-proxy")
        .header("traceparent", format!("00-{trace}-b7ad6b7169203331-01"));
    let echo: Echo = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(echo.header("x-forwarded-for"), Some("203.0.113.9"));
    assert_eq!(echo.header("x-forwarded-proto"), Some("https"));
    assert_eq!(echo.header("x-request-id"), Some("given-by-the-proxy"));
    assert!(echo.header("traceparent").unwrap().contains(trace));
}

#[tokio::test]
async fn fields_of_one_connection_stay_on_it() {
    let world = world().await;
    let lines = "Keep-Alive: timeout=5\r\nTE: gzip\r\nUpgrade: h2c\r\nProxy-Authorization: x\r\nConnection: X-Secret\r\nX-Secret: 1\r\n";
    let response = wire::get(world.gateway.address, "/app/hello/echo", lines).await;
    let echo: Echo = serde_json::from_str(&response.body).unwrap();
    for name in [
        "keep-alive",
        "te",
        "upgrade",
        "proxy-authorization",
        "connection",
        "x-secret",
    ] {
        assert_eq!(echo.header(name), None, "{name}");
    }
}

#[tokio::test]
async fn other_cookies_pass() {
    let world = world().await;
    let token = "A".repeat(43);
    for line in [
        format!("Cookie: a=1; __Host-cloud={token}; b=2\r\n"),
        format!("Cookie: a=1; b=2; __host-cloud={token}\r\n"),
        "Cookie: cloud=not-a-token; a=1; b=2\r\n".to_owned(),
    ] {
        let response = wire::get(world.gateway.address, "/app/hello/echo", &line).await;
        let echo: Echo = serde_json::from_str(&response.body).unwrap();
        assert_eq!(echo.header("cookie"), Some("a=1; b=2"), "{line}");
    }
}

#[tokio::test]
async fn a_response_is_cleaned_and_protected() {
    let world = world().await;
    let response = world
        .client
        .get(world.url("/app/hello/chatty"))
        .send()
        .await
        .unwrap();
    let headers = response.headers();
    for name in [
        "server",
        "x-powered-by",
        "cloud-secret",
        "x-hop",
        "connection",
    ] {
        assert!(headers.get(name).is_none(), "{name}");
    }
    let cookies: Vec<_> = headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["own=1"]);
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert!(headers.contains_key("permissions-policy"));
    let policies: Vec<_> = headers.get_all("content-security-policy").iter().collect();
    assert_eq!(policies, ["default-src 'self'", "frame-ancestors 'self'"]);
    assert_eq!(headers.get_all("x-request-id").iter().count(), 1);
    assert_ne!(headers["x-request-id"], "made-up");
}

#[tokio::test]
async fn a_message_with_two_readings_is_refused() {
    let world = world().await;
    let before = world.hello.requests();
    let body = "Connection: close\r\n\r\n0\r\n\r\n";
    for head in [
        "POST /app/hello/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "POST /app/hello/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "POST /app/hello/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n",
        "POST /app/hello/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n",
        "POST /app/hello/echo HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n",
        "POST /app/hello/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n",
        "POST /app/hello/echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n",
        "GET /app/hello/echo HTTP/1.1\r\n",
        "GET /app/hello/echo HTTP/1.0\r\n",
        "GET /app/hello/echo HTTP/1.1\r\nHost: a\r\nHost: a\r\n",
        "GET /app/hello/echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n",
        "GET /app/hello/echo HTTP/1.1\r\nHost:\r\n",
        "GET /app/hello/echo HTTP/1.1\r\nHost: a b\r\n",
        "GET /app/hello/echo HTTP/1.1\r\nHost: u@a\r\n",
        "GET /app/hello/echo HTTP/1.1\r\nHost: a/b\r\n",
        "GET /app/hello/echo HTTP/1.1\r\nHost : a\r\n",
        "GET /app/hello/echo HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n",
        "GET  /app/hello/echo HTTP/1.1\r\nHost: a\r\n",
        "GET /app/hello/echo HTTP/3.0\r\nHost: a\r\n",
    ] {
        let response = wire::send(world.gateway.address, format!("{head}{body}").as_bytes()).await;
        assert_eq!(response.status, 400, "{head}");
    }
    assert_eq!(world.hello.requests(), before);
}

#[tokio::test]
async fn methods_and_expectations_that_are_not_served() {
    let world = world().await;
    for (request, status) in [
        (
            "TRACE /app/hello/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            405,
        ),
        (
            "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nConnection: close\r\n\r\n",
            405,
        ),
        (
            "POST /app/hello/echo HTTP/1.1\r\nHost: a\r\nExpect: magic\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
            417,
        ),
        (
            "POST /app/hello/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/grpc+proto\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            415,
        ),
    ] {
        let response = wire::send(world.gateway.address, request.as_bytes()).await;
        assert_eq!(response.status, status, "{request}");
    }
}

#[tokio::test]
async fn pipelined_requests_are_all_answered_in_order() {
    let world = world().await;
    let request = "POST /app/hello/echo?1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc\
        POST /app/hello/echo?2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n\
        GET /app/hello/echo?3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let bytes = wire::exchange(world.gateway.address, request.as_bytes()).await;
    let text = String::from_utf8_lossy(&bytes);
    let places: Vec<_> = ["echo?1", "echo?2", "echo?3"]
        .map(|target| text.find(target).unwrap())
        .into();
    assert!(places.is_sorted(), "{text}");
    assert_eq!(text.matches("HTTP/1.1 200").count(), 3);
}
