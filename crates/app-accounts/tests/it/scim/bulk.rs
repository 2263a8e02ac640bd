//! Many operations in one request.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Client, SCIM, erika, patch};
use crate::house::House;

#[tokio::test]
async fn bulk_makes_what_refers_to_each_other() {
    let house = House::new().await;
    let client = Client::of(&house);
    let change = patch(&json!([{"op": "replace", "path": "title", "value": "Chief"}]));
    let bulk = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [
            // Names somebody who is made after it.
            {"method": "POST", "path": "/Groups", "bulkId": "g",
                "data": {"displayName": "Engineers", "members": [{"value": "bulkId:e"}]}},
            {"method": "POST", "path": "/Users", "bulkId": "e", "data": erika()},
            {"method": "PATCH", "path": "/Users/bulkId:e", "data": change},
            {"method": "POST", "path": "/Users", "bulkId": "x", "data": {"userName": "x"}},
            {"method": "DELETE", "path": "/Groups/bulkId:nothing"},
        ],
    });
    let answer = client.post("/Bulk", bulk).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let operations = answer.body["Operations"].as_array().unwrap();
    let outcome = |id: &str, method: &str| {
        let is_meant = |one: &&Value| {
            one["bulkId"].as_str().unwrap_or_default() == id && one["method"] == method
        };
        operations.iter().find(is_meant).unwrap()
    };
    assert_eq!(outcome("g", "POST")["status"], "201");
    assert_eq!(outcome("e", "POST")["status"], "201");
    assert_eq!(outcome("", "PATCH")["status"], "200");
    assert_eq!(outcome("x", "POST")["response"]["scimType"], "invalidValue");
    assert_eq!(outcome("", "DELETE")["status"], "409");
    assert_eq!(client.found("/Users", "title eq \"Chief\"").await.len(), 1);
    let engineers = client
        .filtered("/Groups", "displayName eq \"engineers\"")
        .await;
    let members = engineers.body["Resources"][0]["members"]
        .as_array()
        .unwrap();
    assert_eq!(members.len(), 1);
}

#[tokio::test]
async fn bulk_stops_at_as_many_failures_as_the_client_puts_up_with_and_is_bounded() {
    let house = House::new().await;
    let client = Client::of(&house);
    let fails = json!({"failOnErrors": 1, "Operations": [
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": {}},
        {"method": "POST", "path": "/Groups", "bulkId": "late", "data": {"displayName": "Late"}},
    ]});
    let answer = client.post("/Bulk", fails).await;
    assert_eq!(answer.body["Operations"].as_array().unwrap().len(), 1);
    assert!(
        client
            .found("/Groups", "displayName eq \"late\"")
            .await
            .is_empty()
    );
    let one = json!({"method": "DELETE", "path": "/Groups/x"});
    let many = client
        .post("/Bulk", json!({"Operations": vec![one; 101]}))
        .await;
    assert_eq!(many.status, 413);
    // That much is read by nobody: the platform refuses it, in its own form.
    let large = json!({"Operations": [], "padding": "x".repeat(1_048_576)}).to_string();
    let large = client
        .0
        .request(Method::POST, &format!("{SCIM}/Bulk"))
        .body(large);
    assert_eq!(large.send().await.unwrap().status(), 413);
    let wrong = client.post("/Bulk", json!({"Operations": "all"})).await;
    assert_eq!(wrong.refusal(), (400, "invalidSyntax"));
}
