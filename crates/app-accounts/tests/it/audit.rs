//! Who changed what: filtered, as a file, and as a page of one's own.

use app_accounts::domain::person::PersonId;
use app_accounts::store::purge::person_forget;
use platform::Role;
use platform_pg::GenericClient as _;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::house::House;

/// An administrator changed the title of the member, and was refused to take their own access.
async fn house_with_a_past() -> House {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let path = House::page_of(&house.user);
    let page = browser.get(&path).await;
    let edit = page.form(&format!("form[action='{path}']"));
    browser.submit(edit.with("title", "=Countess")).await;
    let mut own = page.form(&format!("form[action='{path}/access/disable']"));
    own.action
        .set_path(&format!("{}/access/disable", House::page_of(&house.admin)));
    browser.submit(own).await;
    house
}

#[tokio::test]
async fn the_trail_is_filtered_by_outcome_words_and_time() {
    let house = Box::pin(house_with_a_past()).await;
    let browser = house.browser(&house.admin);
    let actions = async |query: &str| {
        let page = browser.get(&format!("/admin/accounts/audit{query}")).await;
        page.assert_sound();
        page.texts("#audit tbody .mono")
    };
    assert_eq!(actions("").await, ["person.disabled", "person.edited"]);
    assert_eq!(actions("?outcome=refused").await, ["person.disabled"]);
    assert_eq!(actions("?q=edited").await, ["person.edited"]);
    assert_eq!(
        actions("?q=%25").await,
        [""; 0],
        "a sign of patterns is none here"
    );
    assert_eq!(actions("?kind=group").await, [""; 0]);
    assert_eq!(actions("?days=7").await.len(), 2);
}

#[tokio::test]
async fn the_trail_and_the_people_leave_as_files() {
    let house = Box::pin(house_with_a_past()).await;
    let browser = house.browser(&house.admin);
    let csv = browser
        .get("/admin/accounts/audit/export?outcome=done&format=csv")
        .await;
    assert_eq!(csv.status, 200);
    let lines: Vec<&str> = csv.body.lines().collect();
    assert_eq!(lines.len(), 2, "{}", csv.body);
    assert!(lines[1].contains("person.edited"), "{}", csv.body);

    let people = browser
        .get("/admin/accounts/people/export?format=json")
        .await;
    let people: Vec<Value> = serde_json::from_str(&people.body).unwrap();
    let titles: Vec<_> = people.iter().map(|person| &person["title"]).collect();
    assert!(titles.contains(&&serde_json::json!("=Countess")));
    let people = browser.get("/admin/accounts/people/export").await;
    assert!(
        people.body.contains(",'=Countess,"),
        "spreadsheets run nothing"
    );
}

#[tokio::test]
async fn everybody_sees_what_was_done_to_them_and_nothing_else() {
    let house = Box::pin(house_with_a_past()).await;
    let page = house
        .browser(&house.user)
        .get("/app/accounts/activity?days=30")
        .await;
    page.assert_sound();
    assert_eq!(page.texts("tbody .mono"), ["person.edited"]);
    let other = house.member("mary", Role::User).await;
    let page = house.browser(&other).get("/app/accounts/activity").await;
    page.assert_sound();
    assert!(page.texts("tbody .mono").is_empty());
}

#[tokio::test]
async fn an_entry_says_where_from_and_on_whose_behalf() {
    let house = House::new().await;
    let mut by_key = house.admin.clone();
    by_key.session_id = Uuid::now_v7();
    by_key.scopes = vec!["accounts:read".to_owned(), "accounts:write".to_owned()];
    let key = format!("key {}", by_key.session_id);
    let program = house.browser(&by_key);
    let path = format!("/api/accounts/people/{}/suspend", house.user.user_id);
    let answer = program
        .request(Method::POST, &path)
        .header("x-forwarded-for", "198.51.100.9, 203.0.113.7")
        .header("x-request-id", "request-of-a-program")
        .header("if-match", "*")
        .json(&json!({}))
        .send();
    let answer = answer.await.unwrap();
    assert!(answer.status().is_success(), "{answer:?}");

    let list = async |query: &str| {
        let list = program.get(&format!("/api/accounts/audit{query}")).await;
        assert_eq!(list.status, 200, "{}", list.body);
        let entries = list.json()["entries"].as_array().unwrap().clone();
        (entries, list.json()["next"].clone())
    };
    let (entries, next) = list("?q=request-of-a-program").await;
    assert_eq!((entries.len(), next), (1, Value::Null));
    let entry = &entries[0];
    assert_eq!(entry["action"], "person.disabled");
    assert_eq!(entry["actor_id"], house.admin.user_id.to_string());
    assert_eq!(entry["target_id"], house.user.user_id.to_string());
    assert_eq!(entry["on_behalf"], key);
    assert_eq!(entry["address"], "203.0.113.7");
    assert_eq!(entry["changes"]["state"], json!(["active", "suspended"]));
    let (of_address, _) = list("?q=203.0.113").await;
    assert_eq!(of_address.len(), 1);

    let browser = house.browser(&house.admin);
    let page = browser.get("/admin/accounts/audit").await;
    page.assert_sound();
    let said = page.text("#audit tbody tr");
    assert!(said.contains(&format!("203.0.113.7 · {key}")), "{said}");
    let file = browser.get("/admin/accounts/audit/export").await.body;
    assert!(file.contains("request-of-a-program"), "{file}");

    // Whom it was done to learns what was done and by whom, but not where that one was.
    let own = house
        .browser(&house.user)
        .get("/app/accounts/activity")
        .await;
    own.assert_sound();
    assert!(own.body.contains("person.disabled"));
    assert!(!own.body.contains("203.0.113.7") && !own.body.contains(&key));

    // Where somebody was is forgotten with them.
    let client = house.db.client().await.unwrap();
    let (gone, at) = (PersonId(house.admin.user_id), house.world.clock.now());
    person_forget(&client, gone, at).await.unwrap();
    let sql = "SELECT count(*) AS entries FROM audit WHERE address <> ''";
    let row = client.query_one(sql, &[]).await.unwrap();
    assert_eq!(row.try_get::<_, i64>("entries").unwrap(), 0);
}

#[tokio::test]
async fn the_trail_is_paged_filtered_and_for_administrators_alone() {
    let house = Box::pin(house_with_a_past()).await;
    let browser = house.browser(&house.admin);
    let first = browser.get("/api/accounts/audit?limit=1").await.json();
    assert_eq!(first["entries"][0]["action"], "person.disabled");
    let next = first["next"].as_str().unwrap();
    let rest = browser
        .get(&format!("/api/accounts/audit?limit=1&after={next}"))
        .await
        .json();
    assert_eq!(rest["entries"][0]["action"], "person.edited");
    assert_eq!(rest["next"], Value::Null);
    let refused = browser
        .get("/api/accounts/audit?outcome=refused")
        .await
        .json();
    assert_eq!(refused["entries"].as_array().unwrap().len(), 1);
    for (query, field) in [
        ("kind=horse", "kind"),
        ("outcome=maybe", "outcome"),
        ("since=yesterday", "since"),
        ("since=-009999-01-02T00:00:00Z", "since"),
        ("after=nonsense", "after"),
    ] {
        let wrong = browser
            .get_once(&format!("/api/accounts/audit?{query}"))
            .await;
        assert_eq!(wrong.status, 400, "{query}");
        assert_eq!(wrong.json()["errors"][0]["field"], field, "{query}");
    }
    let none = browser
        .get("/api/accounts/audit?q=%00&since=2999-01-01T00:00:00Z")
        .await;
    assert_eq!(none.json()["entries"], json!([]));
    let other = house.member("mary", Role::User).await;
    let other = house.browser(&other);
    assert_eq!(other.get_once("/api/accounts/audit").await.status, 403);
}
