//! The health check follows Redis.

use platform::health::Status;

use crate::stage::hello;

#[tokio::test]
async fn the_check_names_redis_while_it_is_away() {
    let server = testkit::redis().await;
    let (boot, redis) = hello(&server).await;
    redis.ping().await.unwrap();
    assert_eq!(boot.health.report().await.status, Status::Healthy);
    server.kill().await;
    testkit::eventually("the check fails", async || {
        boot.health.report().await.status == Status::Unhealthy
    })
    .await;
    let report = serde_json::to_value(boot.health.report().await).unwrap();
    assert!(report["checks"]["redis"] != "ok", "{report}");
    server.start().await;
    testkit::eventually("the check passes again", async || {
        boot.health.report().await.status == Status::Healthy
    })
    .await;
}

#[tokio::test]
async fn keys_carry_the_app() {
    let server = testkit::redis().await;
    let (_boot, redis) = hello(&server).await;
    assert_eq!(redis.key("draft"), "hello:draft");
}
