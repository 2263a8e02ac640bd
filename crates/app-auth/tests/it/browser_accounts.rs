//! Several accounts in one browser: one acts, the others wait.

use testkit::Page;

use crate::house::{House, PASSWORD};
use crate::visitor::Visitor;

const WAITING: &str = "cloud_accounts";

/// Signs in with a further account.
async fn add(visitor: &Visitor<'_>, login: &str) -> Page {
    let page = visitor.get("/auth/sign-in?add=1").await;
    let named = page.form(".plain-card form").with("login", login);
    let answer = visitor.submit(named).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = visitor.get(answer.header("location")).await;
    let form = page.form("#with-password").with("password", PASSWORD);
    visitor.submit(form).await
}

async fn who(house: &House, visitor: &Visitor<'_>) -> Option<String> {
    let principal = house.introspect(&visitor.cookie("cloud")?).await?;
    Some(principal.subject.unwrap().username)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_sign_in_keeps_the_first_and_one_switches_between_them() {
    let house = House::open().await;
    let (_, bob) = house.person("bob").await;
    let (_, ada) = house.person("ada").await;
    let first = ada.session();
    let answer = add(&ada, "bob").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/")
    );
    assert_eq!(who(&house, &ada).await.as_deref(), Some("bob"));
    assert!(
        house.introspect(&first).await.is_none(),
        "what acted and what waits are never the same secret"
    );
    let parked = ada.cookie(WAITING).unwrap();
    assert_ne!(parked, first);

    let page = ada.get("/auth/accounts").await;
    page.assert_sound();
    assert_eq!(page.texts("#waiting li").len(), 1);
    let acting = ada.session();
    let answer = ada
        .submit(page.form("form[action='/auth/accounts/switch']"))
        .await;
    assert_eq!(answer.header("location"), "/");
    assert_eq!(who(&house, &ada).await.as_deref(), Some("ada"));
    for dead in [&acting, &parked] {
        assert!(
            house.introspect(dead).await.is_none(),
            "every switch renews"
        );
    }
    // The cookies of before, once more: nothing comes back.
    let stale = house.visitor();
    stale.set_cookie(WAITING, &parked);
    let answer = stale.get("/auth/accounts").await;
    assert_eq!(answer.header("location"), "/auth/sign-in");
    // Bob's other browser is another session.
    assert_eq!(who(&house, &bob).await.as_deref(), Some("bob"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_one_account_does_nothing_as_the_other() {
    let house = House::open().await;
    house.person("bob").await;
    let (_, ada) = house.person("ada").await;
    let open_in_a_tab = ada.get("/auth/security").await;
    add(&ada, "bob").await;
    let form = open_in_a_tab
        .form("#password")
        .with("old_password", PASSWORD)
        .with("new_password", "another long pass phrase 5");
    assert_eq!(ada.submit(form).await.status, 403);
    let sign_out = open_in_a_tab.form("form[action='/auth/sign-out']");
    assert_eq!(ada.submit(sign_out).await.status, 403);
    assert_eq!(who(&house, &ada).await.as_deref(), Some("bob"));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_of_one_leaves_the_others_waiting_and_of_all_leaves_none() {
    let house = House::open().await;
    house.person("bob").await;
    let (_, ada) = house.person("ada").await;
    add(&ada, "bob").await;
    let answer = ada.sign_out().await;
    assert_eq!(answer.header("location"), "/auth/accounts");
    assert_eq!(who(&house, &ada).await, None, "nobody acts unasked");
    let page = ada.get("/auth/accounts").await;
    page.assert_sound();
    ada.submit(page.form("form[action='/auth/accounts/switch']"))
        .await;
    assert_eq!(who(&house, &ada).await.as_deref(), Some("ada"));

    add(&ada, "bob").await;
    let (acting, waiting) = (ada.session(), ada.cookie(WAITING).unwrap());
    let page = ada.get("/auth/accounts").await;
    let answer = ada
        .submit(page.form("form[action='/auth/accounts/sign-out']"))
        .await;
    assert_eq!(answer.header("location"), "/auth/sign-in");
    assert_eq!((ada.cookie("cloud"), ada.cookie(WAITING)), (None, None));
    assert!(house.introspect(&acting).await.is_none());
    assert!(house.introspect(&waiting).await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_browser_holds_five_accounts_and_each_person_once() {
    let house = House::open().await;
    let names = ["ada", "bob", "carol", "dave", "erin", "frank"];
    for name in &names[1..] {
        house.person(name).await;
    }
    let (_, browser) = house.person("ada").await;
    for name in &names[1..5] {
        add(&browser, name).await;
    }
    let page = browser.get("/auth/accounts").await;
    assert_eq!(page.texts("#waiting li").len(), 4);
    assert!(!page.has("a[href='/auth/sign-in?add=1']"), "it is full");
    let oldest = browser.cookie(WAITING).unwrap();
    let oldest = oldest.rsplit('.').next().unwrap().to_owned();
    // By hand: one has to go, and is signed out rather than forgotten.
    add(&browser, "frank").await;
    let page = browser.get("/auth/accounts").await;
    assert_eq!(page.texts("#waiting li").len(), 4);
    assert!(house.introspect(&oldest).await.is_none());
    // Somebody who waits signs in again: they are there once.
    add(&browser, "dave").await;
    let page = browser.get("/auth/accounts").await;
    let waiting = page.texts("#waiting li");
    assert!(
        !waiting.iter().any(|line| line.contains("dave")),
        "{waiting:?}"
    );
    assert!(browser.cookie(WAITING).unwrap().len() <= 4 * 44);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_else_cannot_be_switched_to() {
    let house = House::open().await;
    let (bob, _) = house.person("bob").await;
    let (_, ada) = house.person("ada").await;
    let page = ada.get("/auth/security").await;
    let token = page
        .form("#password")
        .value("csrf_token")
        .unwrap()
        .to_owned();
    let fields = [("csrf_token", token.as_str()), ("account", &bob.user_id)];
    let answer = ada.post("/auth/accounts/switch", &fields).await;
    assert_eq!(answer.header("location"), "/auth/accounts");
    assert_eq!(who(&house, &ada).await.as_deref(), Some("ada"));
    let without = [("account", bob.user_id.as_str())];
    assert_eq!(
        ada.post("/auth/accounts/switch", &without).await.status,
        403
    );
}
