//! Path tricks: what can be read in two ways is refused, and what is matched is what is sent.

use crate::given::world;
use crate::wire;

#[tokio::test]
async fn a_path_with_two_readings_never_reaches_an_app() {
    let world = world().await;
    let before = world.hello.requests();
    for target in [
        "//app/hello/echo",
        "/app//hello/echo",
        "/app/hello//echo",
        "/app/hello/../hello/echo",
        "/app/./hello/echo",
        "/app/hello/..",
        "/app/hello/%2e%2e/echo",
        "/app/hello/%2E./echo",
        "/app/hello/.%2e",
        "/app%2fhello/echo",
        "/app/hello%2Fecho",
        "/app/hello%5cecho",
        "/app/hello\\echo",
        "/app/hello/%00",
        "/app/hello/%0d%0aX:y",
        "/app/hello/%",
        "/app/hello/%g0",
        "/app/hello/..;/echo",
        "/app/hello/echo#fragment",
        "/app/hello/\u{e4}cho",
        "*",
        "app/hello/echo",
        "http://other.example/app/hello/echo",
        "ftp://localhost/app/hello/echo",
    ] {
        let response = wire::get(world.gateway.address, target, "").await;
        assert_eq!(response.status, 400, "{target}");
    }
    // A NUL ends the connection before a path can be spoken of.
    let nul = b"GET /app/hello/\0 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assert_eq!(wire::send(world.gateway.address, nul).await.status, 400);
    assert_eq!(world.hello.requests(), before);
}

#[tokio::test]
async fn what_is_matched_is_what_is_sent() {
    let world = world().await;
    for (given, sent) in [
        ("/app/hello/echo", "/app/hello/echo"),
        ("/app/hello/", "/app/hello/"),
        ("/app/hello", "/app/hello"),
        ("/%61pp/hell%6f/echo", "/app/hello/echo"),
        ("/app/hello/a%20b%c3%a4", "/app/hello/a%20b%C3%A4"),
        (
            "/app/hello/echo?a=/../%2f//&b",
            "/app/hello/echo?a=/../%2f//&b",
        ),
        ("http://localhost/app/hello/echo", "/app/hello/echo"),
    ] {
        let response = wire::get(world.gateway.address, given, "").await;
        assert_eq!(response.status, 200, "{given}");
        let echo: crate::given::Echo = serde_json::from_str(&response.body).unwrap();
        assert_eq!(echo.target, sent, "{given}");
    }
}

#[tokio::test]
async fn a_target_over_8_kib_is_414() {
    let world = world().await;
    for length in [8 * 1024, 20 * 1024, 100 * 1024] {
        let target = format!("/app/hello/{}", "a".repeat(length));
        let response = wire::get(world.gateway.address, &target, "").await;
        assert_eq!(response.status, 414, "{length}");
    }
    let target = format!("/app/hello/{}", "a".repeat(8000));
    assert_eq!(
        wire::get(world.gateway.address, &target, "").await.status,
        200
    );
}

#[tokio::test]
async fn a_prefix_is_matched_by_whole_segments() {
    let world = world().await;
    let _other = world.platform.app("hello-world").await;
    world.gateway.serves("/app/hello-world/echo", None).await;
    let response = wire::get(world.gateway.address, "/app/hello-w/echo", "").await;
    assert_eq!(response.status, 404);
    let response = wire::get(world.gateway.address, "/app/hello-world/echo", "").await;
    assert_eq!(response.status, 200);
    assert_ne!(
        response.header("x-instance"),
        Some(world.hello.instance.as_str())
    );
}
