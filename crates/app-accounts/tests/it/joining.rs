//! Managers, and coming into groups by oneself: who may do what, and who is told.

use app_accounts::domain::group::GroupId;
use app_accounts::domain::membership::Member;
use app_accounts::domain::person::PersonId;
use app_accounts::service::actor::Actor;
use app_accounts::service::managers::Managers;
use app_accounts::service::memberships::MemberChange;
use platform::{Principal, Role};
use platform_pg::GenericClient as _;
use testkit::{CookieClient, Form, Page};
use uuid::Uuid;

use crate::groups::{add_until, create, id_of};
use crate::house::House;

const OWN: &str = "/app/accounts/groups";

/// Sends a form of somebody's own to another address, as a forger would.
pub(crate) async fn forged(browser: &CookieClient, path: &str, fields: &[(&str, &str)]) -> u16 {
    let mut form: Form = browser
        .get("/app/accounts")
        .await
        .form("main form[action='/app/accounts']");
    form.action = browser.url(path);
    form.fields.retain(|(name, _)| name == "csrf_token");
    for (name, value) in fields {
        form = form.with(name, value);
    }
    browser.submit_once(form).await.status.as_u16()
}

async fn refusals(house: &House) -> i64 {
    let client = house.db.client().await.unwrap();
    let sql = "SELECT count(*) AS refused FROM audit WHERE outcome = 'refused'";
    client.query_one(sql, &[]).await.unwrap().get("refused")
}

/// Lets people into a group in that way.
async fn open_up(browser: &CookieClient, group: &Page, joining: &str) {
    let page = browser.get(group.url.path()).await;
    let form = page.form(&format!(
        "form[method='post'][action='{}']",
        group.url.path()
    ));
    let saved = browser.submit(form.with("joining", joining)).await;
    assert_eq!(saved.status, 200);
}

/// A group that everybody in another group manages, with one manager in a group inside that one.
async fn managed(house: &House) -> (CookieClient, Principal, Page) {
    let browser = house.browser(&house.admin);
    let mary = house.member("mary", Role::User).await;
    let (outer, inner) = (
        create(&browser, "Leads").await,
        create(&browser, "Deputies").await,
    );
    add_until(&browser, &outer, ("group", &id_of(&inner)), "").await;
    add_until(&browser, &inner, ("person", "mary"), "").await;
    let group = create(&browser, "Engineers").await;
    let form = group
        .form("form[action$='/managers?manages=on']:has(select)")
        .with("group", &id_of(&outer));
    let group = browser.submit(form).await;
    group.assert_sound();
    (browser, mary, group)
}

#[tokio::test]
async fn managers_change_members_and_the_description_and_nothing_else() {
    let house = House::new().await;
    let (_, mary, group) = managed(&house).await;
    let id = id_of(&group);
    let browser = house.browser(&mary);
    let list = browser.get(OWN).await;
    list.assert_sound();
    assert!(
        list.has(&format!("a[href='{OWN}/{id}']")),
        "through two groups"
    );
    let page = browser.get(&format!("{OWN}/{id}")).await;
    page.assert_sound();
    assert!(!page.has("#name") && !page.has("form[action$='/managers?manages=on']"));
    let page = add_until(&browser, &page, ("person", "ada"), "").await;
    assert!(page.body.contains("Ada"));
    browser
        .get(&format!("{OWN}/{id}/people"))
        .await
        .assert_sound();
    let why = format!("{OWN}/{id}/people/{}", house.user.user_id);
    browser.get(&why).await.assert_sound();
    let form = page.form(&format!("form[method='post'][action='{OWN}/{id}']"));
    let renamed = form
        .with("description", "They build")
        .with("name", "Mine")
        .with("joining", "open");
    let saved = browser.submit(renamed).await;
    assert_eq!(
        saved.title().split(' ').next(),
        Some("Engineers"),
        "no new name"
    );
    assert_eq!(saved.attribute("#description", "value"), "They build");
    let joined = forged(
        &house.browser(&house.user),
        &format!("{OWN}/{id}/leave"),
        &[],
    )
    .await;
    assert_eq!(
        (joined, refusals(&house).await),
        (303, 1),
        "closed as before"
    );
    for path in ["", "/managers?manages=on", "/delete"] {
        let path = format!("/admin/accounts/groups/{id}{path}");
        assert_eq!(
            forged(&browser, &path, &[("group", &id)]).await,
            403,
            "{path}"
        );
    }
    let removed = browser.submit(saved.form("form[action$='/remove']")).await;
    let back = browser.submit(removed.form(".toast form")).await;
    assert!(back.body.contains("Ada"));
}

#[tokio::test]
async fn nobody_else_sees_or_changes_a_group_and_each_attempt_is_written_down() {
    let house = House::new().await;
    let (admin, mary, group) = managed(&house).await;
    let id = id_of(&group);
    let browser = house.browser(&house.user);
    let person = mary.user_id.to_string();
    for path in [
        String::new(),
        "/people".to_owned(),
        format!("/people/{person}"),
    ] {
        let path = format!("{OWN}/{id}{path}");
        assert_eq!(browser.get_once(&path).await.status, 403, "{path}");
    }
    let before = refusals(&house).await;
    let attempts = [
        (String::from("/add"), ("person_id", person.as_str())),
        (String::from("/remove"), ("person_id", person.as_str())),
        (format!("/put-back?person={person}"), ("x", "")),
        (format!("/people/{person}"), ("ends_at", "2099-01-01T00:00")),
    ];
    let mut expected = before;
    for (path, field) in attempts {
        let status = forged(&browser, &format!("{OWN}/{id}{path}"), &[field]).await;
        expected += 1;
        assert_eq!((status, refusals(&house).await), (403, expected), "{path}");
    }
    // The rule stands below the routes, too.
    let managers = Managers::new(house.db.clone(), house.world.clock.clone());
    let mut actor = Actor::platform("ada");
    (actor.administers, actor.id) = (false, Some(PersonId(house.user.user_id)));
    let group = GroupId(id.parse().unwrap());
    let oneself = Member::Person(PersonId(house.user.user_id));
    let set = managers.set(&actor, group, oneself, true).await.unwrap();
    assert_eq!(
        (set, refusals(&house).await),
        (MemberChange::Forbidden, expected + 1)
    );
    let audit = admin.get("/admin/accounts/audit").await;
    assert!(audit.body.contains("NotManager"));
}

#[tokio::test]
async fn a_manager_is_one_only_as_long_as_their_group() {
    let house = House::new().await;
    let (admin, mary, group) = managed(&house).await;
    let path = format!("{OWN}/{}", id_of(&group));
    let browser = house.browser(&mary);
    assert_eq!(browser.get(&path).await.status, 200);
    let page = admin.get(group.url.path()).await;
    admin
        .submit(page.form("form[action$='/managers?manages=off']"))
        .await;
    assert_eq!(browser.get_once(&path).await.status, 403);
}

#[tokio::test]
async fn open_groups_are_joined_and_left_and_closed_ones_neither() {
    let house = House::new().await;
    let admin = house.browser(&house.admin);
    let group = create(&admin, "Choir").await;
    let id = id_of(&group);
    let browser = house.browser(&house.user);
    let list = browser.get(OWN).await;
    list.assert_sound();
    assert!(!list.body.contains("Choir"), "closed ones are not offered");
    assert_eq!(
        forged(&browser, &format!("{OWN}/{id}/join"), &[]).await,
        303
    );
    assert_eq!(forged(&browser, &format!("{OWN}/{id}/ask"), &[]).await, 303);
    assert_eq!(refusals(&house).await, 2);
    open_up(&admin, &group, "open").await;
    let list = browser.get(OWN).await;
    let joined = browser.submit(list.form("form[action$='/join']")).await;
    joined.assert_sound();
    assert_eq!(
        house.person(&house.user).await.version,
        2,
        "it is announced"
    );
    let left = browser.submit(joined.form("form[action$='/leave']")).await;
    assert!(left.has("form[action$='/join']"));
    assert_eq!(house.person(&house.user).await.version, 3);
}

async fn request_id(house: &House) -> Uuid {
    let client = house.db.client().await.unwrap();
    let sql = "SELECT id FROM group_requests WHERE state = 'open'";
    client.query_one(sql, &[]).await.unwrap().get("id")
}

#[tokio::test]
async fn a_request_is_asked_once_decided_once_and_told() {
    let house = House::new().await;
    let (admin, mary, group) = managed(&house).await;
    let id = id_of(&group);
    open_up(&admin, &group, "request").await;
    let browser = house.browser(&house.user);
    let ask = browser.get(OWN).await.form("form[action$='/ask']");
    let ask = ask.with("note", "I build, too");
    let (first, second) = tokio::join!(browser.submit_once(ask.clone()), browser.submit_once(ask));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (303, 303));
    let waiting = browser.get(OWN).await;
    waiting.assert_sound();
    assert_eq!(waiting.count("form[action$='/withdraw']"), 1);
    let told = house.told(1).await;
    assert_eq!(
        told[0].recipient_ids,
        [mary.user_id.to_string()],
        "not the administrator"
    );
    assert_eq!(told[0].body.as_ref().unwrap().en, "I build, too");
    let request = request_id(&house).await.to_string();
    // Whoever asks does not decide.
    let approve = [("request", request.as_str()), ("decision", "approve")];
    let path = format!("{OWN}/{id}/requests");
    assert_eq!(forged(&browser, &path, &approve).await, 403);
    let other = house.browser(&house.member("otto", Role::User).await);
    let take_back = [("request", request.as_str())];
    assert_eq!(
        forged(&other, &format!("{OWN}/withdraw"), &take_back).await,
        404
    );
    let manager = house.browser(&mary);
    let page = manager.get(&format!("{OWN}/{id}")).await;
    page.assert_sound();
    let deny = page.form("form[action$='/requests']");
    let denied = deny
        .clone()
        .with("decision", "deny")
        .with("reason", "We are full");
    manager.submit(denied).await;
    manager.submit_once(deny.with("decision", "approve")).await;
    let told = house.told(2).await;
    assert_eq!(told[1].recipient_ids, [house.user.user_id.to_string()]);
    assert_eq!(told[1].body.as_ref().unwrap().de, "We are full");
    assert_eq!(house.person(&house.user).await.version, 1, "decided once");
    let page = browser.get(OWN).await;
    assert!(page.body.contains("We are full"));
    // Another one is let in.
    browser.submit(page.form("form[action$='/ask']")).await;
    let page = manager.get(&format!("{OWN}/{id}")).await;
    let approve = page
        .form("form[action$='/requests']")
        .with("decision", "approve");
    assert!(manager.submit(approve).await.body.contains("Ada"));
    assert_eq!(house.person(&house.user).await.version, 2);
    assert!(browser.get(OWN).await.has("form[action$='/leave']"));
}

#[tokio::test]
async fn a_withdrawn_request_is_decided_by_nobody() {
    let house = House::new().await;
    let admin = house.browser(&house.admin);
    let group = create(&admin, "Choir").await;
    open_up(&admin, &group, "request").await;
    let browser = house.browser(&house.user);
    browser
        .submit(browser.get(OWN).await.form("form[action$='/ask']"))
        .await;
    assert_eq!(
        house.told(1).await[0].recipient_ids,
        [house.admin.user_id.to_string()],
        "nobody manages it"
    );
    let page = admin.get(group.url.path()).await;
    let approve = page
        .form("form[action$='/requests']")
        .with("decision", "approve");
    browser
        .submit(browser.get(OWN).await.form("form[action$='/withdraw']"))
        .await;
    admin.submit(approve).await;
    assert_eq!(house.person(&house.user).await.version, 1);
}
