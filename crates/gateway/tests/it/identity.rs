//! The session cookie becomes an assertion that the app can verify, and nothing else does.

use std::sync::atomic::Ordering;

use fred::interfaces::PubsubInterface;
use futures_util::future::join_all;
use platform::Clock;
use platform::identity::{self, Jwks, Principal, RootPublicKey, Verifier};
use registry::Keyring;

use crate::auth::{Auth, principal, token};
use crate::given::{Echo, World, client, id, secret, world};

pub(crate) struct Signed {
    pub(crate) world: World,
    pub(crate) auth: Auth,
    verifier: Verifier,
}

/// A world with an auth whose keys are published, and Ada signed in with the token of `a`.
pub(crate) async fn signed() -> Signed {
    signed_in(world().await).await
}

/// The same in a world of one's own.
pub(crate) async fn signed_in(world: World) -> Signed {
    let clock = world.platform.clock.clone();
    let auth = Auth::start(&world.platform).await;
    let redis = registry::connect(&world.platform.redis.url).await.unwrap();
    let jwks = Jwks {
        keys: vec![auth.signer.public_jwk()],
    };
    identity::publish_jwks(&redis, &secret(), &jwks, clock.now())
        .await
        .unwrap();
    let root = RootPublicKey::of(&Keyring::Secret(secret()));
    let verifier = Verifier::new(redis, root, clock);
    auth.sign_in(&token('a'), principal("ada"));
    world.gateway.serves("/app/hello/echo", None).await;
    testkit::eventually("auth is known to the gateway", async || {
        world
            .gateway
            .watch
            .snapshot()
            .entries
            .iter()
            .any(|entry| entry.id == id("auth"))
    })
    .await;
    Signed {
        world,
        auth,
        verifier,
    }
}

impl Signed {
    pub(crate) async fn get(&self, path: &str, cookie: &str) -> reqwest::Response {
        client()
            .get(self.world.url(path))
            .header("cookie", cookie)
            .send()
            .await
            .unwrap()
    }

    /// The assertion an app was sent.
    async fn assertion(&self, cookie: &str) -> Option<String> {
        let response = self.get("/app/hello/echo", cookie).await;
        assert_eq!(response.status(), 200);
        let echo: Echo = response.json().await.unwrap();
        echo.header("cloud-identity").map(ToOwned::to_owned)
    }

    /// Whom an app is told, when it looks at it as apps do.
    pub(crate) async fn person(&self, cookie: &str) -> Option<Principal> {
        let assertion = self.assertion(cookie).await?;
        Some(self.verify(&assertion).await)
    }

    /// Whom an assertion is about.
    pub(crate) async fn verify(&self, assertion: &str) -> Principal {
        self.verifier.verify(assertion, &id("hello")).await.unwrap()
    }

    /// Waits until the gateway hears revocations: before, it may doubt at any moment what it was just told.
    pub(crate) async fn is_listening(&self) {
        self.auth.sign_in(&token('w'), principal("witness"));
        testkit::eventually("a revocation is heard", async || {
            let witness = self.person(&cookie('w')).await.unwrap();
            let before = self.auth.questions();
            self.publish(&format!("{{\"session\":\"{}\"}}", witness.session_id))
                .await;
            self.person(&cookie('w')).await.unwrap();
            self.auth.questions() > before
        })
        .await;
    }

    pub(crate) async fn publish(&self, message: &str) {
        revoke(&self.world, message).await;
    }
}

/// Says what auth says when sessions end.
pub(crate) async fn revoke(world: &World, message: &str) {
    let redis = world.platform.redis.client().await;
    let () = redis.publish("auth:revocations", message).await.unwrap();
}

pub(crate) fn cookie(letter: char) -> String {
    format!("a=1; cloud={}; b=2", token(letter))
}

#[tokio::test]
async fn an_app_is_told_who_asks_and_never_sees_the_session() {
    let signed = signed().await;
    let response = signed.get("/app/hello/echo", &cookie('a')).await;
    let echo: Echo = response.json().await.unwrap();
    assert_eq!(echo.header("cookie"), Some("a=1; b=2"));
    assert!(
        echo.headers
            .iter()
            .all(|(_, value)| !value.contains(&token('a')))
    );
    let person = signed.person(&cookie('a')).await.unwrap();
    assert_eq!(
        (person.username.as_str(), person.role),
        ("ada", platform::Role::User)
    );
    assert_eq!(
        (person.groups, person.locale.as_deref()),
        (vec!["staff".to_owned()], Some("de"))
    );
    // The assertion is for this app alone.
    let assertion = signed.assertion(&cookie('a')).await.unwrap();
    assert!(
        signed
            .verifier
            .verify(&assertion, &id("files"))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn nobody_is_anonymous() {
    let signed = signed().await;
    for cookies in [
        "a=1".to_owned(),
        cookie('z'),
        format!("cloud={}; cloud={}", token('a'), token('b')),
        format!("__Host-cloud={}", token('a')),
        "cloud=short".to_owned(),
    ] {
        assert!(signed.person(&cookies).await.is_none(), "{cookies}");
    }
    // Assets are the same for everybody, so nobody is asked about.
    let before = signed.auth.questions();
    assert_eq!(
        signed
            .get("/public/hello/x.css", &cookie('q'))
            .await
            .status(),
        404
    );
    assert_eq!(signed.auth.questions(), before);
}

#[tokio::test]
async fn people_who_may_not_act_and_sessions_that_are_over_are_anonymous() {
    let signed = signed().await;
    let mut disabled = principal("eve");
    disabled.subject.as_mut().unwrap().state = rpc::auth::v1::SubjectState::Disabled.into();
    signed.auth.sign_in(&token('e'), disabled);
    assert!(signed.person(&cookie('e')).await.is_none());
    let mut over = principal("old");
    over.expires_at = Clock::system().now().as_second() - 1;
    signed.auth.sign_in(&token('o'), over);
    assert!(signed.person(&cookie('o')).await.is_none());
}

#[tokio::test]
async fn auth_is_asked_once_per_session_however_many_ask_at_once() {
    let signed = signed().await;
    signed.is_listening().await;
    signed.auth.state.is_gated.store(true, Ordering::SeqCst);
    let before = signed.auth.questions();
    let cookie = cookie('a');
    let requests = (0..20).map(|_| signed.assertion(&cookie));
    let release = async {
        testkit::eventually("the question came", async || {
            signed.auth.questions() > before
        })
        .await;
        signed.auth.state.gate.add_permits(1);
    };
    let (assertions, ()) = tokio::join!(join_all(requests), release);
    assert_eq!(signed.auth.questions(), before + 1);
    assert!(assertions.iter().all(Option::is_some));
    // Assertions are made once and used again.
    let again = signed.assertion(&cookie).await;
    assert!(assertions.contains(&again));
    assert_eq!(signed.auth.questions(), before + 1);
}

#[tokio::test]
async fn a_revocation_works_at_once() {
    let signed = signed().await;
    let ada = signed.person(&cookie('a')).await.unwrap();
    signed.auth.sign_in(&token('b'), principal("bob"));
    assert!(signed.person(&cookie('b')).await.is_some());
    let asked = signed.auth.questions();

    signed.auth.sign_out(&token('a'));
    signed
        .publish(&format!("{{\"session\":\"{}\"}}", ada.session_id))
        .await;
    testkit::eventually("the session is gone", async || {
        signed.person(&cookie('a')).await.is_none()
    })
    .await;
    assert!(signed.person(&cookie('b')).await.is_some());
    assert_eq!(
        signed.auth.questions(),
        asked + 1,
        "only the revoked session was asked about again"
    );

    let bob = signed.person(&cookie('b')).await.unwrap();
    signed.auth.sign_out(&token('b'));
    signed
        .publish(&format!("{{\"user\":\"{}\"}}", bob.user_id))
        .await;
    testkit::eventually("the person is gone", async || {
        signed.person(&cookie('b')).await.is_none()
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_a_revocation_overtook_is_not_remembered() {
    let signed = signed().await;
    signed.is_listening().await;
    signed.auth.state.is_gated.store(true, Ordering::SeqCst);
    let before = signed.auth.questions();
    let (ada, witness) = (cookie('a'), cookie('w'));
    let request = signed.assertion(&ada);
    let overtake = async {
        // Auth has read the session and not answered yet when it is revoked.
        testkit::eventually("the question came", async || {
            signed.auth.questions() > before
        })
        .await;
        signed.auth.sign_out(&token('a'));
        signed.publish("\"all\"").await;
        // Somebody else, who was known, is asked about again: so the gateway has heard.
        testkit::eventually("the gateway has heard", async || {
            let question = signed.get("/app/hello/echo", &witness);
            let moment = std::time::Duration::from_millis(50);
            drop(tokio::time::timeout(moment, question).await);
            signed.auth.questions() > before + 1
        })
        .await;
        signed.auth.state.is_gated.store(false, Ordering::SeqCst);
        signed.auth.state.gate.add_permits(100);
    };
    let (first, ()) = tokio::join!(request, overtake);
    assert!(first.is_none(), "what auth said before is not believed");
    assert!(signed.assertion(&ada).await.is_none());
}

#[tokio::test]
async fn while_auth_is_away_the_known_stay_and_the_unknown_wait() {
    let signed = signed().await;
    assert!(signed.person(&cookie('a')).await.is_some());
    let Signed { world, auth, .. } = signed;
    let _lease = auth.die().await;
    let get = async |cookie: &str| {
        let request = client()
            .get(world.url("/app/hello/echo"))
            .header("cookie", cookie.to_owned());
        request.send().await.unwrap()
    };
    let known = get(&cookie('a')).await;
    assert_eq!(known.status(), 200);
    assert!(
        known
            .json::<Echo>()
            .await
            .unwrap()
            .header("cloud-identity")
            .is_some()
    );
    // A question may still slip through on the connection that is just being closed.
    let mut letters = ('b'..='z').cycle();
    let unknown = testkit::until("auth is away", async || {
        let letter = letters.next()?;
        let response = get(&cookie(letter)).await;
        (response.status() == 503).then_some(response)
    })
    .await;
    assert_eq!(unknown.headers()["retry-after"], "3");
    let problem: serde_json::Value = unknown.json().await.unwrap();
    assert_eq!(problem["code"], "auth.unavailable");
    assert_eq!(
        get("a=1").await.status(),
        200,
        "nobody needs auth to be nobody"
    );
}
