//! PostgreSQL, the place of record: without it nobody gets in and nothing is acknowledged.

use reqwest::{Client, Method};
use rpc::auth::v1 as wire;
use testkit::{Form, Page, TestPostgres};

use crate::house::{House, PASSWORD, call};

/// What a person reads: plain, in the frame of the platform, with a time to come back.
fn is_plain(answer: &Page) {
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(!answer.header("retry-after").is_empty());
    answer.assert_sound();
    let text = answer.body.to_lowercase();
    for word in ["postgres", "sql", "connection", PASSWORD] {
        assert!(!text.contains(word), "{word} in {}", answer.body);
    }
}

async fn house() -> (TestPostgres, House) {
    let server = testkit::postgres_server().await;
    let house = House::open_on(&server.owner_url).await;
    (server, house)
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_in_and_what_was_typed_stays() {
    let (server, house) = house().await;
    house.administrator().await;
    let mut visitor = house.visitor();
    visitor.language = "de".to_owned();
    let named = visitor.get("/auth/sign-in").await;
    let named = named.form(".plain-card form").with("login", "grace");
    let password = visitor.password_form("grace", "/app/x").await;
    let password = password.with("password", PASSWORD);
    let forgotten = visitor.get("/auth/break-glass").await.form("#break-glass");
    let forgotten = forgotten
        .with("login", "grace")
        .with("code", "aaaa-bbbb-cccc-dddd");
    server.stop().await;

    for form in [&named, &password, &forgotten] {
        let answer = visitor.submit(form.clone()).await;
        is_plain(&answer);
        assert_eq!(answer.attribute("#login", "value"), "grace");
        assert!(answer.text("[role=alert]").contains("Warten Sie"));
        assert!(visitor.cookie("cloud").is_none());
        // What the person sends again, once more without PostgreSQL: the page it is on works.
        let secret = if answer.has("#password") {
            ("password", PASSWORD)
        } else {
            ("login", "grace")
        };
        let again = answer.form(".plain-card form").with(secret.0, secret.1);
        is_plain(&visitor.submit(again).await);
    }
    assert_eq!(
        visitor.get("/auth/sign-in").await.status,
        200,
        "the page itself is still there"
    );

    let last = visitor.submit(password).await;
    server.start().await;
    let again = last.form("#with-password").with("password", PASSWORD);
    testkit::eventually("sign-in works again", async || {
        let answer = visitor.submit(again.clone()).await;
        answer.status == 303 && answer.header("location") == "/app/x"
    })
    .await;
    assert!(house.introspect(&visitor.session()).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_administrator_types_only_the_password_again() {
    let (server, house) = house().await;
    let visitor = house.visitor();
    let path = house.setup_path("").await;
    let form = visitor.get(&path).await.form(".plain-card form");
    let form = form
        .with("display_name", "Grace Hopper")
        .with("username", "grace")
        .with("email", "grace@example.org")
        .with("password", PASSWORD);
    server.kill().await;
    let answer = visitor.submit(form).await;
    is_plain(&answer);
    let again = answer.form(".plain-card form");
    assert_eq!(again.value("display_name"), Some("Grace Hopper"));
    assert_eq!(again.value("email"), Some("grace@example.org"));
    server.start().await;
    testkit::eventually("there is an administrator", async || {
        let answer = visitor
            .submit(again.clone().with("password", PASSWORD))
            .await;
        answer.status == 303
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_out_that_did_not_happen_is_not_acknowledged() {
    let (server, house) = house().await;
    let admin = house.administrator().await;
    let cookie = admin.session();
    let phone = house.visitor();
    phone.sign_in_well("grace").await;
    let page = admin.get("/auth/security").await;
    let out: Form = page.form("form[action='/auth/sign-out']");
    let others: Form = page.form("form[action='/auth/security/sessions/end-others']");
    admin.be_remembered().await;
    server.kill().await;

    for form in [&out, &others] {
        is_plain(&admin.submit(form.clone()).await);
        assert_eq!(admin.session(), cookie, "the cookie stays with its session");
    }
    let api = api_end_others(&house, &admin.session_assertion()).await;
    assert_eq!(api.0, 503);
    assert_eq!(api.1["status"], 503);
    assert!(
        api.1["code"].is_string() && api.1["detail"].is_string(),
        "{}",
        api.1
    );

    server.start().await;
    admin.be_forgotten();
    testkit::eventually("sessions are known again", async || {
        ask(&house, &cookie).await.is_ok()
    })
    .await;
    for session in [&cookie, &phone.session()] {
        assert!(house.introspect(session).await.is_some(), "nothing ended");
    }
    let answer = admin.submit(out).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(house.introspect(&cookie).await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_is_refused_and_a_session_in_doubt_is_neither_alive_nor_dead() {
    let (server, house) = house().await;
    house.administrator().await;
    let (mut ada, browser) = house.person("ada").await;
    let cookie = browser.session();
    assert!(house.introspect(&cookie).await.is_some());
    house.redis.flush().await;
    server.kill().await;

    let doubt = ask(&house, &cookie).await;
    assert!(
        doubt.is_err(),
        "an answer would admit or sign out: {doubt:?}"
    );
    ada.state = wire::SubjectState::Disabled.into();
    ada.version = 2;
    let disable = wire::PutSubjectRequest {
        subject: Some(ada.clone()),
    };
    let end = wire::EndSessionsRequest {
        user_id: ada.user_id.clone(),
        session_id: String::new(),
    };
    let accounts = house.rpc("accounts");
    assert!(accounts.put_subject(call(), disable.clone()).await.is_err());
    assert!(accounts.end_sessions(call(), end).await.is_err());

    server.start().await;
    testkit::eventually("the session is known again", async || {
        matches!(ask(&house, &cookie).await, Ok(Some(_)))
    })
    .await;
    accounts.put_subject(call(), disable).await.unwrap();
    assert!(house.introspect(&cookie).await.is_none());
}

/// What a gateway hears, also when it hears nothing.
async fn ask(house: &House, cookie: &str) -> Result<Option<wire::Principal>, rpc::Error> {
    let request = wire::IntrospectRequest {
        session_token: cookie.to_owned(),
        ..wire::IntrospectRequest::default()
    };
    let answer = house.rpc("gateway").introspect(call(), request).await;
    answer.map(|answer| answer.principal)
}

async fn api_end_others(house: &House, assertion: &str) -> (u16, serde_json::Value) {
    let client = Client::builder().no_proxy().build().unwrap();
    let answer = client
        .request(
            Method::DELETE,
            format!("http://{}/api/auth/sessions", house.auth.http()),
        )
        .header("cloud-identity", assertion)
        .header("origin", crate::house::APP_URL)
        .header("sec-fetch-site", "same-origin")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    (answer.status().as_u16(), answer.json().await.unwrap())
}
