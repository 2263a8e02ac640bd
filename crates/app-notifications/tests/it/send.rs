//! Sending: exactly once for a key, to the right people, refused by name when it does not do.

use platform::Class;
use platform::Classify as _;

use super::{call, house, message};

#[tokio::test]
async fn the_same_key_arrives_once_however_often_it_is_sent() {
    let (app, _boot, client) = house().await;
    let ada = testkit::user();
    let sends = (0..8).map(|_| client.send_notification(call(), message(&[&ada], "one")));
    let mut delivered = 0;
    for sent in futures_util::future::join_all(sends).await {
        delivered += sent.unwrap().delivered;
    }
    assert_eq!(delivered, 1);
    let inbox = app
        .as_user(&ada)
        .get("/api/notifications/inbox")
        .await
        .json();
    assert_eq!(inbox["unread"], 1);
    assert_eq!(inbox["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn keys_of_different_senders_are_different() {
    let (app, _boot, hello) = house().await;
    let other = rpc::notifications::client(&app.boot("other"));
    let ada = testkit::user();
    for client in [&hello, &other] {
        assert_eq!(
            client
                .send_notification(call(), message(&[&ada], "one"))
                .await
                .unwrap()
                .delivered,
            1
        );
    }
}

#[tokio::test]
async fn what_does_not_do_is_refused_and_nothing_arrives() {
    let (app, _boot, client) = house().await;
    let ada = testkit::user();
    let mut foreign = message(&[&ada], "one");
    foreign.path = "https://elsewhere.example/".to_owned();
    let refused = client.send_notification(call(), foreign).await.unwrap_err();
    assert_eq!(
        refused.outcome(),
        (Class::Invalid, "notifications.unsendable")
    );
    let inbox = app
        .as_user(&ada)
        .get("/api/notifications/inbox")
        .await
        .json();
    assert_eq!(inbox["unread"], 0);
}
