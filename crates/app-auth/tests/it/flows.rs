//! Sign-ins on their way: one for each tab, kept by the address, never a dead end.

use jiff::SignedDuration;

use crate::house::{House, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn each_tab_goes_its_own_way() {
    let house = House::open().await;
    house.administrator().await;
    house.person("ada").await;
    let browser = house.visitor();
    let one = browser.password_form("grace", "/app/one").await;
    let two = browser.password_form("ada", "/app/two").await;
    assert_ne!(one.action.path(), two.action.path());
    let page = browser.get(one.action.path()).await;
    assert_eq!(page.attribute("#login", "value"), "grace");
    let answer = browser.submit(one.with("password", PASSWORD)).await;
    assert_eq!(answer.header("location"), "/app/one");
    let found = house.introspect(&browser.session()).await.unwrap();
    assert_eq!(found.subject.unwrap().username, "grace");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_coffee_the_page_begins_afresh_with_what_was_typed() {
    let house = House::open().await;
    house.administrator().await;
    let browser = house.visitor();
    let form = browser.password_form("grace", "/app/late").await;
    house.later(SignedDuration::from_mins(31));
    // Looked at again: another handle, the same name and aim.
    let moved = browser.get(form.action.path()).await;
    assert_eq!(moved.status, 303);
    assert_ne!(moved.header("location"), form.action.path());
    let page = browser.get(moved.header("location")).await;
    assert_eq!(page.attribute("#login", "value"), "grace");
    assert_eq!(
        page.form("#with-password").value("return_to"),
        Some("/app/late")
    );
    // Sent as it stood there, even days later: it simply works.
    house.later(SignedDuration::from_hours(40));
    let answer = browser.submit(form.with("password", PASSWORD)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/app/late"),
        "{}",
        answer.body
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handle_nobody_knows_leads_to_the_first_page() {
    let house = House::open().await;
    for handle in ["x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let page = house
            .visitor()
            .get(&format!("/auth/sign-in/{handle}"))
            .await;
        assert_eq!(
            (page.status.as_u16(), page.header("location")),
            (303, "/auth/sign-in")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn handles_are_stored_as_hashes_and_odd_names_do_no_harm() {
    let house = House::open().await;
    let browser = house.visitor();
    let form = browser.password_form("grace", "/").await;
    let handle = form.action.path().rsplit('/').next().unwrap().to_owned();
    assert_eq!(handle.len(), 43, "256 bits");
    let sql = house.sql().await;
    let rows = sql
        .query("SELECT sign_in_flows::text FROM auth.sign_in_flows", &[])
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    assert!(!rows[0].get::<_, String>(0).contains(&handle));
    for odd in ["a\0b", "\u{7}x", &"ö".repeat(5000), "<b>x</b>"] {
        browser.password_form(odd, "/").await;
    }
}
