//! The gateway's own answers.

use crate::given::{client, world};

#[tokio::test]
async fn an_unknown_address_is_a_404_page_for_people_and_a_problem_for_programs() {
    let world = world().await;
    let request = || world.client.get(world.url("/nowhere"));
    let page = request()
        .header("accept", "text/html,*/*")
        .header("accept-language", "de")
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 404);
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(page.headers()["content-language"], "de");
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert_eq!(
        page.headers()
            .get_all("content-security-policy")
            .iter()
            .count(),
        1
    );
    let id = page.headers()["x-request-id"].to_str().unwrap().to_owned();
    let html = page.text().await.unwrap();
    assert!(
        html.contains("<html lang=\"de\"") && html.contains("Seite nicht gefunden"),
        "{html}"
    );
    assert!(html.contains(&id), "{html}");

    let problem = request()
        .header("accept", "application/json")
        .send()
        .await
        .unwrap();
    assert_eq!(problem.status(), 404);
    assert_eq!(
        problem.headers()["content-type"],
        "application/problem+json"
    );
    let problem: serde_json::Value = problem.json().await.unwrap();
    assert_eq!(problem["code"], "request.not_found");
    assert_eq!(problem["status"], 404);
    assert!(
        problem["request_id"]
            .as_str()
            .is_some_and(|id| id.len() == 32)
    );

    let api = world
        .client
        .get(world.url("/api/nowhere"))
        .header("accept", "text/html")
        .send()
        .await
        .unwrap();
    assert_eq!(api.headers()["content-type"], "application/problem+json");
}

#[tokio::test]
async fn an_app_that_is_down_is_a_503_page_that_asks_again() {
    let mut world = world().await;
    world.hello.die().await;
    let get = async |accept: &str| {
        client()
            .get(world.url("/app/hello/echo"))
            .header("accept", accept)
            .send()
            .await
            .unwrap()
    };
    let page = get("text/html").await;
    assert_eq!(page.status(), 503);
    assert_eq!(page.headers()["retry-after"], "3");
    assert_eq!(page.headers()["cache-control"], "no-store");
    let html = page.text().await.unwrap();
    assert!(
        html.contains("http-equiv=\"refresh\" content=\"3\"")
            && html.contains("This app is not running"),
        "{html}"
    );
    let problem = get("*/*").await;
    assert_eq!(problem.headers()["retry-after"], "3");
    assert_eq!(
        problem.json::<serde_json::Value>().await.unwrap()["code"],
        "app.unavailable"
    );
    // A page that was posted to is not asked for again by itself.
    let post = client()
        .post(world.url("/app/hello/echo"))
        .header("accept", "text/html")
        .send()
        .await
        .unwrap();
    assert_eq!(post.status(), 503);
    assert!(
        !post
            .text()
            .await
            .unwrap()
            .contains("http-equiv=\"refresh\"")
    );
}

#[tokio::test]
async fn an_app_that_left_is_503_and_not_unknown() {
    let world = world().await;
    world.hello.stop().await;
    let (url, client) = (world.gateway.url("/app/hello/echo"), client());
    testkit::eventually("the route is without an instance", async || {
        client.get(&url).send().await.unwrap().status() == 503
    })
    .await;
    testkit::eventually("nothing of it is left", async || {
        world.gateway.watch.snapshot().live().count() == 0
    })
    .await;
    assert_eq!(client.get(&url).send().await.unwrap().status(), 503);
}

#[tokio::test]
async fn an_app_that_breaks_off_is_502_and_the_reason_stays_inside() {
    let world = world().await;
    let response = world
        .client
        .post(world.url("/app/hello/break"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 502);
    let problem: serde_json::Value = response.json().await.unwrap();
    assert_eq!(problem["code"], "app.broken");
    assert!(!problem.to_string().contains("127.0.0.1"));
}

#[tokio::test]
async fn head_gets_the_same_head_and_no_body() {
    let world = world().await;
    let head = world
        .client
        .head(world.url("/nowhere"))
        .header("accept", "text/html")
        .send()
        .await
        .unwrap();
    assert_eq!(head.status(), 404);
    assert!(head.headers().contains_key("content-length"));
    assert!(head.text().await.unwrap().is_empty());
    for path in ["/app/hello/echo", "/app/hello/large"] {
        let head = world.client.head(world.url(path)).send().await.unwrap();
        assert_eq!(head.status(), 200);
        assert_ne!(head.headers()["content-length"], "0");
    }
    for (path, status) in [("/app/hello/304", 304), ("/app/hello/204", 204)] {
        let response = world.client.get(world.url(path)).send().await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["etag"], "\"1\"");
    }
}

#[tokio::test]
async fn the_gateway_tells_its_own_health() {
    let world = world().await;
    let health = world.client.get(world.url("/health")).send().await.unwrap();
    assert_eq!(health.status(), 200);
    let health: serde_json::Value = health.json().await.unwrap();
    assert_eq!(
        health,
        serde_json::json!({"status": "healthy", "checks": {"redis": "ok"}})
    );
    assert_eq!(
        world
            .client
            .get(world.url("/ready"))
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
    assert_eq!(
        world
            .client
            .post(world.url("/ready"))
            .send()
            .await
            .unwrap()
            .status(),
        405
    );
    world.platform.redis.kill().await;
    testkit::eventually("the loss of Redis shows", async || {
        world
            .client
            .get(world.url("/health"))
            .send()
            .await
            .unwrap()
            .status()
            == 503
    })
    .await;
    // It serves all the same.
    assert_eq!(
        world
            .client
            .get(world.url("/ready"))
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
}
