//! Administrators' writes ask again who it is, and nothing typed is lost by it.

use jiff::SignedDuration;
use testkit::{Form, Page};

use crate::house::{House, PASSWORD};
use crate::visitor::Visitor;

const ACCOUNTS: &str = "/admin/auth/service-accounts";
const TYPED: &str = "two lines \"quoted\" <b>&amp;";

async fn filled(admin: &Visitor<'_>, name: &str) -> Form {
    let page = admin.get(ACCOUNTS).await;
    assert_eq!(page.status, 200, "reading does not ask");
    page.form(&format!("form[action='{ACCOUNTS}']"))
        .with("name", name)
        .with("description", TYPED)
        .with("owner", "grace")
        .with("role", "user")
}

/// What a browser does with 307: the same form, elsewhere.
async fn sent_on(admin: &Visitor<'_>, form: &Form, answer: &Page) -> Page {
    assert_eq!(answer.status, 307, "{}", answer.body);
    let mut form = form.clone();
    form.action = form.action.join(answer.header("location")).unwrap();
    admin.submit(form).await
}

async fn confirm(admin: &Visitor<'_>, held: &str) -> Page {
    let asked = admin.get(held).await;
    assert_eq!(asked.status, 303);
    assert_eq!(
        asked.header("location"),
        format!("/auth/sudo?return_to={held}")
    );
    let page = admin.get(asked.header("location")).await;
    assert!(page.body.contains("what you filled in is kept"));
    let form = page.form(".plain-card form").with("password", PASSWORD);
    let answer = admin.submit(form).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, held)
    );
    admin.get(held).await
}

async fn held_forms(house: &House) -> i64 {
    let sql = house.sql().await;
    let row = sql.query_one("SELECT count(*) FROM auth.held_forms", &[]);
    row.await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_comes_too_late_is_kept_and_sent_after_the_confirmation() {
    let house = House::open().await;
    let admin = house.administrator().await;
    house.later(SignedDuration::from_mins(11));
    let form = filled(&admin, "robot").await;
    let other_tab = filled(&admin, "other").await;
    let answer = admin.submit(form.clone()).await;
    let kept = sent_on(&admin, &form, &answer).await;
    let held = kept.header("location").to_owned();
    assert!(held.starts_with("/auth/held-forms/"), "{}", kept.body);
    let sql = house.sql().await;
    let dump = "SELECT encode(sealed, 'escape') FROM auth.held_forms";
    let dump: String = sql.query_one(dump, &[]).await.unwrap().get(0);
    assert!(!dump.contains("robot") && !dump.contains("quoted"));

    let page = confirm(&admin, &held).await;
    page.assert_sound();
    let again = page.form("#held");
    assert_eq!(again.action.path(), ACCOUNTS);
    for field in ["name", "description", "owner", "role"] {
        assert_eq!(again.value(field), form.value(field), "{field}");
    }
    let tokens = again.fields.iter().filter(|(name, _)| name == "csrf_token");
    assert_eq!(tokens.count(), 1);
    let made = admin.submit(again).await;
    assert_eq!(made.status, 303, "{}", made.body);
    let list = admin.get(ACCOUNTS).await;
    assert!(list.texts(".list-item").iter().any(|line| {
        let line = line.replace("&amp;amp;", "&amp;");
        line.contains("robot") && line.contains("quoted")
    }));
    // What another tab had open stays good, though the session has another id now.
    let made = admin.submit(other_tab).await;
    assert_eq!(made.status, 303, "{}", made.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_form_is_for_its_sender_for_half_an_hour() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let (_, bob) = house.person("bob").await;
    house.later(SignedDuration::from_mins(11));
    let form = filled(&admin, "robot").await;
    let answer = admin.submit(form.clone()).await;
    let kept = sent_on(&admin, &form, &answer).await;
    let held = kept.header("location").to_owned();
    let strange = confirm(&bob, &held).await;
    assert!(!strange.has("#held"), "not for others");
    strange.assert_sound();
    assert!(confirm(&admin, &held).await.has("#held"));
    house.later(SignedDuration::from_mins(30));
    assert!(!confirm(&admin, &held).await.has("#held"), "not for ever");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_site_is_not_kept() {
    let house = House::open().await;
    let admin = house.administrator().await;
    house.later(SignedDuration::from_mins(11));
    let form = filled(&admin, "robot")
        .await
        .with("csrf_token", "forged-forged-forged");
    let answer = admin.submit(form.clone()).await;
    let refused = sent_on(&admin, &form, &answer).await;
    assert_eq!(refused.status, 303);
    assert!(refused.header("location").starts_with("/auth/sudo?"));
    // Nor is one that would go to another site.
    let form = filled(&admin, "robot").await;
    let path = "/auth/held-forms?action=//evil.example/&return_to=/admin";
    let fields: Vec<(&str, &str)> = form
        .fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let refused = admin.post(path, &fields).await;
    assert_eq!(
        (refused.status.as_u16(), refused.header("location")),
        (303, "/auth/sudo?return_to=/admin")
    );
    assert_eq!(held_forms(&house).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_forms_are_kept_at_most_and_one_can_be_thrown_away() {
    let house = House::open().await;
    let admin = house.administrator().await;
    house.later(SignedDuration::from_mins(11));
    let mut all = Vec::new();
    for number in 0..12 {
        let form = filled(&admin, &format!("robot-{number}")).await;
        let answer = admin.submit(form.clone()).await;
        let kept = sent_on(&admin, &form, &answer).await;
        all.push(kept.header("location").to_owned());
    }
    assert_eq!(held_forms(&house).await, 10);
    let newest = all.last().unwrap();
    let page = confirm(&admin, newest).await;
    assert!(
        !admin.get(&all[0]).await.has("#held"),
        "the oldest made room"
    );
    assert!(admin.get(&all[2]).await.has("#held"));
    let thrown = page.form("form[action$='/discard']");
    let back = admin.submit(thrown).await;
    assert_eq!(back.status, 303);
    assert!(!admin.get(newest).await.has("#held"));
    assert_eq!(held_forms(&house).await, 9);
}
