//! People: made, found, changed, deleted.

use app_accounts::domain::person::{PersonId, State};
use app_accounts::store::person::person_find;
use platform::Role;
use platform_pg::GenericClient as _;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Client, ENTERPRISE, SCIM, erika, patch};
use crate::house::House;

#[tokio::test]
async fn a_person_is_provisioned_and_changed() {
    let house = House::new().await;
    let client = Client::of(&house);
    let first = client.post("/Users", erika()).await;
    assert_eq!(first.status, 201, "{}", first.body);
    let path = format!("/Users/{}", first.id());
    let location = first.body["meta"]["location"].as_str().unwrap();
    assert!(location.starts_with("http") && location.ends_with(&format!("{SCIM}{path}")));
    let shown = client.get(&path).await;
    assert_eq!((shown.status, &shown.body), (200, &first.body));
    for (name, value) in [
        ("userName", json!("Erika@example.org")),
        ("externalId", json!("hr-17")),
        ("preferredLanguage", json!("de-DE")),
        ("timezone", json!("Europe/Berlin")),
        ("title", json!("Engineer")),
        // Accepting the invitation is all that is left.
        ("active", json!(true)),
    ] {
        assert_eq!(shown.body[name], value, "{name}");
    }
    assert_eq!(shown.body[ENTERPRISE]["department"], "Engines");
    assert_eq!(shown.values("phoneNumbers"), ["+4930123456"]);
    assert_eq!(
        shown.values("emails"),
        ["erika@example.org", "muster@example.org"]
    );
    let person = house
        .browser(&house.admin)
        .get(&format!("/api/accounts/people/{}", first.id()))
        .await
        .json();
    assert_eq!(
        (&person["username"], &person["role"]),
        (&json!("erika"), &json!("user"))
    );

    let changed = client
        .patch(&path, json!([
            {"op": "replace", "path": "active", "value": false},
            {"op": "replace", "value": {"name": {"familyName": "Muster"}, "title": "Chief"}},
            {"op": "add", "path": format!("{ENTERPRISE}:manager"), "value": {"value": house.user.user_id}},
        ]))
        .await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(changed.body["active"], false);
    assert_eq!(changed.body["name"]["familyName"], "Muster");
    assert_eq!(
        changed.body["name"]["givenName"], "Erika",
        "what is not named stays"
    );
    assert_eq!(
        changed.body[ENTERPRISE]["manager"]["value"],
        json!(house.user.user_id)
    );
}

#[tokio::test]
async fn what_a_whole_person_leaves_out_is_cleared_or_stays_and_the_trash_keeps_them() {
    let house = House::new().await;
    let client = Client::of(&house);
    let path = client.make("/Users", erika()).await;
    let id = path.trim_start_matches("/Users/");
    let suspend = json!([{"op": "replace", "path": "active", "value": false}]);
    assert_eq!(client.patch(&path, suspend).await.status, 200);
    let mut whole = erika();
    for left_out in ["title", "timezone", "emails"] {
        whole.as_object_mut().unwrap().remove(left_out);
    }
    let replaced = client.put(&path, whole).await;
    assert_eq!(replaced.status, 200, "{}", replaced.body);
    assert_eq!(
        replaced.body.get("title"),
        None,
        "what describes is cleared"
    );
    assert_eq!(replaced.body[ENTERPRISE].get("manager"), None);
    assert_eq!(
        replaced.body["timezone"], "Europe/Berlin",
        "what people choose stays"
    );
    assert_eq!(
        replaced.body["active"], false,
        "nobody gets access by a word left out"
    );
    assert_eq!(replaced.values("emails").len(), 2);

    assert_eq!(client.delete(&path).await.status, 204);
    assert_eq!(client.get(&path).await.status, 404);
    assert_eq!(client.put(&path, erika()).await.status, 404);
    assert_eq!(client.delete(&path).await.status, 404);
    let again = client.post("/Users", erika()).await;
    assert_eq!(again.refusal(), (409, "uniqueness"));
    assert!(again.body["detail"].as_str().unwrap().contains("trash"));
    assert_eq!(state(&house, id).await, State::Deleted);
}

async fn state(house: &House, id: &str) -> State {
    let client = house.db.client().await.unwrap();
    let id = PersonId(id.parse().unwrap());
    person_find(&client, id).await.unwrap().unwrap().state
}

#[tokio::test]
async fn everything_is_written_down_under_the_name_of_the_client_and_told_to_others() {
    let house = House::new().await;
    let client = Client::of(&house);
    let path = client.make("/Users", erika()).await;
    client
        .patch(&path, json!([{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "new@example.org"}]))
        .await;
    let audit = house
        .browser(&house.admin)
        .get("/admin/accounts/audit/export?format=csv")
        .await;
    for entry in [
        "person.provisioned",
        "person.address_added",
        "person.address_removed",
    ] {
        assert!(
            audit.body.contains(&format!("Okta,{entry},done")),
            "{entry}: {}",
            audit.body
        );
    }
    let mails = house.mails(1).await;
    let recipient = mails[0].recipient.as_ref().unwrap();
    assert_eq!(
        recipient.address, "erika@example.org",
        "the former address is told"
    );
}

#[tokio::test]
async fn names_that_are_taken_are_refused_and_others_make_a_free_sign_in_name() {
    let house = House::new().await;
    let client = Client::of(&house);
    let named = |name: &str, mail: &str| json!({"userName": name, "emails": [{"value": mail}]});
    let grace = client
        .post("/Users", named("Grace@example.org", "g1@example.org"))
        .await;
    assert_eq!(grace.status, 201, "{}", grace.body);
    let other = client
        .post("/Users", named("grace@example.com", "g2@example.org"))
        .await;
    let page = house.browser(&house.admin);
    for (made, expected) in [(&grace, "grace2"), (&other, "grace3")] {
        let person = page
            .get(&format!("/api/accounts/people/{}", made.id()))
            .await;
        assert_eq!(person.json()["username"], expected, "grace is here already");
    }
    for (name, mail) in [
        ("GRACE@EXAMPLE.ORG", "g3@example.org"),
        // Somebody whom nobody provisioned goes by their sign-in name.
        ("Grace", "g3@example.org"),
        ("new@example.org", "G1@example.org"),
    ] {
        let refused = client.post("/Users", named(name, mail)).await;
        assert_eq!(refused.refusal(), (409, "uniqueness"), "{name} {mail}");
    }
    assert_eq!(
        client.found("/Users", "userName sw \"new\"").await,
        Vec::<String>::new()
    );

    // The sign-in name stays when the client calls them something else.
    let path = format!("/Users/{}", grace.id());
    let renamed = client
        .patch(
            &path,
            json!([{"op": "replace", "path": "userName", "value": "Hopper@example.org"}]),
        )
        .await;
    assert_eq!(renamed.body["userName"], "Hopper@example.org");
    let person = page
        .get(&format!("/api/accounts/people/{}", grace.id()))
        .await;
    assert_eq!(person.json()["username"], "grace2");
    assert_eq!(
        client
            .found("/Users", "userName eq \"hopper@EXAMPLE.org\"")
            .await
            .len(),
        1
    );
    assert!(
        client
            .found("/Users", "userName eq \"grace2\"")
            .await
            .is_empty()
    );
    let taken = client
        .patch(
            &path,
            json!([{"op": "replace", "path": "userName", "value": "grace@example.com"}]),
        )
        .await;
    assert_eq!(taken.refusal(), (409, "uniqueness"));
}

#[tokio::test]
async fn mail_addresses_come_and_go_but_for_those_people_confirmed() {
    let house = House::new().await;
    let client = Client::of(&house);
    let path = client.make("/Users", erika()).await;
    house
        .db
        .client()
        .await
        .unwrap()
        .execute(
            "UPDATE mail_addresses SET verified_at = now() WHERE address = 'muster@example.org'",
            &[],
        )
        .await
        .unwrap();
    let replaced = client
        .patch(&path, json!([{"op": "replace", "path": "emails", "value": [{"value": "new@example.org", "primary": true}]}]))
        .await;
    assert_eq!(
        replaced.values("emails"),
        ["new@example.org", "muster@example.org"],
        "{}",
        replaced.body
    );
    let swapped = client
        .patch(&path, json!([{"op": "replace", "path": "emails[value eq \"muster@example.org\"].primary", "value": true}]))
        .await;
    assert_eq!(
        swapped.values("emails"),
        ["muster@example.org", "new@example.org"]
    );
    let added = client
        .patch(&path, json!([{"op": "add", "path": "emails", "value": [{"value": "third@example.org", "type": "home"}]}]))
        .await;
    assert_eq!(added.values("emails").len(), 3);
    assert_ne!(added.tag, swapped.tag);
    let taken = client
        .patch(
            &path,
            json!([{"op": "add", "path": "emails", "value": [{"value": house.user.email}]}]),
        )
        .await;
    assert_eq!(taken.refusal(), (409, "uniqueness"));
    let many: Vec<Value> = (0..11)
        .map(|n| json!({"value": format!("a{n}@example.org")}))
        .collect();
    let many = client
        .patch(
            &path,
            json!([{"op": "replace", "path": "emails", "value": many}]),
        )
        .await;
    assert_eq!(many.refusal(), (400, "tooMany"));
    assert_eq!(
        client.get(&path).await.body,
        added.body,
        "what was refused changed nothing"
    );
    let found = client
        .found("/Users", "emails eq \"THIRD@example.org\"")
        .await;
    assert_eq!(found, ["Erika@example.org"]);
}

#[tokio::test]
async fn people_are_found_by_filters_and_paged() {
    let house = House::new().await;
    let client = Client::of(&house);
    client.make("/Users", erika()).await;
    let (ada, grace, erika) = ("ada", "grace", "Erika@example.org");
    let department = format!("{ENTERPRISE}:department eq \"engines\"");
    for (filter, expected) in [
        ("userName eq \"ERIKA@example.org\"", vec![erika]),
        ("userName eq \"erika\"", vec![]),
        ("userName eq \"GRACE\"", vec![grace]),
        ("emails.value eq \"erika@example.org\"", vec![erika]),
        ("externalId eq \"hr-17\"", vec![erika]),
        ("externalId eq \"HR-17\"", vec![]),
        ("userName sw \"a\" or userName sw \"e\"", vec![erika, ada]),
        (
            "active eq true and not (userName eq \"ada\")",
            vec![erika, grace],
        ),
        ("title pr", vec![erika]),
        ("emails[type eq \"work\" and value co \"ada\"]", vec![ada]),
        (
            "emails[type eq \"other\" and value co \"example\"]",
            vec![erika],
        ),
        ("userName gt \"b\" and userName le \"f\"", vec![erika]),
        ("userName eq \"a\\u0000\"", vec![]),
        ("id eq \"nonsense\"", vec![]),
        (&department, vec![erika]),
    ] {
        assert_eq!(client.found("/Users", filter).await, expected, "{filter}");
    }
    let deep = format!("{}title pr{}", "(".repeat(17), ")".repeat(17));
    let long = format!("title eq \"{}\"", "x".repeat(2_000));
    for filter in [
        "userName",
        "userName eq",
        "(",
        "groups.value eq \"x\"",
        &deep,
        &long,
    ] {
        let refused = client.filtered("/Users", filter).await;
        assert_eq!(refused.refusal(), (400, "invalidFilter"), "{filter}");
    }
    let mut seen = Vec::new();
    for start in 0..=4 {
        let page = client
            .get(&format!("/Users?startIndex={start}&count=1"))
            .await
            .body;
        assert_eq!(page["totalResults"], 3);
        assert_eq!(page["startIndex"], json!(start.max(1)));
        assert_eq!(page["itemsPerPage"], json!(i32::from(start < 4)));
        let names = page["Resources"].as_array().unwrap().iter();
        seen.extend(names.map(|one| one["userName"].as_str().unwrap().to_owned()));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen, ["Erika@example.org", "ada", "grace"]);
    for query in [
        "count=0",
        "count=-1",
        "startIndex=500",
        "count=0&filter=userName+pr",
    ] {
        let none = client.get(&format!("/Users?{query}")).await.body;
        assert_eq!(none["totalResults"], 3, "{query}");
        assert_eq!(none["Resources"], json!([]), "{query}");
    }
    assert_eq!(client.get("/Users?count=many").await.status, 400);
    let names = client
        .get("/Users?attributes=userName&filter=title%20pr")
        .await
        .body;
    let mut fields: Vec<&String> = names["Resources"][0].as_object().unwrap().keys().collect();
    fields.sort();
    assert_eq!(fields, ["id", "schemas", "userName"]);
}

#[tokio::test]
async fn versions_keep_changes_apart() {
    let house = House::new().await;
    let client = Client::of(&house);
    let person = client.make("/Users", erika()).await;
    let group = client
        .make("/Groups", json!({"displayName": "Engineers"}))
        .await;
    let change = patch(&json!([{"op": "replace", "path": "displayName", "value": "Another"}]));
    for path in [&person, &group] {
        let tag = client.get(path).await.tag;
        let send = async |method: Method, header: (&str, &str), body: &Value| {
            client.conditional(method, path, header, body).await.status
        };
        let (known, expected) = (("if-none-match", tag.as_str()), ("if-match", tag.as_str()));
        let none = &Value::Null;
        assert_eq!(send(Method::GET, known, none).await, 304);
        assert_eq!(send(Method::PATCH, expected, &change).await, 200, "{path}");
        assert_eq!(send(Method::GET, known, none).await, 200);
        assert_eq!(send(Method::PATCH, expected, &change).await, 412, "{path}");
        assert_eq!(send(Method::DELETE, expected, none).await, 412, "{path}");
        assert_eq!(
            send(Method::DELETE, ("if-match", "*"), none).await,
            204,
            "{path}"
        );
    }
}

#[tokio::test]
async fn nobody_becomes_an_administrator_or_gets_at_one() {
    let house = House::new().await;
    let client = Client::of(&house);
    let path = format!("/Users/{}", house.admin.user_id);
    let shown = client.get(&path).await;
    let mail = json!([{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "mallory@example.org"}]);
    assert_eq!(client.patch(&path, mail).await.status, 403);
    let more =
        json!([{"op": "add", "path": "emails", "value": [{"value": "mallory@example.org"}]}]);
    assert_eq!(client.patch(&path, more).await.status, 403);
    let suspend = json!([{"op": "replace", "path": "active", "value": false}]);
    assert_eq!(
        client.patch(&path, suspend.clone()).await.status,
        409,
        "the last one"
    );
    assert_eq!(client.delete(&path).await.status, 409);
    assert_eq!(client.get(&path).await.body, shown.body);
    // What describes them is changed, and their address sent again does no harm.
    let mut whole = shown.body.clone();
    whole["title"] = json!("Countess");
    let described = client.put(&path, whole).await;
    assert_eq!(
        (described.status, &described.body["title"]),
        (200, &json!("Countess"))
    );

    let heidi = house.member("heidi", Role::Admin).await;
    let path = format!("/Users/{}", heidi.user_id);
    assert_eq!(
        client.patch(&path, suspend).await.status,
        200,
        "another is left"
    );
    let resume = json!([{"op": "replace", "path": "active", "value": true}]);
    assert_eq!(client.patch(&path, resume).await.status, 403);
    assert_eq!(house.person(&heidi).await.state, State::Suspended);
    let audit = house
        .browser(&house.admin)
        .get("/admin/accounts/audit/export?format=csv")
        .await;
    for reason in ["Forbidden", "LastAdministrator"] {
        assert!(
            audit.body.contains(reason),
            "refusals are written down: {reason}"
        );
    }

    let mut king = erika();
    king["roles"] = json!([{"value": "admin", "primary": true}]);
    king["role"] = json!("admin");
    let made = client.post("/Users", king).await;
    let person = house
        .browser(&house.admin)
        .get(&format!("/api/accounts/people/{}", made.id()))
        .await;
    assert_eq!(person.json()["role"], "user");
}
