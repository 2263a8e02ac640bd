//! Printed codes for the day nothing else works.

use jiff::SignedDuration;
use rpc::events::auth::{AUDIT, AuditRecorded};
use testkit::Page;

use crate::house::{House, PASSWORD, subject};
use crate::post::Post;
use crate::second_factor::set_up;
use crate::visitor::Visitor;

/// Makes codes as the administrator; returns them.
async fn make(admin: &Visitor<'_>) -> Vec<String> {
    let page = admin.get("/auth/security").await;
    let sheet = admin.submit(page.form("#break-glass")).await;
    assert_eq!(sheet.status, 200, "{}", sheet.body);
    sheet.assert_sound();
    assert!(
        sheet.body.contains("/auth/break-glass"),
        "where to type them"
    );
    let text = sheet.text("#break-glass-codes");
    text.split_whitespace().map(str::to_owned).collect()
}

async fn enter(visitor: &Visitor<'_>, login: &str, code: &str) -> Page {
    let page = visitor.get("/auth/break-glass").await;
    page.assert_sound();
    let form = page.form("#break-glass");
    let answer = visitor
        .submit(form.with("login", login).with("code", code))
        .await;
    if answer.status != 303 {
        answer.assert_sound();
    }
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_opens_the_account_once_without_password_mail_second_factor_and_redis() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let codes = make(&admin).await;
    set_up(&house, &admin).await;
    assert_eq!(codes.len(), 8);
    assert!(codes.iter().all(|code| code.len() == 19), "{codes:?}");
    house.redis.pause().await;
    let browser = house.visitor().at("198.51.100.9");
    let typed = codes[0].to_uppercase().replace('-', " ");
    let answer = enter(&browser, "grace", &typed).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/"),
        "{}",
        answer.body
    );
    house.redis.resume().await;
    testkit::eventually("the session is known", async || {
        house.introspect(&browser.session()).await.is_some()
    })
    .await;
    let found = house.introspect(&browser.session()).await.unwrap();
    assert_eq!(found.factors, ["break_glass"]);
    let again = enter(&house.visitor(), "grace", &codes[0]).await;
    assert_eq!(again.status, 422, "used");
    assert!(again.has("#code-error"));
    let page = admin.get("/auth/security").await;
    assert!(page.text("#break-glass").contains("7 codes left"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_use_alarms_all_administrators_and_nothing_readable_is_stored() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let mut second = subject("ada", 1);
    second.role = rpc::auth::v1::Role::Admin.into();
    let ada = house.visitor();
    ada.accept(&house.invite(&second).await, PASSWORD).await;
    let post = Post::open(&house).await;
    let codes = make(&admin).await;
    assert_eq!(
        enter(&house.visitor(), "grace", &codes[0]).await.status,
        303
    );
    for address in ["grace@example.org", "ada@example.org"] {
        let mail = post.mail(address, "A break-glass code was used").await;
        assert!(mail.text().contains("Grace Hopper"), "{}", mail.text());
        assert!(mail.text().contains("192.0.2.10"), "{}", mail.text());
    }
    let trail: Vec<AuditRecorded> = house.events(AUDIT).await;
    for action in ["break_glass.create", "break_glass.use"] {
        assert_eq!(
            trail.iter().filter(|line| line.action == action).count(),
            1,
            "{action}"
        );
    }
    let rows = house
        .sql()
        .await
        .query("SELECT c::text FROM auth.break_glass_codes AS c", &[])
        .await
        .unwrap();
    assert_eq!(rows.len(), 8);
    for row in rows {
        let text: String = row.get(0);
        for code in &codes {
            assert!(!text.contains(code) && !text.contains(&code.replace('-', "")));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_its_owners_alone_and_an_administrators_alone() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let (mut ada, visitor) = house.person("ada").await;
    let page = visitor.get("/auth/security").await;
    assert!(!page.has("#break-glass"), "members have none");
    let mut form = page.form("form[action='/auth/sign-out']");
    form.action.set_path("/auth/security/break-glass");
    assert_eq!(visitor.submit(form).await.status, 404);
    let old = make(&admin).await;
    let codes = make(&admin).await;
    for (login, code, why) in [
        ("grace", &old[0], "new codes replace the old"),
        ("ada", &codes[0], "another person's"),
        ("nobody", &codes[0], "of nobody"),
        ("grace", &"0000-0000-0000-0000".to_owned(), "none"),
        ("grace", &PASSWORD.to_owned(), "a password"),
    ] {
        assert_eq!(
            enter(&house.visitor(), login, code).await.status,
            422,
            "{why}"
        );
    }
    // Whoever is no administrator any more has no use for theirs.
    ada.role = rpc::auth::v1::Role::Admin.into();
    ada.version = 2;
    house.tell(&ada).await;
    // Whoever's role is raised signs in anew.
    visitor.sign_in_well("ada").await;
    let theirs = make(&visitor).await;
    ada.role = rpc::auth::v1::Role::User.into();
    ada.version = 3;
    house.tell(&ada).await;
    assert_eq!(enter(&house.visitor(), "ada", &theirs[0]).await.status, 422);
    assert_eq!(
        enter(&house.visitor(), "grace", &codes[0]).await.status,
        303
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_four_at_once_one_wins() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let codes = make(&admin).await;
    let visitors: Vec<_> = (0..4).map(|_| house.visitor()).collect();
    let entered = visitors
        .iter()
        .map(|visitor| enter(visitor, "grace", &codes[3]));
    let answers = futures_util::future::join_all(entered).await;
    assert_eq!(
        answers.iter().filter(|answer| answer.status == 303).count(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_limited_by_network_and_locks_no_owner_out() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let codes = make(&admin).await;
    let thief = house.visitor().at("198.51.100.7");
    let mut statuses = Vec::new();
    for _ in 0..12 {
        let answer = enter(&thief, "grace", "0000-0000-0000-0000").await;
        statuses.push(answer.status.as_u16());
    }
    assert_eq!(statuses[9..], [422, 429, 429]);
    assert_eq!(enter(&thief, "grace", &codes[0]).await.status, 429);
    // The name is blocked for passwords, and still not for this.
    for number in 0..12 {
        let stranger = house.visitor().at(&format!("203.0.{number}.5"));
        stranger.sign_in("grace", "not the password").await;
    }
    let owner = house.visitor().at("192.0.2.99");
    assert_eq!(owner.sign_in("grace", PASSWORD).await.status, 429);
    assert_eq!(enter(&owner, "grace", &codes[0]).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn making_codes_needs_a_recent_sign_in() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let page = admin.get("/auth/security").await;
    house.later(SignedDuration::from_mins(11));
    let asked = admin.submit(page.form("#break-glass")).await;
    assert!(
        asked.header("location").starts_with("/auth/held-forms?"),
        "{}",
        asked.status
    );
}
