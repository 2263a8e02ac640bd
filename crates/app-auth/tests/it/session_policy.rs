//! How long sessions last, and what ends all of them at once.

use fred::interfaces::KeysInterface;
use jiff::SignedDuration;
use rpc::auth::v1 as wire;

use crate::house::{House, PASSWORD, call};
use crate::visitor::Visitor;

/// Signs in on a device that is to be remembered.
async fn remembered(house: &House, login: &str) -> String {
    let visitor = house.visitor();
    let answer = sign_in_remembered(&visitor, login).await;
    assert!(
        answer.contains("Max-Age=2592000"),
        "thirty days in the browser too: {answer}"
    );
    visitor.session()
}

async fn sign_in_remembered(visitor: &Visitor<'_>, login: &str) -> String {
    let page = visitor.get("/auth/sign-in").await;
    let form = page.form(".plain-card form");
    let named = visitor
        .submit(form.with("login", login).with("remember", "on"))
        .await;
    let page = visitor.get(named.header("location")).await;
    let answer = visitor
        .submit(page.form("#with-password").with("password", PASSWORD))
        .await;
    let lines = answer.headers.get_all("set-cookie");
    let found = lines
        .iter()
        .map(|line| line.to_str().unwrap())
        .find(|line| line.starts_with("cloud="));
    found.unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_remembered_device_stays_for_a_month_but_proves_itself_like_any() {
    let house = House::open().await;
    house.administrator().await;
    let usual = house.visitor();
    usual.sign_in_well("grace").await;
    let cookie = remembered(&house, "grace").await;
    house.later(SignedDuration::from_hours(13));
    assert!(house.introspect(&usual.session()).await.is_none());
    assert!(house.introspect(&cookie).await.is_some(), "not idle");
    let visitor = house.visitor();
    visitor.set_cookie("cloud", &cookie);
    let answer = visitor.get("/auth/security/keys/new").await;
    assert!(
        answer.header("location").starts_with("/auth/sudo"),
        "ten minutes are ten minutes"
    );
    house.later(SignedDuration::from_hours(30 * 24 - 14));
    assert!(house.introspect(&cookie).await.is_some());
    house.later(SignedDuration::from_hours(1));
    assert!(house.introspect(&cookie).await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn stepping_up_keeps_a_device_as_remembered_as_it_was() {
    let house = House::open().await;
    house.administrator().await;
    for (remember, alive) in [(true, true), (false, false)] {
        let visitor = house.visitor();
        if remember {
            sign_in_remembered(&visitor, "grace").await;
        } else {
            visitor.sign_in_well("grace").await;
            visitor.set_cookie("cloud_remember", "1");
        }
        let page = visitor.get("/auth/sudo").await;
        let form = page.form(".plain-card form").with("password", PASSWORD);
        assert_eq!(visitor.submit(form).await.status, 303);
        house.later(SignedDuration::from_hours(13));
        let found = house.introspect(&visitor.session()).await;
        assert_eq!(found.is_some(), alive, "remembered: {remember}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_generation_ends_all_sessions_of_a_person_and_redis_obeys() {
    let house = House::open().await;
    let (ada, first) = house.person("ada").await;
    let (_, bob) = house.person("bob").await;
    let second = house.visitor();
    second.sign_in_well("ada").await;
    let cookies = [first.session(), second.session()];
    for cookie in &cookies {
        assert!(house.introspect(cookie).await.is_some());
    }
    let hash = {
        use base64::Engine as _;
        use sha2::Digest as _;
        let base64 = base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let token = base64.decode(&cookies[0]).unwrap();
        base64.encode(sha2::Sha256::digest(token))
    };
    let key = format!("session:{}:{hash}", ada.user_id);
    let redis = house.redis().await;
    // What was read while something else ended is not copied; the next reading is.
    let copy = testkit::until("a copy of the session", async || {
        house.introspect(&cookies[0]).await?;
        let copy: Option<String> = redis.get(&key).await.unwrap();
        copy
    })
    .await;

    // The number alone: no row of a session is touched, as in a restored backup.
    let sql = house.sql().await;
    let user: uuid::Uuid = ada.user_id.parse().unwrap();
    sql.execute(
        "UPDATE auth.subjects SET session_generation = session_generation + 1, changed_at = $2 WHERE user_id = $1",
        &[&user, &house.now()],
    )
    .await
    .unwrap();
    for cookie in &cookies {
        testkit::eventually("the generation is over", async || {
            house.introspect(cookie).await.is_none()
        })
        .await;
    }
    // A copy that comes back, and a Redis without any: neither revives, nobody else is signed out.
    redis
        .set::<(), _, _>(&key, copy, None, None, false)
        .await
        .unwrap();
    assert!(house.introspect(&cookies[0]).await.is_none());
    house.redis.flush().await;
    for cookie in &cookies {
        assert!(house.introspect(cookie).await.is_none());
    }
    assert!(house.introspect(&bob.session()).await.is_some());
    second.sign_in_well("ada").await;
    assert!(house.introspect(&second.session()).await.is_some());
    assert_eq!(
        second
            .get("/auth/security")
            .await
            .count("#sessions tbody tr"),
        1,
        "what does not count is not listed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_begun_while_all_were_ended_does_not_count() {
    let house = House::open().await;
    let (ada, visitor) = house.person("ada").await;
    let user: uuid::Uuid = ada.user_id.parse().unwrap();
    let before = house.introspect(&visitor.session()).await.unwrap();
    let sql = house.sql().await;
    let generation = async || -> i64 {
        sql.query_one(
            "SELECT session_generation FROM auth.subjects WHERE user_id = $1",
            &[&user],
        )
        .await
        .unwrap()
        .get(0)
    };
    let begun_in = generation().await;
    house
        .rpc("cloud")
        .end_sessions(
            call(),
            wire::EndSessionsRequest {
                user_id: ada.user_id.clone(),
                session_id: String::new(),
            },
        )
        .await
        .unwrap();
    // As if that had not seen the row: it was written by a transaction that committed later.
    let revived = sql
        .execute(
            "UPDATE auth.sessions SET ended_at = NULL, end_reason = NULL WHERE session_id = $1",
            &[&before.session_id.parse::<uuid::Uuid>().unwrap()],
        )
        .await
        .unwrap();
    assert_eq!(revived, 1);
    house.redis.flush().await;
    let other = house.another_instance().await;
    for _ in 0..4 {
        assert!(house.introspect(&visitor.session()).await.is_none());
    }
    assert_eq!(generation().await, begun_in + 1);
    other.stop();
    other.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_do_more_signs_in_anew() {
    let house = House::open().await;
    let (mut ada, visitor) = house.person("ada").await;
    let cookie = visitor.session();
    assert!(house.introspect(&cookie).await.is_some());
    ada.state = wire::SubjectState::Active.into();
    ada.version = 2;
    "Ada Renamed".clone_into(&mut ada.display_name);
    let put = |subject: &wire::Subject| wire::PutSubjectRequest {
        subject: Some(subject.clone()),
    };
    let accounts = house.rpc("accounts");
    accounts.put_subject(call(), put(&ada)).await.unwrap();
    assert!(
        house.introspect(&cookie).await.is_some(),
        "a new name changes no rights"
    );
    ada.version = 3;
    ada.role = wire::Role::Guest.into();
    accounts.put_subject(call(), put(&ada)).await.unwrap();
    assert!(
        house.introspect(&cookie).await.is_some(),
        "less is obeyed at the next request"
    );
    ada.version = 4;
    ada.role = wire::Role::Admin.into();
    accounts.put_subject(call(), put(&ada)).await.unwrap();
    assert!(house.introspect(&cookie).await.is_none());
    visitor.sign_in_well("ada").await;
    assert_ne!(visitor.session(), cookie);
    let role = house.introspect(&visitor.session()).await.unwrap();
    assert_eq!(role.subject.unwrap().role(), wire::Role::Admin);
}
