//! Fields that administrators declare, for programs.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::api::send;
use crate::house::House;

const FIELDS: &str = "/api/accounts/fields";

#[tokio::test]
async fn a_field_is_declared_changed_retired_restored_and_deleted() {
    let house = House::new().await;
    let browser = house.administrator();
    let shirt = json!({
        "name": "shirt", "kind": "choice", "label_en": "Shirt", "choices": ["S", "M", "S"],
        "visible_to": "everyone", "edited_by": "person",
    });
    let made = send(&browser, Method::POST, FIELDS, None, &shirt).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let path = made.headers()["location"].to_str().unwrap().to_owned();
    let field = browser.get(&path).await.json();
    assert_eq!(field["choices"], json!(["S", "M"]));
    assert_eq!(browser.get(FIELDS).await.json()["fields"], json!([field]));

    let taken = send(&browser, Method::POST, FIELDS, None, &shirt).await;
    assert_eq!(taken.status(), StatusCode::CONFLICT);
    let change = json!({ "label_de": "Hemd", "visible_to": "person" });
    let changed = send(&browser, Method::PATCH, &path, None, &change).await;
    let changed: Value = changed.json().await.unwrap();
    assert_eq!(
        (&changed["label_en"], &changed["label_de"]),
        (&json!("Shirt"), &json!("Hemd"))
    );
    assert_eq!(
        (&changed["visible_to"], &changed["kind"]),
        (&json!("person"), &json!("choice"))
    );

    let nothing = json!({});
    let act =
        async |method, path: &str| send(&browser, method, path, None, &nothing).await.status();
    assert_eq!(
        act(Method::POST, &format!("{path}/retire")).await,
        StatusCode::NO_CONTENT
    );
    assert_ne!(browser.get(&path).await.json()["retired_at"], Value::Null);
    assert_eq!(
        act(Method::POST, &format!("{path}/restore")).await,
        StatusCode::NO_CONTENT
    );
    assert_eq!(browser.get(&path).await.json()["retired_at"], Value::Null);
    assert_eq!(act(Method::DELETE, &path).await, StatusCode::NO_CONTENT);
    assert_eq!(act(Method::DELETE, &path).await, StatusCode::NOT_FOUND);
    assert_eq!(browser.get_once(&path).await.status, 404);
}

#[tokio::test]
async fn what_does_not_do_is_named() {
    let house = House::new().await;
    let browser = house.administrator();
    let fine = json!({
        "name": "shoe", "kind": "number", "label_en": "Shoe", "visible_to": "everyone", "edited_by": "person",
    });
    for (field, value) in [
        ("name", json!("1st")),
        ("kind", json!("colour")),
        ("label_en", json!(" ")),
        ("visible_to", json!("nobody")),
        ("edited_by", json!("nobody")),
        ("position", json!(10_000)),
    ] {
        let mut wrong = fine.clone();
        wrong[field] = value;
        let refused = send(&browser, Method::POST, FIELDS, None, &wrong).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{field}");
        let problem: Value = refused.json().await.unwrap();
        assert_eq!(problem["errors"][0]["field"], field);
    }
    let mut blind = fine.clone();
    blind["visible_to"] = json!("administrators");
    let refused = send(&browser, Method::POST, FIELDS, None, &blind).await;
    let problem: Value = refused.json().await.unwrap();
    assert_eq!(problem["errors"][0]["field"], "edited_by");
    assert_eq!(browser.get(FIELDS).await.json()["fields"], json!([]));
    let made = send(&browser, Method::POST, FIELDS, None, &fine).await;
    assert_eq!(made.status(), StatusCode::CREATED);
}
