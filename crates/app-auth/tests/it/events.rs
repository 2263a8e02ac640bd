//! What is told to other services, and what is heard from them.

use rpc::auth::v1 as wire;
use rpc::events::auth::{AUDIT, AuditRecorded, SESSION_CREATED, SessionCreated};

use crate::house::{House, PASSWORD, call};

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_matters_is_in_the_audit_trail() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let (subject, ada) = house.person("ada").await;
    house.visitor().sign_in("ada", "not the password").await;
    house
        .visitor()
        .sign_in("somebody-else", "hunter2 in the wrong field")
        .await;
    let page = ada.get("/auth/security").await;
    let form = page.form("#password");
    ada.submit(
        form.clone()
            .with("old_password", "wrong")
            .with("new_password", "quiet harbour at low tide"),
    )
    .await;
    ada.submit(
        form.with("old_password", PASSWORD)
            .with("new_password", "quiet harbour at low tide"),
    )
    .await;
    ada.sign_out().await;
    let end = wire::EndSessionsRequest {
        user_id: admin_id(&house, &admin).await,
        session_id: String::new(),
    };
    assert_eq!(
        house
            .rpc("accounts")
            .end_sessions(call(), end)
            .await
            .unwrap()
            .ended,
        1
    );

    let trail: Vec<AuditRecorded> = house.events(AUDIT).await;
    let lines: Vec<String> = trail
        .iter()
        .map(|line| {
            format!("{} {} {}", line.action, line.outcome, line.reason)
                .trim()
                .to_owned()
        })
        .collect();
    for expected in [
        "setup success",
        "sign_in success",
        "invitation.create success",
        "invitation.accept success",
        "sign_in refused password",
        "sign_in refused unknown",
        "password.change refused password",
        "password.change success",
        "sign_out success signed_out",
        "session.end success ended_by_operator",
    ] {
        assert!(
            lines.iter().any(|line| line == expected),
            "{expected} is missing in {lines:#?}"
        );
    }
    let refused = trail
        .iter()
        .find(|line| line.reason == "password" && line.action == "sign_in")
        .unwrap();
    assert_eq!(
        (refused.subject_id.as_str(), refused.actor_id.as_str()),
        (subject.user_id.as_str(), "")
    );
    assert_eq!(
        (refused.address.as_str(), refused.device.as_str()),
        ("192.0.2.10", "Firefox on Linux")
    );
    assert!(!refused.request_id.is_empty());
    assert_eq!(refused.occurred_at, house.now().as_millisecond());
    let text = format!("{trail:?}");
    assert!(
        !text.contains("somebody-else") && !text.contains("hunter2"),
        "what found nobody is not kept"
    );
}

async fn admin_id(house: &House, admin: &crate::visitor::Visitor<'_>) -> String {
    house
        .introspect(&admin.session())
        .await
        .unwrap()
        .subject
        .unwrap()
        .user_id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_says_whether_the_browser_is_new() {
    let house = House::open().await;
    let admin = house.administrator().await;
    admin.sign_in_again().await;
    house.visitor().sign_in_well("grace").await;
    let created: Vec<SessionCreated> = house.events(SESSION_CREATED).await;
    let new: Vec<bool> = created.iter().map(|event| event.new_device).collect();
    assert_eq!(new, [true, false, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_accounts_says_arrives_by_event_too() {
    let house = House::open().await;
    let (subject, ada) = house.person("ada").await;
    let mut event = rpc::events::accounts::UserChanged {
        user_id: subject.user_id.clone(),
        username: "countess".to_owned(),
        email: subject.email.clone(),
        display_name: "Ada, Countess of Lovelace".to_owned(),
        role: "guest".to_owned(),
        state: "active".to_owned(),
        groups: vec!["board".to_owned()],
        version: 5,
        ..rpc::events::accounts::UserChanged::default()
    };
    house.publish_user_changed(&event).await;
    testkit::eventually("the new name is known", async || {
        let found = house
            .introspect(&ada.session())
            .await
            .unwrap()
            .subject
            .unwrap();
        found.username == "countess"
            && found.role() == wire::Role::Guest
            && found.groups == ["board"]
    })
    .await;
    "late".clone_into(&mut event.username);
    event.version = 4;
    house.publish_user_changed(&event).await;
    "gone".clone_into(&mut event.username);
    "disabled".clone_into(&mut event.state);
    event.version = 6;
    house.publish_user_changed(&event).await;
    testkit::eventually("the disabled person is out", async || {
        house.introspect(&ada.session()).await.is_none()
    })
    .await;
    let sql = house.sql().await;
    let name: String = sql
        .query_one("SELECT username FROM auth.subjects", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(name, "gone");
    let dead: i64 = sql
        .query_one("SELECT count(*) FROM auth.dead_events", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(dead, 0, "an older version is no fault");
}
