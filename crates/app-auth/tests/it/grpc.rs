//! Who may call what, and what follows.

use std::time::Duration;

use rpc::auth::v1 as wire;
use rpc::{Call, Error};

use crate::house::{House, call, subject};

pub fn refused_by_the_guard(outcome: &Result<(), Error>) -> bool {
    matches!(outcome, Err(Error::Contract { .. }))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_method_has_its_callers_and_no_others() {
    let house = House::open().await;
    let (ada, visitor) = house.person("ada").await;
    let id = ada.user_id.clone();
    let methods = [
        ("introspect", vec!["gateway"]),
        ("get_signing_keys", vec!["gateway"]),
        ("put_subject", vec!["accounts"]),
        ("create_invitation", vec!["accounts"]),
        ("list_sessions", vec!["accounts", "cloud"]),
        ("end_sessions", vec!["accounts", "cloud"]),
    ];
    for (method, allowed) in methods {
        for caller in [
            "gateway",
            "accounts",
            "cloud",
            "hello",
            "auth",
            "dashboard",
            "settings",
        ] {
            let auth = house.rpc(caller);
            let outcome = match method {
                "introspect" => {
                    let request = wire::IntrospectRequest {
                        session_token: visitor.session(),
                        ..wire::IntrospectRequest::default()
                    };
                    auth.introspect(call(), request).await.map(drop)
                }
                "get_signing_keys" => auth
                    .get_signing_keys(call(), wire::GetSigningKeysRequest {})
                    .await
                    .map(drop),
                "put_subject" => {
                    let request = wire::PutSubjectRequest {
                        subject: Some(ada.clone()),
                    };
                    auth.put_subject(call(), request).await.map(drop)
                }
                "create_invitation" => {
                    let user_id = subject("nobody", 1).user_id;
                    let request = wire::CreateInvitationRequest {
                        user_id,
                        invited_by: String::new(),
                        lasts_days: 0,
                    };
                    auth.create_invitation(call(), request).await.map(drop)
                }
                "list_sessions" => {
                    let request = wire::ListSessionsRequest {
                        user_id: id.clone(),
                    };
                    auth.list_sessions(call(), request).await.map(drop)
                }
                _ => {
                    let session_id = subject("nobody", 1).user_id;
                    let request = wire::EndSessionsRequest {
                        user_id: id.clone(),
                        session_id,
                    };
                    auth.end_sessions(call(), request).await.map(drop)
                }
            };
            assert_eq!(
                refused_by_the_guard(&outcome),
                !allowed.contains(&caller),
                "{caller} calls {method}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_version_never_replaces_a_newer_one() {
    let house = House::open().await;
    let (mut ada, visitor) = house.person("ada").await;
    let accounts = house.rpc("accounts");
    for (version, name) in [
        (3, "Third"),
        (2, "Second"),
        (3, "Third again"),
        (1, "First"),
    ] {
        ada.version = version;
        ada.state = wire::SubjectState::Active.into();
        name.clone_into(&mut ada.display_name);
        accounts
            .put_subject(
                call(),
                wire::PutSubjectRequest {
                    subject: Some(ada.clone()),
                },
            )
            .await
            .unwrap();
        let found = house
            .introspect(&visitor.session())
            .await
            .unwrap()
            .subject
            .unwrap();
        assert_eq!(found.display_name, "Third", "after version {version}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_in_force_at_once_and_disabling_ends_everything() {
    let house = House::open().await;
    let (mut ada, visitor) = house.person("ada").await;
    let other = house.visitor();
    other.sign_in_well("ada").await;
    house.introspect(&visitor.session()).await.unwrap();
    ada.version = 2;
    ada.role = wire::Role::Guest.into();
    ada.groups = vec!["outside".to_owned()];
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
    let found = house
        .introspect(&visitor.session())
        .await
        .unwrap()
        .subject
        .unwrap();
    assert_eq!(
        (found.role(), found.groups),
        (wire::Role::Guest, vec!["outside".to_owned()])
    );

    ada.version = 3;
    ada.state = wire::SubjectState::Disabled.into();
    accounts
        .put_subject(
            call(),
            wire::PutSubjectRequest {
                subject: Some(ada.clone()),
            },
        )
        .await
        .unwrap();
    for visitor in [&visitor, &other] {
        assert!(house.introspect(&visitor.session()).await.is_none());
    }
    // Enabled again: whoever was signed in has to sign in again.
    ada.version = 4;
    ada.state = wire::SubjectState::Active.into();
    accounts
        .put_subject(call(), wire::PutSubjectRequest { subject: Some(ada) })
        .await
        .unwrap();
    assert!(house.introspect(&visitor.session()).await.is_none());
    house.visitor().sign_in_well("ada").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_ended_one_by_one_and_all_at_once() {
    let house = House::open().await;
    let (ada, first) = house.person("ada").await;
    let (bob, other) = house.person("bob").await;
    let second = house.visitor();
    second.sign_in_well("ada").await;
    let id = house.introspect(&first.session()).await.unwrap().session_id;
    let accounts = house.rpc("accounts");
    let end = |user_id: &str, session_id: &str| wire::EndSessionsRequest {
        user_id: user_id.to_owned(),
        session_id: session_id.to_owned(),
    };
    let foreign = accounts
        .end_sessions(call(), end(&bob.user_id, &id))
        .await
        .unwrap();
    assert_eq!(foreign.ended, 0, "a session of somebody else");
    assert_eq!(
        accounts
            .end_sessions(call(), end(&ada.user_id, &id))
            .await
            .unwrap()
            .ended,
        1
    );
    assert_eq!(
        accounts
            .end_sessions(call(), end(&ada.user_id, &id))
            .await
            .unwrap()
            .ended,
        0
    );
    assert!(house.introspect(&first.session()).await.is_none());
    assert!(house.introspect(&second.session()).await.is_some());
    assert_eq!(
        accounts
            .end_sessions(call(), end(&ada.user_id, ""))
            .await
            .unwrap()
            .ended,
        1
    );
    assert!(house.introspect(&second.session()).await.is_none());
    assert!(house.introspect(&other.session()).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_is_refused_by_name() {
    let house = House::open().await;
    let accounts = house.rpc("accounts");
    let good = subject("ada", 1);
    let with = |change: fn(&mut wire::Subject)| {
        let mut subject = good.clone();
        change(&mut subject);
        wire::PutSubjectRequest {
            subject: Some(subject),
        }
    };
    let bad = [
        wire::PutSubjectRequest { subject: None },
        with(|subject| "x".clone_into(&mut subject.user_id)),
        with(|subject| {
            uuid::Uuid::nil()
                .to_string()
                .clone_into(&mut subject.user_id);
        }),
        with(|subject| subject.username.clear()),
        with(|subject| subject.role = 0),
        with(|subject| subject.role = 99),
        with(|subject| subject.state = 0),
        with(|subject| subject.version = 0),
    ];
    for request in bad {
        let error = accounts
            .put_subject(call(), request.clone())
            .await
            .unwrap_err();
        assert_eq!(error.code(), Some("auth.invalid_request"), "{request:?}");
    }
    let request = wire::CreateInvitationRequest {
        user_id: good.user_id.clone(),
        invited_by: String::new(),
        lasts_days: 0,
    };
    let error = accounts
        .create_invitation(call(), request)
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("auth.subject_not_found"));
    let request = wire::EndSessionsRequest {
        user_id: good.user_id,
        session_id: "x".to_owned(),
    };
    let error = accounts.end_sessions(call(), request).await.unwrap_err();
    assert_eq!(error.code(), Some("auth.invalid_request"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_forms_token_is_the_sessions_own() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let other = house.visitor();
    other.sign_in_well("ada").await;
    let one = house.introspect(&ada.session()).await.unwrap().csrf_token;
    let again = house.introspect(&ada.session()).await.unwrap().csrf_token;
    let two = house.introspect(&other.session()).await.unwrap().csrf_token;
    assert_eq!(one, again);
    assert_ne!(one, two);
    assert!(one.len() >= 43 && !ada.session().contains(&one));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_introspections_are_answered_within_their_deadline() {
    let house = House::open().await;
    let visitor = house.administrator().await;
    let gateway = house.rpc("gateway");
    let request = wire::IntrospectRequest {
        session_token: visitor.session(),
        ..wire::IntrospectRequest::default()
    };
    let calls =
        (0..200).map(|_| gateway.introspect(Call::new(Duration::from_secs(5)), request.clone()));
    for outcome in futures_util::future::join_all(calls).await {
        assert!(outcome.unwrap().principal.is_some());
    }
}
