//! The JSON API.

use reqwest::Method;
use serde_json::{Value, json};

use crate::house::House;

const COUNT: &str = "/api/settings/apps/demo/count";

async fn send(house: &House, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
    let request = house
        .browser()
        .request(method, path)
        .header("accept", "application/json")
        .header("origin", testkit::APP_URL)
        .header("sec-fetch-site", "same-origin");
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap_or_default())
}

#[tokio::test]
async fn values_are_read_set_and_brought_back() {
    let house = House::new().await;
    let (status, app) = send(&house, Method::GET, "/api/settings/apps/demo", None).await;
    assert_eq!(status, 200);
    let find = |app: &Value, key: &str| {
        app["settings"]
            .as_array()
            .unwrap()
            .iter()
            .find(|setting| setting["key"] == key)
            .unwrap()
            .clone()
    };
    assert_eq!(find(&app, "count")["value"], 3);
    assert_eq!(find(&app, "count")["source"], "default");
    assert_eq!(find(&app, "token").get("value"), None);

    let (status, changed) = send(&house, Method::PUT, COUNT, Some(json!({"value": 9}))).await;
    assert_eq!(status, 200);
    house.sees("count", 9_u32).await;
    assert_eq!(
        house.followed.version(),
        changed["version"].as_i64().unwrap()
    );

    let (status, _) = send(&house, Method::DELETE, COUNT, None).await;
    assert_eq!(status, 200);
    house.sees("count", 3_u32).await;
    let (_, list) = send(&house, Method::GET, "/api/settings/apps", None).await;
    assert!(
        list["apps"]
            .as_array()
            .unwrap()
            .iter()
            .any(|app| app["id"] == "demo")
    );
}

#[tokio::test]
async fn refusals_say_what_is_wrong() {
    let house = House::new().await;
    let (_, app) = send(&house, Method::GET, "/api/settings/apps/demo", None).await;
    let seen = app["version"].clone();
    send(&house, Method::PUT, COUNT, Some(json!({"value": 9}))).await;
    let cases = [
        (
            COUNT,
            json!({"value": 8, "version": seen}),
            409,
            "settings.changed",
        ),
        (COUNT, json!({"value": 101}), 422, "settings.value"),
        (COUNT, json!({"value": "nine"}), 422, "settings.value"),
        (
            "/api/settings/apps/demo/token",
            json!({"value": "x"}),
            422,
            "settings.secret",
        ),
        (
            "/api/settings/apps/demo/nothing",
            json!({"value": 1}),
            404,
            "settings.setting_unknown",
        ),
        (
            "/api/settings/apps/nobody/count",
            json!({"value": 1}),
            404,
            "settings.app_unknown",
        ),
    ];
    for (path, body, status, code) in cases {
        let (got, problem) = send(&house, Method::PUT, path, Some(body.clone())).await;
        assert_eq!(got, status, "{path} {body} {problem}");
        assert_eq!(problem["code"], code, "{path} {body}");
    }
    assert_eq!(house.followed.get::<u32>("count"), 9);
}
