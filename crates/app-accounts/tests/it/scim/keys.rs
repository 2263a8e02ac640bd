//! Who comes in, what is told to everybody who does, and how others are refused.

use platform::Principal;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Client, ENTERPRISE, SCIM, erika, read, service};
use crate::house::House;

#[tokio::test]
async fn only_administrators_and_programs_they_trust_come_in() {
    let house = House::new().await;
    let with = |who: &Principal, scopes: &[&str]| {
        let mut key = who.clone();
        key.scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
        key
    };
    let other = &["accounts:read", "accounts:write"][..];
    let provision = &["accounts:provision"][..];
    for (who, expected) in [
        (service("okta"), 200),
        (with(&service("okta"), other), 403),
        (with(&house.admin, provision), 200),
        (with(&house.admin, other), 403),
        (with(&house.user, provision), 403),
        (house.user.clone(), 403),
        (with(&testkit::guest(), provision), 403),
    ] {
        let client = Client::who(&house, &who);
        for path in ["/Users", "/Schemas", "/Nothing/at/all"] {
            let found = if path == "/Nothing/at/all" && expected == 200 {
                404
            } else {
                expected
            };
            // The answer is in the form of SCIM: `read` looks.
            assert_eq!(client.get(path).await.status, found, "{who:?} at {path}");
        }
        if expected != 200 {
            assert_eq!(
                client.post("/Users", erika()).await.status,
                expected,
                "{who:?}"
            );
        }
    }
    let nobody = house.world.visitor(&house.accounts);
    let answer = nobody
        .request(Method::GET, &format!("{SCIM}/Users"))
        .send()
        .await;
    assert_eq!(read(answer.unwrap()).await.status, 401);

    // A key for provisioning opens nothing else.
    let key = house.browser(&service("okta"));
    for path in [
        "/api/accounts/people",
        "/api/accounts/groups",
        "/admin/accounts/people",
    ] {
        assert_eq!(key.get_once(path).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn each_client_has_its_own_external_ids() {
    let house = House::new().await;
    let okta = Client::of(&house);
    let entra = Client::who(&house, &service("entra"));
    let path = okta.make("/Users", erika()).await;
    assert_eq!(okta.found("/Users", "externalId pr").await.len(), 1);
    assert!(entra.found("/Users", "externalId pr").await.is_empty());
    assert_eq!(entra.get(&path).await.body.get("externalId"), None);
    let bo =
        json!({"userName": "bo", "externalId": "hr-17", "emails": [{"value": "bo@example.org"}]});
    let taken = okta.post("/Users", bo.clone()).await;
    assert_eq!(taken.refusal(), (409, "uniqueness"));
    assert!(
        okta.found("/Users", "userName eq \"bo\"").await.is_empty(),
        "nothing of it is left"
    );
    entra.make("/Users", bo).await;
}

#[tokio::test]
async fn what_is_there_is_told() {
    let house = House::new().await;
    let client = Client::of(&house);
    let config = client.get("/ServiceProviderConfig").await.body;
    assert_eq!(config["patch"]["supported"], true);
    assert_eq!(config["bulk"]["maxOperations"], 100);
    let types = client.get("/ResourceTypes").await.body;
    assert_eq!(types["Resources"][0]["endpoint"], "/Users");
    let group = client.get("/ResourceTypes/Group").await.body;
    assert_eq!(
        group["schema"],
        "urn:ietf:params:scim:schemas:core:2.0:Group"
    );
    let schemas = client.get("/Schemas").await.body;
    assert_eq!(schemas["totalResults"], 3);
    let one = client.get(&format!("/Schemas/{ENTERPRISE}")).await.body;
    assert_eq!(one["name"], "EnterpriseUser");
    assert!(
        one["meta"]["location"]
            .as_str()
            .unwrap()
            .starts_with("http")
    );
    for path in [
        "/Schemas/nothing",
        "/ResourceTypes/nothing",
        "/Nothing",
        "/Users/nothing",
    ] {
        assert_eq!(client.get(path).await.status, 404, "{path}");
    }
    assert_eq!(client.delete("/Users").await.status, 405);
}

/// Every attribute of a person who has all of them is described.
#[tokio::test]
async fn what_is_shown_is_described() {
    let house = House::new().await;
    let client = Client::of(&house);
    let mut whole = erika();
    whole[ENTERPRISE]["manager"] = json!({"value": house.user.user_id});
    let user = client.post("/Users", whole).await;
    let members = json!([{"value": user.id()}]);
    let group = client
        .post("/Groups", json!({"displayName": "g", "members": members}))
        .await;
    let user = client.get(&format!("/Users/{}", user.id())).await.body;
    let described = async |schema: &str| {
        client.get(&format!("/Schemas/{schema}")).await.body["attributes"].clone()
    };
    let core = |name: &str| format!("urn:ietf:params:scim:schemas:core:2.0:{name}");
    for (shown, schema) in [
        (&user, core("User")),
        (&user[ENTERPRISE], ENTERPRISE.to_owned()),
        (&group.body, core("Group")),
    ] {
        expect_described(shown, &described(&schema).await);
    }
}

fn expect_described(shown: &Value, attributes: &Value) {
    let common = ["schemas", "id", "externalId", "meta", ENTERPRISE];
    for (name, value) in shown.as_object().unwrap() {
        if common.contains(&name.as_str()) {
            continue;
        }
        let mut attributes = attributes.as_array().unwrap().iter();
        let found = attributes.find(|one| one["name"] == *name);
        let found = found.unwrap_or_else(|| panic!("{name} is not described"));
        let many = found["multiValued"].as_bool().unwrap();
        assert_eq!(value.is_array(), many, "{name}");
        let one = if many { &value[0] } else { value };
        if one.is_object() {
            expect_described(one, &found["subAttributes"]);
        }
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_and_named() {
    let house = House::new().await;
    let client = Client::of(&house);
    let send = async |kind: &str, body: &str| {
        let request = client.0.request(Method::POST, &format!("{SCIM}/Users"));
        let request = request.header("content-type", kind).body(body.to_owned());
        read(request.send().await.unwrap()).await
    };
    assert_eq!(
        send("application/scim+json", "{").await.refusal(),
        (400, "invalidSyntax")
    );
    assert_eq!(send("text/plain", "{}").await.status, 415);
    assert_eq!(
        send("application/json", "{}").await.refusal(),
        (400, "invalidValue")
    );
    assert_eq!(
        send("application/scim+json", "[]").await.refusal(),
        (400, "invalidValue")
    );
    let elsewhere = client.0.request(Method::GET, "/api/accounts/scim/v1/Users");
    let elsewhere = read(elsewhere.send().await.unwrap()).await;
    assert_eq!(elsewhere.refusal(), (400, "invalidVers"));

    let path = client.make("/Users", erika()).await;
    let many = vec![json!({"op": "replace", "path": "title", "value": "x"}); 101];
    for (operations, expected) in [
        (json!([{"op": "move", "path": "title"}]), "invalidSyntax"),
        (json!("all"), "invalidSyntax"),
        (json!([{"op": "remove"}]), "noTarget"),
        (
            json!([{"op": "replace", "path": "emails[type eq", "value": 1}]),
            "invalidPath",
        ),
        (
            json!([{"op": "replace", "path": "id", "value": "x"}]),
            "mutability",
        ),
        (
            json!([{"op": "replace", "path": "emails[type eq \"home\"]", "value": {"display": "x"}}]),
            "noTarget",
        ),
        (
            json!([{"op": "replace", "path": "timezone", "value": "Mars"}]),
            "invalidValue",
        ),
        (json!(many), "tooMany"),
    ] {
        let refused = client.patch(&path, operations.clone()).await;
        assert_eq!(refused.refusal(), (400, expected), "{operations}");
    }
}
