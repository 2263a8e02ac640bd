//! Groups and who is in them.

use platform::Role;
use platform_pg::GenericClient as _;
use serde_json::{Value, json};

use super::{Client, erika};
use crate::house::House;

#[tokio::test]
async fn groups_get_and_lose_members() {
    let house = House::new().await;
    let client = Client::of(&house);
    let erika = client.post("/Users", erika()).await.id();
    let inner = client
        .post("/Groups", json!({"displayName": "Inner"}))
        .await
        .id();
    let members = json!([{"value": erika}, {"value": inner, "type": "Group"}]);
    let group = json!({"displayName": "Engineers", "externalId": "g-1", "members": members});
    let path = client.make("/Groups", group).await;
    let id = path.trim_start_matches("/Groups/");
    assert_eq!(
        client.get(&path).await.values("members"),
        [erika.as_str(), inner.as_str()]
    );
    let groups = client.get(&format!("/Users/{erika}")).await.body["groups"].clone();
    assert_eq!(groups[0]["display"], "Engineers");

    let add = json!([{"op": "Add", "path": "members", "value": [{"value": house.user.user_id}]}]);
    let added = client.patch(&path, add.clone()).await;
    assert_eq!(added.values("members").len(), 3, "{}", added.body);
    let again = client.patch(&path, add).await;
    assert_eq!((again.status, &again.tag), (200, &added.tag), "it is so");
    let removed = client
        .patch(
            &path,
            json!([
                {"op": "remove", "path": format!("members[value eq \"{erika}\"]")},
                {"op": "replace", "path": "displayName", "value": "Builders"},
            ]),
        )
        .await;
    assert_eq!(removed.values("members").len(), 2);
    assert_eq!(removed.body["displayName"], "Builders");
    assert_ne!(removed.tag, added.tag);

    let user = house.user.user_id;
    for filter in [
        format!("id eq \"{id}\" and members.value eq \"{user}\""),
        format!("displayName eq \"BUILDERS\" and members eq \"{user}\""),
        "displayName co \"build\"".to_owned(),
        "externalId eq \"g-1\"".to_owned(),
    ] {
        assert_eq!(
            client.found("/Groups", &filter).await,
            ["Builders"],
            "{filter}"
        );
    }
    let everywhere = client
        .filtered("/Groups", &format!("members.value eq \"{user}\""))
        .await;
    assert_eq!(everywhere.refusal(), (400, "invalidFilter"));
    let without = client
        .get(&format!("{path}?excludedAttributes=members"))
        .await;
    assert_eq!(without.body.get("members"), None);
    assert_eq!(client.delete(&path).await.status, 204);
    assert_eq!(client.get(&path).await.status, 404);
}

#[tokio::test]
async fn what_a_group_cannot_be_is_refused_and_changes_nothing() {
    let house = House::new().await;
    let client = Client::of(&house);
    client
        .make("/Groups", json!({"displayName": "Inner"}))
        .await;
    let members = json!([{"value": house.user.user_id}, {"value": house.admin.user_id}]);
    let group = json!({"displayName": "Engineers", "members": members});
    let path = client.make("/Groups", group).await;
    let id = path.trim_start_matches("/Groups/");
    let nobody = "00000000-0000-7000-8000-000000000000";
    for (body, expected) in [
        (json!({"displayName": "Inner"}), (409, "uniqueness")),
        (json!({"displayName": ""}), (400, "invalidValue")),
        (
            json!({"displayName": "x", "members": [{"value": "nobody"}]}),
            (400, "invalidValue"),
        ),
        (
            json!({"displayName": "x", "members": [{"value": nobody}]}),
            (400, "invalidValue"),
        ),
        (
            json!({"displayName": "x", "members": [{"value": id, "type": "Group"}]}),
            (400, "invalidValue"),
        ),
    ] {
        let refused = client.put(&path, body.clone()).await;
        assert_eq!(refused.refusal(), expected, "{body}");
    }
    let many: Vec<Value> = (0..1_001u128)
        .map(|n| json!({"value": uuid::Uuid::from_u128(n).to_string()}))
        .collect();
    let many = client
        .put(&path, json!({"displayName": "x", "members": many}))
        .await;
    assert_eq!(many.refusal(), (400, "tooMany"));
    assert_eq!(
        client.get(&path).await.values("members").len(),
        2,
        "what was refused changed nothing"
    );
}

#[tokio::test]
async fn a_renamed_group_is_told_to_the_other_services() {
    let house = House::new().await;
    let client = Client::of(&house);
    let path = client
        .make("/Groups", json!({"displayName": "Engineers"}))
        .await;
    client
        .patch(
            &path,
            json!([{"op": "replace", "value": {"displayName": "Builders"}}]),
        )
        .await;
    let rows = house
        .db
        .client()
        .await
        .unwrap()
        .query(
            "SELECT 1 FROM outbox WHERE kind = 'accounts.group.renamed'",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn members_that_are_added_at_once_are_all_there() {
    let house = House::new().await;
    let client = Client::of(&house);
    let path = client
        .make("/Groups", json!({"displayName": "Engineers"}))
        .await;
    let mut people = Vec::new();
    for number in 0..12 {
        let member = house.member(&format!("member{number}"), Role::User).await;
        people.push(member.user_id);
    }
    let changes = people.iter().map(|person| {
        let add = json!([{"op": "add", "path": "members", "value": [{"value": person}]}]);
        client.patch(&path, add)
    });
    let answers = futures_util::future::join_all(changes).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(
        client.get(&path).await.values("members").len(),
        people.len()
    );
}
