//! Integration tests of the inbox, over real sockets, PostgreSQL and Redis.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod inbox;
mod mail;
mod mail_admin;
mod mail_faults;
mod mail_text;
mod outbox;
mod personal;
mod send;
mod statements;
mod stream;

use std::time::Duration;

use platform::{Boot, Principal};
use rpc::Call;
use rpc::notifications::NotificationsClient;
use rpc::notifications::v1::{LocalizedText, SendNotificationRequest};
use testkit::TestApp;

/// The app, and a sender that is another app.
async fn house() -> (TestApp, Boot, NotificationsClient) {
    let app = testkit::run(app_notifications::app()).await;
    let (boot, client) = sender(&app, "hello").await;
    (app, boot, client)
}

/// Another app, that sends.
async fn sender(app: &TestApp, name: &str) -> (Boot, NotificationsClient) {
    let boot = app.boot(name);
    let client = rpc::notifications::client(&boot);
    testkit::eventually("the sender sees the service", async || {
        boot.registry
            .snapshot()
            .live()
            .any(|entry| entry.id.as_str() == "notifications")
    })
    .await;
    (boot, client)
}

fn call() -> Call {
    Call::new(Duration::from_secs(5))
}

/// Something to tell `who`, under a key.
fn message(who: &[&Principal], key: &str) -> SendNotificationRequest {
    SendNotificationRequest {
        idempotency_key: key.to_owned(),
        recipient_ids: who.iter().map(|who| who.user_id.to_string()).collect(),
        kind: "hello.greeting".to_owned(),
        title: Some(LocalizedText {
            en: format!("Hello {key}"),
            de: format!("Hallo {key}"),
        }),
        body: None,
        path: "/app/hello".to_owned(),
    }
}
