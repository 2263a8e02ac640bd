//! Dependencies that go away.

use crate::house::{House, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_people_sign_in_stay_and_sign_out() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let assertion = house.assertion(&admin.session()).await.unwrap();
    let cookie = admin.session();
    house.redis.pause().await;
    let visitor = house.visitor();
    let answer = visitor.sign_in("grace", PASSWORD).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let page = client
        .get(format!("http://{}/auth/security", house.auth.http()))
        .header("cloud-identity", &assertion)
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 200, "sessions are listed from PostgreSQL");
    house.redis.resume().await;
    testkit::eventually("both sessions are live", async || {
        house.introspect(&cookie).await.is_some()
            && house.introspect(&visitor.session()).await.is_some()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_postgresql_sign_in_fails_closed_and_recovers() {
    let server = testkit::postgres_server().await;
    let house = House::open_on(&server.owner_url).await;
    house.administrator().await;
    let visitor = house.visitor();
    let form = visitor.password_form("grace", "/").await;
    let form = form.with("password", PASSWORD);
    server.stop().await;
    let answer = visitor.submit(form.clone()).await;
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(!answer.header("retry-after").is_empty());
    assert!(
        !answer.body.contains("postgres") && !answer.body.contains("SQL"),
        "a plain message"
    );
    answer.assert_sound();
    assert!(visitor.cookie("cloud").is_none());
    assert_eq!(
        visitor.get("/auth/sign-in").await.status,
        200,
        "the page itself is still there"
    );
    server.start().await;
    testkit::eventually("sign-in works again", async || {
        visitor.submit(form.clone()).await.status == 303
    })
    .await;
}
