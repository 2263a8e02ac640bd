//! Filters of the list of people that administrators keep under a name.

use platform::Role;
use platform_pg::GenericClient as _;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{CookieClient, Page};

use crate::api::send;
use crate::house::House;

const PEOPLE: &str = "/admin/accounts/people";
const FILTERS: &str = "/admin/accounts/people/filters";
const API: &str = "/api/accounts/filters";

/// Keeps what a list shows, by its page.
async fn keep(browser: &CookieClient, query: &str, fields: &[(&str, &str)]) -> Page {
    let list = browser.get(&format!("{PEOPLE}?{query}")).await;
    let link = list.attribute(&format!("a[href^='{FILTERS}/new']"), "href");
    browser.fill(&link, "#filter", fields).await
}

fn offered(page: &Page) -> Vec<String> {
    page.texts("#saved-filters nav a")
}

async fn kept(browser: &CookieClient) -> Vec<Value> {
    let list = browser.get(API).await.json();
    list["filters"].as_array().unwrap().clone()
}

#[tokio::test]
async fn what_the_list_shows_is_kept_under_a_name_and_opened_again() {
    let house = House::new().await;
    let admin = house.administrator();
    let plain = admin.get(PEOPLE).await;
    plain.assert_sound();
    assert!(!plain.has("#saved-filters"), "there is nothing to keep");

    let query = "q=ad&role=user&sort=-created&page=1";
    let list = keep(&admin, query, &[("name", "New members")]).await;
    list.assert_sound();
    assert_eq!(
        list.path(),
        format!("{PEOPLE}?q=ad&role=user&sort=-created")
    );
    assert_eq!(offered(&list), ["New members"]);
    assert!(list.has("#saved-filters nav a[aria-current=page]"));
    let keeps = format!("a[href^='{FILTERS}/new']");
    assert!(!list.has(&keeps), "it is kept already");

    let plain = admin.get(PEOPLE).await;
    assert!(!plain.has("#saved-filters [aria-current]"));
    let opened = plain.attribute("#saved-filters nav a", "href");
    let opened = admin.get(&opened).await;
    assert_eq!(opened.attribute("#people-search", "value"), "ad");
    assert_eq!(opened.texts("#people tbody a.link"), ["Ada"]);
    let all = admin.get(FILTERS).await;
    all.assert_sound();
    let said = all.text("#own-filters");
    assert!(said.contains("ad") && said.contains("Member"), "{said}");

    // Nobody else has it until it is shared.
    let second = house.member("edsger", Role::Admin).await;
    let second = house.browser(&second);
    assert!(!second.get(PEOPLE).await.has("#saved-filters"));
    assert_eq!(kept(&second).await.len(), 0);
    let change = all.attribute("#own-filters a.button", "href");
    let shared = admin.fill(&change, "#filter", &[("shared", "on")]).await;
    shared.assert_sound();
    let theirs = second.get(FILTERS).await;
    theirs.assert_sound();
    assert!(theirs.text("#shared-filters").contains("Grace"));
    assert_eq!(offered(&second.get(PEOPLE).await), ["New members"]);
    assert_eq!(second.get_once(&change).await.status, 404);
    let form = admin.get(&change).await.form("form[action$='/delete']");
    let mut stolen = second
        .get(&format!("{FILTERS}/new?q=x"))
        .await
        .form("#filter");
    stolen.action = form.action.clone();
    assert_eq!(second.submit_once(stolen).await.status, 404);
    assert_eq!(kept(&admin).await.len(), 1);

    let deleted = admin.submit(form).await;
    assert_eq!(deleted.path(), FILTERS);
    assert!(!deleted.has("#own-filters"));
    let audit = admin.get("/admin/accounts/audit?kind=filter").await;
    for action in ["filter.kept", "filter.changed", "filter.deleted"] {
        assert!(audit.body.contains(action), "{action}");
    }
}

#[tokio::test]
async fn names_are_ones_own_and_what_was_typed_stays() {
    let house = House::new().await;
    let admin = house.administrator();
    keep(&admin, "role=guest", &[("name", "Guests")]).await;
    let taken = keep(&admin, "state=expired", &[("name", "guests")]).await;
    taken.assert_sound();
    assert_eq!(taken.status, 422);
    assert_eq!(taken.attribute("#filter [name=name]", "value"), "guests");
    assert!(!taken.text("#name-error").is_empty());
    let blank = keep(&admin, "state=expired", &[("name", " ")]).await;
    assert_eq!(blank.status, 422);
    keep(&admin, "state=expired", &[("name", "Expired")]).await;
    let expired = format!(
        "{FILTERS}/{}",
        kept(&admin).await[0]["id"].as_str().unwrap()
    );
    let taken = admin.fill(&expired, "#filter", &[("name", "GUESTS")]).await;
    assert_eq!(taken.status, 422);
    let renamed = admin.fill(&expired, "#filter", &[("name", "Over")]).await;
    assert!(renamed.text("#own-filters").contains("Over"));

    // Another may call theirs the same.
    let second = house.member("edsger", Role::Admin).await;
    let list = keep(&house.browser(&second), "role=guest", &[("name", "Guests")]).await;
    assert_eq!(list.status, 200);
}

#[tokio::test]
async fn what_the_list_does_not_know_is_no_filter() {
    let house = House::new().await;
    let admin = house.administrator();
    for query in ["page=2", "evil=1", "role=king"] {
        let list = admin.get(&format!("{PEOPLE}?{query}")).await;
        assert!(!list.has("#saved-filters"), "{query}");
        let asked = admin.get_once(&format!("{FILTERS}/new?{query}")).await;
        assert_eq!(asked.status, 303, "{query}");
        assert_eq!(asked.header("location"), PEOPLE);
    }
}

#[tokio::test]
async fn there_are_fifty_and_no_more() {
    let house = House::new().await;
    let admin = house.administrator();
    let client = house.db.client().await.unwrap();
    let sql = "INSERT INTO people_filters (id, owner_id, name, query, shared, created_at)
        SELECT gen_random_uuid(), $1, 'Filter ' || n, 'q=' || n, true, now() FROM generate_series(1, 50) AS n";
    client.execute(sql, &[&house.admin.user_id]).await.unwrap();
    let full = keep(&admin, "role=guest", &[("name", "Guests")]).await;
    full.assert_sound();
    assert_eq!(full.status, 422);
    assert!(full.body.contains("50 filters"), "{}", full.body);
    let body = json!({ "name": "Guests", "query": "role=guest" });
    let refused = send(&admin, Method::POST, API, None, &body).await;
    assert_eq!(refused.status(), 409);
    let list = admin.get(PEOPLE).await;
    list.assert_sound();
    assert_eq!(offered(&list).len(), 12, "the others are on their page");

    // They go with whose they are.
    let id = app_accounts::domain::person::PersonId(house.admin.user_id);
    let now = house.world.clock.now();
    app_accounts::store::purge::person_forget(&client, id, now)
        .await
        .unwrap();
    let sql = "SELECT count(*) AS kept FROM people_filters";
    let row = client.query_one(sql, &[]).await.unwrap();
    assert_eq!(row.get::<_, i64>("kept"), 0);
}

#[tokio::test]
async fn programs_list_keep_and_delete_filters() {
    let house = House::new().await;
    let admin = house.administrator();
    let body =
        json!({ "name": "Guests", "query": "?state=active&role=guest&size=50", "shared": true });
    let made = send(&admin, Method::POST, API, None, &body).await;
    assert_eq!(made.status(), 201);
    let location = made.headers()["location"].to_str().unwrap().to_owned();
    let listed = kept(&admin).await;
    assert_eq!(listed[0]["query"], "role=guest&state=active");
    assert_eq!(listed[0]["owner_id"], json!(house.admin.user_id));
    assert_eq!(listed[0]["shared"], json!(true));
    for (body, status, field) in [
        (json!({ "name": "guests", "query": "q=x" }), 409, "name"),
        (json!({ "name": "", "query": "q=x" }), 400, "name"),
        (
            json!({ "name": "Nothing", "query": "page=2" }),
            422,
            "query",
        ),
    ] {
        let refused = send(&admin, Method::POST, API, None, &body).await;
        assert_eq!(refused.status(), status, "{body}");
        let problem: Value = refused.json().await.unwrap();
        assert_eq!(problem["errors"][0]["field"], field, "{body}");
    }

    let second = house.member("edsger", Role::Admin).await;
    let second = house.browser(&second);
    assert_eq!(kept(&second).await.len(), 1, "it is shared");
    let nothing = json!({});
    let refused = send(&second, Method::DELETE, &location, None, &nothing).await;
    assert_eq!(refused.status(), 404);
    let member = house.browser(&house.user);
    let refused = send(&member, Method::POST, API, None, &body).await;
    assert_eq!(refused.status(), 403);
    let deleted = send(&admin, Method::DELETE, &location, None, &nothing).await;
    assert_eq!(deleted.status(), 204);
    let again = send(&admin, Method::DELETE, &location, None, &nothing).await;
    assert_eq!(again.status(), 404);
}
