//! Programs without a browser that are let in by somebody who has one (RFC 8628).

use jiff::SignedDuration;
use rpc::auth::v1 as wire;
use serde_json::{Value, json};
use testkit::Page;

use crate::house::{House, call};
use crate::visitor::Visitor;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A program on a machine without a browser.
struct Program<'h> {
    house: &'h House,
    client: reqwest::Client,
    address: String,
}

/// What it was answered at first.
struct Begun {
    device_code: String,
    user_code: String,
    complete: String,
}

impl<'h> Program<'h> {
    fn on(house: &'h House) -> Self {
        Self {
            house,
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            address: "192.0.2.40".to_owned(),
        }
    }

    fn at(mut self, address: &str) -> Self {
        address.clone_into(&mut self.address);
        self
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (u16, Value) {
        let answer = self
            .client
            .post(format!("http://{}{path}", self.house.auth.http()))
            .header("x-forwarded-for", &self.address)
            .form(fields)
            .send()
            .await
            .unwrap();
        let status = answer.status().as_u16();
        if status != 429 {
            let kept = answer.headers().get("cache-control").unwrap();
            assert!(kept.to_str().unwrap().contains("no-store"));
        }
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or_default())
    }

    async fn begin(&self) -> Begun {
        let fields = [("host", "laptop"), ("scope", "identity:read keys:read")];
        let (status, answer) = self.post("/api/auth/device", &fields).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(
            (&answer["expires_in"], &answer["interval"]),
            (&json!(600), &json!(5))
        );
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        assert_eq!(
            text("verification_uri"),
            format!("{}/auth/device", testkit::APP_URL)
        );
        let complete = text("verification_uri_complete");
        Begun {
            device_code: text("device_code"),
            user_code: text("user_code"),
            complete: complete.strip_prefix(testkit::APP_URL).unwrap().to_owned(),
        }
    }

    async fn look(&self, begun: &Begun) -> (u16, Value) {
        let fields = [("grant_type", GRANT), ("device_code", &begun.device_code)];
        self.post("/api/auth/device/token", &fields).await
    }

    /// The error of a look that comes in time.
    async fn told(&self, begun: &Begun) -> String {
        self.house.later(SignedDuration::from_secs(5));
        let (status, answer) = self.look(begun).await;
        assert_eq!(status, 400, "{answer}");
        assert!(!answer["error_description"].as_str().unwrap().is_empty());
        answer["error"].as_str().unwrap().to_owned()
    }

    async fn is_given(&self, begun: &Begun) -> String {
        self.house.later(SignedDuration::from_secs(5));
        let (status, answer) = self.look(begun).await;
        assert_eq!(status, 200, "{answer}");
        answer["access_token"].as_str().unwrap().to_owned()
    }
}

impl Visitor<'_> {
    async fn type_code(&self, code: &str) -> Page {
        let page = self.get("/auth/device").await;
        assert_eq!(page.status, 200, "{}", page.body);
        self.submit(page.form("#device").with("user_code", code))
            .await
    }

    /// Decides on the page that shows what asks.
    async fn decide(&self, code: &str, decision: &str) -> Page {
        let page = self.type_code(code).await;
        assert_eq!(page.status, 200, "{}", page.body);
        self.submit(page.form("#decide").with("decision", decision))
            .await
    }
}

async fn count_of_keys(house: &House) -> i64 {
    let sql = house.sql().await;
    let row = sql.query_one("SELECT count(*) FROM auth.api_keys", &[]);
    row.await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_gets_a_key_of_whoever_lets_it_in_once() {
    let house = House::open().await;
    let (ada, visitor) = house.person("ada").await;
    let program = Program::on(&house);
    let begun = program.begin().await;
    assert_eq!(program.told(&begun).await, "authorization_pending");

    let page = visitor.get(&begun.complete).await;
    page.assert_sound();
    assert_eq!(page.attribute("#user_code", "value"), begun.user_code);
    assert_eq!(
        program.told(&begun).await,
        "authorization_pending",
        "an address decides nothing"
    );
    let page = visitor.submit(page.form("#device")).await;
    page.assert_sound();
    for shown in [
        "laptop",
        "192.0.2.40",
        "identity:read keys:read",
        "cloud on laptop",
        "ada",
    ] {
        assert!(page.text("dl").contains(shown), "{shown}: {}", page.body);
    }
    assert!(
        !page.has(".alert[data-tone='danger']"),
        "it is the same network"
    );
    assert_eq!(
        program.told(&begun).await,
        "authorization_pending",
        "looking decides nothing"
    );
    let decided = visitor
        .submit(page.form("#decide").with("decision", "approve"))
        .await;
    assert_eq!(
        (decided.status.as_u16(), decided.header("location")),
        (303, "/auth/security/keys")
    );

    assert_eq!(
        count_of_keys(&house).await,
        0,
        "nothing that opens anything lies about"
    );
    house.later(SignedDuration::from_secs(5));
    let (status, answer) = program.look(&begun).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["scope"], "identity:read keys:read");
    assert_eq!(answer["expires_in"], 90 * 24 * 3600);
    let key = answer["access_token"].as_str().unwrap();
    assert!(key.starts_with("cloud_pat_"));
    let found = house.recognise(key, "").await.unwrap();
    assert_eq!(found.subject.unwrap().user_id, ada.user_id);
    assert!(
        visitor
            .get("/auth/security/keys")
            .await
            .body
            .contains("cloud on laptop")
    );

    assert_eq!(
        program.told(&begun).await,
        "invalid_grant",
        "a code is for one use"
    );
    assert_eq!(visitor.type_code(&begun.user_code).await.status, 422);
    assert_eq!(count_of_keys(&house).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_opens_nothing_and_what_happened_is_told() {
    let house = House::open().await;
    let (ada, visitor) = house.person("ada").await;
    let program = Program::on(&house);
    let begun = program.begin().await;
    visitor.decide(&begun.user_code, "approve").await;
    program.is_given(&begun).await;
    let sql = house.sql().await;
    let stored: String = sql
        .query_one("SELECT device_grants::text FROM auth.device_grants", &[])
        .await
        .unwrap()
        .get(0);
    for secret in [
        &begun.device_code,
        &begun.user_code,
        &begun.user_code.replace('-', ""),
    ] {
        assert!(!stored.contains(secret.as_str()), "{stored}");
    }
    let told: i64 = sql
        .query_one(
            "SELECT count(*) FROM auth.jobs WHERE kind IN ('factor_changed', 'factor_mail') AND payload::text LIKE '%device_connected%' AND payload::text LIKE '%laptop%'",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(told, 2, "by the bell and by mail");
    let lines: Vec<rpc::events::auth::AuditRecorded> = house.events(rpc::events::auth::AUDIT).await;
    for action in ["device.approve", "key.create"] {
        let line = lines.iter().find(|line| line.action == action);
        assert_eq!(line.unwrap().actor_id, ada.user_id, "{action}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_is_told_and_lasts() {
    let house = House::open().await;
    let (_, visitor) = house.person("ada").await;
    let program = Program::on(&house);
    // A decision that is not a clear yes is no.
    for decision in ["deny", "", "perhaps"] {
        let begun = program.begin().await;
        assert_eq!(visitor.decide(&begun.user_code, decision).await.status, 303);
        assert_eq!(program.told(&begun).await, "access_denied", "{decision:?}");
        assert_eq!(visitor.type_code(&begun.user_code).await.status, 422);
        assert_eq!(program.told(&begun).await, "access_denied", "{decision:?}");
    }
    assert_eq!(count_of_keys(&house).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_ten_minutes_it_is_too_late_and_then_forgotten() {
    let house = House::open().await;
    let (_, visitor) = house.person("ada").await;
    let program = Program::on(&house);
    let (waiting, approved) = (program.begin().await, program.begin().await);
    visitor.decide(&approved.user_code, "approve").await;
    house.later(SignedDuration::from_mins(10));
    let visitor = house.visitor();
    visitor.sign_in_well("ada").await;
    assert_eq!(visitor.type_code(&waiting.user_code).await.status, 422);
    for begun in [&waiting, &approved] {
        assert_eq!(program.told(begun).await, "expired_token");
    }
    assert_eq!(count_of_keys(&house).await, 0);
    house.later(SignedDuration::from_mins(20));
    testkit::eventually("they are forgotten", async || {
        let sql = house.sql().await;
        let row = sql.query_one("SELECT count(*) FROM auth.device_grants", &[]);
        row.await.unwrap().get::<_, i64>(0) == 0
    })
    .await;
    assert_eq!(program.told(&waiting).await, "invalid_grant");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_too_often_has_to_wait_longer_each_time() {
    let house = House::open().await;
    let (_, visitor) = house.person("ada").await;
    let program = Program::on(&house);
    let begun = program.begin().await;
    assert_eq!(program.told(&begun).await, "authorization_pending");
    house.later(SignedDuration::from_secs(4));
    assert_eq!(program.look(&begun).await.1["error"], "slow_down");
    // Five seconds are not enough any more, and it is not let in early either.
    visitor.decide(&begun.user_code, "approve").await;
    assert_eq!(program.told(&begun).await, "slow_down");
    house.later(SignedDuration::from_secs(10));
    program.is_given(&begun).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_codes_and_then_a_wait() {
    let house = House::open().await;
    let (_, ada) = house.person("ada").await;
    let (_, bob) = house.person("bob").await;
    let program = Program::on(&house);
    // Right ones do not count.
    for _ in 0..3 {
        let begun = program.begin().await;
        ada.decide(&begun.user_code, "deny").await;
    }
    let begun = program.begin().await;
    for wrong in ["BCDF-GHJK", "bcdfghjl", "no code", "", "12345678"] {
        let page = ada.type_code(wrong).await;
        assert_eq!(page.status, 422, "{wrong}");
        page.assert_sound();
        assert!(page.has("#user_code-error"), "{wrong}");
        assert_eq!(
            page.attribute("#user_code", "value"),
            wrong,
            "what was typed is kept"
        );
    }
    let limited = ada.type_code(&begun.user_code).await;
    assert_eq!(
        (limited.status.as_u16(), limited.header("retry-after")),
        (429, "60")
    );
    limited.assert_sound();
    // Neither by the form behind it, nor by a lost Redis.
    house.redis.flush().await;
    let form = limited.form("#device");
    let token = form.value("csrf_token").unwrap();
    let fields = [
        ("csrf_token", token),
        ("user_code", &begun.user_code),
        ("decision", "approve"),
    ];
    assert_eq!(ada.post("/auth/device/decide", &fields).await.status, 429);
    assert_eq!(program.told(&begun).await, "authorization_pending");
    assert_eq!(
        bob.decide(&begun.user_code, "approve").await.status,
        303,
        "others are not concerned"
    );

    house.later(SignedDuration::from_mins(1));
    let begun = program.begin().await;
    let typed = begun.user_code.to_lowercase().replace('-', " ");
    assert_eq!(ada.decide(&typed, "approve").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_of_who_said_yes_and_nobody_can_say_it_after_them() {
    let house = House::open().await;
    let (ada, first) = house.person("ada").await;
    let (_, second) = house.person("bob").await;
    let program = Program::on(&house);
    let begun = program.begin().await;
    let (one, other) = (
        first.type_code(&begun.user_code).await,
        second.type_code(&begun.user_code).await,
    );
    let form = |page: &Page, decision: &str| page.form("#decide").with("decision", decision);
    assert_eq!(first.submit(form(&one, "approve")).await.status, 303);
    for decision in ["approve", "deny"] {
        assert_eq!(second.submit(form(&other, decision)).await.status, 422);
    }
    let key = program.is_given(&begun).await;
    let found = house.recognise(&key, "").await.unwrap();
    assert_eq!(found.subject.unwrap().user_id, ada.user_id);

    // Whoever may not act any more when the program comes gives it nothing.
    let begun = program.begin().await;
    first.decide(&begun.user_code, "approve").await;
    let disabled = wire::Subject {
        state: wire::SubjectState::Disabled.into(),
        version: 2,
        ..ada
    };
    let put = wire::PutSubjectRequest {
        subject: Some(disabled),
    };
    house
        .rpc("accounts")
        .put_subject(call(), put)
        .await
        .unwrap();
    assert_eq!(program.told(&begun).await, "access_denied");
}

#[tokio::test(flavor = "multi_thread")]
async fn deciding_needs_the_form_of_this_site_and_a_recent_sign_in() {
    let house = House::open().await;
    let (_, visitor) = house.person("ada").await;
    let program = Program::on(&house);
    let begun = program.begin().await;
    let yes = [
        ("user_code", begun.user_code.as_str()),
        ("decision", "approve"),
    ];
    for path in ["/auth/device", "/auth/device/decide"] {
        assert_eq!(
            visitor.post(path, &yes).await.status,
            403,
            "{path} without the token"
        );
        let forged = [&yes[..], &[("csrf_token", "0123456789abcdef")]].concat();
        assert_eq!(visitor.post(path, &forged).await.status, 403, "{path}");
    }
    let nobody = house.visitor().get(&begun.complete).await;
    let place = format!(
        "/auth/sign-in?return_to=/auth/device%3Fuser_code%3D{}",
        begun.user_code
    );
    assert_eq!(
        (nobody.status.as_u16(), nobody.header("location")),
        (303, place.as_str())
    );

    let page = visitor.type_code(&begun.user_code).await;
    house.later(SignedDuration::from_mins(11));
    let late = program.begin().await;
    let decision = page
        .form("#decide")
        .with("user_code", &late.user_code)
        .with("decision", "approve");
    for (answer, status, to) in [
        (visitor.get(&late.complete).await, 303, "/auth/sudo?"),
        (visitor.submit(decision).await, 307, "/auth/held-forms?"),
    ] {
        assert_eq!(answer.status, status);
        assert!(
            answer.header("location").starts_with(to),
            "{}",
            answer.header("location")
        );
    }
    assert_eq!(program.told(&late).await, "authorization_pending");
    assert_eq!(count_of_keys(&house).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_from_elsewhere_is_shown_as_one() {
    let house = House::open().await;
    let (_, visitor) = house.person("ada").await;
    let begun = Program::on(&house).at("203.0.113.9").begin().await;
    let page = visitor.type_code(&begun.user_code).await;
    page.assert_sound();
    assert!(page.text("dl").contains("203.0.113.9"));
    assert!(page.has(".alert[data-tone='danger']"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_so_many_may_wait() {
    let house = House::open().await;
    let program = Program::on(&house);
    for _ in 0..50 {
        program.begin().await;
    }
    let fields = [("host", "laptop"), ("scope", "identity:read")];
    let (status, problem) = program.post("/api/auth/device", &fields).await;
    assert_eq!(status, 429, "{problem}");
    Program::on(&house).at("198.51.100.1").begin().await;
    house
        .sql()
        .await
        .execute(
            "UPDATE auth.device_grants SET network = created_at::text || device_hash::text",
            &[],
        )
        .await
        .unwrap();
    house.sql().await.execute(
        "INSERT INTO auth.device_grants SELECT decode(lpad(to_hex(n), 64, '0'), 'hex'), decode(lpad(to_hex(n), 64, '0'), 'hex'), host, name, scopes, app, resource, networks, days, address, n::text, created_at, expires_at, interval_seconds FROM (SELECT * FROM auth.device_grants LIMIT 1) AS one, generate_series(1, 4949) AS n",
        &[],
    ).await.unwrap();
    let elsewhere = Program::on(&house).at("198.51.100.2");
    assert_eq!(
        elsewhere.post("/api/auth/device", &fields).await.0,
        429,
        "nobody else either"
    );
    house.later(SignedDuration::from_mins(10));
    elsewhere.begin().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_wish_is_refused_with_what_to_mend() {
    let house = House::open().await;
    let program = Program::on(&house);
    let good = [("host", "laptop"), ("scope", "identity:read")];
    for (field, value, error) in [
        ("scope", "", "invalid_scope"),
        ("scope", "auth:keys", "invalid_scope"),
        ("scope", "*", "invalid_scope"),
        ("host", "", "invalid_request"),
        ("host", "<script>", "invalid_request"),
        ("name", "safe\u{202e}", "invalid_request"),
        ("days", "366", "invalid_request"),
        ("networks", "10.0.0.0/99", "invalid_request"),
    ] {
        let rest = good.iter().filter(|(name, _)| *name != field);
        let fields: Vec<_> = rest.copied().chain([(field, value)]).collect();
        let (status, answer) = program.post("/api/auth/device", &fields).await;
        assert_eq!(
            (status, &answer["error"]),
            (400, &json!(error)),
            "{field}={value}"
        );
    }
    for (grant, code, error) in [
        ("password", "x", "unsupported_grant_type"),
        (GRANT, "", "invalid_grant"),
        (GRANT, "x", "invalid_grant"),
    ] {
        let fields = [("grant_type", grant), ("device_code", code)];
        let (status, answer) = program.post("/api/auth/device/token", &fields).await;
        assert_eq!((status, &answer["error"]), (400, &json!(error)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn such_a_key_changes_no_credential_but_can_be_given_back() {
    let house = House::open().await;
    let (_, visitor) = house.person("ada").await;
    let program = Program::on(&house);
    let begun = program.begin().await;
    visitor.decide(&begun.user_code, "approve").await;
    let key = program.is_given(&begun).await;
    let id: uuid::Uuid = house
        .sql()
        .await
        .query_one("SELECT key_id FROM auth.api_keys", &[])
        .await
        .unwrap()
        .get(0);
    let own = format!("/api/auth/keys/{id}");
    let new = json!({ "name": "x", "scopes": ["identity:read"] });
    for (method, path, status) in [
        ("GET", "/api/auth/identity", 200),
        ("GET", "/api/auth/keys", 200),
        ("POST", "/api/auth/keys", 403),
        ("DELETE", own.as_str(), 403),
        ("POST", &format!("{own}/roll"), 403),
        ("GET", "/api/auth/sessions", 403),
        ("DELETE", "/api/auth/sessions", 403),
        ("GET", "/api/auth/service-accounts", 403),
        ("GET", "/auth/security", 403),
        ("GET", "/auth/device", 403),
        ("GET", "/auth/security/keys/new", 403),
    ] {
        let answer = program
            .client
            .request(
                method.parse().unwrap(),
                format!("http://{}{path}", house.auth.http()),
            )
            .header("cloud-identity", house.assertion_of_key(&key).await)
            .header("accept", "application/json")
            .json(&new)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), status, "{method} {path}");
    }
    assert_eq!(count_of_keys(&house).await, 1);

    for token in ["", "x", &key[..key.len() - 1]] {
        assert_eq!(
            program
                .post("/api/auth/revoke", &[("token", token)])
                .await
                .0,
            200
        );
    }
    assert!(house.recognise(&key, "").await.is_some());
    for _ in 0..2 {
        assert_eq!(
            program.post("/api/auth/revoke", &[("token", &key)]).await.0,
            200
        );
        assert!(house.recognise(&key, "").await.is_none());
    }
    assert!(
        visitor
            .get("/auth/security/keys")
            .await
            .body
            .contains("given back")
    );
}
