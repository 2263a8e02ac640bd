//! Notifications and accounts, which sign-in tells and hears from, but does not wait for.

use platform::Running;

use crate::house::{House, PASSWORD};
use crate::post::{Post, code, path};
use crate::visitor::Visitor;

#[tokio::test(flavor = "multi_thread")]
async fn without_notifications_people_come_and_go_and_mail_follows() {
    let house = House::open().await;
    house.administrator().await;
    let mut post = Post::open(&house).await;
    let (_, ada) = house.person("ada").await;
    post.close().await;

    // A browser that is new is worth a mail, and does not wait for it.
    let phone = house.visitor();
    phone.sign_in_well("ada").await;
    let browser = house.visitor();
    let begun = browser.get("/auth/sign-in").await;
    let begun = begun.form(".plain-card form").with("login", "ada");
    let begun = browser.submit(begun).await;
    let ways = browser.get(begun.header("location")).await;
    let asked = browser.submit(ways.form("#with-mail")).await;
    assert_eq!(asked.status, 303, "{}", asked.body);
    let typed = browser.get(asked.header("location")).await;
    let forgotten = browser.get("/auth/forgotten").await;
    let forgotten = forgotten
        .form("form[action='/auth/forgotten']")
        .with("login", "ada");
    assert_eq!(browser.submit(forgotten).await.status, 303);
    let cookie = ada.session();
    ada.sign_out().await;
    assert!(house.introspect(&cookie).await.is_none());

    post.reopen(&house).await;
    let code = code(&post.mail("ada@example.org", "Sign in").await);
    let form = typed.form("#with-code").with("code", &code);
    assert_eq!(browser.submit(form).await.status, 303);
    let reset = post.mail("ada@example.org", "Choose a new password").await;
    assert_eq!(browser.get(&path(&reset, "/auth/reset/")).await.status, 200);
    post.mail("ada@example.org", "New sign-in to your account")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_accounts_people_come_and_go_and_accounts_hears_of_them_later() {
    let house = House::open().await;
    // The first person of all, whom accounts will only hear of.
    let admin = house.administrator().await;
    admin.sign_in_again().await;
    assert_eq!(known(&house).await, None, "accounts was never here");
    let accounts = start(&house).await;
    testkit::eventually("accounts knows the administrator", async || {
        known(&house).await.as_deref() == Some("grace")
    })
    .await;

    accounts.stop();
    accounts.stopped().await;
    admin.sign_in_again().await;
    let phone: Visitor<'_> = house.visitor();
    let answer = phone.sign_in("grace", PASSWORD).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = admin.get("/auth/security").await;
    let others = page.form("form[action='/auth/security/sessions/end-others']");
    assert_eq!(admin.submit(others).await.status, 303);
    assert!(house.introspect(&phone.session()).await.is_none());
    let cookie = admin.session();
    assert_eq!(admin.sign_out().await.status, 303);
    assert!(house.introspect(&cookie).await.is_none());
}

async fn start(house: &House) -> Running {
    let environment = house.environment().without("SETUP_LINK_FILE");
    let running = house
        .host
        .run(cloud_app_accounts::app(), environment)
        .await
        .unwrap();
    running.ready().await;
    running
}

/// Whom accounts knows, if it is there at all.
async fn known(house: &House) -> Option<String> {
    let sql = house.sql().await;
    let row = sql
        .query_one("SELECT to_regclass('accounts.people') IS NOT NULL", &[])
        .await
        .unwrap();
    if !row.get::<_, bool>(0) {
        return None;
    }
    let found = sql
        .query_opt("SELECT username FROM accounts.people", &[])
        .await
        .unwrap();
    found.map(|row| row.get(0))
}
