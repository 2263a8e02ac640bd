//! What administrators do with people, and what nobody can: remove the last of them, or lift themselves.

use app_accounts::domain::person::State;
use platform::Role;
use platform_pg::GenericClient as _;

use crate::house::House;

/// The form with what is known of somebody.
fn edit_form(page: &testkit::Page, path: &str) -> testkit::Form {
    page.form(&format!("form[action='{path}']"))
}

#[tokio::test]
async fn an_edit_is_kept_announced_and_written_down() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let path = House::page_of(&house.user);
    let page = browser.get(&path).await;
    page.assert_sound();
    assert!(page.body.contains("Firefox on Linux"), "sessions are shown");
    let saved = browser
        .submit(
            edit_form(&page, &path)
                .with("title", "Countess")
                .with("role", "admin"),
        )
        .await;
    assert_eq!(saved.status, 200);
    let person = house.person(&house.user).await;
    assert_eq!(
        (person.title.as_str(), person.role, person.version),
        ("Countess", Role::Admin, 2)
    );
    assert!(saved.body.contains("person.edited"), "the history says so");
    let client = house.db.client().await.unwrap();
    let sql = "SELECT count(*) AS events FROM outbox";
    let events: i64 = client.query_one(sql, &[]).await.unwrap().get("events");
    assert_eq!(events, 1);
}

#[tokio::test]
async fn a_stale_form_overwrites_nothing() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let path = House::page_of(&house.user);
    let old = edit_form(&browser.get(&path).await, &path);
    browser.submit(old.clone().with("title", "first")).await;
    let refused = browser.submit(old.with("title", "second")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("[role=alert]"));
    assert_eq!(house.person(&house.user).await.title, "first");
}

#[tokio::test]
async fn nobody_changes_their_own_role_or_access() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let path = House::page_of(&house.admin);
    let page = browser.get(&path).await;
    let refused = browser
        .submit(edit_form(&page, &path).with("role", "user"))
        .await;
    assert_eq!(refused.status, 422);
    let mut disable = edit_form(&page, &path);
    disable.action.set_path(&format!("{path}/access/disable"));
    browser.submit(disable).await;
    let admin = house.person(&house.admin).await;
    assert!(admin.is_active_administrator());
    let audit = browser.get("/admin/accounts/audit").await;
    audit.assert_sound();
    assert_eq!(
        audit.texts("td .badge").len(),
        2,
        "both refusals are written down"
    );
}

#[tokio::test]
async fn two_administrators_cannot_remove_each_other_at_once() {
    let house = House::new().await;
    let other = house.member("mary", Role::Admin).await;
    let disable = async |who: &platform::Principal, whom: &platform::Principal| {
        let browser = house.browser(who);
        let path = House::page_of(whom);
        let page = browser.get(&path).await;
        browser
            .submit(page.form(&format!("form[action='{path}/access/disable']")))
            .await
    };
    tokio::join!(disable(&house.admin, &other), disable(&other, &house.admin));
    let left = [house.person(&house.admin).await, house.person(&other).await];
    assert_eq!(
        left.iter()
            .filter(|person| person.is_active_administrator())
            .count(),
        1
    );
}

#[tokio::test]
async fn access_of_many_is_taken_away_at_once_but_not_ones_own() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let page = browser.get("/admin/accounts/people").await;
    page.assert_sound();
    let mut form = page.form("#people-bulk");
    form.action = browser.url("/admin/accounts/people/access/disable");
    for who in [&house.admin, &house.user] {
        form.fields.push(("id".to_owned(), who.user_id.to_string()));
    }
    let done = browser.submit(form).await;
    assert!(
        done.text(".toast-text").contains('1'),
        "{}",
        done.text(".toast-text")
    );
    assert!(house.person(&house.admin).await.is_active_administrator());
    assert_eq!(house.person(&house.user).await.state, State::Suspended);
}

#[tokio::test]
async fn sessions_of_others_are_ended_through_auth() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let page = browser.get(&House::page_of(&house.user)).await;
    browser
        .submit(page.form("form[action$='/sessions/end']"))
        .await;
    let ended = house.peer.ended.lock().unwrap().clone();
    assert_eq!(ended.len(), 1);
    assert_eq!(ended[0].user_id, house.user.user_id.to_string());
}
