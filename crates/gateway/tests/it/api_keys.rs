//! A key in the field Authorization becomes an assertion, within its bounds and for as long as auth says so.

use futures_util::future::join_all;
use platform::identity::Principal;
use rpc::auth::v1;

use crate::auth::{principal, token};
use crate::given::{Echo, client};
use crate::identity::{Signed, cookie, signed};

const KEY: &str =
    "cloud_pat_aaaaaaaaaaaaaaaa_bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

fn narrowed(name: &str) -> v1::Principal {
    v1::Principal {
        scopes: vec!["hello:read".to_owned()],
        csrf_token: String::new(),
        ..principal(name)
    }
}

async fn echo(signed: &Signed, fields: &[(&str, &str)]) -> Echo {
    let mut request = client().get(signed.world.url("/app/hello/echo"));
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

async fn person(signed: &Signed, fields: &[(&str, &str)]) -> Option<Principal> {
    let echo = echo(signed, fields).await;
    let assertion = echo.header("cloud-identity")?;
    Some(signed.verify(assertion).await)
}

fn bearer() -> String {
    format!("Bearer {KEY}")
}

#[tokio::test]
async fn a_key_is_asked_about_once_and_never_seen_by_an_app() {
    let signed = signed().await;
    signed.is_listening().await;
    signed.auth.sign_in(KEY, narrowed("robot"));
    let before = signed.auth.questions();
    let bearer = bearer();
    let fields = [("authorization", bearer.as_str())];
    let all = join_all((0..20).map(|_| person(&signed, &fields))).await;
    for found in all {
        let found = found.unwrap();
        assert_eq!(
            (found.username.as_str(), found.scopes),
            ("robot", vec!["hello:read".to_owned()])
        );
    }
    assert_eq!(signed.auth.questions() - before, 1);
    let seen = echo(&signed, &fields).await;
    assert!(seen.header("authorization").is_none());
    assert!(seen.headers.iter().all(|(_, value)| !value.contains(KEY)));
}

#[tokio::test]
async fn a_revoked_key_is_asked_about_anew() {
    let signed = signed().await;
    signed.is_listening().await;
    let robot = narrowed("robot");
    signed.auth.sign_in(KEY, robot.clone());
    let bearer = bearer();
    let fields = [("authorization", bearer.as_str())];
    assert!(person(&signed, &fields).await.is_some());
    signed.auth.sign_out(KEY);
    signed
        .publish(&format!("{{\"session\":\"{}\"}}", robot.session_id))
        .await;
    testkit::eventually("the key opens nothing", async || {
        person(&signed, &fields).await.is_none()
    })
    .await;
}

#[tokio::test]
async fn whoever_sends_a_key_acts_by_it_alone() {
    let signed = signed().await;
    signed.auth.sign_in(KEY, narrowed("robot"));
    let (bearer, ada) = (bearer(), cookie('a'));
    let both = [("authorization", bearer.as_str()), ("cookie", ada.as_str())];
    assert_eq!(person(&signed, &both).await.unwrap().username, "robot");
    for unknown in [
        "Bearer",
        "Bearer cloud_pat_unknown",
        "Bearer nonsense",
        "bearer  ",
        "Bearer cloud_PAT_x",
    ] {
        let both = [("authorization", unknown), ("cookie", ada.as_str())];
        assert!(person(&signed, &both).await.is_none(), "{unknown}");
    }
    let twice = [
        ("authorization", bearer.as_str()),
        ("authorization", bearer.as_str()),
    ];
    assert!(person(&signed, &twice).await.is_none());
    // Another scheme is another matter: the session counts, and the app sees neither.
    let basic = [("authorization", "Basic eDp5"), ("cookie", ada.as_str())];
    assert_eq!(person(&signed, &basic).await.unwrap().username, "ada");
    // A session's token is no key, and a key is no session.
    let session = format!("Bearer {}", token('a'));
    assert!(
        person(&signed, &[("authorization", session.as_str())])
            .await
            .is_none()
    );
}

#[tokio::test]
async fn a_key_reaches_its_app_and_its_networks_only() {
    let signed = signed().await;
    let bearer = bearer();
    let fields = [("authorization", bearer.as_str())];
    for (app, networks, reaches) in [
        ("hello", &["127.0.0.0/8"][..], true),
        ("", &[][..], true),
        ("files", &[][..], false),
        ("", &["192.0.2.0/24"][..], false),
        ("", &["192.0.2.0/24", "127.0.0.1"][..], true),
        ("", &["nonsense"][..], false),
        ("Not an app", &[][..], false),
    ] {
        let bounded = v1::Principal {
            app: app.to_owned(),
            networks: networks.iter().map(|text| (*text).to_owned()).collect(),
            ..narrowed("robot")
        };
        signed.auth.sign_in(KEY, bounded);
        signed.publish("\"all\"").await;
        testkit::eventually(
            &format!("{app:?} {networks:?} reaches: {reaches}"),
            async || person(&signed, &fields).await.is_some() == reaches,
        )
        .await;
    }
}
