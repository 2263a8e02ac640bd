//! Groups for programs: pages by a cursor, versions, and the rules of the pages.

use reqwest::{Method, Response};
use serde_json::{Value, json};
use testkit::CookieClient;

use crate::groups::{create, id_of};
use crate::house::House;

const GROUPS: &str = "/api/accounts/groups";

pub(crate) async fn send(
    browser: &CookieClient,
    method: Method,
    path: &str,
    tag: Option<&str>,
    body: &Value,
) -> Response {
    let mut request = browser
        .request(method, path)
        .header("accept", "application/json")
        .header("origin", testkit::APP_URL)
        .header("sec-fetch-site", "same-origin")
        .json(body);
    if let Some(tag) = tag {
        request = request.header("if-match", tag);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn groups_are_paged_by_a_cursor_that_survives_deletions() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    for name in ["delta", "Alpha", "Charlie", "bravo"] {
        create(&browser, name).await;
    }
    let first = browser.get(&format!("{GROUPS}?limit=2")).await.json();
    assert_eq!(
        (&first["groups"][0]["name"], &first["groups"][1]["name"]),
        (&json!("Alpha"), &json!("bravo"))
    );
    let client = house.db.client().await.unwrap();
    platform_pg::GenericClient::execute(&client, "DELETE FROM groups WHERE name = 'bravo'", &[])
        .await
        .unwrap();
    let next = first["next"].as_str().unwrap();
    let second = browser
        .get(&format!("{GROUPS}?limit=2&after={next}"))
        .await
        .json();
    assert_eq!(
        (&second["groups"][0]["name"], &second["groups"][1]["name"]),
        (&json!("Charlie"), &json!("delta"))
    );
    assert_eq!(second["next"], Value::Null);
    let wrong = browser.get_once(&format!("{GROUPS}?after=nonsense")).await;
    assert_eq!(wrong.status, 400);
    let wrong = browser.get_once(&format!("{GROUPS}?limit=201")).await;
    assert_eq!(wrong.json()["errors"][0]["field"], "limit");
    assert_eq!(
        house.browser(&house.user).get_once(GROUPS).await.status,
        403
    );
}

#[tokio::test]
async fn of_two_changes_of_one_version_the_second_is_refused() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let path = format!("{GROUPS}/{}", id_of(&create(&browser, "Engineers").await));
    create(&browser, "Taken").await;
    let tag = browser.get(&path).await.header("etag").to_owned();
    let change = async |tag: Option<&str>, body: Value| {
        let answer = send(&browser, Method::PATCH, &path, tag, &body).await;
        answer.status().as_u16()
    };
    let description = json!({"description": "They build"});
    assert_eq!(change(None, description.clone()).await, 428);
    assert_eq!(change(Some(&tag), description).await, 200);
    assert_eq!(
        change(Some(&tag), json!({"description": "They sleep"})).await,
        412
    );
    assert_eq!(
        change(Some("W/\"2\""), json!({"description": "They sleep"})).await,
        412
    );
    let fresh = browser.get(&path).await;
    assert_eq!(fresh.json()["description"], "They build");
    let tag = fresh.header("etag").to_owned();
    assert_eq!(change(Some(&tag), json!({"name": "taken"})).await, 409);
    assert_eq!(change(Some(&tag), json!({"name": ""})).await, 400);
    assert_eq!(change(Some(&tag), json!({"joining": "open"})).await, 200);
    assert_eq!(
        browser.get(&path).await.json()["name"],
        "Engineers",
        "left as it was"
    );
}

#[tokio::test]
async fn members_come_and_go_by_the_api_under_the_rules_of_the_pages() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let group = id_of(&create(&browser, "Engineers").await);
    let path = format!("{GROUPS}/{group}/people/{}", house.user.user_id);
    let put = async |browser: &CookieClient, body: Value| {
        let answer = send(browser, Method::PUT, &path, None, &body).await;
        answer.status().as_u16()
    };
    let ada = house.browser(&house.user);
    assert_eq!(put(&ada, json!({})).await, 403);
    assert_eq!(
        put(&browser, json!({"ends_at": "2020-01-01T00:00:00Z"})).await,
        422
    );
    assert_eq!(put(&browser, json!({"until": "tomorrow"})).await, 422);
    assert_eq!(put(&browser, json!({})).await, 204);
    let end = "2999-01-01T00:00:00Z";
    assert_eq!(
        put(&browser, json!({"ends_at": end})).await,
        204,
        "again, with an end"
    );
    let why = browser.get(&path).await.json();
    assert_eq!(
        (&why["ways"][0][0]["name"], &why["ways"][0][0]["ends_at"]),
        (&json!("Engineers"), &json!(end))
    );
    assert_eq!(ada.get_once(&path).await.status, 403);
    let removed = send(&browser, Method::DELETE, &path, None, &json!({})).await;
    assert_eq!(removed.status(), 204);
    assert_eq!(browser.get(&path).await.json()["ways"], json!([]));
    let described = browser.get("/api/accounts/openapi.json").await.json();
    assert!(described["paths"][&format!("{GROUPS}/{{id}}")]["patch"].is_object());
}
