//! Limits hold over all instances, without Redis, and across its loss.

use std::time::Duration;

use fred::interfaces::{ClientLike, KeysInterface, LuaInterface};
use fred::types::{ClusterHash, CustomCommand};
use futures_util::future::join_all;
use platform_redis::{Decision, Quota, RateLimiter};
use testkit::TestRedis;

use crate::stage::hello;

const HOUR: Duration = Duration::from_hours(1);

async fn allowed_of(limiter: &RateLimiter, calls: usize) -> usize {
    let calls = (0..calls).map(|_| limiter.check("ada@example.org"));
    join_all(calls)
        .await
        .iter()
        .filter(|decision| decision.is_allowed())
        .count()
}

/// Every key that limits have in Redis.
async fn windows(server: &TestRedis) -> Vec<String> {
    let command = CustomCommand::new_static("KEYS", ClusterHash::FirstKey, false);
    server
        .client()
        .await
        .custom(command, vec!["hello:rate:*"])
        .await
        .unwrap()
}

#[tokio::test]
async fn instances_share_one_window() {
    let server = testkit::redis().await;
    let (_one, redis) = hello(&server).await;
    let (_two, other) = hello(&server).await;
    let quota = Quota::per(5, HOUR);
    let (here, there) = (
        RateLimiter::new(&redis, "sign-in", quota),
        RateLimiter::new(&other, "sign-in", quota),
    );
    let (a, b) = tokio::join!(allowed_of(&here, 20), allowed_of(&there, 20));
    assert_eq!(a + b, 5);
    let Decision::Limited { retry_after } = here.check("ada@example.org").await else {
        panic!("still open")
    };
    assert!(!retry_after.is_zero() && retry_after <= HOUR);
    assert!(here.check("bob@example.org").await.is_allowed());
    here.forget("ada@example.org").await;
    assert_eq!(allowed_of(&there, 20).await, 5);
}

#[tokio::test]
async fn a_call_leaves_the_window_by_itself() {
    let server = testkit::redis().await;
    let (_boot, redis) = hello(&server).await;
    let limiter = RateLimiter::new(&redis, "sign-in", Quota::per(1, Duration::from_millis(300)));
    assert!(limiter.check("ada@example.org").await.is_allowed());
    testkit::eventually("the window moves on", async || {
        limiter.check("ada@example.org").await.is_allowed()
    })
    .await;
}

#[tokio::test]
async fn nothing_personal_reaches_redis_and_nothing_stays() {
    let server = testkit::redis().await;
    let (_boot, redis) = hello(&server).await;
    let limiter = RateLimiter::new(&redis, "sign-in", Quota::per(2, HOUR));
    limiter.check("ada@example.org").await;
    limiter.forget("bob@example.org").await;
    let keys = windows(&server).await;
    assert_eq!(keys.len(), 2, "{keys:?}");
    let client = server.client().await;
    for key in keys {
        assert!(!key.contains("ada") && !key.contains("bob"), "{key}");
        assert!(client.ttl::<i64, _>(key).await.unwrap() > 0);
    }
}

#[tokio::test]
async fn without_redis_the_limit_holds_and_counts_what_was_granted_before() {
    let server = testkit::redis().await;
    let (_boot, redis) = hello(&server).await;
    let limiter = RateLimiter::new(&redis, "sign-in", Quota::per(5, HOUR));
    assert_eq!(allowed_of(&limiter, 2).await, 2);
    server.kill().await;
    assert_eq!(allowed_of(&limiter, 50).await, 3);
    // It comes back empty: neither its loss nor its return is a second quota.
    server.start().await;
    testkit::eventually("Redis is back", async || redis.ping().await.is_ok()).await;
    let mut stranger = 0;
    testkit::eventually("Redis is asked again", async || {
        stranger += 1;
        limiter.check(&format!("stranger {stranger}")).await;
        !windows(&server).await.is_empty()
    })
    .await;
    assert_eq!(allowed_of(&limiter, 50).await, 0);
}

#[tokio::test]
async fn a_frozen_redis_does_not_hold_up_callers() {
    let server = testkit::redis().await;
    let (_boot, redis) = hello(&server).await;
    let limiter = RateLimiter::new(&redis, "sign-in", Quota::per(3, HOUR));
    server.pause().await;
    // Redis stays frozen until after this line, so an answer at all proves that nobody waits for it.
    let allowed = allowed_of(&limiter, 30).await;
    server.resume().await;
    assert_eq!(allowed, 3);
}

#[tokio::test]
async fn a_flushed_script_cache_is_refilled() {
    let server = testkit::redis().await;
    let (_boot, redis) = hello(&server).await;
    let limiter = RateLimiter::new(&redis, "sign-in", Quota::per(3, HOUR));
    assert!(limiter.check("ada@example.org").await.is_allowed());
    server.client().await.script_flush(false).await.unwrap();
    assert!(limiter.check("ada@example.org").await.is_allowed());
    let Decision::Allowed { remaining, .. } = limiter.check("ada@example.org").await else {
        panic!("limited")
    };
    assert_eq!(remaining, 0);
}
