//! Sessions: how long they last, how they end, and what Redis has to do with it.

use fred::interfaces::{ClientLike, EventInterface, KeysInterface, PubsubInterface};
use jiff::SignedDuration;
use rpc::auth::v1 as wire;
use serde_json::{Value, json};

use crate::house::{House, PASSWORD, call};

/// Collects what gateways are told.
pub async fn revocations(house: &House) -> tokio::sync::mpsc::UnboundedReceiver<Value> {
    let config = fred::types::config::Config::from_url(&house.redis.url).unwrap();
    let client = fred::clients::SubscriberClient::new(config, None, None, None);
    client.init().await.unwrap();
    let mut messages = client.message_rx();
    client.subscribe("auth:revocations").await.unwrap();
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    house
        .host
        .lifecycle()
        .spawn("revocations of a test", async move {
            let _keep = client;
            while let Ok(message) = messages.recv().await {
                let text = message.value.convert::<String>().unwrap();
                if sender.send(serde_json::from_str(&text).unwrap()).is_err() {
                    break;
                }
            }
        });
    receiver
}

async fn session_id(house: &House, cookie: &str) -> String {
    house.introspect(cookie).await.unwrap().session_id
}

pub async fn copies(house: &House) -> Vec<String> {
    let redis = house.redis().await;
    let (_, keys): (String, Vec<String>) = redis
        .custom(
            fred::cmd!("SCAN"),
            vec!["0", "MATCH", "session:*", "COUNT", "1000"],
        )
        .await
        .unwrap();
    keys
}

/// Asks for a session until there is a copy of it, which is only made when Redis answers at once; tells its key.
pub async fn copied(house: &House, cookie: &str) -> String {
    testkit::until("the session is copied", async || {
        house.introspect(cookie).await.unwrap();
        copies(house).await.pop()
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_everywhere() {
    let house = House::open().await;
    let visitor = house.administrator().await;
    let cookie = visitor.session();
    let id = session_id(&house, &cookie).await;
    let mut told = revocations(&house).await;
    let answer = visitor.sign_out().await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/auth/sign-in")
    );
    assert!(visitor.cookie("cloud").is_none(), "the cookie is cleared");
    assert!(house.introspect(&cookie).await.is_none());
    let expected = json!({ "session": id });
    testkit::eventually("gateways are told", async || {
        told.recv().await.unwrap() == expected
    })
    .await;
    assert_eq!(copies(&house).await, Vec::<String>::new());
    // Once more from a page that was still open: nothing to end, no error.
    assert_eq!(visitor.post("/auth/sign-out", &[]).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_needs_the_forms_token_and_a_post() {
    let house = House::open().await;
    let visitor = house.administrator().await;
    assert_eq!(visitor.post("/auth/sign-out", &[]).await.status, 403);
    assert_eq!(visitor.get("/auth/sign-out").await.status, 405);
    assert!(house.introspect(&visitor.session()).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_and_old_sessions_end() {
    let house = House::open().await;
    let (_, visitor) = house.person("ada").await;
    let cookie = visitor.session();
    for _ in 0..15 {
        house.later(SignedDuration::from_hours(11));
        assert!(
            house.introspect(&cookie).await.is_some(),
            "a session in use goes on"
        );
    }
    house.later(SignedDuration::from_hours(4));
    assert!(
        house.introspect(&cookie).await.is_none(),
        "seven days are over"
    );

    visitor.sign_in_well("ada").await;
    let cookie = visitor.session();
    house.later(SignedDuration::from_secs(12 * 3600 - 1));
    assert!(house.introspect(&cookie).await.is_some());
    house.later(SignedDuration::from_hours(12));
    assert!(
        house.introspect(&cookie).await.is_none(),
        "twelve hours without use"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_use_is_written_once_a_minute() {
    let house = House::open().await;
    let visitor = house.administrator().await;
    let cookie = visitor.session();
    let sql = house.sql().await;
    let version = async || -> String {
        sql.query_one("SELECT xmin::text FROM auth.sessions", &[])
            .await
            .unwrap()
            .get(0)
    };
    let before = version().await;
    for _ in 0..5 {
        house.later(SignedDuration::from_secs(10));
        house.introspect(&cookie).await.unwrap();
    }
    assert_eq!(
        version().await,
        before,
        "within a minute nothing is written"
    );
    house.later(SignedDuration::from_secs(10));
    house.introspect(&cookie).await.unwrap();
    assert_ne!(version().await, before);
    let seen: jiff::Timestamp = sql
        .query_one("SELECT last_seen_at FROM auth.sessions", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(seen, house.now());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_cookie_is_nothing_and_no_error() {
    let house = House::open().await;
    let visitor = house.administrator().await;
    let cookie = visitor.session();
    let mut changed = cookie.clone().into_bytes();
    changed[10] = if changed[10] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).unwrap();
    for bad in [
        changed.as_str(),
        "",
        "x",
        &"A".repeat(10_000),
        "\u{0}",
        &cookie[1..],
    ] {
        assert!(house.introspect(bad).await.is_none(), "{bad:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn losing_redis_signs_nobody_out_and_revives_nothing() {
    let house = House::open().await;
    let (admin, ended) = (house.administrator().await, house.visitor());
    ended.sign_in_well("grace").await;
    let dead = ended.session();
    testkit::eventually("both sessions are copied", async || {
        house.introspect(&dead).await.unwrap();
        house.introspect(&admin.session()).await.unwrap();
        copies(&house).await.len() == 2
    })
    .await;

    // While Redis is away one of them ends: nobody can tell Redis.
    house.redis.pause().await;
    let sql = house.sql().await;
    let who = house.sql().await;
    let id: uuid::Uuid =
        who.query_one("SELECT session_id FROM auth.sessions ORDER BY created_at DESC, session_id DESC LIMIT 1", &[]).await.unwrap().get(0);
    sql.execute(
        "UPDATE auth.sessions SET ended_at = $2, end_reason = 'ended_by_owner' WHERE session_id = $1",
        &[&id, &house.now()],
    )
    .await
    .unwrap();
    house.redis.resume().await;
    testkit::eventually(
        "the ended session is gone although its copy survived",
        async || house.introspect(&dead).await.is_none(),
    )
    .await;

    house.redis.flush().await;
    assert!(
        house.introspect(&admin.session()).await.is_some(),
        "wiping Redis signs nobody out"
    );
    assert!(
        house.introspect(&dead).await.is_none(),
        "and revives nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_from_a_backup_revives_nothing() {
    let house = House::open().await;
    let visitor = house.administrator().await;
    let cookie = visitor.session();
    let key = copied(&house, &cookie).await;
    let redis = house.redis().await;
    let owner_key = key
        .splitn(3, ':')
        .nth(2)
        .map(|hash| format!("session-owner:{hash}"))
        .unwrap();
    let (copy, owner): (String, String) = (
        redis.get(&key).await.unwrap(),
        redis.get(&owner_key).await.unwrap(),
    );
    visitor.sign_out().await;
    assert!(house.introspect(&cookie).await.is_none());
    // Redis comes back with what it knew before.
    redis
        .set::<(), _, _>(&key, copy, None, None, false)
        .await
        .unwrap();
    redis
        .set::<(), _, _>(&owner_key, owner, None, None, false)
        .await
        .unwrap();
    assert!(house.introspect(&cookie).await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_in_one_instance_is_known_in_the_other() {
    let house = House::open().await;
    let visitor = house.administrator().await;
    let cookie = visitor.session();
    let other = house.another_instance().await;
    for _ in 0..4 {
        assert!(house.introspect(&cookie).await.is_some());
    }
    visitor.sign_out().await;
    for _ in 0..8 {
        assert!(
            house.introspect(&cookie).await.is_none(),
            "whichever instance answers"
        );
    }
    other.stop();
    other.stopped().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_see_and_end_their_own_sessions() {
    let house = House::open().await;
    let (subject, here) = house.person("ada").await;
    let mut phone = house.visitor().at("2001:db8::7");
    phone.agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1".to_owned();
    phone.sign_in_well("ada").await;

    let page = here.get("/auth/security").await;
    page.assert_sound();
    let rows = page.texts("tbody tr");
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(
        rows[0].contains("Firefox on Linux")
            && rows[0].contains("This browser")
            && rows[0].contains("192.0.2.10"),
        "{rows:?}"
    );
    assert!(
        rows[1].contains("Safari on iPhone")
            && rows[1].contains("2001:db8::7")
            && !rows[1].contains("This browser"),
        "{rows:?}"
    );

    let end = page.form("tbody tr:nth-child(2) form");
    let answer = here.submit(end).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/auth/security")
    );
    assert!(house.introspect(&phone.session()).await.is_none());
    assert!(house.introspect(&here.session()).await.is_some());
    assert_eq!(here.get("/auth/security").await.count("tbody tr"), 1);
    assert_eq!(
        phone.get("/auth/security").await.header("location"),
        "/auth/sign-in?return_to=/auth/security"
    );

    let listed = house
        .rpc("accounts")
        .list_sessions(
            call(),
            wire::ListSessionsRequest {
                user_id: subject.user_id,
            },
        )
        .await
        .unwrap();
    assert_eq!(listed.sessions.len(), 1);
    assert_eq!(listed.sessions[0].device, "Firefox on Linux");
}

#[tokio::test(flavor = "multi_thread")]
async fn ending_the_others_leaves_this_one() {
    let house = House::open().await;
    let (_, here) = house.person("ada").await;
    let others = [house.visitor(), house.visitor(), house.visitor()];
    for other in &others {
        other.sign_in_well("ada").await;
    }
    let page = here.get("/auth/security").await;
    let answer = here.submit(page.form("form[action$='end-others']")).await;
    assert_eq!(answer.status, 303);
    for other in &others {
        assert!(house.introspect(&other.session()).await.is_none());
    }
    let page = here.get("/auth/security").await;
    assert_eq!(page.count("tbody tr"), 1);
    assert!(
        !page.has("form[action$='end-others']"),
        "nothing left to end, no button"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn ending_this_session_signs_out() {
    let house = House::open().await;
    let (_, here) = house.person("ada").await;
    let cookie = here.session();
    let page = here.get("/auth/security").await;
    let answer = here.submit(page.form("tbody tr form")).await;
    assert_eq!(answer.header("location"), "/auth/sign-in");
    assert!(here.cookie("cloud").is_none());
    assert!(house.introspect(&cookie).await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_session_is_not_found() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let (_, bob) = house.person("bob").await;
    let id = session_id(&house, &bob.session()).await;
    let token = ada
        .get("/auth/security")
        .await
        .form("tbody tr form")
        .value("csrf_token")
        .unwrap()
        .to_owned();
    for path in [
        format!("/auth/security/sessions/{id}/end"),
        "/auth/security/sessions/0199c2f0-7d4e-7000-8000-000000000009/end".to_owned(),
    ] {
        assert_eq!(
            ada.post(&path, &[("csrf_token", &token)]).await.status,
            404,
            "{path}"
        );
    }
    let path = format!("/auth/security/sessions/{id}/end");
    assert_eq!(
        bob.post(&path, &[("csrf_token", &token)]).await.status,
        403,
        "a token of another session"
    );
    assert!(house.introspect(&bob.session()).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_sign_in_in_the_same_browser_leaves_nothing_behind() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let before = ada.session();
    let page = ada.get("/auth/sudo?return_to=/admin/settings").await;
    page.assert_sound();
    let wrong = ada
        .submit(
            page.form(".plain-card form")
                .with("password", "not the password"),
        )
        .await;
    assert_eq!(wrong.status, 422);
    assert!(house.introspect(&before).await.is_some());
    house.later(SignedDuration::from_mins(11));
    let page = ada.get("/auth/sudo?return_to=/admin/settings").await;
    let answer = ada
        .submit(page.form(".plain-card form").with("password", PASSWORD))
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/admin/settings")
    );
    assert_ne!(ada.session(), before, "stepping up has a new id");
    assert!(
        house.introspect(&before).await.is_none(),
        "and the old one is dead"
    );
    let found = house.introspect(&ada.session()).await.unwrap();
    assert_eq!(found.authenticated_at, house.now().as_second());
}
