//! What administrators see of guessing, and what they can do about it; what survives restarts.

use serde_json::Value;

use crate::house::{House, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn tries_are_counted_across_restarts_and_without_redis() {
    let house = House::open().await;
    house.administrator().await;
    let stranger = house.visitor().at("198.51.100.7");
    for number in 0..11 {
        stranger.sign_in("grace", &format!("guess {number}")).await;
    }
    house.redis.flush().await;
    let answer = stranger.sign_in("grace", PASSWORD).await;
    assert_eq!(answer.status, 429, "Redis is not what counts");
    let columns = house
        .sql()
        .await
        .query("SELECT guess_budgets::text FROM auth.guess_budgets", &[])
        .await
        .unwrap();
    assert!(columns.len() >= 3);
    for row in columns {
        let text: String = row.get(0);
        assert!(!text.contains("grace"), "nothing typed is stored: {text}");
    }
    let told: Value = house
        .sql()
        .await
        .query_one(
            "SELECT payload::text FROM auth.jobs WHERE kind = 'tell'",
            &[],
        )
        .await
        .unwrap()
        .get::<_, String>(0)
        .parse()
        .unwrap();
    assert_eq!(told["kind"], "auth.guessed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_network_is_shown_and_can_be_forgiven() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let attacker = house.visitor().at("198.51.100.7");
    for number in 0..101 {
        attacker.sign_in(&format!("name{number}"), "letmein").await;
    }
    let page = admin.get("/admin/auth/networks").await;
    page.assert_sound();
    assert!(page.body.contains("198.51.100.0/24"));
    let neighbour = house.visitor().at("198.51.100.8");
    assert_eq!(neighbour.sign_in("grace", PASSWORD).await.status, 429);
    let form = page.form("form[action='/admin/auth/networks/forgive']");
    assert_eq!(admin.submit(form).await.status, 303);
    neighbour.sign_in_well("grace").await;
    let page = admin.get("/admin/auth/networks").await;
    page.assert_sound();
    assert!(!page.body.contains("198.51.100.0/24"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_explains_itself() {
    let house = House::open().await;
    let admin = house.administrator().await;
    house.person("ada").await;
    let visitor = house.visitor().at("203.0.113.9");
    visitor.sign_in("ada", "not it").await;
    visitor.sign_in("nobody at all", "not it").await;
    let list = admin.get("/admin/auth/sign-ins").await;
    list.assert_sound();
    assert!(
        !list.body.contains("nobody at all"),
        "what was typed is not kept"
    );
    let sql = house.sql().await;
    for (reason, words) in [
        ("password", "the password did not fit"),
        ("unknown", "Nobody has the name"),
    ] {
        let id: uuid::Uuid = sql
            .query_one(
                "SELECT event_id FROM auth.sign_in_events WHERE reason = $1",
                &[&reason],
            )
            .await
            .unwrap()
            .get(0);
        let page = admin.get(&format!("/admin/auth/sign-ins/{id}")).await;
        page.assert_sound();
        assert!(page.body.contains(words), "{reason}: {}", page.body);
        assert!(page.body.contains("203.0.113.0/24"), "{reason}");
    }
    let nothing = admin
        .get(&format!("/admin/auth/sign-ins/{}", uuid::Uuid::now_v7()))
        .await;
    assert_eq!(nothing.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_ends_anybodys_session() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let (ada, visitor) = house.person("ada").await;
    let second = house.visitor();
    second.sign_in_well("ada").await;
    let page = admin.get("/admin/auth/sessions?q=ada").await;
    page.assert_sound();
    let people = page.text("table.table");
    assert!(people.contains("ada Example") && !people.contains("Grace Hopper"));
    let id = house
        .introspect(&visitor.session())
        .await
        .unwrap()
        .session_id;
    let path = format!("/admin/auth/people/{}/sessions/{id}/end", ada.user_id);
    let form = page.form(&format!("form[action='{path}']"));
    assert_eq!(admin.submit(form.clone()).await.status, 303);
    assert!(house.introspect(&visitor.session()).await.is_none());
    assert!(house.introspect(&second.session()).await.is_some());
    assert_eq!(admin.submit(form).await.status, 404);
    let all = format!("/admin/auth/people/{}/sessions/end", ada.user_id);
    let form = page.form(&format!("form[action='{all}']"));
    assert_eq!(admin.submit(form).await.status, 303);
    assert!(house.introspect(&second.session()).await.is_none());
    assert!(house.introspect(&admin.session()).await.is_some());
}
