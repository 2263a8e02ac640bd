//! Without JavaScript: sign-in and every core form work.

use testkit::Browser;

use super::support::{Installation, PASSWORD};
use super::{invite, set_up};

#[tokio::test]
async fn everything_needed_works_without_javascript() {
    let installation = Installation::new();
    let platform = installation.up().await;
    let url = installation.url();
    let browser = Browser::launch().await;
    let (office, home) = (browser.context().await, browser.context().await);
    let (grace, ada) = (office.tab().await, home.tab().await);
    grace.javascript(false).await;
    ada.javascript(false).await;

    set_up(&installation, &grace).await;
    let link = invite(&installation, &grace, "Ada Lovelace", "ada").await;
    ada.goto(&link).await;
    ada.fill("[name=password]", PASSWORD).await;
    ada.click_through("main form button[type=submit]").await;
    ada.wait_for_text("h1", "Ada Lovelace").await;

    ada.goto(&format!("{url}/app/accounts")).await;
    ada.fill("[name=given_name]", "Augusta").await;
    ada.click_through("form[action='/app/accounts'] button[type=submit]")
        .await;
    assert_eq!(
        ada.attribute("[name=given_name]", "value").await.as_deref(),
        Some("Augusta")
    );
    ada.click("[aria-label^='Account of']").await;
    ada.click_through("form[action='/auth/sign-out'] button")
        .await;
    ada.goto(&format!("{url}/app/accounts")).await;
    ada.wait_for_path("/auth/sign-in").await;
    ada.fill("[name=login]", "ada").await;
    ada.click_through("main form button[type=submit]").await;
    ada.wait_for("[name=password]").await;
    ada.fill("[name=password]", PASSWORD).await;
    ada.click_through("main form button[type=submit]").await;
    ada.wait_for_path("/app/accounts").await;
    assert_eq!(platform.stop().await, Some(0));
}
