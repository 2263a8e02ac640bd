//! People for programs: found, invited once, changed by version, and taken through their life cycle.

use platform::{Principal, Role};
use platform_pg::GenericClient as _;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use testkit::CookieClient;

use crate::api::send;
use crate::groups::{create, id_of};
use crate::house::House;

const PEOPLE: &str = "/api/accounts/people";

/// Sends a body under a key.
pub(crate) async fn post_once(
    browser: &CookieClient,
    path: &str,
    key: &str,
    body: &Value,
) -> Response {
    let request = browser.request(Method::POST, path).json(body);
    let request = request
        .header("accept", "application/json")
        .header("idempotency-key", key);
    request.send().await.unwrap()
}

async fn body(response: Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

async fn post(browser: &CookieClient, path: &str, with: &Value) -> (u16, Value) {
    let answer = send(browser, Method::POST, path, None, with).await;
    (answer.status().as_u16(), body(answer).await)
}

/// The same person by a key with these scopes.
fn key(who: &Principal, scopes: &[&str]) -> Principal {
    let mut key = who.clone();
    key.scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    key
}

fn names(page: &Value) -> Vec<&str> {
    let people = page["people"].as_array().unwrap();
    people
        .iter()
        .map(|person| person["username"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn people_are_found_by_state_role_group_and_words_page_by_page() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    for name in ["erika", "Emil", "zoe"] {
        house.member(name, Role::User).await;
    }
    let gus = house.member("gus", Role::Guest).await;
    let mut seen = Vec::new();
    let mut next = String::new();
    loop {
        let page = browser.get(&format!("{PEOPLE}?limit=2{next}")).await.json();
        seen.extend(names(&page).into_iter().map(str::to_owned));
        let Some(cursor) = page["next"].as_str() else {
            break;
        };
        next = format!("&after={cursor}");
    }
    assert_eq!(seen, ["ada", "emil", "erika", "grace", "gus", "zoe"]);
    let found = async |query: &str| {
        let page = browser.get(&format!("{PEOPLE}?{query}")).await.json();
        names(&page).join(" ")
    };
    assert_eq!(found("role=guest").await, "gus");
    assert_eq!(found("q=eri").await, "erika");
    assert_eq!(found("state=suspended").await, "");

    let outer = id_of(&create(&browser, "Outer").await);
    let inner = id_of(&create(&browser, "Inner").await);
    for (group, kind, member) in [
        (&outer, "groups", inner.clone()),
        (&inner, "people", gus.user_id.to_string()),
        (&outer, "people", house.user.user_id.to_string()),
    ] {
        let path = format!("/api/accounts/groups/{group}/{kind}/{member}");
        let put = send(&browser, Method::PUT, &path, None, &json!({})).await;
        assert_eq!(put.status(), 204, "{path}");
    }
    assert_eq!(found(&format!("group={outer}")).await, "ada gus");
    assert_eq!(found(&format!("group={outer}&direct=true")).await, "ada");
    let groups = browser
        .get(&format!("{PEOPLE}/{}/groups", gus.user_id))
        .await
        .json();
    let direct = |name: &str| {
        let groups = groups["groups"].as_array().unwrap();
        groups.iter().find(|group| group["name"] == name).unwrap()["direct"].clone()
    };
    assert_eq!(
        (direct("Inner"), direct("Outer")),
        (json!(true), json!(false))
    );
    for (wrong, field) in [
        ("state=gone", "state"),
        ("role=boss", "role"),
        ("group=x", "group"),
        ("limit=0", "limit"),
        ("after=x", "after"),
    ] {
        let answer = browser.get_once(&format!("{PEOPLE}?{wrong}")).await;
        assert_eq!(answer.status, 400, "{wrong}");
        assert_eq!(answer.json()["errors"][0]["field"], field, "{wrong}");
    }
}

#[tokio::test]
async fn somebody_is_invited_once_however_often_it_is_asked_for() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let erika = json!({"username": "erika", "email": "erika@example.org", "display_name": "Erika"});
    let first = post_once(&browser, PEOPLE, "\"k1\"", &erika).await;
    assert_eq!(first.status(), 201);
    let location = first.headers()["location"].to_str().unwrap().to_owned();
    let first = body(first).await;
    assert_eq!(
        (&first["state"], &first["role"], &first["email"]),
        (
            &json!("invited"),
            &json!("user"),
            &json!("erika@example.org")
        )
    );
    assert_eq!(
        location,
        format!("{PEOPLE}/{}", first["id"].as_str().unwrap())
    );

    let again = post_once(&browser, PEOPLE, "k1", &erika).await;
    assert_eq!(again.status(), 201);
    assert_eq!(again.headers()["location"].to_str().unwrap(), location);
    assert_eq!(body(again).await, first, "the same answer");
    let other = json!({"username": "emil", "email": "emil@example.org"});
    let refused = post_once(&browser, PEOPLE, "k1", &other).await;
    assert_eq!(refused.status(), 422);
    assert_eq!(body(refused).await["code"], "idempotency.other_request");
    let refused = post_once(&browser, PEOPLE, "k2", &erika).await;
    assert_eq!(refused.status(), 409);
    assert_eq!(body(refused).await["errors"][0]["field"], "username");
    assert_eq!(post_once(&browser, PEOPLE, "", &other).await.status(), 400);
    // What was refused leaves the key free.
    assert_eq!(
        post_once(&browser, PEOPLE, "k2", &other).await.status(),
        201
    );

    let (status, link) = post(&browser, &format!("{location}/invitation"), &json!({})).await;
    assert_eq!(status, 201, "{link}");
    let address = link["address"].as_str().unwrap();
    assert!(address.ends_with("/auth/invitation/token-1"), "{address}");
    let path = format!("{PEOPLE}/{}/invitation", house.user.user_id);
    assert_eq!(
        post(&browser, &path, &json!({})).await.0,
        409,
        "she signs in already"
    );
    for (wrong, field) in [
        (json!({"username": "", "email": "a@b.de"}), "username"),
        (json!({"username": "bo", "email": "nobody"}), "email"),
        (
            json!({"username": "bo", "email": "a@b.de", "role": "boss"}),
            "role",
        ),
        (
            json!({"username": "bo", "email": "a@b.de", "admin": true}),
            "admin",
        ),
        (json!({"username": "bo"}), "email"),
    ] {
        let (status, problem) = post(&browser, PEOPLE, &wrong).await;
        assert!((400..=422).contains(&status), "{wrong}: {status}");
        assert_eq!(problem["errors"][0]["field"], field, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_invitations_at_once_under_one_key_make_one_person() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let erika = json!({"username": "erika", "email": "erika@example.org"});
    let attempts = (0..50).map(|_| post_once(&browser, PEOPLE, "k", &erika));
    let mut ids = std::collections::BTreeSet::new();
    for answer in futures_util::future::join_all(attempts).await {
        match answer.status().as_u16() {
            201 => {
                ids.insert(body(answer).await["id"].as_str().unwrap().to_owned());
            }
            409 => assert_eq!(body(answer).await["code"], "idempotency.in_flight"),
            // On a busy machine some wait too long for a connection, and made nothing.
            503 => {}
            other => panic!("answered with {other}"),
        }
    }
    assert_eq!(ids.len(), 1, "{ids:?}");
    let client = house.db.client().await.unwrap();
    let sql = "SELECT count(*) AS n FROM audit WHERE action = 'person.invited'";
    let invited: i64 = client.query_one(sql, &[]).await.unwrap().get("n");
    assert_eq!(invited, 1);
}

#[tokio::test]
async fn a_person_is_changed_by_whoever_read_them_as_they_are() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let path = format!("{PEOPLE}/{}", house.user.user_id);
    let change = async |tag: Option<&str>, with: Value| {
        let answer = send(&browser, Method::PATCH, &path, tag, &with).await;
        (answer.status().as_u16(), body(answer).await)
    };
    let tag = browser.get(&path).await.header("etag").to_owned();
    assert_eq!(change(None, json!({"title": "Poet"})).await.0, 428);
    let (status, person) = change(
        Some(&tag),
        json!({"title": "Poet", "ends_on": "2999-12-31"}),
    )
    .await;
    assert_eq!((status, &person["ends_on"]), (200, &json!("2999-12-31")));
    assert_eq!(
        (&person["title"], &person["username"]),
        (&json!("Poet"), &json!("ada"))
    );
    assert_eq!(
        change(Some(&tag), json!({"title": "Baker"})).await.0,
        412,
        "an old version"
    );
    let (status, person) = change(Some("*"), json!({"ends_on": null})).await;
    assert_eq!((status, &person["ends_on"]), (200, &Value::Null));
    assert_eq!(person["title"], "Poet", "what is left out stays");
    let (status, person) = change(
        Some("*"),
        json!({"given_name": "Ada", "manager_id": house.admin.user_id, "phone": "+49 (0)30 123456"}),
    )
    .await;
    assert_eq!((status, &person["phone"]), (200, &json!("+4930123456")));
    assert_eq!(person["manager_id"], json!(house.admin.user_id));
    let (status, person) = change(Some("*"), json!({"manager_id": null})).await;
    assert_eq!((status, &person["manager_id"]), (200, &Value::Null));
    for (with, status, field) in [
        (json!({"manager_id": house.user.user_id}), 422, "manager_id"),
        (json!({"username": "grace"}), 409, "username"),
        (json!({"email": "ada@example.com"}), 422, "email"),
        (json!({"phone": "call me"}), 400, "phone"),
        (json!({"zone": "Mars/Base"}), 400, "zone"),
        (json!({"ends_on": "2020-01-01"}), 422, "ends_on"),
        (json!({"ends_on": "tomorrow"}), 422, "ends_on"),
        (json!({"state": "active"}), 422, "state"),
    ] {
        let (answered, problem) = change(Some("*"), with.clone()).await;
        assert_eq!(answered, status, "{with}: {problem}");
        assert_eq!(problem["errors"][0]["field"], field, "{with}");
        assert!(
            problem["errors"][0]["message"].as_str().unwrap().len() > 10,
            "{problem}"
        );
    }
    let nobody = format!("{PEOPLE}/00000000-0000-7000-8000-000000000000");
    assert_eq!(browser.get_once(&nobody).await.status, 404);
}

#[tokio::test]
async fn access_is_taken_and_given_and_nobody_locks_the_house_behind_them() {
    let house = House::new().await;
    let browser = house.browser(&house.admin);
    let step = async |who: &Principal, step: &str| {
        let path = format!("{PEOPLE}/{}/{step}", who.user_id);
        let (status, answer) = post(&browser, &path, &json!({})).await;
        let said = answer.get("state").or_else(|| answer.get("code")).unwrap();
        format!("{status} {}", said.as_str().unwrap())
    };
    assert_eq!(step(&house.user, "suspend").await, "200 suspended");
    assert_eq!(
        step(&house.user, "suspend").await,
        "200 suspended",
        "it is so"
    );
    assert_eq!(step(&house.user, "resume").await, "200 active");
    assert_eq!(
        step(&house.user, "restore").await,
        "409 accounts.not_in_trash"
    );
    assert_eq!(step(&house.user, "trash").await, "200 deleted");
    assert_eq!(step(&house.user, "resume").await, "409 accounts.in_trash");
    assert_eq!(step(&house.user, "restore").await, "200 active");
    for name in ["suspend", "trash"] {
        assert_eq!(step(&house.admin, name).await, "403 accounts.oneself");
    }
    let path = format!("{PEOPLE}/{}", house.admin.user_id);
    let demoted = send(
        &browser,
        Method::PATCH,
        &path,
        Some("*"),
        &json!({"role": "user"}),
    )
    .await;
    assert_eq!(demoted.status(), 403);
    // By another administrator, who is about to be the last one without knowing.
    let heidi = house.member("heidi", Role::Admin).await;
    let heidi = house.browser(&heidi);
    for (who, expected) in [(&house.admin, 200), (&house.user, 200)] {
        let path = format!("{PEOPLE}/{}/suspend", who.user_id);
        assert_eq!(post(&heidi, &path, &json!({})).await.0, expected);
    }
}

#[tokio::test]
async fn a_key_does_what_its_scopes_and_its_owner_may() {
    let house = House::new().await;
    let path = format!("{PEOPLE}/{}", house.user.user_id);
    let ask = async |who: &Principal| {
        let browser = house.browser(who);
        let read = browser.get_once(&path).await.status.as_u16();
        let change = json!({"title": "Poet"});
        let wrote = send(&browser, Method::PATCH, &path, Some("*"), &change).await;
        let group = send(
            &browser,
            Method::GET,
            "/api/accounts/groups",
            None,
            &json!({}),
        )
        .await;
        (read, wrote.status().as_u16(), group.status().as_u16())
    };
    let (admin, user) = (&house.admin, &house.user);
    let both = ["accounts:read", "accounts:write"];
    assert_eq!(ask(&key(admin, &["accounts:read"])).await, (200, 403, 200));
    assert_eq!(ask(&key(admin, &["accounts:write"])).await, (403, 200, 403));
    assert_eq!(ask(&key(admin, &both)).await, (200, 200, 200));
    assert_eq!(ask(&key(admin, &["files:read"])).await, (403, 403, 403));
    assert_eq!(
        ask(&key(user, &both)).await,
        (403, 403, 403),
        "no administrator"
    );
    assert_eq!(ask(user).await, (403, 403, 403));
    // The pages of the same person are closed to every key.
    let browser = house.browser(&key(admin, &both));
    assert_eq!(browser.get_once("/admin/accounts/people").await.status, 403);
    let audited = house.person(user).await;
    assert_eq!(audited.title, "Poet");
}
