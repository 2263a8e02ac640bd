//! Invitation and reset links.

use jiff::SignedDuration;
use rpc::auth::v1 as wire;
use rpc::events::auth::{INVITATION_ACCEPTED, InvitationAccepted};

use crate::house::{House, PASSWORD, call, subject};
use crate::visitor::Visitor;

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_person_sets_a_password_and_is_in() {
    let house = House::open().await;
    let ada = subject("ada", 1);
    let path = house.invite(&ada).await;
    let token = path.strip_prefix("/auth/invitation/").unwrap();
    assert_eq!(token.len(), 43, "256 bits");
    let visitor = house.visitor();
    // Mail scanners look at links; looking uses nothing up.
    for _ in 0..3 {
        let page = house.visitor().get(&path).await;
        assert_eq!(page.status, 200);
        page.assert_sound();
        assert_eq!(page.attribute("#password", "autocomplete"), "new-password");
        assert_eq!(page.attribute("#username", "value"), "ada");
    }
    let answer = visitor.accept(&path, PASSWORD).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/")
    );
    let found = house.introspect(&visitor.session()).await.unwrap();
    let found = found.subject.unwrap();
    assert_eq!(
        (found.user_id.as_str(), found.state()),
        (ada.user_id.as_str(), wire::SubjectState::Active)
    );

    let used = house.visitor().get(&path).await;
    assert_eq!(used.status, 410);
    used.assert_sound();
    house.visitor().sign_in_well("ada").await;
    let accepted: Vec<InvitationAccepted> = house.events(INVITATION_ACCEPTED).await;
    assert_eq!(accepted.len(), 1);
    assert_eq!(accepted[0].user_id, ada.user_id);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_eight_who_accept_at_once_one_wins() {
    let house = House::open().await;
    let path = house.invite(&subject("ada", 1)).await;
    let visitors: Vec<Visitor<'_>> = (0..8).map(|_| house.visitor()).collect();
    let mut forms = Vec::new();
    for (number, visitor) in visitors.iter().enumerate() {
        let form = visitor.get(&path).await.form(".plain-card form");
        forms.push(form.with("password", &format!("quiet harbour number {number}")));
    }
    let sent = visitors
        .iter()
        .zip(forms)
        .map(|(visitor, form)| visitor.submit(form));
    let answers = futures_util::future::join_all(sent).await;
    let won: Vec<usize> = (0..8)
        .filter(|number| answers[*number].status == 303)
        .collect();
    assert_eq!(
        won.len(),
        1,
        "{:?}",
        answers
            .iter()
            .map(|answer| answer.status)
            .collect::<Vec<_>>()
    );
    assert!(
        answers
            .iter()
            .all(|answer| answer.status == 303 || answer.status == 410)
    );
    for number in 0..8 {
        let status = house
            .visitor()
            .sign_in("ada", &format!("quiet harbour number {number}"))
            .await
            .status;
        assert_eq!(status == 303, number == won[0], "{number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_lasts_seventy_two_hours() {
    let house = House::open().await;
    let path = house.invite(&subject("ada", 1)).await;
    let visitor = house.visitor();
    house.later(SignedDuration::from_secs(72 * 3600 - 1));
    let form = visitor
        .get(&path)
        .await
        .form(".plain-card form")
        .with("password", PASSWORD);
    house.later(SignedDuration::from_secs(1));
    assert_eq!(visitor.get(&path).await.status, 410);
    assert_eq!(visitor.submit(form).await.status, 410);
    assert_eq!(house.visitor().sign_in("ada", PASSWORD).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_lasts_as_many_days_as_are_asked_for() {
    let house = House::open().await;
    let ada = subject("ada", 1);
    house.tell(&ada).await;
    let accounts = house.rpc("accounts");
    let ask = |lasts_days| {
        let request = wire::CreateInvitationRequest {
            user_id: ada.user_id.clone(),
            invited_by: String::new(),
            lasts_days,
        };
        accounts.create_invitation(call(), request)
    };
    for wrong in [-1, 31] {
        assert!(ask(wrong).await.is_err(), "{wrong}");
    }
    let path = ask(30).await.unwrap().path;
    let visitor = house.visitor();
    house.later(SignedDuration::from_hours(30 * 24) - SignedDuration::from_secs(1));
    assert_eq!(visitor.get(&path).await.status, 200);
    house.later(SignedDuration::from_secs(1));
    assert_eq!(visitor.get(&path).await.status, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_link_replaces_the_old_one() {
    let house = House::open().await;
    let ada = subject("ada", 1);
    let first = house.invite(&ada).await;
    let second = house.invite(&ada).await;
    assert_ne!(first, second);
    assert_eq!(house.visitor().get(&first).await.status, 410);
    assert_eq!(house.visitor().get(&second).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_password_uses_nothing_up() {
    let house = House::open().await;
    let path = house.invite(&subject("ada", 1)).await;
    let visitor = house.visitor();
    for password in ["short", "password123", "ada-example", &"x".repeat(129)] {
        let answer = visitor.accept(&path, password).await;
        assert_eq!(answer.status, 422, "{password}");
        assert!(answer.has("#password-error"));
        answer.assert_sound();
    }
    let answer = visitor.post(&path, &[("password", PASSWORD)]).await;
    assert_eq!(answer.status, 403, "no token, no password");
    assert_eq!(visitor.accept(&path, PASSWORD).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_persons_link_is_dead() {
    let house = House::open().await;
    let mut ada = subject("ada", 1);
    let path = house.invite(&ada).await;
    ada.state = wire::SubjectState::Disabled.into();
    ada.version = 2;
    let accounts = house.rpc("accounts");
    accounts
        .put_subject(
            call(),
            wire::PutSubjectRequest {
                subject: Some(ada.clone()),
            },
        )
        .await
        .unwrap();
    assert_eq!(house.visitor().get(&path).await.status, 410);
    let request = wire::CreateInvitationRequest {
        user_id: ada.user_id.clone(),
        invited_by: String::new(),
        lasts_days: 0,
    };
    let refused = accounts
        .create_invitation(call(), request)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Some("auth.disabled"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_a_password_is_not_invited_again() {
    let house = House::open().await;
    let (ada, _) = house.person("ada").await;
    let request = wire::CreateInvitationRequest {
        user_id: ada.user_id,
        invited_by: String::new(),
        lasts_days: 0,
    };
    let refused = house
        .rpc("accounts")
        .create_invitation(call(), request)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Some("auth.has_credentials"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_signed_in_as_somebody_else_is_told_and_changes_over() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let former = admin.session();
    let path = house.invite(&subject("ada", 1)).await;
    let page = admin.get(&path).await;
    assert!(
        page.text("[role=note]")
            .contains("You are signed in as Grace Hopper"),
        "{}",
        page.body
    );
    let answer = admin
        .submit(page.form(".plain-card form").with("password", PASSWORD))
        .await;
    assert_eq!(answer.status, 303);
    assert!(
        house.introspect(&former).await.is_none(),
        "nothing is left behind under a lost cookie"
    );
    let found = house.introspect(&admin.session()).await.unwrap();
    assert_eq!(found.subject.unwrap().username, "ada");
}
