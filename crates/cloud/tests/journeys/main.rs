//! Journeys: what people do, in a real Chromium against the whole platform.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod accessible;
mod colleagues;
mod keyboard;
mod looks;
mod passkeys;
mod scriptless;
mod sharing;
#[allow(
    dead_code,
    reason = "shared with the tests without a browser, which use the rest"
)]
#[path = "../it/support.rs"]
mod support;

use testkit::Tab;

use support::{Installation, PASSWORD};

/// Opens the set-up link and creates the first administrator, Grace.
async fn set_up(installation: &Installation, tab: &Tab) {
    tab.goto(&installation.setup_link().await).await;
    tab.wait_for("[name=display_name]").await;
    tab.shoot("set-up").await;
    tab.fill("[name=display_name]", "Grace Hopper").await;
    tab.fill("[name=username]", "grace").await;
    tab.fill("[name=email]", "grace@example.org").await;
    tab.fill("[name=password]", PASSWORD).await;
    tab.click_through("main form button[type=submit]").await;
    tab.wait_for_text("h1", "Grace Hopper").await;
}

/// Invites somebody and returns the link.
async fn invite(installation: &Installation, tab: &Tab, name: &str, username: &str) -> String {
    let url = installation.url();
    // The directory learns of the first administrator by an event.
    tab.goto(&format!("{url}/admin/accounts/people/new")).await;
    tab.fill("[name=display_name]", name).await;
    tab.fill("[name=username]", username).await;
    tab.fill("[name=email]", &format!("{username}@example.org"))
        .await;
    // Where mail leaves, the link goes by mail unless told otherwise.
    tab.click(".choice:has([name=delivery][value=link]) label")
        .await;
    tab.click_through("main form button[type=submit]").await;
    tab.text("main code").await.trim().to_owned()
}
