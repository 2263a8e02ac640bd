//! Several instances: turns, retries, coming and going.

use std::sync::atomic::Ordering;

use platform::{Class, Classify as _};
use rpc::notifications::v1::SendNotificationResponse;
use rpc::{Channel, Error, Method};

use crate::callee::{ask, call, client, run};

#[tokio::test]
async fn instances_take_turns() {
    let world = testkit::Setup::new().start().await;
    let (_one, log_one) = run(&world).await;
    let (_two, log_two) = run(&world).await;
    let client = client(&world, "hello");
    for _ in 0..10 {
        client.send_notification(call(), ask("x")).await.unwrap();
    }
    assert_eq!((log_one.calls(), log_two.calls()), (5, 5));
}

#[tokio::test]
async fn an_idempotent_call_goes_to_another_instance_when_one_is_unavailable() {
    let world = testkit::Setup::new().start().await;
    let (_one, log_one) = run(&world).await;
    let (_two, log_two) = run(&world).await;
    log_one.unavailable.store(1, Ordering::SeqCst);
    let client = client(&world, "hello");
    for _ in 0..4 {
        client.send_notification(call(), ask("x")).await.unwrap();
    }
    assert_eq!(log_two.calls(), 4);
    assert_eq!(log_one.calls(), 2, "tried in its turn, and not again");

    log_two.unavailable.store(1, Ordering::SeqCst);
    let error = client
        .send_notification(call(), ask("x"))
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), (Class::Unavailable, "letter.refused"));
    assert_eq!(log_one.calls() + log_two.calls(), 8, "each once");
}

#[tokio::test]
async fn a_call_that_may_not_be_repeated_is_not() {
    let world = testkit::Setup::new().start().await;
    let (_one, log_one) = run(&world).await;
    let (_two, log_two) = run(&world).await;
    log_one.unavailable.store(1, Ordering::SeqCst);
    log_two.unavailable.store(1, Ordering::SeqCst);
    let channel = Channel::new(&world.boot("hello"), "notifications");
    let method = Method {
        path: "/cloud.notifications.v1.NotificationsService/SendNotification",
        idempotent: false,
    };
    let answer: Result<SendNotificationResponse, Error> =
        channel.unary(call(), method, ask("x")).await;
    assert_eq!(answer.unwrap_err().code(), Some("letter.refused"));
    assert_eq!(log_one.calls() + log_two.calls(), 1);
}

#[tokio::test]
async fn instances_come_and_go_without_a_failed_call() {
    let world = testkit::Setup::new().start().await;
    let (mut current, _log) = run(&world).await;
    let client = client(&world, "hello");
    for _ in 0..3 {
        let (next, _log) = run(&world).await;
        let old = std::mem::replace(&mut current, next);
        old.stop();
        let stopped = old.stopped();
        tokio::pin!(stopped);
        loop {
            client.send_notification(call(), ask("x")).await.unwrap();
            let done = futures_util::FutureExt::now_or_never(&mut stopped);
            if done.is_some() {
                break;
            }
            tokio::task::yield_now().await;
        }
        client.send_notification(call(), ask("x")).await.unwrap();
    }
}

#[tokio::test]
async fn an_emptied_registry_costs_no_call() {
    let world = testkit::Setup::new().start().await;
    let (_running, _log) = run(&world).await;
    let client = client(&world, "hello");
    client.send_notification(call(), ask("x")).await.unwrap();
    world.redis.stop().await;
    client.send_notification(call(), ask("x")).await.unwrap();
    world.redis.start().await;
    for _ in 0..20 {
        client.send_notification(call(), ask("x")).await.unwrap();
    }
}
