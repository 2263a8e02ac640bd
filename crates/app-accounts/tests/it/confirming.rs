//! Administrators who proved long ago who they are read as ever and change nothing.

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;

use crate::api::send;
use crate::groups::{create, id_of};
use crate::house::House;
use crate::joining::forged;

#[tokio::test]
async fn an_administrator_confirms_before_changing_anything() {
    let house = House::new().await;
    let group = create(&house.browser(&house.admin), "Engineers").await;
    let mut late = house.admin.clone();
    late.authenticated_at -= SignedDuration::from_mins(11);
    let browser = house.browser(&late);

    let path = House::page_of(&house.user);
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200);
    let form = page.form(&format!("form[action='{path}']"));
    let asked = browser.submit_once(form.with("title", "Dr.")).await;
    assert_eq!(asked.status, 307);
    let to = asked.header("location");
    assert!(
        to.starts_with(&format!("/auth/held-forms?action={path}&")),
        "{to}"
    );

    let person = format!("/api/accounts/people/{}", house.user.user_id);
    assert_eq!(browser.get(&person).await.status, 200);
    let own = format!("/api/accounts/groups/{}", id_of(&group));
    let member = format!("{own}/people/{}", house.user.user_id);
    for (method, path, code) in [
        (Method::PATCH, &person, "auth.confirmation_required"),
        (Method::PUT, &member, "accounts.not_manager"),
        (Method::DELETE, &own, "accounts.not_manager"),
    ] {
        let refused = send(&browser, method, path, None, &json!({})).await;
        assert_eq!(refused.status(), 403, "{path}");
        let problem: serde_json::Value = refused.json().await.unwrap();
        assert_eq!(problem["code"], code, "{path}");
    }
    let add = format!("/app/accounts/groups/{}/add", id_of(&group));
    let someone = house.user.user_id.to_string();
    assert_eq!(
        forged(&browser, &add, &[("person_id", &someone)]).await,
        403
    );
    let saved = house.person(&house.user).await;
    assert_eq!(saved.title, "");
    let page = house.browser(&house.admin).get(group.url.path()).await;
    assert!(!page.body.contains(&house.user.display_name));
}
