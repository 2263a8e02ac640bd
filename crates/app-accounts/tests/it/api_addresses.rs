//! Mail addresses and declared fields of people for programs: by version, and by the rules of the pages.

use jiff::SignedDuration;
use platform::{Principal, Role};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use testkit::CookieClient;

use crate::api::send;
use crate::house::House;

fn addresses_of(who: &Principal) -> String {
    format!("/api/accounts/people/{}/addresses", who.user_id)
}

fn fields_of(who: &Principal) -> String {
    format!("/api/accounts/people/{}/fields", who.user_id)
}

async fn read(response: Response) -> (u16, String, Value) {
    let tag = response.headers().get("etag");
    let tag = tag.map_or(String::new(), |tag| tag.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    let body = response.text().await.unwrap();
    (status, tag, serde_json::from_str(&body).unwrap_or_default())
}

async fn get(browser: &CookieClient, path: &str) -> (u16, String, Value) {
    read(browser.request(Method::GET, path).send().await.unwrap()).await
}

fn texts(body: &Value) -> Vec<(&str, bool)> {
    let addresses = body["addresses"].as_array().unwrap().iter();
    let text = |one: &'_ Value| one["primary"].as_bool().unwrap();
    addresses
        .map(|one| (one["address"].as_str().unwrap(), text(one)))
        .collect()
}

#[tokio::test]
async fn addresses_are_added_made_primary_and_removed_by_version() {
    let house = House::new().await;
    let admin = house.browser(&house.admin);
    let path = addresses_of(&house.user);
    let (status, first, body) = get(&admin, &path).await;
    assert_eq!(
        (status, texts(&body)),
        (200, vec![("ada@example.org", true)])
    );
    let new = json!({"address": "hopper@example.org"});
    let add = async |tag: Option<&str>, body: &Value| {
        read(send(&admin, Method::POST, &path, tag, body).await).await
    };
    assert_eq!(add(None, &new).await.0, 428);
    assert_eq!(add(Some("\"7\""), &new).await.0, 412);
    let (status, second, body) = add(Some(&first), &new).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(
        texts(&body),
        [("ada@example.org", true), ("hopper@example.org", false)]
    );
    assert_eq!(body["addresses"][1]["confirmed_at"], Value::Null);
    assert_eq!(add(Some(&first), &new).await.0, 412, "changed meanwhile");
    let again = add(Some(&second), &new).await;
    assert_eq!((again.0, &again.1), (200, &second), "it is so");

    let hopper = body["addresses"][1]["id"].as_str().unwrap();
    let one = format!("{path}/{hopper}");
    let primary = format!("{one}/primary");
    let (status, third, body) =
        read(send(&admin, Method::POST, &primary, Some(&second), &json!({})).await).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(texts(&body)[0], ("hopper@example.org", true));
    let mails = house.mails(1).await;
    assert_eq!(
        mails[0].recipient.as_ref().unwrap().address,
        "ada@example.org"
    );
    let refused = read(send(&admin, Method::DELETE, &one, Some(&third), &json!({})).await).await;
    assert_eq!(
        (refused.0, &refused.2["code"]),
        (409, &json!("accounts.address_is_primary"))
    );
    let former = format!("{path}/{}", body["addresses"][1]["id"].as_str().unwrap());
    let (status, _, body) =
        read(send(&admin, Method::DELETE, &former, Some(&third), &json!({})).await).await;
    assert_eq!(
        (status, texts(&body)),
        (200, vec![("hopper@example.org", true)])
    );
    let gone = send(&admin, Method::DELETE, &former, Some("*"), &json!({})).await;
    assert_eq!(gone.status(), 404);
    for (body, status, field) in [
        (json!({"address": "nobody"}), 400, "address"),
        (json!({"address": house.admin.email}), 409, "address"),
    ] {
        let (found, _, problem) = add(Some("*"), &body).await;
        assert_eq!(
            (found, &problem["errors"][0]["field"]),
            (status, &json!(field)),
            "{problem}"
        );
    }
}

#[tokio::test]
async fn a_session_proves_anew_who_it_is_before_mail_goes_elsewhere() {
    let house = House::new().await;
    let mut admin = house.admin.clone();
    admin.authenticated_at = house.world.clock.now() - SignedDuration::from_mins(11);
    let path = addresses_of(&house.user);
    let new = json!({"address": "hopper@example.org", "primary": true});
    let browser = house.browser(&admin);
    let refused = read(send(&browser, Method::POST, &path, Some("*"), &new).await).await;
    assert_eq!(
        (refused.0, &refused.2["code"]),
        (403, &json!("auth.confirmation_required"))
    );
    assert_eq!(get(&browser, &path).await.0, 200, "reading needs none");

    let mut key = admin.clone();
    for (scopes, expected) in [(["accounts:read"], 403), (["accounts:write"], 200)] {
        key.scopes = scopes.map(str::to_owned).into();
        let answer = send(&house.browser(&key), Method::POST, &path, Some("*"), &new).await;
        assert_eq!(answer.status().as_u16(), expected, "{scopes:?}");
    }
    let user = house.browser(&house.user);
    assert_eq!(get(&user, &path).await.0, 403, "administrators alone");
    let own = addresses_of(&house.admin);
    let own = send(&house.browser(&key), Method::POST, &own, Some("*"), &new).await;
    assert_eq!(own.status(), 403, "their own they confirm themselves");
}

#[tokio::test]
async fn declared_fields_are_read_and_set_by_version() {
    let house = House::new().await;
    let admin = house.browser(&house.admin);
    for (name, kind) in [("shoe", "number"), ("room", "text")] {
        let page = admin.get("/admin/accounts/fields").await;
        let form = page
            .form("form[action='/admin/accounts/fields']")
            .with("name", name)
            .with("label_en", name)
            .with("kind", kind);
        admin.submit(form).await.assert_sound();
    }
    let path = fields_of(&house.user);
    let (status, first, body) = get(&admin, &path).await;
    assert_eq!(
        (status, &body),
        (200, &json!({"fields": {"room": "", "shoe": ""}}))
    );
    let set = async |tag: Option<&str>, fields: Value| {
        let body = json!({ "fields": fields });
        read(send(&admin, Method::PATCH, &path, tag, &body).await).await
    };
    assert_eq!(set(None, json!({})).await.0, 428);
    let (status, second, body) = set(Some(&first), json!({"shoe": "42", "room": "7 b"})).await;
    assert_eq!(
        (status, &body["fields"]),
        (200, &json!({"room": "7 b", "shoe": "42"}))
    );
    assert_eq!(set(Some(&first), json!({"shoe": "43"})).await.0, 412);
    for (fields, field) in [
        (json!({"room": "8", "shoe": "large"}), "fields.shoe"),
        (json!({"room": "8", "hat": "large"}), "fields.hat"),
    ] {
        let (status, _, problem) = set(Some(&second), fields).await;
        assert_eq!(
            (status, &problem["errors"][0]["field"]),
            (422, &json!(field)),
            "{problem}"
        );
    }
    let (_, _, body) = set(Some(&second), json!({"shoe": null})).await;
    assert_eq!(
        body["fields"],
        json!({"room": "7 b", "shoe": ""}),
        "what is not named stays"
    );
    let trash = format!("/api/accounts/people/{}/trash", house.user.user_id);
    assert_eq!(
        send(&admin, Method::POST, &trash, None, &json!({}))
            .await
            .status(),
        200
    );
    assert_eq!(set(Some("*"), json!({"shoe": "1"})).await.0, 409);
    let heidi = house.browser(&house.member("heidi", Role::User).await);
    assert_eq!(get(&heidi, &path).await.0, 403);
}
