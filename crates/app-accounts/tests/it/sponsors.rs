//! Guests and the people who answer for them.

use app_accounts::domain::person::State;
use platform::{Principal, Role};
use reqwest::Method;
use serde_json::json;
use testkit::Page;

use crate::api::send;
use crate::house::House;

const GUESTS: &str = "/admin/accounts/guests";

async fn name(house: &House, guest: &Principal, login: &str) -> Page {
    let browser = house.administrator();
    let path = House::page_of(guest);
    let form = browser
        .get(&path)
        .await
        .form(&format!("form[action='{path}/sponsor']"));
    browser.submit(form.with("sponsor", login)).await
}

#[tokio::test]
async fn a_sponsor_is_named_on_the_page_of_the_guest_and_sees_whom_they_answer_for() {
    let house = House::new().await;
    let guest = house.member("gus", Role::Guest).await;
    let before = house.administrator().get(&House::page_of(&guest)).await;
    before.assert_sound();
    assert!(before.body.contains("Nobody answers for this guest"));
    let after = name(&house, &guest, &house.user.username).await;
    after.assert_sound();
    assert_eq!(
        after.attribute("[name=sponsor]", "value"),
        house.user.username
    );
    let member = house.browser(&house.user);
    let own = member.get("/app/accounts").await;
    own.assert_sound();
    assert!(own.text("#guests").contains(&guest.display_name));
    let shown = member
        .get(&format!("/app/accounts/people/{}", guest.user_id))
        .await;
    assert!(shown.text("main").contains(&house.user.display_name));
    let guests = house.browser(&guest).get("/app/accounts").await;
    assert!(guests.text("main").contains(&house.user.display_name));
    let page = house
        .administrator()
        .get(&House::page_of(&house.user))
        .await;
    page.assert_sound();
    assert!(!page.has("[name=sponsor]"), "members have none");
    assert!(page.body.contains("Answers for these guests"));
    let audit = house.administrator().get("/admin/accounts/audit").await;
    assert!(audit.body.contains("person.sponsored"));
}

#[tokio::test]
async fn only_members_with_access_answer_and_only_for_guests() {
    let house = House::new().await;
    let guest = house.member("gus", Role::Guest).await;
    let other = house.member("ann", Role::Guest).await;
    let gone = house.member("mary", Role::User).await;
    let admin = house.administrator();
    let path = format!("/api/accounts/people/{}/suspend", gone.user_id);
    send(&admin, Method::POST, &path, None, &json!({})).await;
    let put = async |whose: &Principal, sponsor: &Principal| {
        let path = format!("/api/accounts/people/{}/sponsor", whose.user_id);
        let body = json!({ "sponsor_id": sponsor.user_id });
        let answer = send(&admin, Method::PUT, &path, None, &body).await;
        answer.status().as_u16()
    };
    for unfit in [&other, &gone, &guest] {
        assert_eq!(put(&guest, unfit).await, 422);
    }
    assert_eq!(put(&house.user, &house.admin).await, 409);
    assert_eq!(put(&guest, &house.user).await, 204);
    assert_eq!(put(&guest, &house.user).await, 204, "again");
    let member = house.browser(&house.user);
    let path = format!("/api/accounts/people/{}/sponsor", guest.user_id);
    for method in [Method::PUT, Method::DELETE] {
        let body = json!({ "sponsor_id": house.user.user_id });
        let refused = send(&member, method, &path, None, &body).await;
        assert_eq!(refused.status(), 403);
    }
    assert_eq!(member.get_once(GUESTS).await.status, 403);
    assert_eq!(member.get_once("/api/accounts/guests").await.status, 403);
    let listed = admin.get("/api/accounts/guests").await.json();
    assert_eq!(listed["total"], 2);
    let alone = "/api/accounts/guests?without_sponsor=true";
    assert_eq!(admin.get(alone).await.json()["total"], 1);
    let removed = send(&admin, Method::DELETE, &path, None, &json!({})).await;
    assert_eq!(removed.status(), 204);
    assert_eq!(admin.get(alone).await.json()["total"], 2);
}

#[tokio::test]
async fn guests_of_whoever_leaves_are_listed_and_handed_over() {
    let house = House::new().await;
    let leaving = house.member("mary", Role::User).await;
    let (first, second) = (
        house.member("gus", Role::Guest).await,
        house.member("ann", Role::Guest).await,
    );
    for guest in [&first, &second] {
        name(&house, guest, "mary").await;
    }
    let admin = house.administrator();
    let none = format!("{GUESTS}?sponsor=none");
    let listed = admin.get(&none).await;
    listed.assert_sound();
    assert!(!listed.body.contains(&first.display_name));
    let path = format!("/api/accounts/people/{}/trash", leaving.user_id);
    send(&admin, Method::POST, &path, None, &json!({})).await;
    let listed = admin.get(&none).await;
    assert!(listed.body.contains(&first.display_name));
    let own = house.browser(&first).get("/app/accounts").await;
    assert!(
        !own.text("main").contains(&leaving.display_name),
        "nobody is sent to whoever left"
    );
    let over = format!("form[action='{GUESTS}/hand-over']");
    let form = admin.get(GUESTS).await.form(&over);
    for (from, to, field) in [
        ("nobody", "root", "#from-error"),
        ("mary", "gus", "#to-error"),
    ] {
        let form = form.clone().with("from", from).with("to", to);
        let refused = admin.submit(form).await;
        assert_eq!(refused.status, 422);
        assert!(refused.has(field), "{field}");
    }
    let to = house.user.username.clone();
    let done = admin
        .submit(form.with("from", "mary").with("to", &to))
        .await;
    done.assert_sound();
    assert!(done.body.contains("2 guests were handed over"));
    let listed = admin.get(&none).await;
    assert!(!listed.body.contains(&first.display_name));
    assert_eq!(house.person(&leaving).await.state, State::Deleted);
}

#[tokio::test]
async fn whoever_invites_a_guest_answers_for_them_unless_told_otherwise() {
    let house = House::new().await;
    let admin = house.administrator();
    let page = admin.get("/admin/accounts/people/new").await;
    page.assert_sound();
    let form = page.form("form[action='/admin/accounts/people/new']");
    let form = form
        .with("display_name", "Gus Guest")
        .with("username", "gus")
        .with("email", "gus@elsewhere.example")
        .with("role", "guest");
    let refused = admin.submit(form.clone().with("sponsor", "nobody")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("#sponsor-error"));
    admin.submit(form).await;
    let listed = admin.get("/api/accounts/guests").await.json();
    assert_eq!(
        listed["guests"][0]["sponsor"]["username"],
        house.admin.username
    );
    assert_eq!(listed["guests"][0]["sponsor"]["answers"], true);
}
