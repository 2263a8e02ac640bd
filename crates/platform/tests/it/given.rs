//! What the tests of identity and HTTP start from: people, keys and an app behind the real layers.

use axum::Router;
use axum::body::Body;
use http::{Request, Response};
use jiff::Timestamp;
use platform::http::{StackConfig, stack};
use platform::identity::{Claims, HEADER, Jwks, Principal, Signer, Verifier};
use platform::routes::Routes;
use platform::{AppId, Clock, Role};
use tower::ServiceExt as _;
use url::Url;
use uuid::Uuid;

/// A moment the tests live in.
pub(crate) fn noon() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

pub(crate) fn hello() -> AppId {
    AppId::new("hello").unwrap()
}

pub(crate) fn person(role: Role) -> Principal {
    Principal {
        user_id: Uuid::from_u128(0x1111),
        session_id: Uuid::from_u128(0x2222),
        username: "ada".to_owned(),
        display_name: "Ada Lovelace".to_owned(),
        email: "ada@example.org".to_owned(),
        role,
        groups: vec!["engineers".to_owned(), "staff".to_owned()],
        authenticated_at: noon(),
        factors: vec!["pwd".to_owned()],
        owes_factor: false,
        scopes: Vec::new(),
        is_service: false,
        locale: Some("de".to_owned()),
        zone: Some("Europe/Berlin".to_owned()),
        theme: None,
        csrf_token: "csrf".to_owned(),
    }
}

/// A gateway's key and an app's verifier of it, at noon.
pub(crate) struct Keys {
    pub(crate) signer: Signer,
    pub(crate) verifier: Verifier,
    pub(crate) clock: Clock,
}

pub(crate) fn keys() -> Keys {
    let clock = Clock::manual(noon());
    let signer = Signer::generate().unwrap();
    let verifier = Verifier::fixed(&Jwks::of([&signer]), clock.clone()).unwrap();
    Keys {
        signer,
        verifier,
        clock,
    }
}

/// An app behind the real layers.
pub(crate) struct Site {
    pub(crate) router: Router,
    pub(crate) keys: Keys,
}

pub(crate) fn site(routes: Routes) -> Site {
    site_with(routes, |_| {})
}

pub(crate) fn site_with(routes: Routes, adjust: impl FnOnce(&mut StackConfig)) -> Site {
    let keys = keys();
    let url = Url::parse("http://localhost:3000/").unwrap();
    let mut config = StackConfig::new(hello(), url, keys.clock.clone(), keys.verifier.clone());
    adjust(&mut config);
    Site {
        router: stack(routes, config),
        keys,
    }
}

impl Site {
    pub(crate) async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Response<Body> {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    /// The headers a gateway would add for a person.
    pub(crate) fn token(&self, principal: &Principal) -> String {
        let claims = Claims::new(principal, &hello(), self.keys.clock.now());
        self.keys.signer.sign(&claims).unwrap()
    }

    pub(crate) async fn get_as(&self, principal: &Principal, path: &str) -> Response<Body> {
        let request = Request::get(path).header(HEADER, self.token(principal));
        self.send(request.body(Body::empty()).unwrap()).await
    }
}

pub(crate) async fn text(response: Response<Body>) -> String {
    use http_body_util::BodyExt as _;
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub(crate) async fn json(response: Response<Body>) -> serde_json::Value {
    serde_json::from_str(&text(response).await).unwrap()
}

pub(crate) fn header<'a>(response: &'a Response<Body>, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|v| v.to_str().unwrap())
}
