//! Webhooks: who is told what, signed how, and what happens when nobody listens.

mod receiver;

use app_accounts::domain::person::State;
use jiff::SignedDuration;
use platform::{Clock, Principal, Role};
use platform_pg::GenericClient as _;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{CookieClient, Page, eventually};
use uuid::Uuid;

use self::receiver::{Receiver, verified};
use crate::api::send;
use crate::house::House;

const WEBHOOKS: &str = "/admin/accounts/webhooks";
const NEW: &str = "/admin/accounts/webhooks/new";
const PEOPLE: &str = "/api/accounts/people";

async fn house() -> House {
    House::at(Clock::manual(Clock::system().now())).await
}

/// A webhook for these kinds of events, and its secret.
async fn declared(house: &House, url: &str, events: &[&str]) -> (String, String) {
    let browser = house.administrator();
    let page = declare(&browser, url, events).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page.assert_sound();
    let secret = page.text("code");
    assert!(secret.starts_with("whsec_"), "{secret}");
    let href = page
        .attributes("a[href*='/admin/accounts/webhooks/']", "href")
        .pop();
    (href.unwrap(), secret)
}

async fn declare(browser: &CookieClient, url: &str, events: &[&str]) -> Page {
    let mut form = browser
        .get(NEW)
        .await
        .form(&format!("form[action='{NEW}']"));
    form.fields.retain(|(name, _)| name != "events");
    for event in events {
        form.fields.push(("events".to_owned(), (*event).to_owned()));
    }
    let name = format!("HR {}", Uuid::now_v7());
    browser
        .submit(form.with("name", &name).with("url", url))
        .await
}

/// Presses the button of a form on a page.
async fn press(browser: &CookieClient, page: &str, action: &str) -> Page {
    let form = browser
        .get(page)
        .await
        .form(&format!("form[action$='{action}']"));
    browser.submit(form).await
}

/// Somebody who was added by the API.
async fn added(house: &House, name: &str) -> Uuid {
    let body = json!({
        "username": name,
        "email": format!("{name}@example.org"),
        "display_name": name,
        "role": "user",
    });
    let admin = house.administrator();
    let made = send(&admin, Method::POST, PEOPLE, None, &body).await;
    assert_eq!(made.status(), 201);
    let person: Value = made.json().await.unwrap();
    person["id"].as_str().unwrap().parse().unwrap()
}

async fn patch(house: &House, id: Uuid, body: Value) {
    let path = format!("{PEOPLE}/{id}");
    let admin = house.administrator();
    let tag = admin.get(&path).await.header("etag").to_owned();
    let done = send(&admin, Method::PATCH, &path, Some(&tag), &body).await;
    assert_eq!(done.status(), 200, "{:?}", done.text().await);
}

async fn step(house: &House, id: Uuid, step: &str) {
    let path = format!("{PEOPLE}/{id}/{step}");
    let admin = house.administrator();
    let tag = admin
        .get(&format!("{PEOPLE}/{id}"))
        .await
        .header("etag")
        .to_owned();
    let done = send(&admin, Method::POST, &path, Some(&tag), &json!({})).await;
    assert!(
        done.status().is_success(),
        "{step}: {:?}",
        done.text().await
    );
}

/// An administrator forgets somebody who is in the trash.
async fn purge(house: &House, id: Uuid, name: &str) {
    let browser = house.administrator();
    let page = browser.get(&format!("/admin/accounts/people/{id}")).await;
    let form = page.form("form[action$='/purge']");
    let done = browser.submit(form.with("confirm_name", name)).await;
    assert_eq!(done.status, 200);
}

/// The number that a statement counts.
async fn count(house: &House, sql: &str) -> i64 {
    let client = house.db.client().await.unwrap();
    client.query_one(sql, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn whoever_comes_moves_and_goes_is_told_and_signed() {
    let house = house().await;
    let receiver = Receiver::new().await;
    let all = ["person.joined", "person.moved", "person.left"];
    let (_, secret) = declared(&house, &receiver.url("/hook?a=b"), &all).await;

    let id = added(&house, "nina").await;
    patch(
        &house,
        id,
        json!({ "department": "Finance", "title": "Head" }),
    )
    .await;
    // Nothing that anybody is told of.
    patch(&house, id, json!({ "phone": "+49 30 1234567" })).await;
    let group = json!({ "name": "auditors", "description": "", "joining": "closed" });
    let admin = house.administrator();
    let made = send(&admin, Method::POST, "/api/accounts/groups", None, &group).await;
    let group: Value = made.json().await.unwrap();
    let path = format!(
        "/api/accounts/groups/{}/people/{id}",
        group["id"].as_str().unwrap()
    );
    let put = send(&admin, Method::PUT, &path, None, &json!({})).await;
    assert!(put.status().is_success());
    step(&house, id, "trash").await;
    step(&house, id, "restore").await;
    step(&house, id, "trash").await;
    purge(&house, id, "nina").await;

    let told = receiver.told(7).await;
    let mut said = Vec::new();
    for message in &told {
        assert!(verified(message, &secret), "{message:?}");
        assert_eq!(message.path, "/hook?a=b");
        let body: Value = serde_json::from_str(&message.body).unwrap();
        let data = body["data"].clone();
        assert_eq!(data["person_id"], id.to_string());
        let what = ["again", "changed", "reason"]
            .into_iter()
            .find_map(|field| data.get(field).cloned());
        said.push((
            body["type"].as_str().unwrap().to_owned(),
            what.unwrap(),
            data["state"].clone(),
        ));
        assert!(!message.body.contains("nina"), "names nobody");
    }
    said.sort_by_key(|(kind, what, _)| (kind.clone(), what.to_string()));
    let expected = [
        ("person.joined", json!(false), json!("invited")),
        ("person.joined", json!(true), json!("invited")),
        ("person.left", json!("purged"), json!("purged")),
        ("person.left", json!("trashed"), json!("deleted")),
        ("person.left", json!("trashed"), json!("deleted")),
        (
            "person.moved",
            json!(["department", "title"]),
            json!("invited"),
        ),
        ("person.moved", json!(["groups"]), json!("invited")),
    ];
    let expected = expected.map(|(kind, what, state)| (kind.to_owned(), what, state));
    assert_eq!(said, expected);
    assert_eq!(told.len(), 7);
    let ids: std::collections::BTreeSet<_> = told.iter().map(|told| &told.id).collect();
    assert_eq!(ids.len(), 7, "each has an id of its own");
}

#[tokio::test]
async fn whoever_loses_their_manager_has_moved() {
    let house = house().await;
    let receiver = Receiver::new().await;
    let (head, id) = (added(&house, "otto").await, added(&house, "nina").await);
    patch(&house, id, json!({ "manager_id": head })).await;
    declared(&house, &receiver.url("/"), &["person.moved"]).await;
    step(&house, head, "trash").await;
    purge(&house, head, "otto").await;
    let told = receiver.told(1).await;
    let body: Value = serde_json::from_str(&told[0].body).unwrap();
    assert_eq!(body["data"]["person_id"], id.to_string());
    assert_eq!(body["data"]["changed"], json!(["manager"]));
}

#[tokio::test]
async fn only_what_was_chosen_is_told_and_only_while_it_is_on() {
    let house = house().await;
    let receiver = Receiver::new().await;
    let (page, _) = declared(&house, &receiver.url("/"), &["person.left"]).await;
    let id = added(&house, "nina").await;
    let browser = house.administrator();
    press(&browser, &page, "/switch/off").await;
    step(&house, id, "suspend").await;
    press(&browser, &page, "/switch/on").await;
    step(&house, id, "trash").await;
    let told = receiver.told(1).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].body.contains("trashed"), "{}", told[0].body);
}

#[tokio::test]
async fn what_did_not_arrive_is_sent_again_under_the_same_id() {
    let house = house().await;
    let receiver = Receiver::new().await;
    receiver.answer(500);
    let (page, secret) = declared(&house, &receiver.url("/"), &["person.joined"]).await;
    added(&house, "nina").await;
    receiver.told(1).await;
    let browser = house.administrator();
    eventually("the answer is shown", async || {
        let shown = browser.get(&page).await;
        shown.text("#deliveries").contains("500") && shown.text("#state") == "Does not answer"
    })
    .await;
    assert_eq!(receiver.count(), 1, "not before the pause is over");
    receiver.answer(204);
    house.world.clock.advance(SignedDuration::from_secs(31));
    let told = receiver.told(2).await;
    assert_eq!(told[0].id, told[1].id);
    assert_eq!(told[0].body, told[1].body);
    assert_ne!(told[0].timestamp, told[1].timestamp);
    assert!(verified(&told[1], &secret));
    let browser = house.administrator();
    eventually("it arrived", async || {
        let shown = browser.get(&page).await;
        shown.text("#deliveries").contains("Arrived") && shown.text("#state") == "On"
    })
    .await;
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let house = house().await;
    let (receiver, elsewhere) = (Receiver::new().await, Receiver::new().await);
    receiver.redirect(&elsewhere.url("/"));
    let (page, _) = declared(&house, &receiver.url("/"), &["person.joined"]).await;
    added(&house, "nina").await;
    receiver.told(1).await;
    let browser = house.administrator();
    eventually("the answer is shown", async || {
        browser.get(&page).await.text("#deliveries").contains("302")
    })
    .await;
    assert_eq!(elsewhere.count(), 0);
}

#[tokio::test]
async fn who_does_not_answer_for_days_is_switched_off_and_administrators_hear_of_it() {
    let house = house().await;
    let receiver = Receiver::new().await;
    receiver.answer(503);
    let (page, _) = declared(&house, &receiver.url("/"), &["person.joined"]).await;
    for name in ["nina", "otto"] {
        added(&house, name).await;
    }
    eventually("both were tried", async || {
        let sql = "SELECT count(*) FROM webhook_deliveries WHERE attempts > 0";
        count(&house, sql).await == 2
    })
    .await;
    // Whichever is tried again first switches it off.
    let days = SignedDuration::from_hours(4 * 24 + 1);
    house.world.clock.advance(days);
    let is_off = "SELECT count(*) FROM webhooks WHERE off_reason = 'failing'";
    eventually("it is off", async || count(&house, is_off).await == 1).await;
    let told = testkit::until("administrators hear of it", async || {
        let all = house.told(1).await;
        all.into_iter()
            .find(|told| told.kind == "accounts.webhook_off")
    })
    .await;
    assert_eq!(told.path, page);
    assert!(
        told.recipient_ids
            .contains(&house.admin.user_id.to_string())
    );
    let audited = "SELECT count(*) FROM audit WHERE action = 'webhook.switched_off'";
    assert_eq!(count(&house, audited).await, 1);

    house.world.clock.advance(SignedDuration::from_hours(24));
    let dropped = "SELECT count(*) FROM webhook_deliveries WHERE state = 'dropped'";
    eventually("the rest is not sent", async || {
        count(&house, dropped).await == 2
    })
    .await;
    receiver.answer(200);
    let before = receiver.count();
    let browser = house.administrator();
    press(&browser, &page, "/switch/on").await;
    press(&browser, &page, "/again").await;
    receiver.told(before + 1).await;
}

#[tokio::test]
async fn who_is_gone_is_told_nothing_more() {
    let house = house().await;
    let receiver = Receiver::new().await;
    receiver.answer(410);
    declared(&house, &receiver.url("/"), &["person.joined"]).await;
    added(&house, "nina").await;
    let gone = "SELECT count(*) FROM webhooks WHERE off_reason = 'gone'";
    eventually("it is off", async || count(&house, gone).await == 1).await;
    added(&house, "otto").await;
    let all = "SELECT count(*) FROM webhook_deliveries";
    assert_eq!(count(&house, all).await, 1);
}

#[tokio::test]
async fn a_test_event_is_sent_once_and_harms_nobody() {
    let house = house().await;
    let receiver = Receiver::new().await;
    receiver.answer(500);
    let (page, secret) = declared(&house, &receiver.url("/"), &["person.left"]).await;
    let browser = house.administrator();
    press(&browser, &page, "/test").await;
    let told = receiver.told(1).await;
    assert!(verified(&told[0], &secret));
    let body: Value = serde_json::from_str(&told[0].body).unwrap();
    assert_eq!(body["type"], "webhook.test");
    let failed = "SELECT count(*) FROM webhook_deliveries WHERE state = 'failed'";
    eventually("it is not repeated", async || {
        count(&house, failed).await == 1
    })
    .await;
    assert_eq!(browser.get(&page).await.text("#state"), "On");
    press(&browser, &page, "/again").await;
    let told = receiver.told(2).await;
    assert_eq!(told[0].id, told[1].id);
}

#[tokio::test]
async fn the_secret_before_signs_for_a_day() {
    let house = house().await;
    let receiver = Receiver::new().await;
    let (page, first) = declared(&house, &receiver.url("/"), &["person.left"]).await;
    let browser = house.administrator();
    let rolled = press(&browser, &page, "/secret").await;
    let second = rolled.text("code");
    assert_ne!(first, second);
    press(&browser, &page, "/test").await;
    let told = receiver.told(1).await;
    assert!(verified(&told[0], &first) && verified(&told[0], &second));
    house.world.clock.advance(SignedDuration::from_hours(24));
    press(&house.administrator(), &page, "/test").await;
    let told = receiver.told(2).await;
    assert!(!verified(&told[1], &first), "its day is over");
    assert!(verified(&told[1], &second));
}

#[tokio::test]
async fn no_secret_is_shown_twice_or_kept_in_the_open() {
    let house = house().await;
    let (page, secret) = declared(&house, "https://hr.example/hook", &["person.left"]).await;
    let browser = house.administrator();
    for path in [page.as_str(), WEBHOOKS, "/admin/accounts/audit"] {
        let shown = browser.get(path).await;
        shown.assert_sound();
        assert!(!shown.body.contains(&secret), "{path}");
    }
    let client = house.db.client().await.unwrap();
    let sql = "SELECT secret FROM webhooks";
    let kept: Vec<u8> = client.query_one(sql, &[]).await.unwrap().get("secret");
    let bytes = receiver::key(&secret);
    assert!(!kept.windows(bytes.len()).any(|part| part == bytes));
}

#[tokio::test]
async fn addresses_that_do_not_do_are_said_and_what_was_typed_stays() {
    let house = house().await;
    let browser = house.administrator();
    for url in [
        "http://hr.example/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest",
        "https://user:word@hr.example/",
        "nonsense",
    ] {
        let page = declare(&browser, url, &["person.left"]).await;
        assert_eq!(page.status, 422, "{url}");
        page.assert_sound();
        assert_eq!(page.attribute("#url", "value"), url);
        assert_eq!(page.attribute("#url", "aria-invalid"), "true", "{url}");
    }
    let page = declare(&browser, "https://hr.example/", &[]).await;
    assert_eq!(page.status, 422);
    assert!(page.text("#events").contains("Choose at least one"));
    assert_eq!(count(&house, "SELECT count(*) FROM webhooks").await, 0);
}

#[tokio::test]
async fn a_webhook_is_changed_and_deleted_and_all_of_it_is_written_down() {
    let house = house().await;
    let (page, _) = declared(&house, "https://hr.example/s3cret-path", &["person.left"]).await;
    let browser = house.administrator();
    let form = browser
        .get(&page)
        .await
        .form(&format!("form[action='{page}']"));
    let stale = form.clone();
    let saved = browser.submit(form.with("name", "Payroll")).await;
    assert_eq!(saved.status, 200);
    assert_eq!(
        browser.get(&page).await.title().split(" ·").next(),
        Some("Payroll")
    );
    let refused = browser.submit(stale.with("name", "Other")).await;
    assert_eq!(refused.status, 422);
    let form = browser.get(&page).await.form("form[action$='/delete']");
    browser
        .submit(form.clone().with("confirm_name", "Else"))
        .await;
    assert_eq!(browser.get(&page).await.status, 200);
    browser.submit(form.with("confirm_name", "Payroll")).await;
    assert_eq!(browser.get(&page).await.status, 404);
    let client = house.db.client().await.unwrap();
    let sql = "SELECT action, changes::text AS changes FROM audit WHERE target_kind = 'webhook' ORDER BY occurred_at, id";
    let rows = client.query(sql, &[]).await.unwrap();
    let actions: Vec<String> = rows.iter().map(|row| row.get("action")).collect();
    assert_eq!(
        actions,
        ["webhook.added", "webhook.changed", "webhook.deleted"]
    );
    let changes: Vec<String> = rows.iter().map(|row| row.get("changes")).collect();
    assert!(changes.concat().contains("hr.example"));
    assert!(
        !changes.concat().contains("s3cret"),
        "paths may hold secrets"
    );
}

#[tokio::test]
async fn nobody_else_gets_at_webhooks() {
    let house = house().await;
    let (page, _) = declared(&house, "https://hr.example/", &["person.left"]).await;
    let guest = house.member("gus", Role::Guest).await;
    for who in [&house.user, &guest] {
        let browser = house.browser(who);
        for path in [WEBHOOKS, NEW, page.as_str()] {
            assert_eq!(browser.get(path).await.status, 403, "{path}");
        }
    }
}

#[tokio::test]
async fn who_was_here_before_does_not_come_by_their_next_change() {
    let house = house().await;
    let receiver = Receiver::new().await;
    let id = added(&house, "nina").await;
    declared(
        &house,
        &receiver.url("/"),
        &["person.joined", "person.moved"],
    )
    .await;
    patch(&house, id, json!({ "title": "Head" })).await;
    let told = receiver.told(1).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].body.contains("person.moved"), "{}", told[0].body);
    let who = Principal {
        user_id: id,
        ..testkit::person("nina", Role::User)
    };
    assert_eq!(house.person(&who).await.state, State::Invited);
}

#[tokio::test]
async fn programs_declare_change_and_delete_webhooks() {
    const API: &str = "/api/accounts/webhooks";
    let house = house().await;
    let receiver = Receiver::new().await;
    let admin = house.administrator();
    let body = json!({ "name": "Payroll", "url": receiver.url("/"), "events": ["person.left"] });
    let made = send(&admin, Method::POST, API, None, &body).await;
    assert_eq!(made.status(), 201);
    let location = made.headers()["location"].to_str().unwrap().to_owned();
    let made: Value = made.json().await.unwrap();
    let secret = made["secret"].as_str().unwrap().to_owned();
    let taken = send(&admin, Method::POST, API, None, &body).await;
    assert_eq!(taken.status(), 409);
    for (field, wrong, status) in [
        ("url", json!("http://hr.example/"), 422),
        ("url", json!("https://192.168.0.1/"), 422),
        ("events", json!([]), 400),
        ("events", json!(["webhook.test"]), 400),
        ("name", json!(" "), 400),
    ] {
        let mut body = body.clone();
        body["name"] = json!("Another");
        body[field] = wrong;
        let refused = send(&admin, Method::POST, API, None, &body).await;
        assert_eq!(refused.status(), status, "{body}");
        let problem: Value = refused.json().await.unwrap();
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }

    let found = admin.get(&location).await;
    let tag = found.header("etag").to_owned();
    assert!(found.json().get("secret").is_none());
    let change = json!({ "events": ["person.moved", "person.joined", "person.moved"] });
    let changed = send(&admin, Method::PATCH, &location, Some(&tag), &change).await;
    assert_eq!(changed.status(), 200);
    let changed: Value = changed.json().await.unwrap();
    assert_eq!(changed["events"], json!(["person.joined", "person.moved"]));
    assert_eq!(changed["name"], "Payroll");
    let stale = send(&admin, Method::PATCH, &location, Some(&tag), &change).await;
    assert_eq!(stale.status(), 412);

    let post = async |step: &str| {
        let path = format!("{location}/{step}");
        let done = send(&admin, Method::POST, &path, None, &json!({})).await;
        done.status().as_u16()
    };
    assert_eq!(post("test").await, 202);
    let told = receiver.told(1).await;
    assert!(verified(&told[0], &secret));
    assert_eq!(post("secret").await, 200);
    eventually("the delivery is listed", async || {
        let list = admin.get(&format!("{location}/deliveries")).await.json();
        list["deliveries"][0]["status"] == 200
    })
    .await;
    let list = admin.get(&format!("{location}/deliveries")).await.json();
    let delivery = list["deliveries"][0]["id"].as_str().unwrap();
    let again = format!("deliveries/{delivery}/again");
    assert_eq!(post(&again).await, 202);
    receiver.told(2).await;
    assert_eq!(post("off").await, 204);
    assert_eq!(admin.get(&location).await.json()["off"], "by_hand");
    assert_eq!(post(&again).await, 409);
    assert_eq!(post("on").await, 204);
    let gone = send(&admin, Method::DELETE, &location, None, &json!({})).await;
    assert_eq!(gone.status(), 204);
    assert_eq!(admin.get(&location).await.status, 404);
}

#[tokio::test]
async fn a_secret_that_cannot_be_read_any_more_is_said() {
    let house = house().await;
    let receiver = Receiver::new().await;
    let (page, _) = declared(&house, &receiver.url("/"), &["person.left"]).await;
    let client = house.db.client().await.unwrap();
    // As after another APP_SECRET.
    let sql = "UPDATE webhooks SET secret = set_byte(secret, 20, get_byte(secret, 20) # 1)";
    client.execute(sql, &[]).await.unwrap();
    let browser = house.administrator();
    press(&browser, &page, "/test").await;
    eventually("it is said", async || {
        let shown = browser.get(&page).await;
        shown.text("#deliveries").contains("make a new one")
    })
    .await;
    assert_eq!(receiver.count(), 0);
    press(&browser, &page, "/secret").await;
    press(&browser, &page, "/test").await;
    assert_eq!(receiver.told(1).await.len(), 1);
}
