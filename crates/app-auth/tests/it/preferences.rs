//! Language and theme.

use rpc::events::auth::{PREFERENCES_CHANGED, PreferencesChanged};

use crate::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_chooses_for_this_device() {
    let house = House::open().await;
    let visitor = house.visitor();
    let page = visitor.get("/auth/sign-in").await;
    assert_eq!(page.attribute("html", "lang"), "en");
    let form = page.form("form[action='/auth/preferences']");
    let answer = visitor.submit(form.clone().with("language", "de")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/auth/sign-in")
    );
    let answer = visitor.submit(form.with("theme", "dark")).await;
    assert!(
        answer.header("set-cookie").contains("Max-Age=31536000"),
        "{}",
        answer.header("set-cookie")
    );
    let page = visitor.get("/auth/sign-in").await;
    assert_eq!(page.attribute("html", "lang"), "de");
    assert_eq!(page.attribute("html", "data-theme"), "dark");
    page.assert_sound();
    assert_eq!(
        house
            .events::<PreferencesChanged>(PREFERENCES_CHANGED)
            .await,
        []
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_choice_is_told_to_accounts() {
    let house = House::open().await;
    let (subject, ada) = house.person("ada").await;
    let form = ada
        .get("/auth/security")
        .await
        .form("form[action='/auth/preferences']");
    ada.submit(form.clone().with("language", "de")).await;
    ada.submit(form.clone().with("theme", "system")).await;
    ada.submit(form.with("theme", "pink")).await;
    let changed: Vec<PreferencesChanged> = house.events(PREFERENCES_CHANGED).await;
    let told: Vec<(&str, &str, &str)> = changed
        .iter()
        .map(|change| {
            (
                change.user_id.as_str(),
                change.locale.as_str(),
                change.theme.as_str(),
            )
        })
        .collect();
    let id = subject.user_id.as_str();
    assert_eq!(
        told,
        [(id, "de", ""), (id, "", "system")],
        "nonsense is not told"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_needs_the_forms_token() {
    let house = House::open().await;
    let answer = house
        .visitor()
        .post("/auth/preferences", &[("theme", "dark")])
        .await;
    assert_eq!(answer.status, 403);
}
