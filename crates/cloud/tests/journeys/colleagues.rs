//! The main journey: the first administrator invites a colleague, who comes in, looks around, and is signed
//! out by the administrator.

use testkit::Browser;

use super::support::{Installation, PASSWORD};
use super::{invite, set_up};

#[tokio::test]
async fn a_colleague_is_invited_comes_in_and_is_signed_out() {
    let installation = Installation::new();
    let platform = installation.up().await;
    let url = installation.url();
    let browser = Browser::launch().await;
    let (office, home) = (browser.context().await, browser.context().await);
    let (grace, ada) = (office.tab().await, home.tab().await);

    set_up(&installation, &grace).await;
    grace.wait_for("[data-app=accounts]").await;
    grace.shoot("home").await;
    let link = invite(&installation, &grace, "Ada Lovelace", "ada").await;
    grace.shoot("invited").await;

    // The colleague, elsewhere.
    ada.goto(&link).await;
    ada.wait_for("[name=password]").await;
    ada.shoot("invitation").await;
    ada.fill("[name=password]", PASSWORD).await;
    ada.click_through("main form button[type=submit]").await;
    ada.wait_for_text("h1", "Ada Lovelace").await;
    ada.wait_for("[data-app=accounts]").await;
    assert_eq!(
        ada.count("a[href='/admin']").await,
        0,
        "a member sees no administration"
    );

    // The bell rings where the administrator is, without a click.
    grace.wait_for(".bell [data-count='1']").await;
    grace.click(".bell button").await;
    grace
        .wait_for_text(".bell-list", "Ada Lovelace accepted your invitation")
        .await;
    grace.shoot("bell").await;

    // Language and theme, kept over pages and apps.
    ada.click("[aria-label^='Account of']").await;
    ada.click_through("#account button[value=de]").await;
    ada.wait_until(
        "the page is German",
        "document.documentElement.lang === 'de'",
    )
    .await;
    ada.goto(&format!("{url}/app/accounts")).await;
    ada.wait_for_text("h1", "Profil").await;
    ada.click("[aria-label^='Konto von']").await;
    ada.click("#account button[value=dark]").await;
    ada.wait_until(
        "the page is dark",
        "document.documentElement.dataset.theme === 'dark'",
    )
    .await;
    // Sent in the background; a new page is asked for once it has arrived.
    let stored =
        "fetch(location.href).then(r => r.text()).then(t => t.includes('data-theme=\"dark\"'))";
    ada.wait_until("the theme is stored", stored).await;
    ada.reload().await;
    ada.wait_until(
        "the page is still dark",
        "document.documentElement.dataset.theme === 'dark'",
    )
    .await;
    ada.shoot("profile-dark-german").await;

    // The administrator ends the session; the next click lands on sign-in.
    grace
        .goto(&format!("{url}/admin/accounts/people?q=ada"))
        .await;
    grace.click_through("tbody a.link").await;
    grace.wait_for_text("h1", "Ada Lovelace").await;
    grace.shoot("person").await;
    grace
        .click_through("form[action$='/sessions/end'] .button-danger")
        .await;
    ada.click_through("a[href='/']").await;
    ada.wait_for_path("/auth/sign-in").await;
    ada.shoot("signed-out").await;

    // And back in, to where the click led.
    ada.fill("[name=login]", "ada").await;
    ada.click_through("main form button[type=submit]").await;
    ada.wait_for("[name=password]").await;
    ada.fill("[name=password]", PASSWORD).await;
    ada.click_through("main form button[type=submit]").await;
    ada.wait_for_text("h1", "Ada Lovelace").await;

    grace.assert_no_errors();
    assert_eq!(platform.stop().await, Some(0));
}
