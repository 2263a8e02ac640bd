//! Answers that are not those of the passkey's owner, here and now. Whatever is wrong, what is said is the same.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fred::interfaces::ClientLike as _;
use jiff::SignedDuration;
use rpc::events::auth::AuditRecorded;

use crate::authenticator::{Authenticator, ask, press, send, sign_in, with_passkey};
use crate::house::House;
use crate::post::Post;
use crate::visitor::Visitor;

const SIGN_IN: &str = "/auth/sign-in?return_to=/auth/security";

/// What a dishonest authenticator does differently.
type Spoil = Box<dyn Fn(&mut Authenticator)>;

/// Fails unless nobody was let in and nothing was told.
async fn assert_refused(visitor: &Visitor<'_>, authenticator: &mut Authenticator, what: &str) {
    let refused = sign_in(visitor, authenticator).await;
    let place = refused.header("location");
    assert_eq!((refused.status.as_u16(), place), (303, SIGN_IN), "{what}");
    assert!(visitor.cookie("cloud").is_none(), "{what}");
    let page = visitor.get(place).await;
    assert!(page.body.contains("That did not work."), "{what}");
}

async fn reasons(house: &House) -> Vec<String> {
    let rows = house
        .sql()
        .await
        .query(
            "SELECT reason FROM auth.sign_in_events WHERE outcome = 'refused' ORDER BY at, event_id",
            &[],
        )
        .await
        .unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_owner_did_not_answer_here_lets_nobody_in() {
    let house = House::open().await;
    let (ada_is, ada) = house.person("ada").await;
    let (ben_is, ben) = house.person("ben").await;
    let honest = with_passkey(&ada).await;
    let bens = with_passkey(&ben).await;
    let bytes = |subject: &rpc::auth::v1::Subject| {
        let id: uuid::Uuid = subject.user_id.parse().unwrap();
        id.as_bytes().to_vec()
    };
    let (ada_bytes, bens_id) = (bytes(&ada_is), bens.id.clone());
    let ben_bytes = bytes(&ben_is);
    let spoilt: Vec<(&str, Spoil)> = vec![
        ("no user verification", Box::new(|one| one.verifies = false)),
        (
            "a foreign origin",
            Box::new(|one| one.origin = "https://evil.example".to_owned()),
        ),
        (
            "another port",
            Box::new(|one| one.origin = "http://localhost:3001".to_owned()),
        ),
        (
            "a sub-domain",
            Box::new(|one| one.origin = "http://a.localhost:3000".to_owned()),
        ),
        (
            "a foreign host",
            Box::new(|one| one.host = "evil.example".to_owned()),
        ),
        ("a wrong signature", Box::new(|one| one.lies = true)),
        (
            "one's own key under another's name",
            Box::new(move |one| one.user.clone_from(&ben_bytes)),
        ),
        (
            "another's id with one's own key",
            Box::new(move |one| one.id.clone_from(&bens_id)),
        ),
        ("nobody's name", Box::new(|one| one.user = vec![7; 16])),
        ("no name", Box::new(|one| one.user = Vec::new())),
        (
            "a key nobody knows",
            Box::new(move |one| {
                *one = Authenticator::new();
                one.user.clone_from(&ada_bytes);
            }),
        ),
    ];
    let count = spoilt.len();
    for (what, spoil) in spoilt {
        let mut authenticator = honest.clone();
        spoil(&mut authenticator);
        assert_refused(&house.visitor(), &mut authenticator, what).await;
    }
    assert_eq!(reasons(&house).await, vec!["passkey"; count]);
    // The honest one still gets in.
    let browser = house.visitor();
    sign_in(&browser, &mut honest.clone()).await;
    assert!(browser.cookie("cloud").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_is_answered_once_within_five_minutes_and_for_its_purpose() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let mut phone = with_passkey(&ada).await;
    let browser = house.visitor();
    let page = browser.get(SIGN_IN).await;
    let (challenge, options) = ask(&browser, &page).await;
    let credential = phone.get(&options);
    let first = send(&browser, &page, &challenge, &credential).await;
    assert_eq!(first.header("location"), "/auth/security");
    // The same answer, and a new answer to the same challenge.
    for credential in [credential, phone.get(&options)] {
        let thief = house.visitor();
        let page = thief.get(SIGN_IN).await;
        send(&thief, &page, &challenge, &credential).await;
        assert!(thief.cookie("cloud").is_none());
    }
    // A wrong answer uses it up too.
    let browser = house.visitor();
    let page = browser.get(SIGN_IN).await;
    let (challenge, options) = ask(&browser, &page).await;
    send(&browser, &page, &challenge, "{}").await;
    send(&browser, &page, &challenge, &phone.get(&options)).await;
    assert!(browser.cookie("cloud").is_none());
    // One that was made to confirm, or to add, does not sign in.
    for path in ["/auth/sudo", "/auth/security/passkeys/new"] {
        let asked = ada.get(path).await;
        let (challenge, options) = ask(&ada, &asked).await;
        send(&browser, &page, &challenge, &phone.get(&options)).await;
        assert!(browser.cookie("cloud").is_none(), "{path}");
    }
    let (challenge, options) = ask(&browser, &page).await;
    house.later(SignedDuration::from_mins(5));
    send(&browser, &page, &challenge, &phone.get(&options)).await;
    assert!(browser.cookie("cloud").is_none(), "after five minutes");
    let (challenge, options) = ask(&browser, &page).await;
    house.later(SignedDuration::from_secs(299));
    send(&browser, &page, &challenge, &phone.get(&options)).await;
    assert!(browser.cookie("cloud").is_some(), "before");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_eight_times_the_same_answer_at_once_one_gets_in() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let mut phone = with_passkey(&ada).await;
    let browser = house.visitor();
    let page = browser.get(SIGN_IN).await;
    let (challenge, options) = ask(&browser, &page).await;
    let credential = phone.get(&options);
    let sent = (0..8).map(|_| send(&browser, &page, &challenge, &credential));
    let answers = futures_util::future::join_all(sent).await;
    let winners = answers
        .iter()
        .filter(|answer| answer.header("location") == "/auth/security");
    assert_eq!(winners.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_that_goes_back_is_refused_and_told() {
    let house = House::open().await;
    let post = Post::open(&house).await;
    let (subject, ada) = house.person("ada").await;
    let mut phone = with_passkey(&ada).await;
    let mut copy = phone.clone();
    for _ in 0..3 {
        let browser = house.visitor();
        sign_in(&browser, &mut phone).await;
        assert!(browser.cookie("cloud").is_some());
    }
    assert_refused(&house.visitor(), &mut copy, "behind").await;
    copy.counter = phone.counter - 1;
    assert_refused(&house.visitor(), &mut copy, "the same").await;
    assert_eq!(
        reasons(&house).await,
        ["passkey_counter", "passkey_counter"]
    );
    let audit = house.events::<AuditRecorded>("auth.audit").await;
    assert!(
        audit
            .iter()
            .any(|line| { line.reason == "passkey_counter" && line.subject_id == subject.user_id })
    );
    post.mail(
        "ada@example.org",
        "One of your passkeys may have been copied",
    )
    .await;
    let event: uuid::Uuid = house
        .sql()
        .await
        .query_one(
            "SELECT event_id FROM auth.sign_in_events WHERE reason = 'passkey_counter' LIMIT 1",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    let admin = house.administrator().await;
    let why = admin.get(&format!("/admin/auth/sign-ins/{event}")).await;
    assert!(why.body.contains("The counter of the passkey went back"));
    // The original goes on.
    let browser = house.visitor();
    sign_in(&browser, &mut phone).await;
    assert!(browser.cookie("cloud").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_disabled_is_told_what_everybody_is_told() {
    let house = House::open().await;
    let (subject, ada) = house.person("ada").await;
    let mut phone = with_passkey(&ada).await;
    let disabled = rpc::auth::v1::Subject {
        state: rpc::auth::v1::SubjectState::Disabled.into(),
        version: 2,
        ..subject
    };
    let put = rpc::auth::v1::PutSubjectRequest {
        subject: Some(disabled),
    };
    let accounts = house.rpc("accounts");
    accounts
        .put_subject(crate::house::call(), put)
        .await
        .unwrap();
    assert_refused(&house.visitor(), &mut phone, "disabled").await;
    assert_eq!(reasons(&house).await, ["disabled"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn challenges_are_long_new_counted_and_forgotten() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    with_passkey(&ada).await;
    let browser = house.visitor().at("198.51.100.7");
    let page = browser.get(SIGN_IN).await;
    let token = page.form("ui-passkey form");
    let token = token.value("csrf_token").unwrap();
    let mut seen = HashSet::new();
    let limited = loop {
        let answer = browser
            .post("/auth/passkeys/challenge", &[("csrf_token", token)])
            .await;
        if answer.status != 200 {
            break answer;
        }
        let body = answer.json();
        let challenge = body["options"]["challenge"].as_str().unwrap().to_owned();
        assert_eq!(URL_SAFE_NO_PAD.decode(&challenge).unwrap().len(), 32);
        assert_eq!(body["options"]["allowCredentials"], serde_json::json!([]));
        assert_eq!(body["options"]["userVerification"], "required");
        assert!(seen.insert(challenge));
        assert!(seen.len() <= 600, "never limited");
    };
    assert_eq!(limited.status, 429);
    assert!(!limited.header("retry-after").is_empty());
    assert_eq!(seen.len(), 600);
    let stored = async || -> i64 {
        let sql = house.sql().await;
        let row = sql
            .query_one("SELECT count(*) FROM auth.passkey_challenges", &[])
            .await;
        row.unwrap().get(0)
    };
    assert!(stored().await >= 600);
    // Whoever comes later sweeps up.
    house.later(SignedDuration::from_mins(5));
    let others = house.visitor();
    let page = others.get(SIGN_IN).await;
    for _ in 0..32 {
        ask(&others, &page).await;
    }
    assert_eq!(stored().await, 32);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_elsewhere_gets_no_challenge_and_signs_nobody_in() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let mut phone = with_passkey(&ada).await;
    let browser = house.visitor();
    let refused = browser.post("/auth/passkeys/challenge", &[]).await;
    assert_eq!(refused.status, 403);
    let page = browser.get(SIGN_IN).await;
    let (challenge, options) = ask(&browser, &page).await;
    let credential = phone.get(&options);
    let fields = [
        ("challenge", challenge.as_str()),
        ("credential", credential.as_str()),
    ];
    let refused = browser.post("/auth/passkeys/sign-in", &fields).await;
    assert_eq!(refused.status, 403);
    assert!(browser.cookie("cloud").is_none());
    // Passkeys need no Redis.
    let _: () = house.redis().await.flushall(false).await.unwrap();
    let answer = press(&browser, &page, &mut phone).await;
    assert_eq!(answer.header("location"), "/auth/security");
}
