//! The set-up link.

use std::os::unix::fs::PermissionsExt as _;

use jiff::SignedDuration;
use rpc::events::auth::{ADMINISTRATOR_CREATED, AdministratorCreated};

use crate::house::{House, PASSWORD};
use crate::visitor::Visitor;

fn filled(page: &testkit::Page, username: &str) -> testkit::Form {
    page.form(".plain-card form")
        .with("display_name", "Grace Hopper")
        .with("username", username)
        .with("email", &format!("{username}@example.org"))
        .with("password", PASSWORD)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_makes_one_administrator_and_is_gone() {
    let house = House::open().await;
    let path = house.setup_path("").await;
    let mode = std::fs::metadata(&house.link_file)
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(
        house
            .visitor()
            .get("/auth/sign-in")
            .await
            .body
            .contains("There is no administrator yet")
    );

    let admin = house.administrator().await;
    let security = admin.get("/auth/security").await;
    assert_eq!(security.status, 200);
    let principal = house.introspect(&admin.session()).await.unwrap();
    assert_eq!(
        principal.subject.unwrap().role,
        i32::from(rpc::auth::v1::Role::Admin)
    );

    for visitor in [house.visitor(), admin] {
        let again = visitor.get(&path).await;
        assert_eq!(again.status, 410);
        again.assert_sound();
    }
    testkit::eventually("the link's file is removed", async || {
        !house.link_file.exists()
    })
    .await;
    let created: Vec<AdministratorCreated> = house.events(ADMINISTRATOR_CREATED).await;
    assert_eq!(created.len(), 1);
    assert_eq!(created[0].username, "grace");
    assert!(
        !house
            .visitor()
            .get("/auth/sign-in")
            .await
            .body
            .contains("There is no administrator yet")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_dies_after_thirty_minutes_and_is_renewed() {
    let house = House::open().await;
    let first = house.setup_path("").await;
    let visitor = house.visitor();
    let page = visitor.get(&first).await;
    house.later(SignedDuration::from_mins(31));
    assert_eq!(visitor.get(&first).await.status, 410);
    assert_eq!(visitor.submit(filled(&page, "grace")).await.status, 410);
    let second = house.setup_path(&first).await;
    assert_eq!(visitor.get(&second).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_eight_who_use_the_link_at_once_one_wins() {
    let house = House::open().await;
    let path = house.setup_path("").await;
    let visitors: Vec<Visitor<'_>> = (0..8).map(|_| house.visitor()).collect();
    let mut forms = Vec::new();
    for (number, visitor) in visitors.iter().enumerate() {
        forms.push(filled(&visitor.get(&path).await, &format!("admin{number}")));
    }
    let sent = visitors
        .iter()
        .zip(forms)
        .map(|(visitor, form)| visitor.submit(form));
    let answers = futures_util::future::join_all(sent).await;
    let mut statuses: Vec<u16> = answers
        .iter()
        .map(|answer| answer.status.as_u16())
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410, 410, 410, 410, 410, 410, 410]);
    let sql = house.sql().await;
    let admins: i64 = sql
        .query_one("SELECT count(*) FROM auth.subjects", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(admins, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_is_kept_and_explained() {
    let house = House::open().await;
    let path = house.setup_path("").await;
    let visitor = house.visitor();
    let page = visitor.get(&path).await;
    page.assert_sound();
    assert_eq!(page.attribute("#password", "autocomplete"), "new-password");
    assert_eq!(page.attribute("#username", "autocomplete"), "username");
    assert_eq!(page.attribute("#email", "autocomplete"), "email");
    let form = page
        .form(".plain-card form")
        .with("display_name", "Grace Hopper")
        .with("username", "grace hopper")
        .with("email", "grace")
        .with("password", "hopper123");
    let again = visitor.submit(form).await;
    assert_eq!(again.status, 422);
    again.assert_sound();
    assert_eq!(again.attribute("#display_name", "value"), "Grace Hopper");
    assert_eq!(again.attribute("#username", "value"), "grace hopper");
    assert!(
        again.attributes("#password", "value").is_empty(),
        "a password is never sent back"
    );
    for field in ["username", "email", "password"] {
        assert!(again.has(&format!("#{field}-error")), "{field}");
    }
    assert!(!again.has("#display_name-error"));
    assert_eq!(
        visitor.submit(filled(&again, "grace")).await.status,
        303,
        "nothing was used up"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_exists_before_and_guessed_links_lead_nowhere() {
    let house = House::open().await;
    house.setup_path("").await;
    let visitor = house.visitor();
    for login in ["admin", "root", "administrator"] {
        assert_eq!(visitor.sign_in(login, "admin").await.status, 422, "{login}");
    }
    for token in [
        "x",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "%00",
        "..%2f..%2fetc",
    ] {
        let status = visitor.get(&format!("/auth/setup/{token}")).await.status;
        assert_eq!(status, 410, "{token}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_forms_token_nothing_happens() {
    let house = House::open().await;
    let path = house.setup_path("").await;
    let visitor = house.visitor();
    let fields = [
        ("display_name", "G"),
        ("username", "grace"),
        ("email", "g@x.org"),
        ("password", PASSWORD),
    ];
    let answer = visitor.post(&path, &fields).await;
    assert_eq!(answer.status, 403);
    assert_eq!(
        answer.attribute("#username", "value"),
        "grace",
        "what was typed is kept"
    );
    assert_eq!(
        visitor.get(&path).await.status,
        200,
        "the link was not used up"
    );
}
