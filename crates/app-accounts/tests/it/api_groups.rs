//! Groups for programs: made once, nested, managed, asked for, and removed.

use platform::Role;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::CookieClient;

use crate::api::send;
use crate::api_people::post_once;
use crate::house::House;

const GROUPS: &str = "/api/accounts/groups";

async fn ask(browser: &CookieClient, method: Method, path: &str) -> u16 {
    let answer = send(browser, method, path, None, &json!({})).await;
    answer.status().as_u16()
}

async fn make(browser: &CookieClient, body: &Value) -> (u16, Value) {
    let answer = send(browser, Method::POST, GROUPS, None, body).await;
    let status = answer.status().as_u16();
    (
        status,
        serde_json::from_str(&answer.text().await.unwrap()).unwrap(),
    )
}

async fn made(browser: &CookieClient, name: &str) -> String {
    let (status, group) = make(browser, &json!({ "name": name })).await;
    assert_eq!(status, 201, "{group}");
    format!("{GROUPS}/{}", group["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_group_is_made_once_renamed_and_removed() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let wanted = json!({"name": "Engineers", "description": "They build", "joining": "request"});
    let first = post_once(&browser, GROUPS, "k1", &wanted).await;
    assert_eq!(first.status(), 201);
    let path = first.headers()["location"].to_str().unwrap().to_owned();
    let first = first.text().await.unwrap();
    let again = post_once(&browser, GROUPS, "k1", &wanted).await;
    assert_eq!(again.text().await.unwrap(), first);
    // The order of the fields is no other request; another name is.
    let turned = json!({"joining": "request", "description": "They build", "name": "Engineers"});
    assert_eq!(
        post_once(&browser, GROUPS, "k1", &turned).await.status(),
        201
    );
    let other = json!({"name": "Builders"});
    assert_eq!(
        post_once(&browser, GROUPS, "k1", &other).await.status(),
        422
    );
    let group = browser.get(&path).await.json();
    assert_eq!(
        (&group["joining"], &group["version"]),
        (&json!("request"), &json!(1))
    );
    assert_eq!(make(&browser, &json!({"name": "engineers"})).await.0, 409);
    for (wrong, field) in [
        (json!({"name": " "}), "name"),
        (json!({"name": "x", "joining": "never"}), "joining"),
        (
            json!({"name": "x", "description": "d".repeat(121)}),
            "description",
        ),
    ] {
        let (status, problem) = make(&browser, &wrong).await;
        assert_eq!(
            (status, &problem["errors"][0]["field"]),
            (400, &json!(field)),
            "{wrong}"
        );
    }
    let renamed = send(
        &browser,
        Method::PATCH,
        &path,
        Some("\"1\""),
        &json!({"name": "Builders"}),
    )
    .await;
    assert_eq!(renamed.status(), 200);
    let ada = house.browser(&house.user);
    assert_eq!(ask(&ada, Method::DELETE, &path).await, 403);
    assert_eq!(ask(&browser, Method::DELETE, &path).await, 204);
    assert_eq!(ask(&browser, Method::DELETE, &path).await, 404);
    assert_eq!(make(&ada, &json!({"name": "Mine"})).await.0, 403);
}

#[tokio::test]
async fn groups_are_nested_but_never_in_themselves() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let (outer, inner) = (made(&browser, "Outer").await, made(&browser, "Inner").await);
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let inside = format!("{outer}/groups/{}", id(&inner));
    assert_eq!(ask(&browser, Method::PUT, &inside).await, 204);
    let turned = format!("{inner}/groups/{}", id(&outer));
    assert_eq!(ask(&browser, Method::PUT, &turned).await, 409);
    let listed = browser.get(&format!("{outer}/groups")).await.json();
    assert_eq!(listed["groups"][0]["name"], "Inner");
    assert_eq!(ask(&browser, Method::DELETE, &inside).await, 204);
    let listed = browser.get(&format!("{outer}/groups")).await.json();
    assert_eq!(listed["groups"], json!([]));
    for kind in ["groups", "people"] {
        let nobody = format!("{outer}/{kind}/00000000-0000-7000-8000-000000000000");
        assert_eq!(ask(&browser, Method::PUT, &nobody).await, 404, "{kind}");
    }
}

#[tokio::test]
async fn managers_list_and_change_members_and_nobody_else_sees_them() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let group = made(&browser, "Engineers").await;
    let ada = house.browser(&house.user);
    let manager = format!("{group}/managers/people/{}", house.user.user_id);
    let lists = ["people", "groups", "managers", "requests"].map(|list| format!("{group}/{list}"));
    for list in &lists {
        assert_eq!(ada.get_once(list).await.status, 403, "{list}");
    }
    assert_eq!(ask(&ada, Method::PUT, &manager).await, 403);
    assert_eq!(ask(&browser, Method::PUT, &manager).await, 204);
    for list in &lists {
        assert_eq!(ada.get_once(list).await.status, 200, "{list}");
    }
    let managers = ada.get(&format!("{group}/managers")).await.json();
    assert_eq!(managers["managers"][0]["kind"], "person");
    for name in ["emil", "erika", "zoe"] {
        let who = house.member(name, Role::User).await;
        let member = format!("{group}/people/{}", who.user_id);
        assert_eq!(ask(&ada, Method::PUT, &member).await, 204);
    }
    let page = ada.get(&format!("{group}/people?limit=2")).await.json();
    assert_eq!(page["people"][1]["username"], "erika");
    let next = page["next"].as_str().unwrap();
    let page = ada
        .get(&format!("{group}/people?limit=2&after={next}"))
        .await
        .json();
    assert_eq!(
        (&page["people"][0]["username"], &page["next"]),
        (&json!("zoe"), &Value::Null)
    );
    assert_eq!(ask(&browser, Method::DELETE, &manager).await, 204);
    assert_eq!(ada.get_once(&lists[0]).await.status, 403);
}

#[tokio::test]
async fn a_request_is_decided_once() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let (_, group) = make(&browser, &json!({"name": "Club", "joining": "request"})).await;
    let group = format!("{GROUPS}/{}", group["id"].as_str().unwrap());
    let ada = house.browser(&house.user);
    let asked = async || {
        let page = ada.get("/app/accounts/groups").await;
        ada.submit(page.form("form[action$='/ask']").with("note", "please"))
            .await;
        let requests = browser.get(&format!("{group}/requests")).await.json();
        assert_eq!(requests["requests"][0]["note"], "please");
        let id = requests["requests"][0]["id"].as_str().unwrap().to_owned();
        format!("{group}/requests/{id}")
    };
    let first = asked().await;
    let (approve, deny) = (format!("{first}/approve"), format!("{first}/deny"));
    assert_eq!(ask(&ada, Method::POST, &approve).await, 403, "not her own");
    assert_eq!(ask(&browser, Method::POST, &deny).await, 204);
    assert_eq!(
        ask(&browser, Method::POST, &approve).await,
        409,
        "it was denied"
    );
    let second = asked().await;
    assert_eq!(
        ask(&browser, Method::POST, &format!("{second}/approve")).await,
        204
    );
    let people = browser.get(&format!("{group}/people")).await.json();
    assert_eq!(people["people"][0]["username"], "ada");
    let elsewhere = format!("{group}/requests/00000000-0000-7000-8000-000000000000/approve");
    assert_eq!(ask(&browser, Method::POST, &elsewhere).await, 404);
}
