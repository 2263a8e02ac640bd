//! Signing in.

use testkit::Page;

use crate::house::{House, PASSWORD, call, subject};

/// The page without what differs by request: the token of the form and the name that was typed.
fn comparable(page: &Page, login: &str) -> String {
    let token = page
        .form("#with-password")
        .value("csrf_token")
        .unwrap_or_default()
        .to_owned();
    page.body
        .replace(&token, "TOKEN")
        .replace(&format!("value=\"{login}\""), "value=\"LOGIN\"")
        .replace(&page.path(), "/auth/sign-in/HANDLE")
}

#[tokio::test(flavor = "multi_thread")]
async fn name_and_mail_address_both_sign_in() {
    let house = House::open().await;
    house.administrator().await;
    for login in [
        "grace",
        "GRACE",
        " grace ",
        "grace@example.org",
        "Grace@Example.ORG",
    ] {
        let visitor = house.visitor();
        visitor.sign_in_well(login).await;
        let found = house.introspect(&visitor.session()).await.unwrap();
        assert_eq!(found.subject.unwrap().username, "grace", "{login}");
        assert_eq!(found.factors, ["pwd"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_was_wrong_the_answer_is_the_same() {
    let house = House::open().await;
    house.administrator().await;
    let (mut disabled, _) = house.person("mallory").await;
    disabled.state = rpc::auth::v1::SubjectState::Disabled.into();
    disabled.version = 2;
    let put = rpc::auth::v1::PutSubjectRequest {
        subject: Some(disabled),
    };
    house
        .rpc("accounts")
        .put_subject(call(), put)
        .await
        .unwrap();
    house.invite(&subject("invited", 1)).await;

    let mut bodies = Vec::new();
    let cases = [
        ("grace", "not the password"),
        ("nobody", PASSWORD),
        ("mallory", PASSWORD),
        ("mallory", "not the password"),
        ("invited", PASSWORD),
        ("grace", "wet gravel under nine lamp"),
        ("grace", "Wet gravel under nine lamps"),
        ("grace", "wet gravel under nine lamps "),
    ];
    for (login, password) in cases {
        let visitor = house.visitor();
        let answer = visitor.sign_in(login, password).await;
        assert_eq!(answer.status, 422, "{login}");
        assert!(visitor.cookie("cloud").is_none(), "{login}: no session");
        assert_eq!(
            answer.attribute("#login", "value"),
            login,
            "what was typed is kept"
        );
        assert!(
            answer.attributes("#password", "value").is_empty(),
            "a password is never sent back"
        );
        answer.assert_sound();
        bodies.push(comparable(&answer, login));
    }
    for body in &bodies {
        assert_eq!(body, &bodies[0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_two_people_hold_signs_nobody_in() {
    let house = House::open().await;
    let (_, first) = house.person("twin").await;
    assert!(house.introspect(&first.session()).await.is_some());
    let mut second = subject("twin", 1);
    second.email = "other@example.org".to_owned();
    let path = house.invite(&second).await;
    house
        .visitor()
        .accept(&path, "quiet harbour at low tide")
        .await;
    assert_eq!(house.visitor().sign_in("twin", PASSWORD).await.status, 422);
    assert_eq!(
        house
            .visitor()
            .sign_in("twin@example.org", PASSWORD)
            .await
            .status,
        303
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_forms_token_nobody_signs_in() {
    let house = House::open().await;
    house.administrator().await;
    let visitor = house.visitor();
    let path = visitor.password_form("grace", "/app/x").await.action;
    let fields = [
        ("login", "grace"),
        ("password", PASSWORD),
        ("return_to", "/app/x"),
    ];
    let answer = visitor.post(path.path(), &fields).await;
    assert_eq!(answer.status, 403);
    assert!(visitor.cookie("cloud").is_none());
    assert_eq!(
        answer.attribute("#login", "value"),
        "grace",
        "what was typed is kept"
    );
    // The page that says so carries a fresh token: sending it again simply works.
    let form = answer.form("#with-password").with("password", PASSWORD);
    let answer = visitor.submit(form).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/app/x")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_visitors_token_is_refused() {
    let house = House::open().await;
    house.administrator().await;
    let (victim, attacker) = (house.visitor(), house.visitor());
    let foreign = attacker.password_form("grace", "/").await;
    victim.get("/auth/sign-in").await;
    let answer = victim.submit(foreign.with("password", PASSWORD)).await;
    assert_eq!(answer.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planted_cookie_is_never_adopted_and_each_sign_in_has_its_own() {
    let house = House::open().await;
    house.administrator().await;
    let planted = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let visitor = house.visitor();
    visitor.set_cookie("cloud", planted);
    visitor.sign_in_well("grace").await;
    let first = visitor.session();
    assert_ne!(first, planted);
    assert_eq!(first.len(), 43, "256 bits");
    assert!(house.introspect(planted).await.is_none());
    let other = house.visitor();
    other.sign_in_well("grace").await;
    assert_ne!(other.session(), first);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_bound_as_tightly_as_the_transport_allows() {
    for (url, expected) in [
        (
            "http://localhost:3000",
            ["cloud=", "; Path=/; HttpOnly; SameSite=Lax; Max-Age=604800"],
        ),
        (
            "https://cloud.example.org",
            [
                "__Host-cloud=",
                "; Path=/; HttpOnly; SameSite=Lax; Max-Age=604800; Secure",
            ],
        ),
    ] {
        let house = House::open_with(&[("APP_URL", url)]).await;
        let sql = house.sql().await;
        let path = testkit::until("a set-up link", async || {
            let text = std::fs::read_to_string(&house.link_file).ok()?;
            text.trim().strip_prefix(url).map(str::to_owned)
        })
        .await;
        let visitor = house.visitor().coming_from(url);
        let page = visitor.get(&path).await;
        let form = page
            .form(".plain-card form")
            .with("display_name", "Grace Hopper")
            .with("username", "grace")
            .with("email", "grace@example.org")
            .with("password", PASSWORD);
        let answer = visitor.submit(form).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let lines: Vec<&str> = answer
            .headers
            .get_all("set-cookie")
            .iter()
            .map(|line| line.to_str().unwrap())
            .collect();
        let session = lines
            .iter()
            .find(|line| line.starts_with(expected[0]))
            .unwrap();
        assert!(session.ends_with(expected[1]), "{session}");
        assert!(!session.contains("Domain"));
        let sessions: i64 = sql
            .query_one("SELECT count(*) FROM auth.sessions", &[])
            .await
            .unwrap()
            .get(0);
        assert_eq!(sessions, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_signed_in_goes_straight_on_and_late_tabs_do_too() {
    let house = House::open().await;
    let admin = house.administrator().await;
    let page = admin.get("/auth/sign-in?return_to=/app/hello").await;
    assert_eq!(
        (page.status.as_u16(), page.header("location")),
        (303, "/app/hello")
    );

    let visitor = house.visitor();
    let tab = visitor.password_form("grace", "/app/late").await;
    let fresh = visitor
        .get("/auth/sign-in?return_to=/app/fresh")
        .await
        .form(".plain-card form");
    visitor.sign_in_well("grace").await;
    let before = visitor.session();
    let shown = visitor.get(tab.action.path()).await;
    assert_eq!(
        (shown.status.as_u16(), shown.header("location")),
        (303, "/app/late")
    );
    let named = visitor.submit(fresh.with("login", "grace")).await;
    assert_eq!(
        (named.status.as_u16(), named.header("location")),
        (303, "/app/fresh")
    );
    let late = visitor.submit(tab.with("password", PASSWORD)).await;
    assert_eq!(
        (late.status.as_u16(), late.header("location")),
        (303, "/app/late")
    );
    assert_eq!(
        visitor.session(),
        before,
        "the session of the other tab goes on"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn empty_fields_are_named() {
    let house = House::open().await;
    house.administrator().await;
    let visitor = house.visitor();
    let form = visitor.get("/auth/sign-in").await.form(".plain-card form");
    let answer = visitor.submit(form.with("login", " ")).await;
    assert_eq!(answer.status, 422);
    assert!(answer.has("#login-error"));
    let answer = visitor.sign_in("grace", "").await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.attribute("#login", "value"), "grace");
    assert!(answer.has("#password-error"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hash_of_former_times_is_made_anew() {
    let house = House::open().await;
    house.administrator().await;
    let sql = house.sql().await;
    // The same password, hashed with a quarter of today's memory.
    let cheap = {
        use argon2::password_hash::PasswordHasher as _;
        let params = argon2::Params::new(4096, 1, 1, None).unwrap();
        let argon2 =
            argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        argon2
            .hash_password(PASSWORD.as_bytes())
            .unwrap()
            .to_string()
    };
    sql.execute("UPDATE auth.passwords SET phc = $1", &[&cheap])
        .await
        .unwrap();
    house.visitor().sign_in_well("grace").await;
    let phc: String = sql
        .query_one("SELECT phc FROM auth.passwords", &[])
        .await
        .unwrap()
        .get(0);
    assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
    house.visitor().sign_in_well("grace").await;
}
