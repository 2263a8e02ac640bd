//! Messages arrive, and a subscriber is told when some may not have.

use fred::interfaces::PubsubInterface;
use platform_redis::{Notice, Redis, Subscription};
use serde::{Deserialize, Serialize};

use crate::stage::hello;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Greeting {
    to: String,
}

fn greeting(to: &str) -> Greeting {
    Greeting { to: to.to_owned() }
}

async fn next_message(subscription: &mut Subscription<Greeting>) -> Greeting {
    loop {
        if let Notice::Message(message) = subscription.next().await.unwrap() {
            return message;
        }
    }
}

/// Redis forgets what nobody was listening for, so a test must know that somebody is.
async fn publish_until_heard(redis: &Redis, server: &testkit::TestRedis, message: &Greeting) {
    let client = server.client().await;
    let text = serde_json::to_string(message).unwrap();
    testkit::eventually("somebody listens", async || {
        client
            .publish::<i64, _, _>(redis.key("greetings"), text.clone())
            .await
            .is_ok_and(|listeners| listeners > 0)
    })
    .await;
}

#[tokio::test]
async fn messages_arrive_in_order_and_others_do_not() {
    let server = testkit::redis().await;
    let (_boot, redis) = hello(&server).await;
    let channel = redis.key("greetings");
    let mut subscription = redis.subscribe::<Greeting>(&channel).await.unwrap();
    let mut elsewhere = redis
        .subscribe::<Greeting>(&redis.key("farewells"))
        .await
        .unwrap();
    redis.publish(&channel, &greeting("one")).await.unwrap();
    redis
        .publish(&channel, &serde_json::json!({ "not": "a greeting" }))
        .await
        .unwrap();
    redis.publish(&channel, &greeting("two")).await.unwrap();
    redis
        .publish(&redis.key("farewells"), &greeting("three"))
        .await
        .unwrap();
    assert_eq!(
        subscription.next().await,
        Some(Notice::Message(greeting("one")))
    );
    assert_eq!(
        subscription.next().await,
        Some(Notice::Message(greeting("two")))
    );
    assert_eq!(
        elsewhere.next().await,
        Some(Notice::Message(greeting("three")))
    );
}

#[tokio::test]
async fn a_subscription_survives_redis_and_tells_of_the_gap() {
    let server = testkit::redis().await;
    let (_boot, redis) = hello(&server).await;
    let mut subscription = redis
        .subscribe::<Greeting>(&redis.key("greetings"))
        .await
        .unwrap();
    server.kill().await;
    server.start().await;
    assert_eq!(subscription.next().await, Some(Notice::Gap));
    publish_until_heard(&redis, &server, &greeting("again")).await;
    assert_eq!(next_message(&mut subscription).await, greeting("again"));
}

#[tokio::test]
async fn publishing_without_redis_is_an_error_and_no_wait() {
    let server = testkit::redis().await;
    let (_boot, redis) = hello(&server).await;
    server.kill().await;
    // Redis stays away, so an answer at all proves that nothing waits for it.
    testkit::eventually("the loss is noticed", async || {
        redis.publish("x", "y").await.is_err()
    })
    .await;
}
