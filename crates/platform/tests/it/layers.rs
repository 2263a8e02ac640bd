//! The HTTP layers, through the whole stack: who is let in, and what every response looks like.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{Method, StatusCode};
use jiff::SignedDuration;
use platform::access::Access;
use platform::error::{Class, Classify, Failure, FieldProblem};
use platform::http::{Form, Json, LocalPath, Path, Query, RequestId};
use platform::identity::{CurrentUser, HEADER, Principal, Verifier, Visitor};
use platform::problem::Problem;
use platform::routes::Routes;
use platform::{Clock, Role};
use registry::PrefixPolicy;
use serde::Deserialize;
use serde_json::json;

use crate::given::{Site, header, json, noon, person, site, site_with, text};

const SECRET: &str = "the cause, which nobody may see";

#[derive(Debug, thiserror::Error)]
#[error("outer")]
struct Fault(Class, #[source] std::io::Error);

impl Classify for Fault {
    fn outcome(&self) -> (Class, &'static str) {
        (self.0, "test.fault")
    }
    fn detail(&self) -> Option<String> {
        Some("What to do about it.".to_owned())
    }
    fn fields(&self) -> Vec<FieldProblem> {
        vec![FieldProblem::new(
            "name",
            "name.taken",
            "Choose another name.",
        )]
    }
}

fn fault(class: Class) -> Failure<Fault> {
    Failure(Fault(class, std::io::Error::other(SECRET)))
}

async fn ok() -> &'static str {
    "ok"
}

async fn boom() -> &'static str {
    panic!("{SECRET}");
}

/// One route of every access, as page and as API.
fn guarded() -> Routes {
    let all = [
        ("public", Access::Public),
        ("signed-in", Access::SignedIn),
        ("guest", Access::Role(Role::Guest)),
        ("user", Access::Role(Role::User)),
        ("admin", Access::Role(Role::Admin)),
        ("scope", Access::Scope("files:read")),
        ("entrusted", Access::Entrusted("files:read")),
        ("sudo", Access::Sudo(Role::Guest)),
    ];
    all.into_iter()
        .fold(Routes::new(), |routes, (name, access)| {
            routes
                .page(&format!("/app/{name}"), access, get(ok).post(ok))
                .api(&format!("/api/{name}"), access, get(ok).post(ok))
        })
}

fn scoped(scope: &str) -> Principal {
    let mut key = person(Role::Admin);
    key.scopes = vec![scope.to_owned()];
    key
}

fn stale() -> Principal {
    let mut admin = person(Role::Admin);
    admin.authenticated_at = noon() - SignedDuration::from_secs(601);
    admin
}

#[tokio::test]
async fn the_access_matrix() {
    let site = site(guarded());
    let reader = scoped("files:read");
    let other = scoped("mail:read");
    let callers = [
        ("anonymous", None),
        ("guest", Some(person(Role::Guest))),
        ("user", Some(person(Role::User))),
        ("admin", Some(person(Role::Admin))),
        ("stale admin", Some(stale())),
        ("files:read key", Some(reader)),
        ("mail:read key", Some(other)),
    ];
    #[rustfmt::skip]
    let matrix: [(&str, [u16; 7]); 8] = [
        // route       anon guest user admin stale files mail
        ("public",    [200, 200, 200, 200, 200, 200, 200]),
        ("signed-in", [401, 200, 200, 200, 200, 403, 403]),
        ("guest",     [401, 200, 200, 200, 200, 403, 403]),
        ("user",      [401, 403, 200, 200, 200, 403, 403]),
        ("admin",     [401, 403, 403, 200, 200, 403, 403]),
        ("scope",     [401, 200, 200, 200, 200, 200, 403]),
        ("entrusted", [401, 403, 403, 200, 200, 200, 403]),
        ("sudo",      [401, 200, 200, 200, 403, 403, 403]),
    ];
    for (route, expected) in matrix {
        for ((name, caller), status) in callers.iter().zip(expected) {
            let path = format!("/api/{route}");
            let response = match caller {
                Some(principal) => site.get_as(principal, &path).await,
                None => site.get(&path).await,
            };
            assert_eq!(response.status().as_u16(), status, "{name} at {path}");
        }
    }
}

#[tokio::test]
async fn what_is_entrusted_opens_to_administrators_and_to_programs_they_gave_the_scope() {
    let routes = Routes::new().api("/api/x", Access::Entrusted("files:move"), get(ok));
    let site = site(routes);
    let with = |change: fn(&mut Principal)| {
        let mut who = scoped("files:move");
        change(&mut who);
        who
    };
    let mut session = person(Role::User);
    session.is_service = true;
    let mut owing = person(Role::Admin);
    owing.owes_factor = true;
    for (who, expected) in [
        (person(Role::User), 403),
        (person(Role::Admin), 200),
        (owing, 403),
        // An administrator's own key.
        (scoped("files:move"), 200),
        (scoped("files:read"), 403),
        // Anybody names the scopes of their own keys.
        (with(|who| who.role = Role::User), 403),
        (
            with(|who| (who.role, who.is_service) = (Role::User, true)),
            200,
        ),
        (
            with(|who| {
                (who.role, who.is_service) = (Role::User, true);
                who.scopes = vec!["files:read".to_owned()];
            }),
            403,
        ),
        // A service account has keys and nothing else.
        (session, 403),
    ] {
        let response = site.get_as(&who, "/api/x").await;
        assert_eq!(response.status().as_u16(), expected, "{who:?}");
    }
}

#[tokio::test]
async fn a_resource_asks_keys_for_a_scope_by_method_and_everybody_for_the_role() {
    let access = |role| Access::Resource {
        role,
        read: "files:read",
        write: "files:write",
    };
    let both = || get(ok).patch(ok);
    let site = site(Routes::new().api("/api/x", access(Role::User), both()).api(
        "/api/x/all",
        access(Role::Admin),
        both(),
    ));
    let mut owing = person(Role::Admin);
    owing.owes_factor = true;
    let mut owing_key = scoped("files:read");
    owing_key.owes_factor = true;
    let mut stale_key = stale();
    stale_key.scopes = vec!["files:read".to_owned()];
    let mut guests_key = scoped("files:read");
    guests_key.role = Role::Guest;
    #[rustfmt::skip]
    let callers = [
        // who                  /api/x     /api/x/all   each: read, write
        (person(Role::Guest),    [403, 403, 403, 403]),
        (person(Role::User),     [200, 200, 403, 403]),
        (person(Role::Admin),    [200, 200, 200, 200]),
        (stale(),                [200, 200, 200, 403]),
        (stale_key,              [200, 403, 200, 403]),
        (owing,                  [200, 200, 403, 403]),
        (scoped("files:read"),   [200, 403, 200, 403]),
        (scoped("files:write"),  [403, 200, 403, 200]),
        (scoped("mail:read"),    [403, 403, 403, 403]),
        (owing_key,              [200, 403, 403, 403]),
        (guests_key,             [403, 403, 403, 403]),
    ];
    for (who, expected) in callers {
        let mut answers = Vec::new();
        for path in ["/api/x", "/api/x/all"] {
            for method in ["GET", "PATCH"] {
                let request = Request::builder().method(method).uri(path);
                let request = request.header(HEADER, site.token(&who));
                let response = site.send(request.body(Body::empty()).unwrap()).await;
                answers.push(response.status().as_u16());
            }
        }
        assert_eq!(answers, expected, "{who:?}");
    }
    assert_eq!(site.get("/api/x").await.status(), 401);
}

#[tokio::test]
async fn a_refused_caller_does_not_learn_the_methods() {
    let site = site(guarded());
    for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        for (path, status) in [("/api/admin", 401), ("/app/admin", 303)] {
            let request = Request::builder().method(method).uri(path);
            let response = site.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(response.status(), status, "{method} {path}");
            assert_eq!(header(&response, "allow"), None, "{method} {path}");
        }
    }
}

async fn location(
    site: &Site,
    request: http::request::Builder,
) -> (u16, Option<String>, Option<String>) {
    let response = site.send(request.body(Body::empty()).unwrap()).await;
    (
        response.status().as_u16(),
        header(&response, "location").map(str::to_owned),
        header(&response, "hx-redirect").map(str::to_owned),
    )
}

#[tokio::test]
async fn a_page_sends_people_to_sign_in_and_back() {
    let site = site(guarded());
    let to = |path: &str| Some(format!("/auth/sign-in?return_to={path}"));
    let page = "/app/signed-in";

    let asked = location(&site, Request::get("/app/signed-in?q=a%20b&c=d")).await;
    assert_eq!(
        asked,
        (303, to("/app/signed-in%3Fq%3Da%2520b%26c%3Dd"), None)
    );
    // A query no local path may have costs the query, not the way back.
    let asked = location(&site, Request::get("/app/signed-in?x=%0d%0a")).await;
    assert_eq!(asked, (303, to(page), None));

    // A submitted form: back to the page it stands on, if that is one of ours.
    let form = Request::post(page).header("referer", "http://localhost:3000/app/form?a=b");
    assert_eq!(
        location(&site, form).await,
        (303, to("/app/form%3Fa%3Db"), None)
    );
    for foreign in [
        "https://evil.example/app",
        "http://localhost:3001/x",
        "//evil.example",
        "nonsense",
    ] {
        let form = Request::post(page).header("referer", foreign);
        assert_eq!(
            location(&site, form).await,
            (303, to(page), None),
            "{foreign}"
        );
    }

    // A fragment: the whole window moves, to the page the fragment is on.
    let fragment = Request::get(page)
        .header("hx-request", "true")
        .header("hx-current-url", "http://localhost:3000/app/home?tab=2");
    assert_eq!(
        location(&site, fragment).await,
        (401, None, to("/app/home%3Ftab%3D2"))
    );
    let fragment = Request::get(page)
        .header("hx-request", "true")
        .header("hx-current-url", "https://evil.example/");
    assert_eq!(location(&site, fragment).await, (401, None, to(page)));
}

#[tokio::test]
async fn other_refusals_of_a_page_are_no_way_to_sign_in() {
    let site = site(guarded());
    let response = site.get_as(&person(Role::User), "/app/admin").await;
    assert_eq!(response.status(), 403);
    assert_eq!(header(&response, "location"), None);
    let response = site.get_as(&stale(), "/app/sudo").await;
    assert_eq!(response.status(), 303);
    assert_eq!(
        header(&response, "location"),
        Some("/auth/sudo?return_to=/app/sudo")
    );
}

#[tokio::test]
async fn administrators_change_things_only_when_they_proved_lately_who_they_are() {
    let site = site(guarded());
    for (route, changed) in [("admin", 403), ("entrusted", 403), ("user", 200)] {
        for (method, status) in [
            (Method::GET, 200),
            (Method::HEAD, 200),
            (Method::POST, changed),
        ] {
            for (who, expected) in [(stale(), status), (person(Role::Admin), 200)] {
                let request = Request::builder()
                    .method(&method)
                    .uri(format!("/api/{route}"));
                let request = request.header(HEADER, site.token(&who));
                let response = site.send(request.body(Body::empty()).unwrap()).await;
                assert_eq!(response.status(), expected, "{method} {route} {who:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_form_that_waits_for_a_confirmation_is_sent_on_whole() {
    const FORM: &str = "application/x-www-form-urlencoded";
    let site = site(guarded());
    let post = |kind: &str, length: &str| {
        Request::post("/app/admin?tab=2&x=%2F")
            .header(HEADER, site.token(&stale()))
            .header("referer", "http://localhost:3000/app/form?a=b")
            .header("content-type", kind)
            .header("content-length", length)
    };
    let held = Some(
        "/auth/held-forms?action=/app/admin%3Ftab%3D2%26x%3D%252F&return_to=/app/form%3Fa%3Db"
            .to_owned(),
    );
    let plain = Some("/auth/sudo?return_to=/app/form%3Fa%3Db".to_owned());
    for (kind, length, status, to) in [
        (FORM, "65536", 307, &held),
        (&format!("{FORM}; charset=utf-8"), "0", 307, &held),
        (FORM, "65537", 303, &plain),
        (FORM, "many", 303, &plain),
        ("multipart/form-data; boundary=x", "10", 303, &plain),
        ("application/json", "10", 303, &plain),
    ] {
        let found = location(&site, post(kind, length)).await;
        assert_eq!(found, (status, to.clone(), None), "{kind} {length}");
    }
    let script = post(FORM, "10").header("sec-fetch-mode", "cors");
    assert_eq!(location(&site, script).await, (303, plain.clone(), None));
    // A window that htmx moves cannot take a form along.
    let fragment = post(FORM, "10")
        .header("hx-request", "true")
        .header("hx-current-url", "http://localhost:3000/app/form?a=b");
    assert_eq!(location(&site, fragment).await, (403, None, plain));
    // Nothing waits for somebody who may not.
    let refused = Request::post("/app/admin")
        .header(HEADER, site.token(&person(Role::User)))
        .header("content-type", FORM)
        .header("content-length", "10");
    assert_eq!(location(&site, refused).await, (403, None, None));
}

#[tokio::test]
async fn only_one_assertion_counts() {
    let site = site(guarded());
    let token = site.token(&person(Role::Admin));
    let one = Request::get("/api/admin").header(HEADER, &token);
    assert_eq!(
        site.send(one.body(Body::empty()).unwrap()).await.status(),
        200
    );
    let two = Request::get("/api/admin")
        .header(HEADER, &token)
        .header(HEADER, &token);
    assert_eq!(
        site.send(two.body(Body::empty()).unwrap()).await.status(),
        401
    );
    let forged = Request::get("/api/public").header(HEADER, "forged");
    assert_eq!(
        site.send(forged.body(Body::empty()).unwrap())
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn while_the_keys_are_away_nobody_is_sent_round_in_circles() {
    let redis = testkit::redis().await;
    let client = registry::connect(&redis.url).await.unwrap();
    let secret = registry::AppSecret::new("0123456789abcdef0123456789abcdef").unwrap();
    let root = platform::identity::root(&secret).unwrap().public();
    let site = site_with(guarded(), |config| {
        config.verifier = Verifier::new(client, root, Clock::manual(noon()));
    });
    let response = site.get_as(&person(Role::User), "/app/signed-in").await;
    assert_eq!(response.status(), 503);
    assert_eq!(header(&response, "retry-after"), Some("5"));
    assert_eq!(json(response).await["code"], "identity.unavailable");
    let response = site.get_as(&person(Role::User), "/app/public").await;
    assert_eq!(response.status(), 200);
    // Somebody without an assertion is anonymous all the same.
    assert_eq!(site.get("/app/signed-in").await.status(), 303);
}

#[tokio::test]
async fn handlers_are_told_who_is_asking() {
    async fn who(user: CurrentUser) -> String {
        format!("{} {}", user.username, user.in_group("staff"))
    }
    async fn perhaps(Visitor(visitor): Visitor) -> String {
        visitor.map_or("nobody".to_owned(), |principal| principal.display_name)
    }
    let routes = Routes::new()
        .page("/who", Access::SignedIn, get(who))
        .page("/perhaps", Access::Public, get(perhaps))
        .page("/mistake", Access::Public, get(who));
    let site = site(routes);
    let ada = person(Role::User);
    assert_eq!(text(site.get_as(&ada, "/who").await).await, "ada true");
    assert_eq!(
        text(site.get_as(&ada, "/perhaps").await).await,
        "Ada Lovelace"
    );
    assert_eq!(text(site.get("/perhaps").await).await, "nobody");
    assert_eq!(site.get("/mistake").await.status(), 401);
}

#[tokio::test]
async fn another_site_may_not_change_anything() {
    let site = site(guarded());
    let token = site.token(&person(Role::Admin));
    let post = |name: &str, value: &str| {
        Request::post("/api/admin")
            .header(HEADER, &token)
            .header(name, value)
    };
    for (request, status) in [
        (post("origin", "http://localhost:3000"), 200),
        (post("sec-fetch-site", "same-origin"), 200),
        (post("origin", "https://evil.example"), 403),
        (post("sec-fetch-site", "cross-site"), 403),
        (post("sec-fetch-site", "same-site"), 403),
    ] {
        let response = site.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status().as_u16(), status);
        if status == 403 {
            assert_eq!(json(response).await["code"], "csrf.origin");
        }
    }
}

#[tokio::test]
async fn problems_say_what_happened_and_not_why() {
    let classes = [
        ("invalid", Class::Invalid, 400, None),
        ("unprocessable", Class::Unprocessable, 422, None),
        ("unauthenticated", Class::Unauthenticated, 401, None),
        ("forbidden", Class::Forbidden, 403, None),
        ("missing", Class::NotFound, 404, None),
        ("conflict", Class::Conflict, 409, None),
        ("large", Class::TooLarge, 413, None),
        (
            "throttled",
            Class::Throttled(Duration::from_secs(7)),
            429,
            Some("7"),
        ),
        ("unavailable", Class::Unavailable, 503, Some("5")),
        ("timeout", Class::Timeout, 504, None),
        ("internal", Class::Internal, 500, None),
    ];
    let routes = classes
        .iter()
        .fold(Routes::new(), |routes, (name, class, ..)| {
            let class = *class;
            let handler = get(move || async move { Err::<(), _>(fault(class)) });
            routes.api(&format!("/api/{name}"), Access::Public, handler)
        });
    let site = site(routes);
    for (name, class, status, retry) in classes {
        let request = Request::get(format!("/api/{name}")).header("x-request-id", "request-1234");
        let response = site.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status().as_u16(), status, "{name}");
        assert_eq!(
            header(&response, "content-type"),
            Some("application/problem+json")
        );
        assert_eq!(header(&response, "retry-after"), retry, "{name}");
        // By which the gateway counts it.
        let path = format!("/api/{name}");
        assert_eq!(header(&response, "cloud-route"), Some(path.as_str()));
        assert_eq!(header(&response, "x-request-id"), Some("request-1234"));
        let body = json(response).await;
        assert!(!body.to_string().contains(SECRET));
        assert_eq!(body["code"], "test.fault");
        assert_eq!(body["request_id"], "request-1234");
        assert_eq!(body["status"], status);
        if class == Class::Conflict {
            let whole = json!({
                "type": "about:blank", "title": "Conflict", "status": 409, "code": "test.fault",
                "detail": "What to do about it.", "request_id": "request-1234",
                "errors": [{"field": "name", "code": "name.taken", "message": "Choose another name."}],
            });
            assert_eq!(body, whole);
        }
        if class == Class::Internal {
            assert!(body.get("errors").is_none());
            assert_ne!(body["detail"], "What to do about it.");
        }
    }
}

#[tokio::test]
async fn a_panic_costs_one_request_and_tells_nothing() {
    let routes = Routes::new()
        .api("/api/boom", Access::Public, get(boom))
        .api("/api/ok", Access::Public, get(ok));
    let site = site(routes);
    let response = site.get("/api/boom").await;
    assert_eq!(response.status(), 500);
    let body = json(response).await;
    assert_eq!(body["code"], "service.internal");
    assert!(!body.to_string().contains(SECRET));
    assert!(!body["request_id"].as_str().unwrap().is_empty());
    assert_eq!(site.get("/api/ok").await.status(), 200);
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_stopped() {
    let slow = get(|| async { std::future::pending::<()>().await });
    let routes = Routes::new().api("/api/slow/x", Access::Public, slow);
    let site = site_with(routes, |config| {
        config.policies = vec![PrefixPolicy {
            prefix: "/api/slow".to_owned(),
            request_timeout_ms: Some(20),
            ..PrefixPolicy::default()
        }];
    });
    let response = site.get("/api/slow/x").await;
    assert_eq!(response.status(), 504);
    assert_eq!(json(response).await["code"], "service.timeout");
}

#[tokio::test]
async fn bare_errors_become_problems() {
    #[derive(Deserialize)]
    struct Number {
        #[expect(dead_code, reason = "only reading is tested")]
        n: u8,
    }
    let axums = post(|axum::Json(_): axum::Json<Number>| async { "read" });
    let own = get(|| async {
        (
            StatusCode::NOT_FOUND,
            [("content-type", "text/html")],
            "<p>mine</p>",
        )
            .into_response()
    });
    let routes = Routes::new()
        .api("/api/ok", Access::Public, get(ok))
        .api("/api/axum", Access::Public, axums)
        .page("/own", Access::Public, own)
        .api(
            "/api/teapot",
            Access::Public,
            get(|| async { StatusCode::IM_A_TEAPOT }),
        );
    let site = site(routes);

    let response = site.get("/api/nothing").await;
    assert_eq!(response.status(), 404);
    assert_eq!(json(response).await["code"], "request.not_found");

    let request = Request::delete("/api/ok").body(Body::empty()).unwrap();
    let response = site.send(request).await;
    assert_eq!(response.status(), 405);
    assert_eq!(header(&response, "allow"), Some("GET,HEAD"));
    assert_eq!(json(response).await["code"], "request.method_not_allowed");

    let request = Request::post("/api/axum").header("content-type", "application/json");
    let response = site
        .send(request.body(Body::from(r#"{"n":300}"#)).unwrap())
        .await;
    assert_eq!(response.status(), 422);
    assert_eq!(json(response).await["code"], "request.unprocessable");

    let response = site.get("/api/teapot").await;
    assert_eq!(
        (
            response.status().as_u16(),
            &*json(response).await["code"].to_string()
        ),
        (418, "\"request.refused\"")
    );

    let response = site.get("/own").await;
    assert_eq!(response.status(), 404);
    assert_eq!(text(response).await, "<p>mine</p>");
}

#[tokio::test]
async fn people_are_shown_pages_and_programs_documents() {
    fn page(problem: &Problem, parts: &http::request::Parts) -> Response {
        let who = parts
            .extensions
            .get::<Principal>()
            .map_or("nobody", |p| &*p.username);
        let headers = [("content-type", "text/html"), ("set-cookie", "page=1")];
        let body = format!(
            "{} {} {who} {}",
            problem.status,
            problem.code,
            parts.uri.path()
        );
        (headers, body).into_response()
    }
    let with_cookie =
        get(|| async { ([("set-cookie", "handler=1")], fault(Class::Conflict)).into_response() });
    let routes = Routes::new()
        .page("/app/conflict", Access::Public, with_cookie)
        .page("/app/boom", Access::Public, get(boom))
        .page("/app/admin", Access::Role(Role::Admin), get(ok))
        .api(
            "/api/conflict",
            Access::Public,
            get(|| async { fault(Class::Conflict) }),
        );
    let site = site_with(routes, |config| config.pages = Some(Arc::new(page)));
    let browser = |path: &str| Request::get(path).header("accept", "text/html,*/*;q=0.8");
    let ada = site.token(&person(Role::User));

    let request = browser("/app/conflict").header(HEADER, &ada);
    let response = site.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 409);
    assert_eq!(header(&response, "content-type"), Some("text/html"));
    let cookies: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["handler=1", "page=1"]);
    assert_eq!(text(response).await, "409 test.fault ada /app/conflict");

    for (request, status, body) in [
        (
            browser("/app/boom"),
            500,
            "500 service.internal nobody /app/boom",
        ),
        (
            browser("/nowhere"),
            404,
            "404 request.not_found nobody /nowhere",
        ),
        (
            browser("/app/admin").header(HEADER, &ada),
            403,
            "403 auth.role_required ada /app/admin",
        ),
    ] {
        let response = site.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(text(response).await, body);
    }

    // A program, a client that does not ask for HTML, and an address of the API.
    for request in [
        browser("/api/conflict"),
        Request::get("/app/conflict"),
        browser("/api/nothing"),
    ] {
        let response = site.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(
            header(&response, "content-type"),
            Some("application/problem+json")
        );
    }
}

#[tokio::test]
async fn a_body_is_read_up_to_its_limit() {
    let routes = Routes::new()
        .api(
            "/api/small",
            Access::Public,
            post(|Json(_): Json<serde_json::Value>| async { "read" }),
        )
        .api(
            "/api/raw",
            Access::Public,
            post(|body: axum::body::Bytes| async move { body.len().to_string() }),
        )
        .api(
            "/api/large/x",
            Access::Public,
            post(|body: axum::body::Bytes| async move { body.len().to_string() }),
        );
    let site = site_with(routes, |config| {
        config.limits.body = 100;
        config.policies = vec![PrefixPolicy {
            prefix: "/api/large".to_owned(),
            body_limit: Some(5_000_000),
            ..PrefixPolicy::default()
        }];
    });
    let send = async |path: &str, length: usize, chunked: bool| {
        let body = vec![b' '; length];
        let mut request = Request::post(path).header("content-type", "application/json");
        let body = if chunked {
            let chunks: Vec<_> = body.chunks(64).map(<[u8]>::to_vec).collect();
            let chunks = chunks.into_iter().map(Ok::<_, std::io::Error>);
            Body::from_stream(futures_util::stream::iter(chunks))
        } else {
            request = request.header("content-length", length);
            Body::from(body)
        };
        site.send(request.body(body).unwrap()).await
    };
    for chunked in [false, true] {
        assert_eq!(text(send("/api/raw", 100, chunked).await).await, "100");
        // Beyond the limit of the framework's own extractors, which must not bite first.
        assert_eq!(
            text(send("/api/large/x", 4_000_000, chunked).await).await,
            "4000000"
        );
        for path in ["/api/raw", "/api/small"] {
            let response = send(path, 101, chunked).await;
            assert_eq!(response.status(), 413, "{path} {chunked}");
            assert_eq!(json(response).await["code"], "request.too_large");
        }
    }
}

#[tokio::test]
async fn extractors_name_the_field_at_fault() {
    #[derive(Deserialize)]
    struct Change {
        #[expect(dead_code, reason = "only reading is tested")]
        email: String,
    }
    #[derive(Deserialize)]
    struct Page {
        #[expect(dead_code, reason = "only reading is tested")]
        page: u32,
        #[expect(dead_code, reason = "only reading is tested")]
        return_to: Option<LocalPath>,
    }
    let routes = Routes::new()
        .api(
            "/api/form",
            Access::Public,
            post(|Form(_): Form<Change>| async { "read" }),
        )
        .api(
            "/api/json",
            Access::Public,
            post(|Json(_): Json<Change>| async { "read" }),
        )
        .api(
            "/api/query",
            Access::Public,
            get(|Query(_): Query<Page>| async { "read" }),
        )
        .api(
            "/api/{id}/path",
            Access::Public,
            get(|Path(_): Path<uuid::Uuid>| async { "read" }),
        );
    let site = site(routes);
    let post = |path: &str, kind: &str, body: &'static str| {
        let request = Request::post(path).header("content-type", kind);
        request.body(Body::from(body)).unwrap()
    };
    let get = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    let form = "application/x-www-form-urlencoded";
    for (request, status, field) in [
        (post("/api/form", form, "name=x"), 422, "email"),
        (post("/api/json", "application/json", "{}"), 422, "email"),
        (
            post("/api/json", "application/json", r#"{"email":7}"#),
            422,
            "email",
        ),
        (get("/api/query"), 400, "page"),
        (get("/api/query?page=x"), 400, "page"),
        (
            get("/api/query?page=1&return_to=//evil.example"),
            400,
            "return_to",
        ),
        (get("/api/not-a-uuid/path"), 404, "id"),
    ] {
        let uri = request.uri().clone();
        let response = site.send(request).await;
        assert_eq!(response.status().as_u16(), status, "{uri}");
        let body = json(response).await;
        assert_eq!(body["errors"][0]["field"], field, "{uri}: {body}");
        assert!(body["errors"][0]["message"].as_str().unwrap().len() > 10);
    }
    let response = site.send(post("/api/form", "application/json", "{}")).await;
    assert_eq!(response.status(), 415);
}

#[tokio::test]
async fn every_response_carries_the_headers_of_the_house() {
    let custom = get(|| async {
        [
            ("cache-control", "private, max-age=60"),
            ("content-security-policy", "default-src 'none'"),
        ]
    });
    let routes = Routes::new()
        .page("/page", Access::Public, get(ok))
        .page("/custom", Access::Public, custom)
        .asset("/public/hello/x.css", get(ok));
    let site = site(routes);
    for path in ["/page", "/nowhere"] {
        let response = site.get(path).await;
        let policy = header(&response, "content-security-policy").unwrap();
        for part in [
            "default-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "object-src 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {part}");
        }
        assert!(!policy.contains("unsafe"));
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(header(&response, name), Some(value), "{path}");
        }
        assert_eq!(header(&response, "x-request-id").unwrap().len(), 32);
    }
    let response = site.get("/custom").await;
    assert_eq!(
        header(&response, "cache-control"),
        Some("private, max-age=60")
    );
    assert_eq!(
        header(&response, "content-security-policy"),
        Some("default-src 'none'")
    );
    let response = site.get("/public/hello/x.css").await;
    assert_eq!(header(&response, "cache-control"), None);
}

#[tokio::test]
async fn the_request_id_is_the_gateways() {
    let routes = Routes::new().page(
        "/id",
        Access::Public,
        get(|id: RequestId| async move { id.to_string() }),
    );
    let site = site(routes);
    let request = Request::get("/id").header("x-request-id", "0193f0b8c0de7000");
    let response = site.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(text(response).await, "0193f0b8c0de7000");
    let request = Request::get("/id").header("x-request-id", "no {good} id");
    let response = site.send(request.body(Body::empty()).unwrap()).await;
    assert!(!text(response).await.contains("good"));
}
