//! Requests as the provisioning services of Microsoft Entra ID and Okta send them, shape by shape.

use serde_json::json;

use super::{Client, ENTERPRISE};
use crate::house::House;

#[tokio::test]
async fn entra_tests_the_connection_provisions_changes_and_deprovisions_somebody() {
    let house = House::new().await;
    let entra = Client::of(&house);
    // "Test connection" asks for somebody who cannot be there.
    let filter = "userName eq \"6a0e5ab4-1d4f-4fb6-a7b5-e2bcdf2a4ff0\"";
    let nobody = entra.filtered("/Users", filter).await;
    assert_eq!(
        (nobody.status, &nobody.body["totalResults"]),
        (200, &json!(0))
    );

    let made = entra
        .post(
            "/Users",
            json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
                "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
                "userName": "Test_User_ab6490ee@testuser.com",
                "active": true,
                "displayName": "Display Name",
                "emails": [{"type": "work", "value": "testuser@testuser.com", "primary": true}],
                "meta": {"resourceType": "User"},
                "name": {"formatted": "Given Family", "familyName": "Family", "givenName": "Given"},
                "roles": [],
            }),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.body["userName"], "Test_User_ab6490ee@testuser.com");
    let path = format!("/Users/{}", made.id());
    let found = entra
        .filtered("/Users", "userName eq \"TEST_User_ab6490ee@testuser.com\"")
        .await;
    assert_eq!(found.body["Resources"][0]["id"], made.body["id"]);

    let changed = entra
        .patch(&path, json!([
            {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "updated@testuser.com"},
            {"op": "Replace", "path": "name.familyName", "value": "updatedFamily"},
            {"op": "Add", "path": "phoneNumbers[type eq \"work\"].value", "value": "+49 30 1234"},
            {"op": "Add", "path": format!("{ENTERPRISE}:department"), "value": "Engines"},
            {"op": "Add", "path": format!("{ENTERPRISE}:manager"), "value": house.user.user_id},
            // Not kept here, and no reason to refuse the rest.
            {"op": "Add", "path": "addresses[type eq \"work\"].locality", "value": "Berlin"},
        ]))
        .await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(changed.values("emails"), ["updated@testuser.com"]);
    assert_eq!(changed.body["name"]["familyName"], "updatedFamily");
    assert_eq!(changed.values("phoneNumbers"), ["+49301234"]);
    assert_eq!(changed.body[ENTERPRISE]["department"], "Engines");
    assert_eq!(
        changed.body[ENTERPRISE]["manager"]["value"],
        json!(house.user.user_id)
    );

    let disabled = entra
        .patch(
            &path,
            json!([{"op": "Replace", "path": "active", "value": "False"}]),
        )
        .await;
    assert_eq!(disabled.body["active"], false);
    let whole = json!([{"op": "replace", "value": {
        "active": "True",
        "displayName": "Newer",
        format!("{ENTERPRISE}:department"): "Sales",
    }}]);
    let enabled = entra.patch(&path, whole).await;
    assert_eq!(
        (&enabled.body["active"], &enabled.body["displayName"]),
        (&json!(true), &json!("Newer"))
    );
    assert_eq!(enabled.body[ENTERPRISE]["department"], "Sales");
    let alone = entra
        .patch(
            &path,
            json!([{"op": "Remove", "path": format!("{ENTERPRISE}:manager")}]),
        )
        .await;
    assert_eq!(alone.body[ENTERPRISE].get("manager"), None);
    assert_eq!(entra.delete(&path).await.status, 204);
}

#[tokio::test]
async fn entra_keeps_a_group() {
    let house = House::new().await;
    let entra = Client::of(&house);
    let made = entra
        .post("/Groups", json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group", "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
            "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159",
            "displayName": "Staff",
            "meta": {"resourceType": "Group"},
        }))
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    let (path, user) = (format!("/Groups/{}", made.id()), house.user.user_id);
    let without = entra
        .get("/Groups?excludedAttributes=members&filter=displayName+eq+%22Staff%22")
        .await;
    assert_eq!(without.body["Resources"][0].get("members"), None);
    let add = json!([{"op": "Add", "path": "members", "value": [{"$ref": null, "value": user}]}]);
    assert_eq!(entra.patch(&path, add).await.values("members").len(), 1);
    let filter = format!("id eq \"{}\" and members eq \"{user}\"", made.id());
    assert_eq!(entra.found("/Groups", &filter).await, ["Staff"]);
    let remove =
        json!([{"op": "Remove", "path": "members", "value": [{"$ref": null, "value": user}]}]);
    assert!(
        entra
            .patch(&path, remove)
            .await
            .values("members")
            .is_empty()
    );
    let renamed = json!([{"op": "Replace", "path": "displayName", "value": "Everybody"}]);
    assert_eq!(
        entra.patch(&path, renamed).await.body["displayName"],
        "Everybody"
    );
}

#[tokio::test]
async fn okta_provisions_updates_and_deactivates_somebody_and_pushes_a_group() {
    let house = House::new().await;
    let okta = Client::of(&house);
    let none = okta
        .get("/Users?filter=userName%20eq%20%22isaac%40example.org%22&startIndex=1&count=100")
        .await;
    assert_eq!(none.body["Resources"], json!([]));
    let mut isaac = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "isaac@example.org",
        "name": {"givenName": "Isaac", "familyName": "Brock"},
        "emails": [{"primary": true, "value": "isaac@example.org", "type": "work"}],
        "password": "1mz050nq",
        "displayName": "Isaac Brock",
        "locale": "en-US",
        "externalId": "00ujl29u0le5T6Aj10h7",
        "groups": [],
        "active": true,
    });
    let made = okta.post("/Users", isaac.clone()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(
        made.body.get("password"),
        None,
        "credentials are none of this"
    );
    let path = format!("/Users/{}", made.id());
    isaac["id"] = made.body["id"].clone();
    isaac["name"]["familyName"] = json!("Brook");
    let updated = okta.put(&path, isaac).await;
    assert_eq!(
        updated.body["name"]["familyName"], "Brook",
        "{}",
        updated.body
    );
    let off = okta
        .patch(
            &path,
            json!([{"op": "replace", "value": {"active": false}}]),
        )
        .await;
    assert_eq!(off.body["active"], false);

    let group = json!({"schemas": [], "displayName": "Band", "members": [{"value": made.id(), "display": "isaac@example.org"}]});
    let group = okta.make("/Groups", group).await;
    let renamed = json!([{"op": "replace", "value": {"id": group.trim_start_matches("/Groups/"), "displayName": "The band"}}]);
    let renamed = okta.patch(&group, renamed).await;
    assert_eq!(renamed.body["displayName"], "The band");
    assert_eq!(renamed.values("members").len(), 1, "left out, they stay");
    let swapped = okta
        .patch(&group, json!([
            {"op": "remove", "path": format!("members[value eq \"{}\"]", made.id())},
            {"op": "add", "path": "members", "value": [{"value": house.user.user_id, "display": "grace"}]},
        ]))
        .await;
    assert_eq!(swapped.values("members"), [house.user.user_id.to_string()]);
    let replaced = json!([{"op": "replace", "path": "members", "value": [{"value": made.id()}]}]);
    assert_eq!(
        okta.patch(&group, replaced).await.values("members"),
        [made.id()]
    );
}
